"""How good is an assignment? Wrong and right students are put to its tasks, and what its checks make of them is told.

`audit` runs every misconception that stands beside a layer, every mutant of its reference, and every right variant through the same
cases, properties and points as a submission. All of that is code of our own: it runs in this process, without a worker.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path

from grader import assignment
from grader.assignment import Assignment, Task
from grader.audit.exam import Exam, Marks
from grader.audit.findings import Refused, Survivor, TaskAudit, Use
from grader.audit.habits import habits
from grader.audit.misconceptions import misconceptions
from grader.audit.mutants import mutants
from grader.audit.right import accepted
from grader.audit.students import Audited, Kind

__all__ = ["audit", "audit_task"]


def audit(
    tasks_file: Path, tasks: list[str], seed: int, jobs: int = 1, on_done: Callable[[TaskAudit], None] = lambda _: None
) -> list[TaskAudit]:
    """Audit tasks of an assignment, some at a time, each in a process; a single one in this.

    Args:
        tasks_file: The assignment.
        tasks: Ids of the tasks, in the order of the result.
        seed: What the cases are drawn from.
        jobs: How many are audited at a time.
        on_done: Called for every finished task, in any order.

    Raises:
        AssignmentError: The assignment holds mistakes.
    """
    found: dict[str, TaskAudit] = {}
    file = tasks_file.resolve()
    _, content = assignment.document(file)
    if jobs == 1 or len(tasks) == 1:
        for name in tasks:
            found[name] = _one(file, content, name, seed)
            on_done(found[name])
    else:
        with ProcessPoolExecutor(min(jobs, len(tasks))) as pool:
            for future in as_completed(pool.submit(_one, file, content, name, seed) for name in tasks):
                done = future.result()
                found[done.id] = done
                on_done(done)
    return [found[name] for name in tasks]


@lru_cache(maxsize=1)
def _loaded(tasks_file: Path, content: str) -> Assignment:
    """Return an assignment, read once in a process for all of its tasks as long as its content is the same."""
    del content
    return assignment.load(tasks_file)


def _one(tasks_file: Path, content: str, name: str, seed: int) -> TaskAudit:
    loaded = _loaded(tasks_file, content)
    return audit_task(loaded, next(task for task in loaded.tasks if task.id == name), seed)


def audit_task(asked: Assignment, task: Task, seed: int) -> TaskAudit:
    """Put all students to one task. Where there is no reference, there are none."""
    if task.spec.unreferenced:
        return TaskAudit(id=task.id, title=task.title, reference=False, of={}, laws={})
    exam = Exam(asked, task, seed)
    of, failed, alone, laws = Counter[Kind](), Counter[str](), Counter[str](), Counter[str]()
    points: dict[str, bool] = {}
    survivors: list[Survivor] = []
    refused: list[Refused] = []
    unasked: list[str] = []
    for audited in _students(exam):
        marks = exam.mark(audited.student)
        if marks.full and _unasked(exam, audited, marks):
            unasked.append(audited.name)
            continue
        of[audited.kind] += 1
        points |= {name: points.get(name, False) or bears for name, bears in marks.asked.items()}
        if audited.kind is Kind.RIGHT:
            if lost := marks.failed | marks.laws | marks.others:
                refused.append(Refused(name=audited.name, checks=tuple(sorted(lost))))
            continue
        laws.update(marks.laws)
        if marks.full:
            survivors.append(_survivor(exam, audited, marks))
        else:
            failed.update(marks.failed)
            alone.update(marks.failed if len(marks.failed) == 1 else ())
    return TaskAudit(
        id=task.id,
        title=task.title,
        of=dict(of),
        survivors=tuple(survivors),
        refused=tuple(refused),
        uses=tuple(Use(check=name, points=bears, failed=failed[name], alone=alone[name]) for name, bears in points.items()),
        laws=dict(sorted(laws.items())),
        unasked=tuple(unasked),
    )


def _students(exam: Exam) -> Iterator[Audited]:
    spec, reading, backward = exam.spec, exam.reading, exam.backward
    yield from accepted(spec, exam.bank.readings, backward=backward)
    yield from misconceptions(spec, reading, backward=backward)
    yield from habits(spec, reading, backward=backward, purity=exam.marks_purity)
    if not spec.source:  # a mutant is made of a module of the reference
        yield from mutants(spec, reading, exam.bank.cases, backward=backward)


def _unasked(exam: Exam, audited: Audited, marks: Marks) -> bool:
    """Whether a misconception takes a value of an option that the task does not ask for: its numbers are right without."""
    mistake = audited.kind is Kind.MISCONCEPTION
    return mistake and bool(exam.task.options) and exam.same_elsewhere(audited.student, marks.reading)


def _survivor(exam: Exam, audited: Audited, marks: Marks) -> Survivor:
    equivalent = audited.kind is Kind.MUTANT and exam.same_elsewhere(audited.student, marks.reading)
    return Survivor(
        name=audited.name,
        kind=audited.kind,
        place=audited.place,
        equivalent=equivalent,
        failed=tuple(sorted(marks.failed | marks.laws)),
    )
