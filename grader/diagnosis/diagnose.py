"""What can be said of a backward that failed, and what it earns all the same."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grader import messages
from grader.diagnosis.examination import Ask, Examination, Unusable
from grader.diagnosis.numeric_gradient import Differences, differences
from grader.diagnosis.own_gradient import own_gradients
from grader.diagnosis.usual_cache import right_with_the_usual_cache
from grader.model import Answer, Case, CheckResult, Diagnosis, Outcome, Verdict
from grader.numerics.agreement import DIRECTIONS
from reference import LayerSpec

INPUTS = 8  # at which a gradient is examined


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What was found out: sentences, and by the name of the check, the cause and whether it calls for credit."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    own: Mapping[str, str] = field(default_factory=dict)  # right gradients of a wrong forward, with the cause to show
    numeric: Mapping[str, str] = field(default_factory=dict)  # right but for being made of differences
    wrong_cache: bool = False  # backward is right, and fails for what forward hands over

    def explain(self, check: CheckResult, *, accept_numeric: bool) -> CheckResult | None:
        """Return a check with its cause; where the assignment accepts numeric gradients, those have passed.

        A law can then say nothing of backward: it would find the noise, and there is no check of it left.
        """
        if accept_numeric and check.id in self.numeric:
            return replace(check, verdict=Verdict.PASSED, findings=(), reason=self.numeric[check.id])
        if accept_numeric and self.numeric and check.law and check.part == "backward" and check.verdict is Verdict.FAILED:
            return None
        if check.id == "backward.fresh" and check.id in self.own:
            return replace(check, reason=messages.FRESH_TOO)
        if self.wrong_cache and check.part == "backward":
            said = (replace(f, cause=messages.WRONG_CACHE, next_step=messages.HAND_OVER) for f in check.findings)
            return replace(check, findings=tuple(said))
        cause = self.own.get(check.id) or self.numeric.get(check.id)
        return replace(check, findings=tuple(replace(f, cause=cause, next_step=None) for f in check.findings)) if cause else check


def diagnose(
    spec: LayerSpec,
    plain: Sequence[tuple[Case, Outcome]],
    answers: Sequence[Answer],
    checks: Sequence[CheckResult],
    ask: Ask,
    ask_usual: Ask | None = None,
) -> Diagnosed:
    """Examine the gradients that failed.

    Args:
        spec: The layer.
        plain: The inputs of the bank with what came back for each.
        answers: The reference's, by the number of the input.
        checks: How the checks of both parts ended.
        ask: Makes further calls of the student's functions.
        ask_usual: Calls backward with the cache that is usual for it, where there is such a one and a forward that has given another.
    """
    verdicts = {check.id: check.verdict for check in checks}
    failing = [n for n in spec.gradients if verdicts.get(f"backward.{n}") in (Verdict.FAILED, Verdict.SKIPPED)]
    forward_is_right = verdicts.get("forward.value") is Verdict.PASSED
    if failing and forward_is_right and ask_usual and right_with_the_usual_cache(spec, plain, answers, ask_usual):
        return Diagnosed([Diagnosis(id="wrong_cache", message=messages.wrong_cache(failing))], wrong_cache=True)
    examinations = [e for e in _examinations(spec, plain, answers, ask) if e.wrong(failing)]
    examinations = sorted(examinations, key=lambda e: e.case.number == 0)[:INPUTS]  # the plainest input tells least
    if not examinations:
        return Diagnosed()
    if not forward_is_right:
        if verdicts.get("backward.linear_in_dout") is Verdict.FAILED:
            return Diagnosed()  # no gradient of any forward
        own = own_gradients(examinations, failing, directions=math.ceil(DIRECTIONS / len(examinations)))
        named = [name for name in failing if name in own]
        others = [name for name in failing if name not in own]
        sentences = [Diagnosis(id="own_gradient", message=messages.own_gradient(named, others))] if named else []
        return Diagnosed(sentences, own={f"backward.{name}": messages.OWN_GRADIENT for name in own})
    made = {name: _differences(examinations, name) for name in failing}
    said = dict.fromkeys(messages.numeric_gradient(d.step, central=d.central) for d in made.values() if d)
    named = [name for name, d in made.items() if d]
    named += ["fresh"] if named == failing and _fresh(examinations[0]) else []
    sentences = [Diagnosis(id="numeric_gradient", message=message) for message in said]
    return Diagnosed(sentences, numeric={f"backward.{name}": messages.NUMERIC_GRADIENT for name in named})


def _examinations(spec: LayerSpec, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer], ask: Ask) -> Iterator[Examination]:
    """Yield the inputs in float64 at which forward gave numbers, whatever their shape."""
    for case, outcome in plain:
        answer, forward = answers[case.number], outcome.forward
        asked = not answer.refusal and case.dout is not None and case.dtype == np.float64
        if asked and forward and not forward.failure and "out" in forward.values:
            yield Examination(spec=spec, case=case, answer=answer, outcome=outcome, ask=ask)


def _fresh(examination: Examination) -> bool:
    assert examination.case.dout is not None
    try:
        return examination.fresh(examination.case.dout)
    except Unusable:
        return False


def _differences(examinations: Sequence[Examination], name: str) -> Differences | None:
    """Return how a gradient was made of differences, where two inputs say the same."""
    wrong = [e for e in examinations if e.wrong([name])][:2]
    found = {differences(examination, name) for examination in wrong}
    return found.pop() if len(found) == 1 else None
