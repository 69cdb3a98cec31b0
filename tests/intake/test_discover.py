"""A class is a folder: every folder and every .py file in it is a submission."""

from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import discover, left_out


def test_submissions_are_folders_and_python_files_by_name(tmp_path: Path):
    for name in ("park", "ahn", "venv", "__pycache__", ".git", "__MACOSX"):
        (tmp_path / name).mkdir()
    for name in ("kim.py", "Lee.py", "notes.txt", ".hidden.py", "__init__.py", "grades.csv"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "ahn")
    (tmp_path / "link.py").symlink_to(tmp_path / "kim.py")

    found = discover(tmp_path)

    assert [p.name for p in found] == ["Lee.py", "ahn", "kim.py", "park"]


def test_what_may_have_been_meant_as_a_submission_is_said_to_be_left_out(tmp_path: Path):
    for name in ("kim.zip", "lee.ipynb", "notes.txt", ".hidden.zip", "park.py"):
        (tmp_path / name).touch()
    (tmp_path / "ahn").symlink_to(tmp_path)

    assert left_out(tmp_path) == [
        "ahn: left out, it is a symbolic link.",
        "kim.zip: left out, only folders and .py files are graded.",
        "lee.ipynb: left out, only folders and .py files are graded.",
    ]


def test_what_is_no_class_is_said_so(tmp_path: Path):
    (tmp_path / "kim.py").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").touch()

    said = {}
    for name in ("none", "kim.py", "empty"):
        with pytest.raises(IntakeError) as caught:
            discover(tmp_path / name)
        said[name] = str(caught.value).removeprefix(str(tmp_path / name))

    assert said == {
        "none": ": no such folder.",
        "kim.py": f": not a folder; to grade one submission use: grader check {tmp_path / 'kim.py'}",
        "empty": ": nothing to grade; each submission is a folder or a .py file in it.",
    }
