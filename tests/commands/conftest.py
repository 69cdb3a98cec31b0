"""Commands in a folder with an assignment and a class, and what they say and write."""

import json
import re
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


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with an assignment, and right, wrong and other submissions in `class`."""
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    for name, source in {"right": RELU + AFFINE, "wrong": WRONG, "broken": "def relu_forward(x:\n", "other": "x = 1\n"}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "layers.py").write_text(source, encoding="utf-8")
    (tmp_path / "class" / "lone.py").write_text(RELU, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


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
