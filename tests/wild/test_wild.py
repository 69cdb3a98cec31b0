"""Sixty folders as students really write them, ten of each convention: the right verdict of every part, and what was worked around.

`expected.json` is the table: by folder, the standing of each part of each task that is in it, why where that is not `passed`, and words
that the notes must hold.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from grader import assignment, engine
from grader.intake import read
from grader.model import Isolation
from grader.sandbox.process import Launcher

HERE = Path(__file__).parent
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
for _file in sorted(HERE.glob("*/expected.json")):
    EXPECTED |= {f"{_file.parent.name}/{folder}": wanted for folder, wanted in json.loads(_file.read_text(encoding="utf-8")).items()}


def test_every_folder_stands_in_the_table_and_every_convention_has_ten():
    folders = {f"{p.parent.name}/{p.name}" for p in HERE.glob("*/[0-9]*")}

    assert folders == set(EXPECTED)
    assert {len([f for f in folders if f.startswith(f"{c.name}/")]) for c in HERE.iterdir() if c.is_dir() and c.name[0] != "_"} == {10}


@pytest.mark.parametrize("folder", EXPECTED)
def test_a_folder_from_the_wild_has_the_right_verdict_and_says_what_was_worked_around(folder: str, launcher: Launcher, banks: Path):
    course = assignment.load(HERE / "tasks.yaml", banks)
    wanted = EXPECTED[folder]

    report = engine.grade([read(HERE / folder)], course, launcher=launcher, isolation=Isolation(tier="process"), seed=0, cache=banks)

    (submission,) = report.submissions
    found = {t.id: {part: str(standing) for part, standing in t.parts.items()} for t in submission.tasks if t.id in wanted["parts"]}
    assert found == wanted["parts"]
    said = [*submission.notes, *(note for t in submission.tasks for note in t.notes)]
    assert [words for words in wanted["notes"] if not any(words in note for note in said)] == []
    assert not any("Traceback" in note for note in said)
