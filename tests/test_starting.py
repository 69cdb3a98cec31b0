"""Starter files: of every task that a convention spells, recognised as not finished, and nothing overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.assignment import Assignment, bundled, load
from grader.checking import checking
from grader.cli import main
from grader.errors import AssignmentError, ReportError
from grader.intake import read
from grader.starting import FILES, start
from grader.worker.conventions import CONVENTIONS
from tests.support import course

COURSE = load(bundled())


@pytest.mark.parametrize("convention", FILES)
def test_a_starter_has_every_task_that_its_convention_spells_and_none_is_finished(convention: str, tmp_path: Path):
    started = start(COURSE, tmp_path, convention)

    with checking(only=started.tasks, sandbox="off", jobs=2) as checked:
        (submission,) = checked(read(started.file))["submissions"]

    assert set(started.tasks) == {task.id for task in COURSE.tasks if task.spec.name in CONVENTIONS[convention]}
    assert not submission["notes"]
    for task in submission["tasks"]:
        assert (task["status"], task["checks"]) == ("missing", []), task["id"]
        assert task["notes"], task["id"]
        assert all(note.endswith("is not finished yet.") for note in task["notes"]), task["notes"]


def test_a_starter_holds_what_its_assignment_asks_for_and_no_more(tmp_path: Path):
    asked = course(tmp_path, "id: relu, title: ReLU, points: 5", "id: output_size, title: Size, points: 3")

    started = start(asked, tmp_path / "new" / "folder", None)

    text = started.file.read_text(encoding="utf-8")
    assert (started.file.name, started.tasks, started.left_out) == ("layers.py", ("relu",), ("output_size",))
    assert [line for line in text.splitlines() if line.startswith("def ")] == ["def relu_forward(x):", "def relu_backward(dout, cache):"]


def test_what_is_there_is_not_overwritten(tmp_path: Path):
    (tmp_path / "layers.py").write_text("my work\n", encoding="utf-8")

    with pytest.raises(ReportError, match=r"layers\.py: is there already, and nothing is overwritten"):
        start(COURSE, tmp_path, "cs231n")

    assert (tmp_path / "layers.py").read_text(encoding="utf-8") == "my work\n"


def test_a_convention_without_starters_is_said_plainly(tmp_path: Path):
    with pytest.raises(
        AssignmentError, match=r"^--convention classes: there are no starter files in this convention; there are in cs231n, "
    ):
        start(COURSE, tmp_path, "classes")


def test_a_convention_that_spells_no_task_writes_nothing(tmp_path: Path):
    asked: Assignment = course(tmp_path, "id: output_size, title: Size, points: 3")

    with pytest.raises(AssignmentError, match="cs231n has no spelling for any of its tasks"):
        start(asked, tmp_path, "cs231n")

    assert not (tmp_path / "layers.py").exists()


def test_a_starter_that_is_checked_as_it_is_says_so_in_few_lines(tmp_path: Path):
    start(COURSE, tmp_path, "cs231n")

    result = CliRunner().invoke(main, ["check", str(tmp_path)])

    notes = [line.strip() for line in result.stdout.splitlines() if "is not finished yet" in line]
    assert (result.exit_code, len(notes)) == (1, len(set(notes)))
    assert notes[:2] == [
        "next affine: layers.py:6 affine_forward: forward is not finished yet.",
        "note layers.py:6 affine_forward: forward is not finished yet.",
    ]
    assert result.stdout.splitlines()[-1] == "0 of 199 points"


def test_the_command_says_what_it_wrote_and_what_it_left_out(tmp_path: Path):
    result = CliRunner().invoke(main, ["start", str(tmp_path), "--convention", "functions"])

    assert result.exit_code == 0
    assert f"Written: {tmp_path / 'functions.py'}, with 14 tasks." in result.stdout
    assert "no spelling for them: affine, relu, " in result.stderr
