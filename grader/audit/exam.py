"""One task, put to one student after another: the cases, properties and points that a submission meets, without a worker."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import casebank, scoring
from grader.answers import answer
from grader.assignment import Assignment, Task
from grader.audit.calls import call
from grader.audit.students import Student
from grader.casebank import Bank
from grader.judging import judge
from grader.model import PARTS, Answer, Call, Case, Outcome, Part, Verdict
from grader.numerics.comparison import compare
from grader.plan import Plan
from grader.properties import properties_of
from grader.properties.property import usable
from grader.readings import choose

OTHER_SEEDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What became of a student.

    Attributes:
        full: Nothing was lost: every point was earned.
        failed: The checks that failed, laws aside.
        laws: The laws that did not pass.
        others: The checks that did not pass for another reason: they wait for one that failed, or broke.
        asked: All checks, laws aside, and whether they bear points.
        reading: The index of the reading that the student was found to follow.
    """

    full: bool
    failed: frozenset[str]
    laws: frozenset[str]
    others: frozenset[str]
    asked: Mapping[str, bool]
    reading: int


class Exam:
    """A task of an assignment, ready for students who take the arguments of the reference.

    Diagnosis is left out: it gives a share of points back, never all of them.
    """

    def __init__(self, assignment: Assignment, task: Task, seed: int) -> None:
        """Draw the cases of the task from a seed."""
        self.spec, self.task, self.bank = task.spec, task, casebank.bank(task.spec, task.readings, seed, None)
        self._limits, self._seed = assignment.limits, seed
        self.marks_purity = assignment.purity == "mark"
        properties = properties_of(task.spec, marks_purity=self.marks_purity)
        self._plan = Plan(task.spec, self.bank.cases, properties, {}, backward=self.backward)
        self._others: dict[int, Bank] = {}
        self._answers: dict[tuple[int, int], list[Answer]] = {}

    @property
    def backward(self) -> bool:
        """Whether a backward is asked for."""
        return "backward" in self.task.weights

    @property
    def reading(self) -> Mapping[str, Any]:
        """The reading that students follow: the first that the assignment accepts."""
        return self.bank.readings[0]

    def mark(self, student: Student) -> Marks:
        """Judge and score a student as a submission."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            plan = self._plan
            outcomes = {id(each): call(self.spec, student, each) for each in [*plan.calls, *plan.calls_of_laws]}
            chosen = choose(self.bank, {}, plan.plain(outcomes))
            rows = plan.rows(
                outcomes,
                self.bank.answers[chosen],
                self.bank.readings[chosen],
                self._limits,
                lambda calls: [call(self.spec, student, each) for each in calls],
                lambda _: [],
                {},  # an audited student has no further versions
            )
            parts: list[Part] = [part for part in PARTS if part in self.task.weights]
            judged = judge(self.spec, rows, parts)
        weights = {check.id: weight for check, weight in judged}
        points = scoring.part_points(self.task.points, self.task.weights)
        scored = [s for part in parts for s in scoring.scored([c for c, _ in judged if c.part == part], weights, points[part])]
        lost = [c for c in scored if c.verdict is not Verdict.PASSED]
        return Marks(
            full=all(c.score == c.max_score for c in scored) and any(c.max_score for c in scored),
            failed=frozenset(c.id for c in lost if c.verdict is Verdict.FAILED and not c.law),
            laws=frozenset(c.id for c in lost if c.law and c.verdict in (Verdict.FAILED, Verdict.ERRORED)),
            others=frozenset(c.id for c in lost if c.verdict is not Verdict.FAILED and not c.law),
            asked={c.id: bool(c.max_score) for c in scored if not c.law},
            reading=chosen,
        )

    def same_elsewhere(self, student: Student, reading: int) -> bool:
        """Whether the numbers of a student are right on the cases of other seeds too, whatever the checks ask and the points are."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return all(
                _agrees(self, case, answered, call(self.spec, student, Call(case=case, forward_only=not self.backward)))
                for number in range(1, 1 + OTHER_SEEDS)
                for case, answered in self._elsewhere(number, reading)
            )

    def _elsewhere(self, number: int, reading: int) -> list[tuple[Case, Answer]]:
        if number not in self._others:
            self._others[number] = casebank.draw(self.spec, self.bank.readings[:1], self._seed + number)
        cases = self._others[number].cases
        if (number, reading) not in self._answers:
            self._answers[number, reading] = [answer(self.spec, case, self.bank.readings[reading]) for case in cases]
        return list(zip(cases, self._answers[number, reading], strict=True))


def _agrees(exam: Exam, case: Case, answered: Answer, outcome: Outcome) -> bool:
    if answered.refusal:
        return outcome.forward is not None and outcome.forward.failure is not None
    for name, expected in answered.values.items():
        part: Part = "backward" if name in exam.spec.gradients else "forward"
        if part in exam.task.weights:
            got = usable(outcome.stage(part), name, expected)
            if got is None or compare(case, got, expected) is not None:
                return False
    return True
