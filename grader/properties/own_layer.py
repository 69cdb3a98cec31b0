"""Where a layer has no reference: its output has the right shape and depends on its arguments, and backward is its gradient (comparison B)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader import messages
from grader.model import Array, Call, Finding
from grader.numerics.agreement import Agreement, Along, agreements
from grader.numerics.comparison import fitted
from grader.numerics.derivative import Inputs
from grader.properties.contract import broken
from grader.properties.parameters import Unusable
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, Undecided, plainly
from reference import LayerSpec

SUITS, PLACE = Kind.ALONE, 40

MARGIN = 4  # times its bound an error must be: bounds know too little of kinks
REPEATS = 2  # calls that show whether the output is the same every time


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check of the output, which shows nothing but that there is a layer, and one for each gradient."""
    value = Check(name="value", title=messages.TITLE_OWN_OUTPUT, part="forward", weight=1)
    return [
        value,
        *(
            Check(name=name, title=messages.title_own_gradient(name), part="backward", weight=1, needs=("forward.value",))
            for name in spec.gradients
        ),
    ]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Judge the output, and where it can be differentiated, the gradients."""
    forward = evidence.outcomes[0].forward
    if forward is None or forward.failure or "out" not in forward.values:
        return {"forward.value": Blocked(messages.blocked("forward"))}
    assert evidence.case.dout is not None  # a layer without reference always has one: it has the shape of the output
    if finding := broken("out", forward.values["out"], evidence.case.dout.shape):
        return {"forward.contract": finding, "forward.value": Blocked(messages.blocked("forward"))}
    try:
        first, *others = _evaluate(evidence)([evidence.case.in_float64.arrays] * REPEATS)
        rounding = 64 * np.finfo(first.dtype).eps * np.abs(first).max(initial=0)
        if any(not (np.abs(other - first) <= rounding).all() for other in others):
            return {"forward.value": Undecided(messages.NOISY_OUTPUT)}
        value = _constant(evidence, first)
    except Unusable:
        return {"forward.value": Undecided(messages.NO_OUTPUT)}
    return {"forward.value": value, **_backward(evidence, first)}


def _backward(evidence: Evidence, out: Array) -> Judgement:
    names = {a.gradient: a.name for a in evidence.spec.arguments if a.gradient}
    if evidence.calls[0].dout is None:
        return {}
    backward = evidence.outcomes[0].backward
    if backward is None or backward.failure:
        return {f"backward.{gradient}": Blocked(messages.blocked("backward")) for gradient in names}
    arrays = evidence.case.in_float64.arrays
    judged: dict[str, Finding | Blocked | Undecided | None] = {}
    for gradient, name in names.items():
        if finding := broken(gradient, backward.values[gradient], arrays[name].shape, name):
            judged |= {"backward.contract": finding, f"backward.{gradient}": Blocked(messages.blocked("backward"))}
    asked = [name for gradient, name in names.items() if f"backward.{gradient}" not in judged]
    of = {name: gradient for gradient, name in names.items() if name in asked}
    try:
        said = agreements(_evaluate(evidence), _pullback(evidence, of), arrays, asked, out, evidence.case.number) if asked else {}
    except Unusable:
        return judged | {f"backward.{gradient}": Undecided(messages.NO_OUTPUT) for gradient in of.values()}
    judged |= {f"backward.{of[name]}": _said(of[name], name, along) for name, along in said.items()}
    return judged


def _said(gradient: str, name: str, along: Along) -> Finding | Undecided | None:
    if along.agreement is Agreement.UNDECIDED or along.bound < abs(along.error) <= MARGIN * along.bound:
        return Undecided(messages.NO_DIFFERENCES_OF_OUTPUT)
    if along.agreement is Agreement.RIGHT:  # zeros are right where nothing depends on the argument, and no attempt
        return None if along.analytic or along.numeric else Undecided(messages.no_slope_of_output(name))
    return Finding(
        what=messages.not_the_slope_of_output(gradient, along.analytic, along.numeric, along.bound),
        next_step=messages.DERIVE_OUTPUT,
    )


def _constant(evidence: Evidence, out: Array) -> Finding | None:
    """Say whether the output is the same whatever an argument is, at any of a few places."""
    rng = np.random.default_rng(evidence.case.number)
    differentiated = [a.name for a in evidence.spec.arguments if a.gradient]
    arrays = evidence.case.in_float64.arrays
    others = [{**arrays, n: sign * (arrays[n] + rng.uniform(0.5, 1.5, arrays[n].shape))} for n in differentiated for sign in (1, -1)]
    if not others or any(not np.array_equal(got, out) for got in _evaluate(evidence)(others)):
        return None
    return Finding(what=messages.CONSTANT_OUTPUT)


def _evaluate(evidence: Evidence) -> Callable[[Sequence[Inputs]], list[Array]]:
    assert evidence.case.dout is not None
    shape = evidence.case.dout.shape

    def outputs(several: Sequence[Inputs]) -> list[Array]:
        calls = [Call(case=replace(evidence.case, arrays=given), forward_only=True) for given in several]
        return [_output(o.forward.values if o.forward and not o.forward.failure else {}, shape) for o in evidence.ask(calls)]

    return outputs


def _pullback(evidence: Evidence, of: Mapping[str, str]) -> Callable[[Array], Mapping[str, Array]]:
    def gradients(weights: Array) -> Mapping[str, Array]:
        (outcome,) = evidence.ask([Call(case=replace(evidence.case, arrays=evidence.case.in_float64.arrays, dout=weights))])
        values = outcome.backward.values if outcome.backward and not outcome.backward.failure else {}
        got = {name: fitted(values[gradient], evidence.case.arrays[name].shape) for name, gradient in of.items() if gradient in values}
        if len(got) < len(of) or any(g is None for g in got.values()):
            raise Unusable
        return {name: g for name, g in got.items() if g is not None}

    return gradients


def _output(values: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    got = fitted(values["out"], shape) if "out" in values else None
    if got is None:
        raise Unusable
    return got if got.dtype.kind == "f" else got.astype(np.float64)
