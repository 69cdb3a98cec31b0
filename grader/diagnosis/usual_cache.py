"""Is it the cache? A backward that fails with its own forward's, and is right with the one that nearly everybody's forward returns."""

from collections.abc import Sequence

from grader.diagnosis.examination import Examination, Subject
from grader.model import Answer, Call, Case, Outcome
from grader.properties.property import REFUSALS


def right_with_the_usual_cache(subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> bool:
    """Whether there is a usual cache, and every gradient of every input is right with it."""
    ask = subject.ask_usual
    asked = [(case, outcome.backward) for case, outcome in plain if case.dout is not None and not answers[case.number].refusal]
    # Where it hangs, or ends the process, what becomes of it with another cache is not worth the time.
    if ask is None or not asked or any(stage and stage.failure and stage.failure.kind not in REFUSALS for _, stage in asked):
        return False
    outcomes = ask([Call(case=case) for case, _ in asked])
    return not any(
        Examination(spec=subject.spec, case=case, answer=answers[case.number], outcome=outcome, ask=ask).wrong(subject.spec.gradients)
        for (case, _), outcome in zip(asked, outcomes, strict=True)
    )
