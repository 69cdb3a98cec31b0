"""Where there is no reference: every gradient is that of the student's own loss (comparison B), or nothing can be said."""

from collections.abc import Mapping, Sequence

import numpy as np

from grader import messages
from grader.model import Array, Finding
from grader.numerics.agreement import Agreement, Along, agreements
from grader.numerics.localise import localise
from grader.properties.contract import broken
from grader.properties.parameters import Net, Unusable, gradient_of, opened
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, Undecided, plainly
from reference import LayerSpec

SUITS, PLACE = Kind.DESIGNED, 60

MARGIN = 4  # times its bound an error must be: large steps, as nets in float32 call for, meet kinks that bounds know too little of
FAR = (-0.5, -0.125, -0.03, 0.03, 0.125, 0.5)


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a parameter, all alike; where the net did not say which it has, one that waits."""
    named = {name: messages.title_gradient(name, scalar=True) for name in spec.gradients} or {"grads": messages.TITLE_OWN_GRADIENTS}
    return [Check(name=name, title=title, part="backward", weight=1, needs=("forward.value",)) for name, title in named.items()]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Hold the gradients against differences of the loss, at parameters of the grader's."""
    net = opened(evidence)
    if not isinstance(net, Net) or evidence.calls[0].dout is None:
        return {}
    backward = net.outcome.backward
    if backward is None or backward.failure:
        return {f"backward.{gradient_of(name)}": Blocked(messages.blocked("backward")) for name in net.params}
    judged: dict[str, Finding | Blocked | Undecided | None] = {}
    gradients: dict[str, Array] = {}
    for name, array in net.params.items():
        finding = _flaw(name, array, backward.values)
        if finding:
            judged.setdefault("backward.contract", finding)
            judged[f"backward.{gradient_of(name)}"] = Blocked(messages.blocked("backward"))
        else:
            gradients[name] = backward.values[gradient_of(name)].reshape(array.shape)
    return {**judged, **{f"backward.{gradient_of(name)}": found for name, found in _compared(net, gradients).items()}}


def _flaw(name: str, array: Array, values: Mapping[str, Array]) -> Finding | None:
    gradient = gradient_of(name)
    if gradient not in values:
        return Finding(what=messages.lacks_gradient(gradient, name), of_one_case=False)
    return broken(gradient, values[gradient], array.shape, name)


def _compared(net: Net, gradients: Mapping[str, Array]) -> dict[str, Finding | Undecided | None]:
    doubles = {name: g if g.dtype.kind == "f" else g.astype(np.float64) for name, g in gradients.items()}
    if not doubles:
        return {}
    try:
        if (another := net.other()) is not None:
            return dict.fromkeys(doubles, Undecided(messages.noisy(float(net.loss), float(another))))
        said = agreements(net.losses, lambda _: doubles, net.params, list(doubles), net.loss, net.case.number)
        return {name: _said(net, name, doubles[name], along) for name, along in said.items()}
    except Unusable:
        return dict.fromkeys(doubles, Undecided(messages.no_loss("none")))


def _said(net: Net, name: str, gradient: Array, along: Along) -> Finding | Undecided | None:
    if along.agreement is Agreement.UNDECIDED:
        return Undecided(messages.NO_DIFFERENCES)
    if along.agreement is Agreement.RIGHT:
        return None if gradient.any() else Undecided(messages.no_slope(name))  # zeros are right then, and no attempt
    if _stepped(net, name, along):
        return Undecided(messages.NO_DIFFERENCES)
    element = localise(net.losses, net.params, name, net.loss, along, gradient)
    worst, gradient_name = element or along, gradient_of(name)
    if not abs(worst.analytic - worst.numeric) > MARGIN * worst.bound:
        return Undecided(messages.NO_DIFFERENCES)
    if element is None:
        return Finding(what=messages.spread_thin(gradient_name, along.analytic, along.numeric, along.bound), shown_on=net.shown)
    return Finding(
        what=messages.not_the_slope(gradient_name, element.bound),
        where=f"{gradient_name}[{', '.join(map(str, element.index))}]" if element.index else gradient_name,
        got=element.analytic,
        expected=element.numeric,
        next_step=messages.DERIVE,
        shown_on=net.shown,
    )


def _stepped(net: Net, name: str, along: Along) -> bool:
    """Whether the loss is a staircase, as one that is rounded: flat where one looks, and another number farther away."""
    far = [{**net.params, name: net.params[name] + t * along.along[name]} for t in FAR]
    return abs(along.numeric) <= along.bound and any(loss != net.loss for loss in net.losses(far))
