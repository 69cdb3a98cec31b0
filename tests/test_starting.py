"""Starter files: of every task that a convention spells, recognised as not finished, and nothing overwritten."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.assignment import Assignment, bundled, load
from grader.checking import checking
from grader.cli import main
from grader.errors import AssignmentError, ReportError
from grader.intake import read
from grader.starters import FILES, answering, starter
from grader.starting import Started, start
from grader.worker.conventions import CONVENTIONS
from reference import askable
from tests.support import course, tasks

COURSE = load(bundled())
OWN = Path(__file__).parent.parent / "examples" / "own-layers" / "tasks.yaml"
SCALED = """
from grader.authoring import Argument, layer

SCALED = layer("scaled", lambda x, k: (k * x, None), arguments=[Argument(name="x", axes="N")], axes={"N": (1, 3)}, options={"k": (2, 3)})
"""


def asked_for(convention: str, folder: Path) -> Path:
    """Write an assignment with every layer that a convention spells."""
    layers = [name for name in CONVENTIONS[convention] if name in askable()]
    file = folder / "tasks.yaml"
    file.write_text(tasks(*(f"id: {name}, title: T, points: 1, conventions: [{convention}]" for name in layers)), encoding="utf-8")
    return file


def graded(file: Path, started: Started) -> Any:
    with checking(file, sandbox="off", jobs=2) as checked:
        (submission,) = checked(read(started.file))["submissions"]
    return submission


def all_unfinished(submission: Any) -> bool:
    missing = [(task["status"], task["checks"]) == ("missing", []) and task["notes"] for task in submission["tasks"]]
    said = [note for task in submission["tasks"] for note in task["notes"]]
    return all(missing) and not submission["notes"] and all(note.endswith("is not finished yet.") for note in said)


@pytest.mark.parametrize("convention", FILES)
def test_a_starter_has_all_that_its_convention_spells_and_nothing_is_finished(convention: str, tmp_path: Path):
    file = asked_for(convention, tmp_path)

    started = start(load(file), tmp_path / "work", convention)

    assert (set(started.tasks), started.left_out) == (set(CONVENTIONS[convention]) & set(askable()), ())
    assert all_unfinished(graded(file, started))


@pytest.mark.parametrize("convention", FILES)
def test_a_starter_can_be_imported(convention: str, tmp_path: Path):
    if convention.startswith("torch_"):
        pytest.importorskip("torch")

    made = runpy.run_path(str(start(load(asked_for(convention, tmp_path)), tmp_path / "work", convention).file))

    assert set(starter(convention).definitions) <= set(made)


@pytest.mark.parametrize("convention", FILES)
def test_nothing_stands_in_a_starter_that_answers_no_task(convention: str, tmp_path: Path):
    asked = load(asked_for(convention, tmp_path))

    used = {name for task in asked.tasks for name in answering(task, convention, CONVENTIONS[convention][task.spec.name])}

    assert used == set(starter(convention).definitions)


@pytest.mark.parametrize("convention", ["functions", "classes"])
def test_layers_of_an_instructors_own_have_starters(convention: str, tmp_path: Path):
    asked = load(OWN)

    started = start(asked, tmp_path, convention)

    assert (set(started.tasks), started.left_out) == ({"softsign", "gate"}, ())
    assert all_unfinished(graded(OWN, started))
    runpy.run_path(str(started.file))


def test_a_starter_of_an_own_layer_names_what_its_description_names(tmp_path: Path):
    text = start(load(OWN), tmp_path, None).file.read_text(encoding="utf-8")

    assert 'def softsign_forward(x):\n    """x (N, D). Return out (N, D), and a cache for backward."""' in text
    assert 'def gate_backward(dout, cache):\n    """Return dx (N, D), dw (D,)."""' in text


def test_a_class_of_an_own_layer_takes_the_options_and_no_backward_where_there_is_none(tmp_path: Path):
    (tmp_path / "my_checks.py").write_text(SCALED, encoding="utf-8")
    file = tmp_path / "tasks.yaml"
    file.write_text(tasks("id: scaled, checks: my_checks.py, title: T, points: 1"), encoding="utf-8")

    texts = [start(load(file), tmp_path / c, c).file.read_text(encoding="utf-8") for c in ("functions", "classes")]

    assert 'def scaled(x, k):\n    """x (N,). Return out."""' in texts[0]
    assert "def __init__(self, k):\n        self.k = k\n" in texts[1]
    assert "backward" not in texts[0].partition("import numpy")[2] + texts[1].partition("import numpy")[2]


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


def test_an_unknown_convention_is_said_plainly(tmp_path: Path):
    with pytest.raises(
        AssignmentError, match=r"^--convention stanford: there is no starter in such a convention; there are cs231n, .*, torch_modules\.$"
    ):
        start(COURSE, tmp_path, "stanford")


def test_a_convention_that_spells_no_task_writes_nothing(tmp_path: Path):
    asked: Assignment = course(tmp_path, "id: output_size, title: Size, points: 3")

    with pytest.raises(AssignmentError, match=r"cs231n has no spelling for any of its tasks; functions would have\.$"):
        start(asked, tmp_path, "cs231n")

    assert not (tmp_path / "layers.py").exists()


def test_a_layer_of_ones_own_is_spelt_by_functions_and_classes_and_the_refusal_names_them(tmp_path: Path):
    with pytest.raises(AssignmentError, match=r"cs231n has no spelling for any of its tasks; functions, classes would have\.$"):
        start(load(OWN), tmp_path, "cs231n")


def test_one_task_is_said_as_one(tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(tasks("id: relu, title: ReLU, points: 5"), encoding="utf-8")

    said = [
        CliRunner().invoke(main, ["start", str(tmp_path / lang), "--tasks", str(tmp_path / "tasks.yaml"), "--lang", lang]).stdout
        for lang in ("en", "ko")
    ]

    assert "with one task. Fill it in" in said[0]
    assert "문제 1개" in said[1]


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
