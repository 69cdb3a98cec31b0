"""Where there is no reference: the loss is one number, depends on parameters and input, and is the same when called again."""

from collections.abc import Mapping, Sequence

from grader import messages
from grader.model import Array, Finding
from grader.properties import repeat
from grader.properties.parameters import Net, Unusable, opened
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, Undecided, plainly
from reference import LayerSpec

SUITS, PLACE = Kind.DESIGNED, 50

OTHERS = 4  # draws of other parameters


def checks(_: LayerSpec) -> Sequence[Check]:
    """Two checks: the loss itself, four fifths of the forward points, and the same when it is called again."""
    return [Check(name="value", title=messages.TITLE_OWN_LOSS, part="forward", weight=4), repeat.CHECK]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Run the net with parameters of the grader's: these, the same again, and others."""
    net = opened(evidence)
    if isinstance(net, Finding):
        blocked = Blocked(messages.blocked("forward"))
        return {"forward.contract": net, "forward.value": blocked, "forward.repeat": blocked}
    if not isinstance(net, Net):
        return {"forward.value": net, "forward.repeat": net}
    try:
        another = net.other()
        again = None if another is None else Undecided(messages.noisy(float(net.loss), float(another)))
        return {"forward.value": _constant(net), "forward.repeat": again}
    except Unusable:
        lost = Undecided(messages.no_loss("none"))
        return {"forward.value": lost, "forward.repeat": lost}


def _constant(net: Net) -> Finding | None:
    x = net.case.arrays["x"]
    moved: Mapping[str, Sequence[Mapping[str, Array]]] = {
        "the parameters are": [net.redrawn(100 * i) for i in range(1, OTHERS + 1)],
        "X is": [{"x": -x}, {"x": 1 - x}],
    }
    for what, others in moved.items():
        if all(loss == net.loss for loss in net.losses(others)):
            return Finding(what=messages.constant_loss(float(net.loss), what), shown_on=net.shown)
    return None
