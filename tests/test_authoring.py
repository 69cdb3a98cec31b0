"""Layers of an instructor's own, graded with a reference and without one."""

from pathlib import Path

import pytest

from grader import assignment, casebank
from grader.assignment import Assignment
from grader.audit import audit_task
from grader.audit.students import Kind
from grader.classroom.terms import Terms
from grader.errors import AssignmentError
from grader.intake import Bundle
from grader.model import TaskResult
from grader.sandbox.process import Launcher
from grader.text import clean
from grader.worker.jail import Tier
from tests.own_layers import EXAMPLE, SMALL, own
from tests.support import failing, grade


@pytest.fixture(scope="module")
def asked() -> Assignment:
    return assignment.load(EXAMPLE / "tasks.yaml")


def graded(name: str, asked: Assignment, launcher: Launcher, banks: Path) -> dict[str, TaskResult]:
    source = (EXAMPLE / "submissions" / name / "layers.py").read_text(encoding="utf-8")
    return {task.id: task for task in grade([source], asked, launcher, banks).submissions[0].tasks}


def test_right_layers_of_an_instructors_own_get_full_marks_as_class_and_as_functions(asked: Assignment, launcher: Launcher, banks: Path):
    tasks = graded("right", asked, launcher, banks)

    assert {name: float(task.score) for name, task in tasks.items()} == {"softsign": 10, "gate": 10}
    assert not any("grader" in note for task in tasks.values() for note in task.notes)


def test_a_wrong_gradient_is_found_with_a_reference_and_without(asked: Assignment, launcher: Launcher, banks: Path):
    tasks = graded("wrong-gradient", asked, launcher, banks)

    assert failing(tasks["softsign"]) == ["softsign.backward.dx"]
    assert [d.id for d in tasks["softsign"].diagnoses] == ["not_squared"]
    assert failing(tasks["gate"]) == ["gate.backward.dw"]
    (said,) = [f.what for c in tasks["gate"].checks for f in c.findings]
    assert said.startswith("dw is not the gradient of your own forward")


def test_without_a_reference_a_forward_is_held_to_the_claims_alone(asked: Assignment, launcher: Launcher, banks: Path):
    tasks = graded("wrong-forward", asked, launcher, banks)

    assert failing(tasks["softsign"]) == ["softsign.forward.value", "softsign.backward.dx"]
    assert failing(tasks["gate"]) == ["gate.forward.no_larger"]
    assert tasks["gate"].parts["backward"] == "passed"


@pytest.mark.parametrize(
    ("forward", "backward", "failed"),
    [
        ("x * 0 + len(w), (x, w)", "dout * 0, 0 * dout[0]", "gate.forward.value"),  # depends on nothing
        ("x[:, :1] * w[:1], (x, w)", "dout, dout[0]", "gate.forward.contract"),
        ("x * np.tanh(w), (x, w)", "dout, dout[0]", "gate.backward.dx"),
        ("x * np.tanh(w), (x, w)", "dout[:1, :1], dout[0]", "gate.backward.contract"),
    ],
)
def test_without_a_reference_what_shows_nothing_earns_nothing(
    forward: str, backward: str, failed: str, asked: Assignment, launcher: Launcher, banks: Path
):
    source = f"import numpy as np\ndef gate_forward(x, w):\n    return {forward}\ndef gate_backward(dout, c):\n    return {backward}\n"

    gate = grade([source], asked, launcher, banks).submissions[0].tasks[1]

    assert failed in failing(gate)
    assert gate.score < 6


def test_an_option_is_taken_by_its_name_or_in_its_place(tmp_path: Path, launcher: Launcher, banks: Path):
    loaded = assignment.load(own(tmp_path, SMALL))
    source = "def scale_forward(x, k):\n    return k * x, k\ndef scale_backward(dout, k):\n    return dout * k\n"
    classes = "class Scale:\n def __init__(self, k):\n  self.k = k\n def forward(self, x):\n  return x * self.k\n def backward(self, d):\n  return d * self.k\n"

    results = grade(
        [source, source.replace("(x, k)", "(x, factor)").replace("k * x, k", "factor * x, factor"), classes], loaded, launcher, banks
    )

    assert [float(s.score) for s in results.submissions] == [4, 4, 4]


def test_a_task_asks_for_some_values_of_an_option_as_the_page_on_authoring_shows(tmp_path: Path):
    page = (EXAMPLE.parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")
    (shown,) = (line for line in page.splitlines() if line.startswith("- {") and "options:" in line)
    file = own(tmp_path, SMALL)
    file.write_text(f"id: own\ntitle: Own\ntasks:\n  {shown}\n", encoding="utf-8")

    (task,) = assignment.load(file).tasks

    assert {case.options["k"] for case in casebank.bank(task.spec, task.readings, 0, None).cases} == {2}


def test_where_a_checks_file_stands_is_no_part_of_the_assignment(tmp_path: Path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    a, b = (key_of(own(folder, SMALL)) for folder in folders)

    assert a == b


def test_a_convention_that_spells_no_layer_of_ones_own_is_refused(tmp_path: Path):
    with pytest.raises(AssignmentError, match="functions, classes would"):
        assignment.load(own(tmp_path, SMALL, "conventions: [cs231n]"))


def test_an_audit_holds_misconceptions_against_a_layer_of_ones_own_and_finds_none_that_passes(asked: Assignment):
    softsign, gate = (audit_task(asked, task, 0) for task in asked.tasks)

    assert softsign.of[Kind.MISCONCEPTION] == 1
    assert softsign.sound
    assert not gate.reference


def test_another_reference_is_another_assignment_and_other_cases(tmp_path: Path):
    file = own(tmp_path, SMALL)
    before, key = assignment.document(file), key_of(file)
    own(tmp_path, SMALL + "# changed\n")

    assert assignment.document(file)[1] != before[1]
    assert key_of(file) != key
    assert assignment.built(*before).tasks[0].spec.source != assignment.load(file).tasks[0].spec.source


def key_of(file: Path) -> str:
    document, sha256 = assignment.document(file)
    terms = Terms(document=document, sha256=sha256, seed=1, tier=Tier.PROCESS)
    return terms.key(Bundle(id=clean("a"), files={}))


def test_terms_that_were_sent_need_no_file(tmp_path: Path):
    file = own(tmp_path, SMALL)
    document, sha256 = assignment.document(file)
    terms = Terms(document=document, sha256=sha256, seed=1, tier=Tier.PROCESS)
    file.unlink()
    (tmp_path / "my_checks.py").unlink()

    assert [task.spec.name for task in terms.drawn().assignment.tasks] == ["scale"]


def test_what_runs_beside_student_code_has_no_answer_of_the_checks_file(asked: Assignment):
    assert {name: tuple(told) for name, told in asked.own.items()} == {
        "softsign": (("x",), (), ("dx",)),
        "gate": (("x", "w"), (), ("dx", "dw")),
    }
