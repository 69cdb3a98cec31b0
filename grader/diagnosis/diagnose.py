"""What can be said of values that failed, and what a backward earns all the same."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from grader import messages
from grader.diagnosis.examination import Examination, Subject, Unusable
from grader.diagnosis.illustration import illustrated
from grader.diagnosis.misconceptions import Match, match, rows
from grader.diagnosis.numeric_gradient import Differences, differences
from grader.diagnosis.own_gradient import own_gradients
from grader.diagnosis.relations import relation
from grader.diagnosis.usual_cache import right_with_the_usual_cache, wrong_entry
from grader.language import paragraph, say
from grader.model import Answer, Array, Case, CheckResult, Diagnosis, Finding, Outcome, Verdict
from grader.numerics.agreement import DIRECTIONS
from reference import LayerSpec

INPUTS = 8  # at which a gradient is examined


class Cause(NamedTuple):
    """Why a value is wrong, and what to do."""

    cause: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What was found out: sentences, and by the name of the check, the cause and whether it calls for credit."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    own: Mapping[str, str] = field(default_factory=dict)  # right gradients of a wrong forward, with the cause to show
    numeric: Mapping[str, str] = field(default_factory=dict)  # right but for being made of differences
    wrong_cache: Cause | None = None  # backward is right, and fails for what forward hands over
    named: Mapping[str, Cause] = field(default_factory=dict)  # wrong in a way that is known, by the name of the value
    smaller: Mapping[str, Finding] = field(default_factory=dict)  # the same on a smaller input

    def explain(self, check: CheckResult, *, accept_numeric: bool) -> CheckResult | None:
        """Return a check with its cause; where the assignment accepts numeric gradients, those have passed.

        A law can then say nothing of backward: it would find the noise, and there is no check of it left.
        """
        if accept_numeric and check.id in self.numeric:
            return replace(check, verdict=Verdict.PASSED, findings=(), reason=self.numeric[check.id])
        if accept_numeric and self.numeric and check.law and check.part == "backward" and check.verdict is Verdict.FAILED:
            return None
        if check.id in self.smaller:
            check = replace(check, findings=(self.smaller[check.id],))
        if check.id == "backward.fresh" and check.id in self.own:
            return replace(check, reason=messages.FRESH_TOO)
        if check.id == "backward.contract" and self.own:
            raised = (replace(f, cause=messages.OTHER_DOUT, next_step=None) if f.trace else f for f in check.findings)
            return replace(check, findings=tuple(raised))
        if self.wrong_cache and check.part == "backward":
            return check.caused(self.wrong_cache.cause, self.wrong_cache.next_step)
        cause = self.own.get(check.id) or self.numeric.get(check.id)
        if cause:
            return check.caused(cause)
        named = tuple(self._caused(check, finding) for finding in check.findings)
        return check if named == check.findings else replace(check, findings=named)

    def _caused(self, check: CheckResult, finding: Finding) -> Finding:
        part, _, name = check.id.partition(".")
        if name == "contract":  # of the value whose shape is wrong
            name = finding.where.removesuffix(".shape")
        said = None if check.law else self.named.get("out" if (part, name) == ("forward", "value") else name)
        return replace(finding, cause=said.cause, next_step=said.next_step) if said else finding


def diagnose(
    subject: Subject,
    plain: Sequence[tuple[Case, Outcome]],
    answers: Sequence[Answer],
    checks: Sequence[CheckResult],
    undecided: Sequence[tuple[Mapping[str, Any], Sequence[Answer]]] = (),
) -> Diagnosed:
    """Examine what failed.

    Args:
        subject: The student's functions.
        plain: The inputs of the bank with what came back for each.
        answers: The reference's, by the number of the input.
        checks: How the checks of both parts ended.
        undecided: Further readings that the submission follows as far as the one it is judged by, with the reference's answers.
    """
    if subject.spec.unreferenced:  # nothing tells what would have been right
        return Diagnosed()
    found = _gradients(subject, plain, answers, checks)
    explained = set(subject.spec.gradients) if found.wrong_cache else {name.partition(".")[2] for name in (*found.own, *found.numeric)}
    wrong = _wrong(subject.spec, checks)
    sentences, named = [], {}
    for name in (n for n in wrong if n not in explained):
        looked_at = rows(subject, plain, answers, name)
        others = (rows(replace(subject, reading=reading), plain, answered, name) for reading, answered in undecided)
        if matched := match(subject.spec, name, looked_at, *others):
            named[name] = _cause(name, matched)
            sentences.append(Diagnosis(id="+".join(m.id for m in matched.misconceptions), message=named[name].cause))
        elif related := relation(looked_at):
            observed = name, related.kind, related.slots
            named[name] = Cause(messages.relation(*observed), messages.next_of_relation(*observed))
            sentences.append(Diagnosis(id=related.kind, message=named[name].cause))
    smaller = illustrated(subject, checks, wrong, plain, answers)
    return replace(found, diagnoses=[*sentences, *found.diagnoses], named=named, smaller=smaller)


def _wrong(spec: LayerSpec, checks: Sequence[CheckResult]) -> dict[str, CheckResult]:
    """Return the checks of the values that are wrong, or that wait for a contract that is broken, by the name of the value."""
    by_id = {check.id: check for check in checks}
    verdicts = {check.id: check.verdict for check in checks}
    by_check = {
        **{f"forward.{'value' if name == 'out' else name}": name for name in ("out", *spec.beside)},
        **{f"backward.{name}": name for name in spec.gradients},
    }
    return {
        name: by_id[check]
        for check, name in by_check.items()
        if verdicts.get(check) is Verdict.FAILED
        or (verdicts.get(check) is Verdict.SKIPPED and verdicts.get(f"{check.partition('.')[0]}.contract") is Verdict.FAILED)
    }


def _cause(name: str, found: Match) -> Cause:
    """Return the words for a match."""
    causes = list(dict.fromkeys(say(m.cause, name=name) for m in found.misconceptions))
    advice = list(dict.fromkeys(say(m.advice, name=name) for m in found.misconceptions))
    return Cause(messages.causes(causes, at_once=found.at_once), paragraph(advice))


def _gradients(
    subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer], checks: Sequence[CheckResult]
) -> Diagnosed:
    """Find out about the gradients that failed by further calls."""
    spec = subject.spec
    verdicts = {check.id: check.verdict for check in checks}
    failing = [n for n in spec.gradients if verdicts.get(f"backward.{n}") in (Verdict.FAILED, Verdict.SKIPPED)]
    forward_is_right = verdicts.get("forward.value") is Verdict.PASSED
    if failing and forward_is_right and right_with_the_usual_cache(subject, plain, answers):
        argument = wrong_entry(subject, plain, answers)
        told = (
            Cause(messages.wrong_entry(argument), messages.keep(argument)) if argument else Cause(messages.WRONG_CACHE, messages.HAND_OVER)
        )
        return Diagnosed([Diagnosis(id="wrong_cache", message=messages.wrong_cache(failing, argument))], wrong_cache=told)
    examinations = [e for e in _examinations(subject, plain, answers) if e.wrong(failing)]
    examinations = sorted(examinations, key=lambda e: e.case.number == 0)[:INPUTS]  # the plainest input tells least
    if not examinations:
        return Diagnosed()
    if not forward_is_right:
        if subject.derived or _raises(plain) or verdicts.get("backward.linear_in_dout") is Verdict.FAILED:
            return Diagnosed()  # nobody wrote it, or it is no gradient of any forward
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


def _examinations(subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> Iterator[Examination]:
    """Yield the inputs in float64 at which forward gave numbers, whatever their shape."""
    for case, outcome in plain:
        answer, forward = answers[case.number], outcome.forward
        asked = not answer.refusal and case.dout is not None and case.dtype == np.float64
        if asked and forward and not forward.failure and "out" in forward.values:
            yield Examination(spec=subject.spec, case=case, answer=answer, outcome=outcome, ask=subject.ask)


def _raises(plain: Sequence[tuple[Case, Outcome]]) -> bool:
    """Whether backward raises at some input, though its dout is of the shape of the output: it is not right then, whatever others say."""
    return any(
        o.forward is not None and o.backward is not None and o.backward.failure is not None and _takes(case, o.forward.values.get("out"))
        for case, o in plain
    )


def _takes(case: Case, out: Array | None) -> bool:
    return out is not None and case.dout is not None and out.shape == case.dout.shape


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
