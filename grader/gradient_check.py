r"""Check a backward of your own against its forward: no reference, no grader, no tolerance to tune.

    from grader import gradcheck
    report = gradcheck(affine_forward, affine_backward, (x, w, b))
    assert report, report

For a random direction u of the inputs and random weights v of the outputs, $\langle v, D_u f \rangle = \langle \mathrm{backward}(v),
u \rangle$. The left side comes from differences of the forward, with a bound on their error that is measured, not assumed; so a right
backward is not refused for rounding, and an element wrong by a millionth is found. docs/gradient-checking.md has the mathematics.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Array
from grader.numerics.agreement import DIRECTIONS, Agreement, Along, agreements
from grader.numerics.comparison import fitted
from grader.numerics.derivative import Derivative, Inputs, directional
from grader.numerics.localise import Element, localise


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentReport:
    """What was found for one argument.

    Attributes:
        name: Its name, or its position where forward does not tell the names of its parameters.
        agreement: "right", "wrong" or "undecided".
        analytic: The directional derivative by backward.
        numeric: The same by differences of forward.
        bound: How far apart they may be.
        step: The smallest step of the differences.
        direction: The direction, by the arguments that it moves.
        message: Why there is nothing to compare, where there is not.
    """

    name: str
    agreement: Agreement
    analytic: float = np.nan
    numeric: float = np.nan
    bound: float = np.nan
    step: float = np.nan
    direction: Mapping[str, Array] | None = None
    message: str = ""

    def __str__(self) -> str:
        """One line."""
        if self.message:
            return f"{self.name}: {self.agreement.value}: {self.message}"
        numbers = f"backward {self.analytic:.12g}, forward {self.numeric:.12g}, apart {abs(self.analytic - self.numeric):.2g}"
        return f"{self.name}: {self.agreement.value}: {numbers}, bound {self.bound:.2g}, step {self.step:.2g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradcheckReport:
    """What `gradcheck` found. True where every gradient is right; printed, it says what is not.

    Attributes:
        arguments: One entry for each argument that has a gradient.
        worst: An element that is wrong, where one was found: the largest, relative to its bound, on the way there.
    """

    arguments: tuple[ArgumentReport, ...]
    worst: Element | None = None

    @property
    def agreement(self) -> Agreement:
        """ "right", "wrong" or "undecided", of all arguments together."""
        found = {a.agreement for a in self.arguments}
        return next((a for a in (Agreement.WRONG, Agreement.UNDECIDED) if a in found), Agreement.RIGHT)

    def __bool__(self) -> bool:
        """Whether every gradient is known to be right."""
        return self.agreement is Agreement.RIGHT

    def __str__(self) -> str:
        """A line for each argument, and one for the worst element."""
        lines = [f"gradcheck: {self.agreement.value}", *(f"  {a}" for a in self.arguments)]
        return "\n".join([*lines, *([f"  worst: {self.worst}"] if self.worst else [])])


def gradcheck(
    forward: Callable[..., Any],
    backward: Callable[..., Any] | None,
    inputs: Array | Sequence[Any] | Mapping[str, Any],
    *,
    wrt: Sequence[int | str] | None = None,
    directions: int = DIRECTIONS,
    seed: int = 0,
) -> GradcheckReport:
    """Check that `backward` is the gradient of `forward` at `inputs`.

    Args:
        forward: `forward(*inputs) -> out`, or `(out, cache)`; with a mapping, `forward(**inputs)`. It is called on copies, in
            float64, about 20 times a direction where it is smooth, up to 60 where it has kinks.
        backward: `backward(dout, cache) -> gradients`, one or a sequence in the order of `wrt`, or a mapping by name. Without a
            cache, `backward(dout)`. None where forward returns `(loss, gradients)` itself.
        inputs: One array, a sequence, or a mapping by name. What is no array of floats (labels, options) is passed as it is.
        wrt: Positions or names of the arguments that have gradients, in the order in which backward returns them; by default all
            arrays of floats.
        directions: How many directions are tried. An error missed by one with probability p is missed by n with p**n.
        seed: What directions are drawn from: the same seed gives the same report.

    Returns:
        A report: true or false, printable, with the worst element.

    Raises:
        ValueError: There is nothing to differentiate, or forward returns no array of numbers.

    Source: docs/gradient-checking.md.
    """
    functions = _Functions(forward, backward, inputs, wrt)
    out = functions.evaluate([functions.inputs])[0]
    _, broken = functions.returned(np.ones(out.shape))
    good = [name for name in functions.names if name not in broken]
    if not good:
        return GradcheckReport(arguments=tuple(broken.values()))

    def pullback(v: Array) -> Mapping[str, Array]:
        found, _ = functions.returned(v)
        return {name: found.get(name, np.full(functions.inputs[name].shape, np.nan)) for name in good}

    said = agreements(functions.evaluate, pullback, functions.inputs, good, out, seed, directions)
    reports = tuple(broken.get(name) or _report(name, said[name]) for name in functions.names)
    wrong = next((name for name in good if said[name].agreement is Agreement.WRONG), None)
    worst = localise(functions.evaluate, functions.inputs, wrong, out, said[wrong], pullback(said[wrong].weights)[wrong]) if wrong else None
    return GradcheckReport(arguments=reports, worst=worst)


def numeric_jvp(forward: Callable[..., Any], inputs: Any, direction: Any) -> Derivative:
    """Return the directional derivative of `forward` at `inputs`, with a measured bound on its error.

    Args:
        forward: As for `gradcheck`; of `(out, cache)` only out is used.
        inputs: One array, a sequence, or a mapping by name.
        direction: In the form of `inputs`; None for an argument that stays where it is.

    Returns:
        `value`, `bound` and `step`, each in the shape of the output, and the `unit` of the arithmetic.

    Raises:
        ValueError: A direction has another shape than its argument.
    """
    functions = _Functions(forward, None, inputs, None)
    along = {name: np.asarray(u, np.float64) for name, u in _named(direction, list(functions.inputs)).items() if u is not None}
    for name, u in along.items():
        if name not in functions.names or u.shape != functions.inputs[name].shape:
            raise ValueError(f"direction {name} has shape {u.shape}; there is no array of floats of that shape and name among the inputs.")
    return directional(functions.evaluate, functions.inputs, along, functions.evaluate([functions.inputs])[0])


def numeric_jacobian(forward: Callable[..., Any], x: Array) -> Derivative:
    """Return the Jacobian of `forward` at x, one column for each element of x, with a measured bound on each entry.

    Args:
        forward: `forward(x) -> out`, or `(out, cache)`.
        x: Any shape. The cost is 6 to 36 calls for each element.

    Returns:
        `value`, `bound` and `step` of shape (*out.shape, *x.shape).

    Raises:
        ValueError: x is no array of floats.
    """
    x = np.asarray(x)
    columns = []
    for i in range(x.size):
        unit = np.zeros(x.size)
        unit[i] = 1
        columns.append(numeric_jvp(forward, x, unit.reshape(x.shape)))
    shape = (*columns[0].value.shape, *x.shape) if columns else (0,)
    value, bound, step = (np.stack([c[k] for c in columns], axis=-1).reshape(shape) for k in range(3))
    return Derivative(value, bound, step, columns[0].unit)


class _Functions:
    """The user's functions, whatever their form, as functions of arrays by name."""

    def __init__(
        self, forward: Callable[..., Any], backward: Callable[..., Any] | None, inputs: Any, wrt: Sequence[int | str] | None
    ) -> None:
        self._forward, self._backward = forward, backward
        self._by_name = isinstance(inputs, Mapping)
        given = _named(inputs, _parameters(forward))
        self.inputs: Mapping[str, Any] = {n: np.array(a, np.float64) if _floating(a) else a for n, a in given.items()}
        self.names = (
            [list(given)[name] if isinstance(name, int) else name for name in wrt]
            if wrt is not None
            else [n for n, a in given.items() if _floating(a)]
        )
        strange = [n for n in self.names if not _floating(given.get(n))]
        if strange or not self.names:
            raise ValueError(f"no array of floats to differentiate: {', '.join(strange) or 'the inputs hold none'}.")

    def call(self, inputs: Mapping[str, Any]) -> Any:
        """Call forward on copies."""
        copies = {n: a.copy() if isinstance(a, np.ndarray) else a for n, a in inputs.items()}
        return self._forward(**copies) if self._by_name else self._forward(*copies.values())

    def evaluate(self, several: Sequence[Inputs]) -> list[Array]:
        """Return the outputs for several inputs."""
        return [_output(self.call(inputs)) for inputs in several]

    def returned(self, v: Array) -> tuple[dict[str, Array], dict[str, ArgumentReport]]:
        """Return the gradients for a dout by name, and what is wrong with those that cannot be compared."""
        returned = self.call(self.inputs)
        cache = returned[1] if isinstance(returned, tuple) and len(returned) > 1 else None
        if self._backward is None:
            grads = cache
        elif isinstance(returned, tuple) and len(returned) > 1:
            grads = self._backward(v.copy(), cache)
        else:
            grads = self._backward(v.copy())
        return _sorted(grads, self.names, self.inputs)


def _named(inputs: Any, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(inputs, Mapping):
        return {str(name): a for name, a in inputs.items()}
    listed = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
    return dict(zip(names if len(names) >= len(listed) else map(str, range(len(listed))), listed, strict=False))


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Return the names under which a function takes its arguments by position; none where it does not tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _floating(a: Any) -> bool:
    return isinstance(a, np.ndarray) and a.dtype.kind == "f"


def _output(returned: Any) -> Array:
    out = np.asarray(returned[0] if isinstance(returned, tuple) else returned)
    if out.dtype.kind not in "fiub" or not out.size:
        raise ValueError(
            f"forward returned {type(returned).__name__} {np.shape(out)}; it must return an array of numbers, or (out, cache)."
        )
    return out if out.dtype.kind == "f" else out.astype(np.float64)


def _sorted(grads: Any, names: Sequence[str], inputs: Mapping[str, Any]) -> tuple[dict[str, Array], dict[str, ArgumentReport]]:
    if isinstance(grads, Mapping):
        by_name = {n: grads.get(n, grads.get(f"d{n}")) for n in names}
    else:
        listed = list(grads) if isinstance(grads, list | tuple) else [grads]
        by_name = dict(zip(names, [*listed, *[None] * len(names)], strict=False))
    good: dict[str, Array] = {}
    broken: dict[str, ArgumentReport] = {}
    for name, grad in by_name.items():
        shape = inputs[name].shape
        got = None if grad is None else np.asarray(grad)
        fits = None if got is None or got.dtype.kind not in "fiu" else fitted(got, shape)
        if fits is None:
            has = "nothing" if got is None else f"shape {got.shape}, dtype {got.dtype}"
            broken[name] = ArgumentReport(
                name=name, agreement=Agreement.WRONG, message=f"its gradient has {has}; it must be floats of shape {shape}."
            )
        elif not np.isfinite(fits).all():
            broken[name] = ArgumentReport(name=name, agreement=Agreement.WRONG, message="its gradient is not finite.")
        else:
            good[name] = fits if fits.dtype.kind == "f" else fits.astype(np.float64)
    return good, broken


def _report(name: str, said: Along) -> ArgumentReport:
    return ArgumentReport(
        name=name,
        agreement=said.agreement,
        analytic=said.analytic,
        numeric=said.numeric,
        bound=said.bound,
        step=said.step,
        direction=said.along,
    )
