"""Right gradients of wrong forwards: does the grader's own diagnosis name each, and no other?"""

from collections.abc import Sequence
from typing import Any

from benchmarks.measures import Goal, Table
from benchmarks.variants import Student
from benchmarks.variants.own import OWN
from benchmarks.variants.wrong import WRONG
from grader import casebank
from grader.audit.calls import call
from grader.diagnosis import Subject, diagnose
from grader.model import Call, Verdict
from reference import LayerSpec, catalogue
from tests.support import judged


def named(spec: LayerSpec, student: Student, seed: int) -> tuple[str, Sequence[str], Sequence[str]]:
    """Return the diagnosis of a student, the gradients that failed, and those of them that it names."""
    bank = casebank.draw(spec, casebank.readings(spec, {})[:1], seed)
    checks = list(judged(spec, student, bank).values())
    plain = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
    subject = Subject(
        spec=spec, reading=bank.readings[0], meant=lambda _: True, ask=lambda calls: [call(spec, student, each) for each in calls]
    )
    found = diagnose(subject, plain, bank.answers[0], checks)
    ends = {check.id: check.verdict for check in checks}
    failing = [f"backward.{name}" for name in spec.gradients if ends[f"backward.{name}"] is not Verdict.PASSED]
    return next((d.id for d in found.diagnoses if d.id == "own_gradient"), "–"), failing, [name for name in failing if name in found.own]


def measure(seed: int) -> Table:
    """Diagnose all pairs, and all wrong backwards."""
    rows: list[tuple[Any, ...]] = []
    for wrong in OWN:
        said, failing, own = named(catalogue()[wrong.layer], wrong.student, seed)
        rows.append((f"{wrong.layer}: {wrong.name}", said, len(failing), len(own)))
    right = sum(row[1] == "own_gradient" and row[2] == row[3] for row in rows)
    falsely = sum(
        named(catalogue()[wrong.layer], wrong.student, seed)[0] != "–" for wrong in WRONG if not wrong.in_forward
    )  # of these, backward is wrong by itself
    rows.append((f"{sum(not w.in_forward for w in WRONG)} wrong backwards of right forwards", f"{falsely} named", "", ""))
    goals = [
        Goal("pairs", len(OWN), 10, at_least=True),
        Goal("named with every gradient, %", 100 * right / len(OWN), 100, at_least=True),
        Goal("wrong backwards named", falsely, 0),
    ]
    return Table("Right gradients of wrong forwards", ("wrong forward", "diagnosis", "gradients that fail", "of them named"), rows, goals)
