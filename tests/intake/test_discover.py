"""A class is a folder: every folder, .py file, notebook and archive in it is a submission."""

from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import discover, left_out


def test_submissions_are_folders_files_notebooks_and_archives_by_name(tmp_path: Path):
    for name in ("park", "ahn", "venv", "__pycache__", ".git", "__MACOSX"):
        (tmp_path / name).mkdir()
    for name in (
        "kim.py",
        "Lee.py",
        "a.ipynb",
        "b.ZIP",
        "c.tar.gz",
        "d.tgz",
        "e.tar",
        "f.gz",
        "g.tar.xz",
        "notes.txt",
        ".hidden.py",
        "__init__.py",
    ):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "ahn")
    (tmp_path / "link.py").symlink_to(tmp_path / "kim.py")

    found = discover(tmp_path)

    assert [one.id for one in found] == ["Lee.py", "a.ipynb", "ahn", "b.ZIP", "c.tar.gz", "d.tgz", "e.tar", "kim.py", "park"]


def test_what_may_have_been_meant_as_a_submission_is_said_to_be_left_out(tmp_path: Path):
    for name in ("kim.7z", "lee.tar.xz", "choi.zip", "notes.txt", ".hidden.rar", "park.py"):
        (tmp_path / name).touch()
    (tmp_path / "ahn").symlink_to(tmp_path)

    assert left_out(tmp_path) == [
        "ahn: left out, it is a symbolic link.",
        "kim.7z: left out, of archives only .zip, .tar.gz and .tar are read.",
        "lee.tar.xz: left out, of archives only .zip, .tar.gz and .tar are read.",
    ]


def test_a_hidden_entry_with_code_is_said_to_be_left_out_and_what_tools_leave_behind_is_not(tmp_path: Path):
    for name in (".kim/layers.py", "__lee/hw.ipynb", ".git/config", ".venv/a.py", "__pycache__/a.py", ".ipynb_checkpoints/a.ipynb"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    for name in (".choi.py", "__ahn.zip", ".DS_Store", "._park.py", "park.py", "__init__.py", ".gitignore"):
        (tmp_path / name).touch()
    (tmp_path / ".link.py").symlink_to(tmp_path / "park.py")

    names = ".choi.py", ".kim", "__ahn.zip", "__lee"
    assert left_out(tmp_path) == [f"{name}: left out, its name begins as hidden ones do." for name in names]


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
        "empty": ": nothing to grade; each submission is a folder, a .py file, a notebook or an archive in it.",
    }
