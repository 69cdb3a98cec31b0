"""The same call gives the same answer later: nothing stays behind between calls."""

from collections.abc import Callable, Sequence

from grader import messages
from grader.model import Call, Case, Finding
from grader.properties.property import Asked, Blocked, Check, Evidence, Judgement, mismatch_finding, usable
from reference import LayerSpec

CASES = (0, 2)  # two inputs suffice: nothing here depends on their sizes


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check, a fifth of the forward points."""
    del spec
    return [Check(name="repeat", title=messages.TITLE_REPEAT, part="forward", weight=1, needs=("forward.value",))]


def plan(spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """The plain call of the first cases, and the same again after all others."""
    del spec
    return [Asked(case, [base(case), Call(case=case, forward_only=True)]) for case in cases if case.number in CASES]


def judge(evidence: Evidence) -> Judgement:
    """Judge the second call, where the first was right."""
    if evidence.answer.refusal:
        return {}
    first, second = (o.forward for o in evidence.outcomes)
    if first and not first.failure and not first.values:
        return {"forward.repeat": None}  # a convention without a forward function
    expected = evidence.answer.values["out"]
    if (got := usable(first, "out", expected)) is None or mismatch_finding(evidence.case, "out", got, expected):
        return {"forward.repeat": Blocked(messages.blocked("forward"))}
    again = usable(second, "out", expected)
    if again is None:
        return {"forward.repeat": _nothing(evidence)}
    return {"forward.repeat": mismatch_finding(evidence.case, "out", again, expected, messages.REPEAT)}


def _nothing(evidence: Evidence) -> Finding:
    failure = evidence.outcomes[1].forward
    words = messages.failed_call("forward", failure.failure, evidence.limits) if failure and failure.failure else None
    return Finding(what=messages.REPEAT, got=words)
