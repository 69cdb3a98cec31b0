"""Backward gives the reference's gradients (comparison A): element by element, each within its own rounding bound.

The upstream gradient is 0 wherever the layer is not differentiable, so every legal subgradient passes.
"""

from collections.abc import Sequence

from grader import messages
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, mismatch_finding, plainly, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 30

SHARE = 120  # divisible by the number of gradients of any layer, and 4/5 of a part's points in all


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a gradient; together they bear four fifths of the backward points."""
    return [
        Check(
            name=name,
            title=messages.title_gradient(name, scalar=spec.scalar),
            part="backward",
            weight=SHARE // len(spec.gradients),
        )
        for name in spec.gradients
    ]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Compare every gradient with the reference's."""
    if evidence.answer.refusal or evidence.case.dout is None:
        return {}
    backward = evidence.outcomes[0].backward
    reason = messages.NEEDS_FORWARD if backward is None else messages.blocked("backward")
    judged = {}
    for name, expected in evidence.expected("backward").items():
        got = usable(backward, name, expected)
        judged[f"backward.{name}"] = Blocked(reason) if got is None else mismatch_finding(evidence.case, name, got, expected)
    return judged
