"""Whole files in every convention, right and wrong: what the grader says of each part of each task, held against what is stated.

A folder here is a convention, and its `verdicts.md` the table: a row for every task of every file. A verdict is the standing of a part,
and after a colon the checks of it that fail; a part whose failing checks all earn the credit for an own gradient is an `own gradient`. A
part that a task has not is `–`. A convention more is a folder more.
"""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import assignment, engine
from grader.assignment import Assignment, Task
from grader.intake import read
from grader.model import PARTS, Isolation, Part, TaskResult, Verdict
from grader.report.results import to_results
from grader.sandbox.process import Launcher
from grader.worker.conventions import CONVENTIONS
from tests.table.pasted import pasted

HERE = Path(__file__).parent
Verdicts = dict[str, tuple[str, str]]


def stated(folder: Path) -> dict[str, Verdicts]:
    """Return the verdicts by file and task."""
    table: dict[str, Verdicts] = defaultdict(dict)
    for line in (folder / "verdicts.md").read_text(encoding="utf-8").splitlines()[2:]:
        task, file, forward, backward = (cell.strip() for cell in line.strip("|").split("|"))
        assert task not in table[file], f"{folder.name}: two rows for {task} of {file}"
        table[file][task] = forward, backward
    return table


STATED = {folder.parent.name: stated(folder.parent) for folder in sorted(HERE.glob("*/verdicts.md"))}
SNIPPETS = {  # how many findings of a file at least have the call that shows them
    "classes/wrong_forward.py": 20,
    "classes/wrong_backward.py": 20,
    "cs231n/wrong_forward.py": 28,
    "cs231n/wrong_backward.py": 20,
    "deep_learning_from_scratch/wrong_forward.py": 20,
    "deep_learning_from_scratch/wrong_backward.py": 15,
    "deeplearning_ai/wrong_backward.py": 5,
    "functions/wrong_forward.py": 10,
    "functions/wrong_backward.py": 7,
    "lecture/wrong_backward": 4,
    "torch_functions/wrong_forward.py": 15,
    "torch_functions/wrong_backward.py": 15,
    "torch_modules/wrong_forward.py": 20,
    "torch_modules/wrong_backward.py": 5,
}
FILES = [(convention, file) for convention, table in STATED.items() for file in table]


def at_once() -> list[list[tuple[str, str]]]:
    """Return the files by what is graded at once: each alone, but together those whose workers first load a library for seconds."""
    groups: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for convention, file in FILES:
        (library,) = {adapter.needs for adapter in CONVENTIONS[convention].values()}
        groups[library or (convention, file)].append((convention, file))
    return list(groups.values())


@pytest.fixture(scope="module")
def course(banks: Path) -> Assignment:
    return assignment.load(HERE.parent.parent / "tasks.yaml", banks)


def spelt(course: Assignment, *conventions: str) -> list[Task]:
    """Return the tasks that one of these conventions has a spelling for."""
    return [task for task in course.tasks if any(task.spec.name in CONVENTIONS[convention] for convention in conventions)]


def said(task: TaskResult, part: Part, credit: float) -> str:
    """Return the verdict on a part, as a cell has it."""
    if part not in task.parts:
        return "–"
    failed = [c for c in task.checks if c.part == part and c.verdict is Verdict.FAILED and not c.law]
    if not failed:
        return str(task.parts[part])
    own = all(c.score and float(c.score) == credit * float(c.max_score) for c in failed)
    return f"{'own gradient' if own else task.parts[part]}: {', '.join(c.id.rpartition('.')[2] for c in failed)}"


def alike(printed: object, told: object) -> bool:
    """Whether a number that was printed is the one of the report, but for the order of sums; other things are as they are told."""
    return np.isclose(float(printed), told) if isinstance(told, float) else str(printed) == str(told)


def test_every_convention_has_a_table_and_every_file_stands_in_one():
    entries = {(folder.name, e.name) for folder in HERE.iterdir() if folder.name in CONVENTIONS for e in folder.iterdir()}

    assert set(STATED) == set(CONVENTIONS)
    assert {(folder, name) for folder, name in entries if name not in ("verdicts.md", "__pycache__")} == set(FILES)


@pytest.mark.parametrize("files", at_once(), ids=lambda files: " ".join(map("/".join, files)))
def test_a_file_gets_the_verdicts_of_its_rows_and_its_snippets_show_the_numbers_of_the_report(
    files: list[tuple[str, str]], course: Assignment, launcher: Launcher, banks: Path
):
    conventions = tuple(dict.fromkeys(convention for convention, _ in files))
    alone = replace(course, tasks=tuple(replace(task, conventions=conventions) for task in spelt(course, *conventions)))
    handed_in = [read(HERE / convention / file) for convention, file in files]

    report = engine.grade(handed_in, alone, launcher=launcher, isolation=Isolation(tier="process"), seed=0, cache=banks)

    for (convention, file), submission in zip(files, report.submissions, strict=True):
        found = [task for task in submission.tasks if task.standing != "missing"]
        verdicts = {task.id: tuple(said(task, part, course.own_gradient_credit) for part in PARTS) for task in found}
        assert verdicts == STATED[convention][file], f"{convention}/{file}"

    for (convention, file), results in zip(files, to_results(report)["submissions"], strict=True):
        snippets = {id: numbers for task in results["tasks"] for id, numbers in pasted(HERE / convention / file, task).items()}
        assert {id: n for id, n in snippets.items() if not alike(*n)} == {}, f"{convention}/{file}"
        assert len(snippets) >= SNIPPETS.get(f"{convention}/{file}", 0)


@pytest.mark.parametrize("convention", STATED)
def test_each_part_of_each_task_that_a_convention_spells_has_a_right_row_and_a_wrong_one(convention: str, course: Assignment):
    asked = {(task.id, i) for task in spelt(course, convention) for i, part in enumerate(PARTS) if part in task.weights}

    rows = [(id, verdicts) for table in STATED[convention].values() for id, verdicts in table.items()]

    right = {(id, i) for id, verdicts in rows for i in (0, 1) if set(verdicts) <= {"passed", "–"}}
    wrong = {(id, i) for id, verdicts in rows for i, verdict in enumerate(verdicts) if verdict not in ("passed", "missing", "–")}
    assert asked - right == set()
    assert asked - wrong == set()
