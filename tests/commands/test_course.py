"""`grader tasks`: what an assignment asks for."""

import json
from pathlib import Path

from grader import assignment
from grader.tasks_file import schema
from tests.commands.conftest import ASKED, Run


def test_tasks_lists_what_is_asked_for_with_points(run: Run, tmp_path: Path):
    here, bundled = run("tasks"), run("tasks", "--tasks", assignment.bundled())

    assert here.stdout.splitlines() == [
        "Course",
        "    10  affine (forward, backward): Affine",
        "     5  relu (forward, backward): ReLU",
        "    15  points in all",
    ]
    assert len(bundled.stdout.splitlines()) == 42
    assert bundled.stdout.splitlines()[-1] == "   199  points in all"


def test_tasks_tells_bonus_points_apart(run: Run, tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(ASKED.replace("title: ReLU,", "title: ReLU, bonus: true,"), encoding="utf-8")

    assert run("tasks").stdout.splitlines()[-1] == "    10  points in all, and 5 as a bonus"


def test_tasks_prints_the_schema_for_editors(run: Run):
    result = run("tasks", "--schema")

    assert json.loads(result.stdout) == schema()
