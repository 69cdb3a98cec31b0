"""A notebook and an archive earn points as a folder does; one that cannot be read stops nobody."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import grader
from benchmarks.hostile.notebooks import notebook
from benchmarks.hostile.zips import zipped
from grader.cli import main
from tests.support import AFFINE, RELU, tasks

ASKED = tasks("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5", head="seed: 3")


@pytest.fixture
def handed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "net.ipynb").write_bytes(notebook("!pip install numpy", RELU, "scratch(", "display(5)", AFFINE))
    (tmp_path / "class" / "kim.zip").write_bytes(zipped([("hw/relu.py", RELU.encode()), ("hw/affine.py", AFFINE.encode())]))
    (tmp_path / "class" / "lee.zip").write_bytes(b"no archive")
    (tmp_path / "class" / "park.ipynb").write_bytes(b"no notebook")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "class"


@pytest.mark.slow
def test_notebooks_and_archives_are_graded_beside_those_that_cannot_be_read(handed_in: Path):
    results = grader.run([handed_in / name for name in ("net.ipynb", "kim.zip", "lee.zip", "park.ipynb")])

    assert [(s["id"], s["score"]) for s in results["submissions"]] == [
        ("net.ipynb", 15),
        ("kim.zip", 15),
        ("lee.zip", 0),
        ("park.ipynb", 0),
    ]
    assert "lee.zip: nothing of it was read, it is no .zip archive, or only a part of one." in results["submissions"][2]["notes"]
    assert "net.ipynb, cell 3: left out, line 1: '(' was never closed." in results["submissions"][0]["notes"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["net.ipynb", "kim.zip"])
def test_check_gives_points_to_one(name: str, handed_in: Path):
    result = CliRunner().invoke(main, ["check", str(handed_in / name)])

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "15 of 15 points")


def test_check_says_why_an_archive_cannot_be_read(handed_in: Path):
    result = CliRunner().invoke(main, ["check", str(handed_in / "lee.zip")])

    assert result.exit_code == 2
    assert "lee.zip: nothing of it was read, it is no .zip archive, or only a part of one." in result.stderr
