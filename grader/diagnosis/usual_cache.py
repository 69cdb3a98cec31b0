"""Is it the cache? A backward that fails with its own forward's, and is right with the one that nearly everybody's forward returns."""

from collections.abc import Sequence

from grader.diagnosis.examination import Ask, Examination
from grader.model import Answer, Call, Case, Outcome
from grader.properties.property import REFUSALS
from reference import LayerSpec


def right_with_the_usual_cache(spec: LayerSpec, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer], ask: Ask) -> bool:
    """Whether every gradient of every input is right with the usual cache.

    Args:
        spec: The layer.
        plain: The inputs of the bank with what came back for each.
        answers: The reference's, by the number of the input.
        ask: Calls backward with the usual cache.
    """
    asked = [(case, outcome.backward) for case, outcome in plain if case.dout is not None and not answers[case.number].refusal]
    if any(stage and stage.failure and stage.failure.kind not in REFUSALS for _, stage in asked):
        return False  # it hangs, or ends the process: what becomes of it with another cache is not worth the time
    outcomes = ask([Call(case=case) for case, _ in asked])
    return bool(asked) and not any(
        Examination(spec=spec, case=case, answer=answers[case.number], outcome=outcome, ask=ask).wrong(spec.gradients)
        for (case, _), outcome in zip(asked, outcomes, strict=True)
    )
