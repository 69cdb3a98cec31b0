"""A wrong value, or a broken contract, shown on the smallest input that shows it; of a value, one of its numbers is worked out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from grader.diagnosis.examination import Subject
from grader.diagnosis.shrinking import FOUND, TITLE, shrink
from grader.diagnosis.worked import work_out
from grader.model import Answer, Array, Call, Case, CheckResult, Expected, FailureKind, Finding, Outcome, Part, Stage, Verdict
from grader.numerics.comparison import compare
from grader.properties.contract import breach
from grader.properties.property import describe, mismatch_finding, usable

MOST = 2  # findings of one part that are shown so: the others look alike
LEAST = 5e-2  # of the right number: of two samples the gradient of a normalisation is next to nothing, which teaches nothing
SAID = (FailureKind.EXCEPTION, FailureKind.EXIT, FailureKind.RETURNED)  # the others cost a worker, or time, in every trial
FRAME = re.compile(r"^ +File .*$", re.MULTILINE)


class Compared(NamedTuple):
    """A value that came back wrong, and the right one."""

    got: Array
    expected: Expected


def illustrated(
    subject: Subject,
    checks: Sequence[CheckResult],
    wrong: Mapping[str, CheckResult],
    plain: Sequence[tuple[Case, Outcome]],
    answers: Sequence[Answer],
) -> dict[str, Finding]:
    """Return better findings for checks that failed, by the id of the check.

    Args:
        subject: The student's functions.
        checks: How all checks ended.
        wrong: Those of wrong values, by the name of the value.
        plain: The inputs of the bank with what came back for each.
        answers: The reference's, by the number of the input.
    """
    if subject.spec.whole or subject.spec.unreferenced:  # a few whole numbers are as plain as a question about sizes gets
        return {}
    by_number = {case.number: (case, outcome) for case, outcome in plain}
    found: dict[str, Finding] = {}
    for check in (c for c in checks if c.id == f"{c.part}.contract" and c.verdict is Verdict.FAILED):
        if better := _broken(subject, check, plain, answers):
            found[check.id] = better
    small: dict[Part, Case] = {}
    for name, check in wrong.items():
        finding = check.findings[0] if check.verdict is Verdict.FAILED and check.findings else None
        if finding is None or "number" not in finding.case or sum(other.startswith(f"{check.part}.") for other in found) == MOST:
            continue
        case, outcome = by_number[finding.case["number"]]
        expected = answers[case.number].values.get(name)  # none where the input must be refused
        value = None if expected is None else usable(outcome.stage(check.part), name, expected)
        if expected is not None and value is not None and compare(case, value, expected):
            better, small[check.part] = _wrong(subject, check, name, case, Compared(value, expected), small.get(check.part))
            found[check.id] = better
    return found


def _broken(subject: Subject, check: CheckResult, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> Finding | None:
    """Return the finding of a smaller case that breaks the contract in the same way: the same value, or the same error in the same line."""

    def breaks(stage: Stage | None, right: Answer) -> tuple[Finding, tuple[str, ...]] | None:
        if stage is None or (stage.failure and stage.failure.kind not in SAID):
            return None
        found = breach(subject.spec, check.part, stage, right, {})
        return (found, _way(stage, found)) if isinstance(found, Finding) else None

    failing = [(case, broken[1]) for case, outcome in plain if (broken := breaks(outcome.stage(check.part), answers[case.number]))]
    if not failing or not check.findings[0].case:
        return None
    case, way = min(failing, key=lambda each: (each[0].size, each[0].number))

    def shows(small: Case, right: Answer) -> Finding | None:
        found = breaks(_asked(subject, check.part, small), right)
        return found[0] if found and found[1] == way else None

    smallest = shrink(subject, case, shows)
    return replace(smallest[1], case=_described(smallest[0], check)) if smallest else None


def _wrong(subject: Subject, check: CheckResult, name: str, case: Case, compared: Compared, known: Case | None) -> tuple[Finding, Case]:
    """Return the finding of a smaller case with the same value wrong, or of this one, with one number worked out; and the case."""

    def shows(small: Case, right: Answer) -> Compared | None:
        expected = right.values.get(name)
        value = None if expected is None else usable(_asked(subject, check.part, small), name, expected)
        mismatch = None if expected is None or value is None else compare(small, value, expected)
        if expected is None or value is None or mismatch is None or 0 < abs(expected.value[mismatch.index]) < LEAST:
            return None
        return Compared(value, expected)

    case, compared = shrink(subject, case, shows, known) or (case, compared)
    mismatch, shown = compare(case, *compared), mismatch_finding(case, name, *compared)
    assert mismatch
    assert shown
    worked = work_out(subject.spec, subject.reading, case, name, mismatch.index)
    shown = replace(shown, case=_described(case, check))
    return replace(shown, worked=asdict(worked), next_step=None) if worked else shown, case


def _asked(subject: Subject, part: Part, case: Case) -> Stage | None:
    (outcome,) = subject.ask([Call(case=case, forward_only=part == "forward")])
    return outcome.stage(part)


def _way(stage: Stage, finding: Finding) -> tuple[str, ...]:
    """Return in what way a contract is broken, whatever the sizes are."""
    if stage.failure is None:
        return (finding.where.partition("[")[0],)
    text = stage.failure.text
    said = text.partition(":")[0] if stage.failure.kind is FailureKind.EXCEPTION else re.sub(r"\d+", "", text)
    return (stage.failure.kind, said, *FRAME.findall(stage.failure.trace)[-1:])


def _described(case: Case, check: CheckResult) -> dict[str, Any]:
    """Describe the case of the finding of a check, or the smaller one that takes its place."""
    instead_of = check.findings[0].case
    described = describe(case, instead_of["failing"], instead_of["of"])
    if case.title in (TITLE, FOUND):
        del described["number"]  # it is none of the bank's
    return described
