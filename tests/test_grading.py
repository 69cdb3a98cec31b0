"""The function behind the commands: what it takes, and under which names it grades."""

from pathlib import Path

import pytest

import grader
from grader.errors import IntakeError
from tests.support import AFFINE, AFFINE_TASK, RELU, RELU_TASK, tasks

ASKED = tasks(AFFINE_TASK, RELU_TASK)


@pytest.mark.parametrize(("first", "second"), [("kim  lee.py", "kim \\x20lee.py"), ("=kim.py", "'=kim.py"), ("kim", "kim")])
def test_submissions_that_a_report_would_show_under_one_name_are_told_before_anything_is_graded(
    first: str, second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    paths = [tmp_path / "a" / first, tmp_path / "b" / second]
    for path in paths:
        (path if path.suffix else path / "layers").parent.mkdir(parents=True, exist_ok=True)
        (path if path.suffix else path / "layers.py").write_text(RELU, encoding="utf-8")
    monkeypatch.setattr("grader.engine.grade", None)

    with pytest.raises(IntakeError, match=r"; rename one of them\.$") as told:
        grader.run(paths, sandbox="off")

    assert str(told.value).startswith(f"{paths[0]} and {paths[1]}: a report would show both as ")


def test_names_that_differ_in_blanks_or_behind_many_letters_are_graded_each(tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    names = ["kim lee.py", "kim  lee.py", f"{'k' * 240}_1.py", f"{'k' * 240}_2.py"]
    for name in names:
        (tmp_path / name).write_text(RELU, encoding="utf-8")

    results = grader.run([tmp_path / name for name in names], tmp_path / "tasks.yaml", sandbox="off")

    assert [s["id"] for s in results["submissions"]] == [names[0], "kim \\x20lee.py", *names[2:]]


def test_the_function_behind_the_commands_takes_paths_or_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    (tmp_path / "right.py").write_text(RELU + AFFINE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    results = grader.run(["right.py"], seed=4)

    assert (results["submissions"][0]["score"], results["assignment"]["seed"]) == (15, 4)
    with pytest.raises(IntakeError, match=r"grader\.run takes a list of paths"):
        grader.run("right.py")
