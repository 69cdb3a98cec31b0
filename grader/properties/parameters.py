"""A net with parameters of its own: which it has, as it says, and the net run with numbers of the grader's in them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader import messages
from grader.model import Array, Call, Case, FailureKind, Finding, Outcome
from grader.numerics.comparison import fitted
from grader.properties.contract import broken
from grader.properties.property import Blocked, Evidence, Undecided, flawed
from grader.text import one_line
from reference import Argument, LayerSpec

PREFIX, GRADIENT = "params", "grads"  # params['W1'] and grads['W1']: what the student writes, and what a call names them
LONGEST_NAME = 60
MAX_ENTRIES = 50_000
REPEATS = 3  # calls that show whether the loss is the same every time


class Unusable(Exception):  # noqa: N818 - ends a judgement: nobody can be blamed for what the grader's own numbers do
    """There was no number where the grader drew parameters, or moved arguments."""


def gradient_of(parameter: str) -> str:
    """Return what the gradient of a parameter is called."""
    return GRADIENT + parameter.removeprefix(PREFIX)


def completed(spec: LayerSpec, outcomes: Iterable[tuple[Case, Outcome]]) -> LayerSpec:
    """Return a spec without reference with the parameters that the net has; any other as it is."""
    if not spec.designed:
        return spec
    names = next((names for _, outcome in outcomes if (names := [n for n in _held(outcome) if _readable(n)])), [])
    return replace(spec, arguments=(*spec.arguments, *(Argument(name=n, axes="", gradient=gradient_of(n)) for n in names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A net at one input: the parameters that the grader drew for it, and what came back."""

    case: Case
    params: Mapping[str, Array]
    outcome: Outcome
    ask: Callable[[Sequence[Call]], Sequence[Outcome]]

    @property
    def loss(self) -> Array:
        """The loss with these parameters."""
        return _loss(self.outcome)

    @property
    def shown(self) -> Case:
        """The input with the parameters."""
        return replace(self.case, arrays={**self.case.arrays, **self.params})

    def losses(self, several: Sequence[Mapping[str, Array]]) -> list[Array]:
        """Return the losses for other arrays. Raises Unusable."""
        calls = [Call(case=replace(self.shown, arrays={**self.shown.arrays, **given}, dout=None), forward_only=True) for given in several]
        return [_loss(outcome) for outcome in self.ask(calls)]

    def redrawn(self, salt: int) -> Mapping[str, Array]:
        """Return other parameters."""
        return {name: np.roll(a, 1) + _noise(self.case.number, salt + i, a) for i, (name, a) in enumerate(self.params.items())}

    def other(self) -> Array | None:
        """Return a loss that differs from the first though nothing else does; None where there is none. Raises Unusable."""
        rounding = 64 * np.finfo(self.loss.dtype).eps * abs(self.loss)
        return next((again for again in self.losses([self.params] * REPEATS) if not abs(again - self.loss) <= rounding), None)


def opened(evidence: Evidence) -> Net | Finding | Blocked | Undecided:
    """Read the parameters of a net, put others into it and run it; or say why that cannot be."""
    forward = evidence.outcomes[0].forward
    if forward is None or forward.failure or "out" not in forward.values:
        return Blocked(messages.blocked("forward"))
    held = _held(evidence.outcomes[0])
    if finding := _complaint(held) or broken("loss", forward.values["out"], ()):
        return finding
    params = {name: _drawn(evidence.case.number, i, a) for i, (name, a) in enumerate(held.items())}
    call = replace(evidence.calls[0], case=replace(evidence.case, arrays={**evidence.case.arrays, **params}))
    (outcome,) = evidence.ask([call])
    net = Net(case=evidence.case, params=params, outcome=outcome, ask=evidence.ask)
    failure = outcome.forward.failure if outcome.forward else None
    if failure and failure.kind is not FailureKind.NOT_RUN:
        return Finding(what=messages.failed_call("forward", failure, evidence.limits), trace=failure.trace, shown_on=net.shown)
    try:
        return net if np.isfinite(net.loss) else Undecided(messages.no_loss(str(net.loss)))
    except Unusable:
        return Undecided(messages.no_loss("none"))


def _held(outcome: Outcome) -> dict[str, Array]:
    values = outcome.forward.values if outcome.forward and not outcome.forward.failure else {}
    return {name: a for name, a in values.items() if name.startswith(PREFIX)}


def _readable(name: str) -> bool:
    return name == one_line(name, LONGEST_NAME)


def _complaint(held: Mapping[str, Array]) -> Finding | None:
    size = sum(a.size for a in held.values())
    if size > MAX_ENTRIES:
        return Finding(what=messages.too_many_parameters(size, MAX_ENTRIES))
    for name, a in held.items():
        if not _readable(name):
            return Finding(what=messages.unreadable_name(one_line(name, LONGEST_NAME)))
        if a.dtype.kind != "f":
            return Finding(what=messages.wrong_dtype(name, str(a.dtype)))
        if finding := broken(name, a, a.shape):
            return finding
    return None if held else Finding(what=messages.NO_PARAMETERS)


def _loss(outcome: Outcome) -> Array:
    got = outcome.forward.values.get("out") if outcome.forward and not outcome.forward.failure else None
    loss = None if got is None else fitted(got, ())
    if loss is None or flawed(loss) == "dtype":
        raise Unusable
    return loss if loss.dtype.kind == "f" else loss.astype(np.float64)


def _drawn(number: int, salt: int, held: Array) -> Array:
    """Draw numbers about 0 or, where the net begins with one number everywhere (ones, for a scale), about that one.

    What it begins with is not used otherwise: it may be drawn without a seed, and the same submission must get the same grade.
    """
    flat = held.ravel()
    level = round(float(flat[0]) * 4096) / 4096 if flat.size and (flat == flat[0]).all() else 0.0
    return level + _noise(number, salt, held)


def _noise(number: int, salt: int, like: Array) -> Array:
    """Draw multiples of 2**-12, so small that the activations of wide layers stay small."""
    scale = 1 / math.sqrt(max(like.shape)) if like.ndim > 1 and like.size else 0.5
    drawn: Array = np.round(np.random.default_rng([number, salt]).uniform(-scale, scale, like.shape) * 4096) / 4096
    return drawn
