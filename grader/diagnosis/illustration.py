"""A wrong value shown on the smallest input that shows it, with one of its numbers worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from grader.diagnosis.examination import Subject
from grader.diagnosis.shrinking import TITLE, Shrunk, shrink
from grader.diagnosis.worked import work_out
from grader.model import Answer, Case, CheckResult, Finding, Outcome, Verdict
from grader.numerics.comparison import compare
from grader.properties.property import describe, mismatch_finding, usable

MOST = 2  # wrong values of one part that are shown so: the others look alike


def illustrated(
    subject: Subject, wrong: Mapping[str, CheckResult], plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]
) -> dict[str, Finding]:
    """Return better findings for the checks of wrong values, by the id of the check.

    Args:
        subject: The student's functions.
        wrong: The checks that failed, by the name of the value.
        plain: The inputs of the bank with what came back for each.
        answers: The reference's, by the number of the input.
    """
    if subject.spec.whole:  # a few whole numbers are as plain as a question about sizes gets
        return {}
    by_number = {case.number: (case, outcome) for case, outcome in plain}
    found: dict[str, Finding] = {}
    for name, check in wrong.items():
        finding = check.findings[0] if check.verdict is Verdict.FAILED and check.findings else None
        if finding is None or "number" not in finding.case or sum(other.startswith(f"{check.part}.") for other in found) == MOST:
            continue
        case, outcome = by_number[finding.case["number"]]
        stage = outcome.backward if name in subject.spec.gradients else outcome.forward
        expected = answers[case.number].values.get(name)  # none where the input must be refused
        got = None if expected is None else usable(stage, name, expected)
        if expected is not None and got is not None:
            found[check.id] = _shown(subject, name, finding, shrink(subject, name, case) or Shrunk(case, got, expected))
    return found


def _shown(subject: Subject, name: str, finding: Finding, small: Shrunk) -> Finding:
    """Return the finding about a small case."""
    mismatch = compare(small.case, small.got, small.expected)
    shown = mismatch_finding(small.case, name, small.got, small.expected)
    assert mismatch
    assert shown
    worked = work_out(subject.spec, subject.reading, small.case, name, mismatch.index)
    case: dict[str, Any] = describe(small.case, finding.case["failing"], finding.case["of"])
    if small.case.title == TITLE:
        del case["number"]  # it is none of the bank's
    return replace(shown, case=case, worked=asdict(worked), next_step=None) if worked else replace(shown, case=case)
