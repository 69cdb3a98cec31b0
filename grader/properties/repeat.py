"""The same call gives the same answer later, and in another process: nothing stays behind between calls."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader import messages
from grader.model import Call, Case, FailureKind, Finding, Outcome
from grader.properties.property import Asked, Blocked, Check, Evidence, Judgement, Kind, mismatch_finding, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 80

CHECK = Check(name="repeat", title=messages.TITLE_REPEAT, part="forward", weight=1, needs=("forward.value",))
CASES = (0, 2)  # two inputs suffice: nothing here depends on their sizes


def checks(_: LayerSpec) -> Sequence[Check]:
    """One check, a fifth of the forward points."""
    return [CHECK]


def plan(_: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """The plain call of the first cases, and the same again after all others; then the plain calls that a second process repeats.

    What was called last is called first there, so that whatever the first call leaves behind is something else.
    """
    first = [case for case in cases if case.number in CASES]
    late = [Asked(case, [base(case), Call(case=case, forward_only=True)]) for case in first]
    others = list({id(case): base(case) for case in (*reversed(cases[-1:]), *reversed(first))}.values())
    return [*late, Asked(others[0].case, others)] if len(others) > 1 else late


def judge(evidence: Evidence) -> Judgement:
    """Judge the calls that were made again, where they were right at first."""
    return _later(evidence) if evidence.calls[0].case is evidence.calls[-1].case else _elsewhere(evidence)


def _later(evidence: Evidence) -> Judgement:
    if evidence.answer.refusal:
        return {}
    first, second = evidence.outcomes
    if first.forward and not first.forward.failure and not first.forward.values:
        return {"forward.repeat": None}  # a convention without a forward function
    if _finding(evidence, evidence.calls[0], first, messages.REPEAT):
        return {"forward.repeat": Blocked(messages.blocked("forward"))}
    return {"forward.repeat": _finding(evidence, evidence.calls[1], second, messages.REPEAT)}


def _elsewhere(evidence: Evidence) -> Judgement:
    """Make the calls in a second process, where all of them were right in the first; a wrong one was told there."""
    if any(_finding(evidence, *made, messages.ANEW) for made in zip(evidence.calls, evidence.outcomes, strict=True)):
        return {}
    again = [Call(case=call.case, forward_only=True) for call in evidence.calls]
    judgement: Judgement = {}
    outcomes = evidence.ask_anew(again)
    if any(_late(outcome) for outcome in outcomes):
        outcomes = evidence.ask_anew(again)  # a process may be slower than the first, whatever the code does; but hardly two of them
    for call, outcome in zip(again, outcomes, strict=False):
        if _unasked(outcome):
            continue
        if finding := _finding(evidence, call, outcome, messages.ANEW):
            return {"forward.repeat": replace(finding, shown_on=call.case)}
        judgement = {"forward.repeat": None}
    return judgement


def _late(outcome: Outcome) -> bool:
    failure = outcome.forward.failure if outcome.forward else None
    return failure is not None and failure.kind in (FailureKind.TIMEOUT, FailureKind.MEMORY)


def _unasked(outcome: Outcome) -> bool:
    """Whether this says nothing of the answer: the time for the whole task was up, or the file can be run only once, which is odd."""
    failure = outcome.forward.failure if outcome.forward else None
    return failure is not None and (failure.kind in (FailureKind.LOAD, FailureKind.NOT_RUN) or failure.text == "task")


def _finding(evidence: Evidence, call: Call, outcome: Outcome, what: str) -> Finding | None:
    """Compare one output with the reference's; what must be refused has none."""
    answer, stage = evidence.answer_to(call), outcome.forward
    if answer.refusal:
        return None
    got = usable(stage, "out", answer.values["out"])
    if got is None:
        failure = stage.failure if stage else None
        return Finding(what=what, got=messages.failed_call("forward", failure, evidence.limits) if failure else None)
    return mismatch_finding(call.case, "out", got, answer.values["out"], what)
