"""One submission, checked again and again; some of its tasks alone."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from grader import watching
from grader.checking import checking
from grader.cli import main
from grader.errors import AssignmentError, IntakeError
from grader.intake import read
from tests.support import AFFINE, RELU, net, tasks


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """An assignment of two layers and a net that rests on them, and the layers, of which one is wrong."""
    asked = ("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5", "id: two_layer_net, title: Net, points: 8")
    (tmp_path / "tasks.yaml").write_text(tasks(*asked), encoding="utf-8")
    (tmp_path / "layers.py").write_text(RELU.replace("np.maximum(x, 0)", "np.abs(x)") + AFFINE, encoding="utf-8")
    return tmp_path


def test_a_task_checked_alone_has_the_result_that_it_has_among_all(course: Path):
    with checking(course / "tasks.yaml", sandbox="off") as checked:
        (whole,) = checked(read(course / "layers.py"))["submissions"]

    with checking(course / "tasks.yaml", only=["relu"], sandbox="off") as checked:
        (alone,) = checked(read(course / "layers.py"))["submissions"]

    assert alone["tasks"] == [task for task in whole["tasks"] if task["id"] == "relu"]
    assert (alone["score"], alone["max_score"], alone["status"]) == (2.5, 5, "partial")


def test_a_net_checked_alone_is_still_carried_forward(course: Path):
    layers = "from layers import *\n" + net(1, 2)
    called = layers.replace("h = np.maximum(X @ W1 + b1, 0)", "h = relu_forward(affine_forward(X, W1, b1)[0])[0]")
    (course / "net.py").write_text(called, encoding="utf-8")

    with checking(course / "tasks.yaml", only=["two_layer_net"], sandbox="off") as checked:
        (submission,) = checked(read(course))["submissions"]

    (task,) = submission["tasks"]
    assert [diagnosis["id"] for diagnosis in task["diagnoses"]] == ["carried_forward"]


def test_a_version_is_checked_as_if_there_had_been_none_before(course: Path):
    with checking(course / "tasks.yaml", sandbox="off") as checked:
        (before,) = checked(read(course / "layers.py"))["submissions"]
        (course / "layers.py").write_text(RELU + AFFINE, encoding="utf-8")
        (after,) = checked(read(course / "layers.py"))["submissions"]

    assert (before["score"], after["score"]) == (12.5, 15)


def test_an_unknown_task_is_told_with_those_that_are_close(course: Path):
    with (
        pytest.raises(AssignmentError, match=r"^afine: course has no such task; did you mean affine\?$"),
        checking(course / "tasks.yaml", only=["relu", "afine"], sandbox="off"),
    ):
        pass
    with pytest.raises(AssignmentError, match=r"`grader tasks` lists them\.$"), checking(course / "tasks.yaml", only=["x"], sandbox="off"):
        pass


def test_check_of_some_tasks_says_that_the_others_were_not_looked_at(course: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(course)

    result = CliRunner().invoke(main, ["check", "layers.py", "--task", "affine", "--task", "affine"])

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "10 of 10 points")
    assert "note: Checked: affine. The other tasks of the assignment were not looked at." in result.stderr
    assert "relu" not in result.stdout


def test_a_version_is_there_at_once_and_then_with_every_save_that_changes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "layers.py"
    file.write_text("x = 1\n", encoding="utf-8")

    def events(folder: Path, **_: object) -> object:
        assert folder == tmp_path
        yield {"touched"}
        file.unlink()
        yield {"removed by an editor"}
        file.write_text("x = 2\n", encoding="utf-8")
        yield {"written"}

    monkeypatch.setattr("watchfiles.watch", events)

    assert [dict(bundle.files)["layers.py"] for bundle in watching.versions(file)] == ["x = 1\n", "x = 2\n"]


def test_a_file_that_stays_away_is_waited_for_and_checked_when_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "layers.py"
    file.write_text("x = 1\n", encoding="utf-8")

    def events(_: Path, **__: object) -> object:
        file.unlink()
        yield from ({"removed"}, set(), set(), set())
        file.write_text("x = 1\n", encoding="utf-8")
        yield {"back"}

    monkeypatch.setattr("watchfiles.watch", events)

    assert [bundle and dict(bundle.files)["layers.py"] for bundle in watching.versions(file)] == ["x = 1\n", None, "x = 1\n"]


def test_a_path_that_is_not_there_is_not_waited_for(tmp_path: Path):
    with pytest.raises(IntakeError, match="no such file"):
        next(watching.versions(tmp_path / "none.py"))


def test_watch_shows_every_version_and_ends_cleanly_with_ctrl_c(course: Path, monkeypatch: pytest.MonkeyPatch):
    file = course / "layers.py"

    def events(_: Path, **__: object) -> object:
        file.write_text("import numpy as np\n", encoding="utf-8")
        yield {"emptied"}
        file.write_text(RELU, encoding="utf-8")
        yield {"mended"}
        file.unlink()
        yield from ({"removed"}, set())
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", events)
    monkeypatch.chdir(course)

    result = CliRunner().invoke(main, ["check", "layers.py", "--task", "relu", "--watch"])

    assert result.exit_code == 130
    assert "layers.py is gone; as soon as it is there again, it is checked." in result.stderr
    assert [line for line in click.unstyle(result.stdout).splitlines() if "points" in line] == ["2.5 of 5 points", "5 of 5 points"]
    assert result.stderr.count("Save layers.py to have it checked again; Ctrl-C ends.") == 3
    assert result.stderr.count("grader: ") == 1
