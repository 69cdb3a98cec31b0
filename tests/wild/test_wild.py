"""Eighty folders as students really write them, ten of each convention: the right verdict of every part, and what was worked around.

`expected.json` of a convention is its table: by folder, the standing of each part of each task that is in it, `notes`, words that the
notes must hold, and `why` by task, where the code does not show it: above all what is right of a part that stands as partial.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader import assignment, engine
from grader.intake import read
from grader.model import Isolation, SubmissionResult
from grader.sandbox.process import Launcher
from grader.worker.conventions import CONVENTIONS

HERE = Path(__file__).parent
EXPECTED: dict[str, Any] = {
    f"{table.parent.name}/{folder}": wanted
    for table in sorted(HERE.glob("*/expected.json"))
    for folder, wanted in json.loads(table.read_text(encoding="utf-8")).items()
}
# What these spell, and some course asks for, stands in their folders right and wrong.
WHOLE = ("classes", "cs231n", "deep_learning_from_scratch", "deeplearning_ai", "functions", "lecture", "torch_functions", "torch_modules")
# Asked for by tasks files of one's own alone: no course sets it under one name, so no folder is like what is handed in.
OF_NO_COURSE = {"deep_conv_net"}


def test_every_folder_stands_in_the_table_and_every_convention_has_ten():
    folders = {f"{p.parent.name}/{p.name}" for p in HERE.glob("*/[0-9]*")}

    assert folders == set(EXPECTED)
    assert {c: sum(f.startswith(f"{c}/") for f in folders) for c in CONVENTIONS} == dict.fromkeys(CONVENTIONS, 10)


@pytest.mark.parametrize("convention", WHOLE)
def test_every_task_that_a_convention_spells_stands_in_its_folders_right_and_wrong(convention: str):
    parts = [w["parts"] for folder, w in EXPECTED.items() if folder.startswith(f"{convention}/")]
    right = {task for found in parts for task, standings in found.items() if set(standings.values()) == {"passed"}}
    wrong = {task for found in parts for task, standings in found.items() if {"failed", "partial"} & set(standings.values())}

    spelt = CONVENTIONS[convention].keys() - OF_NO_COURSE
    assert (spelt - right, spelt - wrong) == (set(), set())


def test_what_needs_no_folder_is_asked_for_by_no_bundled_course():
    bundled = (HERE.parent.parent / "tasks.yaml", HERE / "tasks.yaml")

    assert OF_NO_COURSE & {task.spec.name for file in bundled for task in assignment.load(file, None).tasks} == set()


def test_what_is_partial_has_a_reason():
    partial = {(f, task) for f, w in EXPECTED.items() for task, standings in w["parts"].items() if "partial" in standings.values()}

    assert partial
    assert {(f, task) for f, task in partial if not EXPECTED[f].get("why", {}).get(task)} == set()


@pytest.fixture(autouse=True)
def unillustrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts are asked for here, and no smaller inputs, which take longer than all else."""
    monkeypatch.setattr(sys.modules["grader.diagnosis.diagnose"], "illustrated", lambda *_: {})


def at_once() -> list[tuple[str, ...]]:
    """Return the conventions by what is graded at once: each alone, but together those whose workers first load a library for seconds."""
    groups: dict[object, list[str]] = defaultdict(list)
    for convention, adapters in CONVENTIONS.items():
        (library,) = {adapter.needs for adapter in adapters.values()}
        groups[library or convention].append(convention)
    return [tuple(group) for group in groups.values()]


def check(submission: SubmissionResult, wanted: Mapping[str, Any]) -> None:
    found = {t.id: {part: str(standing) for part, standing in t.parts.items()} for t in submission.tasks if t.id in wanted["parts"]}
    assert found == wanted["parts"]
    standing = {t.id for t in submission.tasks if set(t.parts.values()) != {"missing"}}
    assert standing - set(wanted["parts"]) == set()
    said = [*submission.notes, *(note for t in submission.tasks for note in t.notes)]
    assert [words for words in wanted["notes"] if not any(words in note for note in said)] == []
    assert not any("Traceback" in note for note in said)


@pytest.mark.slow
@pytest.mark.parametrize("conventions", at_once(), ids=" ".join)
def test_folders_from_the_wild_have_the_right_verdicts_and_say_what_was_worked_around(
    conventions: tuple[str, ...], launcher: Launcher, banks: Path
):
    """All in one call, which reads the banks once."""
    course = assignment.load(HERE / "tasks.yaml", banks)
    folders = [folder for folder in EXPECTED if folder.startswith(tuple(f"{convention}/" for convention in conventions))]
    bundles = [read(HERE / folder) for folder in folders]

    report = engine.grade(bundles, course, launcher=launcher, isolation=Isolation(tier="process"), seed=0, cache=banks)

    assert len(folders) == 10 * len(conventions)
    for folder, submission in zip(folders, report.submissions, strict=True):
        try:
            check(submission, EXPECTED[folder])
        except AssertionError as error:
            error.add_note(folder)
            raise
