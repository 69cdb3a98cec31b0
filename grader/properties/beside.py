"""What forward gives beside its output, running statistics or the state of an optimiser, is what the reference gives.

Conventions that do not show it leave it out, and it is not asked for. One that must show it says so when it is missing.
"""

from collections.abc import Sequence
from dataclasses import replace

from grader import messages
from grader.model import Finding
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, mismatch_finding, plainly, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 20


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check each, half as heavy as that of the output."""
    return [Check(name=name, title=messages.title_beside(name), part="forward", weight=2, optional=True) for name in spec.beside]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Compare each with the reference's."""
    if evidence.answer.refusal:
        return {}
    judged: dict[str, Finding | Blocked | None] = {}
    forward = evidence.outcomes[0].forward
    for name in evidence.spec.beside:
        if forward and not forward.failure and name not in forward.values:
            continue
        expected = evidence.answer.values[name]
        got = usable(forward, name, expected)
        found = None if got is None else mismatch_finding(evidence.case, name, got, expected)
        if found and name == "tied":  # which the grader counts, and no student returns
            found = replace(found, what=messages.TIED, next_step=messages.DRAW_EACH)
        judged[f"forward.{name}"] = Blocked(messages.blocked("forward")) if got is None else found
    return judged
