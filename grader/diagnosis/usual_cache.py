"""Is it the cache? A backward that fails with its own forward's, and is right with the one that nearly everybody's forward returns.

Where a single entry of the usual one in the place of the student's is enough, that is the entry which is wrong.
"""

from collections.abc import Sequence

from grader.diagnosis.examination import Ask, Examination, Subject
from grader.model import Answer, Call, Case, Outcome
from grader.properties.property import REFUSALS


def right_with_the_usual_cache(subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> bool:
    """Whether there is a usual cache, and every gradient of every input is right with it."""
    ask = subject.ask_usual
    asked = [(case, outcome.backward) for case, outcome in plain if case.dout is not None and not answers[case.number].refusal]
    # Where it hangs, or ends the process, what becomes of it with another cache is not worth the time.
    if ask is None or not asked or any(stage and stage.failure and stage.failure.kind not in REFUSALS for _, stage in asked):
        return False
    return _right(subject, ask, [Call(case=case) for case, _ in asked], answers)


def wrong_entry(subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> str:
    """Return the argument that must stand in the cache where something else does; "" where no single one makes backward right."""
    cases = [case for case, _ in plain if case.dout is not None and not answers[case.number].refusal]
    arguments = [argument.name for argument in subject.spec.arguments]
    right = (n for i, n in enumerate(arguments) if _right(subject, subject.ask, [Call(case=case, entry=i) for case in cases], answers))
    return next(right, "")


def _right(subject: Subject, ask: Ask, calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether every gradient is right in all of these calls."""
    return not any(
        Examination(spec=subject.spec, case=call.case, answer=answers[call.case.number], outcome=outcome, ask=ask).wrong(
            subject.spec.gradients
        )
        for call, outcome in zip(calls, ask(calls), strict=True)
    )
