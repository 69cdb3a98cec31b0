"""Commands in a folder with an assignment and a class, and what they say and write."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.model import Isolation
from grader.sandbox.isolation import Sandbox, open_sandbox
from tests.support import AFFINE, RELU, tasks

ASKED = tasks("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5", head="seed: 3")
HIDING = ASKED.replace("title: ReLU,", "title: ReLU, visibility: after_published,")
WRONG = RELU.replace("np.maximum(x, 0)", "np.abs(x)")
OWN_CODE = "note: your code ran as you, without a jail; for code of somebody else add --sandbox require.\n"
REPORTS = ["index.html", "junit.xml", "report.md", "results.json", "scores.csv"]
Run = Callable[..., Result]


def written(folder: Path) -> None:
    """Write an assignment, and right, wrong and other submissions into `class`."""
    (folder / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    for name, source in {"right": RELU + AFFINE, "wrong": WRONG, "broken": "def relu_forward(x:\n", "other": "x = 1\n"}.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "layers.py").write_text(source, encoding="utf-8")
    (folder / "class" / "lone.py").write_text(RELU, encoding="utf-8")
    (folder / "empty").mkdir()


def invoke(*arguments: object) -> Result:
    """Run a command here."""
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with an assignment and a class."""
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    return invoke


@pytest.fixture(scope="session")
def class_report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """What `grader grade` says of the class, and the reports that it writes."""
    folder = tmp_path_factory.mktemp("graded")
    written(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        return invoke("grade", "class", "--out", "report"), folder / "report"


@pytest.fixture
def graded(class_report: tuple[Result, Path], run: Run, tmp_path: Path) -> Result:
    """What `grader grade` says of the class whose reports are in `report`, as each test may change them."""
    said, reports = class_report
    shutil.copytree(reports, tmp_path / "report")
    return said


@pytest.fixture(scope="session")
def best() -> Isolation:
    """What this machine has."""
    with open_sandbox(Sandbox.BEST) as (_, isolation):
        return isolation


@pytest.fixture
def unjailed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without fork, and so without a jail: every worker is spawned."""
    monkeypatch.setattr("grader.sandbox.isolation.can_fork", lambda: False)
    monkeypatch.setattr("grader.sandbox.launch.can_fork", lambda: False)


def stopped(result: Result) -> str:
    """Return the sentence with which a command refused to go on."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("grader: ")
    return result.stderr.removeprefix("grader: ").rstrip("\n")


def untimed(file: Path) -> Any:
    """Return results.json without its times."""
    return json.loads(re.sub(r'"duration_s": [0-9.e-]+', '"duration_s": 0', file.read_text(encoding="utf-8")))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
