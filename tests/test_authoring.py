"""Layers of an instructor's own: graded with a reference and without one, and refused where the reference itself is wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import assignment, casebank
from grader.assignment import Assignment
from grader.audit import audit_task
from grader.audit.students import Kind
from grader.checks_file import layers
from grader.classroom.terms import Terms
from grader.errors import AssignmentError
from grader.intake import Bundle
from grader.model import TaskResult
from grader.sandbox.process import Launcher
from grader.text import clean
from grader.worker.jail import Tier
from reference import catalogue, measured
from tests.support import failing, grade

EXAMPLE = Path(__file__).parent.parent / "examples" / "own-layers"
CHECKS = (EXAMPLE / "my_checks.py").read_text(encoding="utf-8")
SMALL = """
import numpy as np
from grader.authoring import Argument, claim, layer, layer_without_reference

def forward(x, k):
    return k * x, (k, x)

def backward(dout, cache):
    return (dout * cache[0],)

SCALE = layer(
    "scale", forward, backward, arguments=[Argument(name="x", axes="N D", gradient="dx")], axes={"N": (1, 3), "D": (1, 3)},
    options={"k": (2, 3)},
)
"""


@pytest.fixture(scope="module")
def asked() -> Assignment:
    return assignment.load(EXAMPLE / "tasks.yaml")


def graded(name: str, asked: Assignment, launcher: Launcher, banks: Path) -> dict[str, TaskResult]:
    source = (EXAMPLE / "submissions" / name / "layers.py").read_text(encoding="utf-8")
    return {task.id: task for task in grade([source], asked, launcher, banks).submissions[0].tasks}


def own(folder: Path, checks: str, *more: str, task: str = "scale") -> Path:
    """Write an assignment with one task of a checks file."""
    (folder / "my_checks.py").write_text(checks, encoding="utf-8")
    file = folder / "tasks.yaml"
    entry = ", ".join([f"id: {task}", "checks: my_checks.py", "title: Own", "points: 4", *more])
    file.write_text(f"id: own\ntitle: Own\ntasks:\n  - {{{entry}}}\n", encoding="utf-8")
    return file


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (", "my_checks.py, line 1: SyntaxError"),
        ("x = 1\n1 / 0", "my_checks.py, line 2: ZeroDivisionError"),
        ("x = 1", "describes no layer; see grader.authoring.layer"),
        (SMALL.replace('"scale"', '"relu"'), "the grader has a layer relu of its own"),
        (SMALL.replace('"scale"', '"Scale it"'), "no name for a layer"),
        (SMALL.replace('"scale"', '"scales"'), "describes no layer scale; did you mean scales?"),
    ],
)
def test_a_checks_file_that_cannot_be_used_is_refused_with_its_place(text: str, said: str, tmp_path: Path):
    with pytest.raises(AssignmentError, match=said.replace("?", r"\?")):
        assignment.load(own(tmp_path, text))


def test_a_checks_file_that_is_not_there_is_named(tmp_path: Path):
    file = own(tmp_path, SMALL)
    (tmp_path / "my_checks.py").unlink()

    with pytest.raises(AssignmentError, match=r"my_checks\.py: cannot be read"):
        assignment.load(file)


def test_a_convention_that_spells_no_layer_of_ones_own_is_refused(tmp_path: Path):
    with pytest.raises(AssignmentError, match="functions, classes would"):
        assignment.load(own(tmp_path, SMALL, "conventions: [cs231n]"))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("dout * cache[0],", "dout,", "backward's gradient of x is not that of forward"),
        ("dout * cache[0],", "dout[0],", "not of its shape"),
        ("(dout * cache[0],)", "dout", "must return a tuple of 1: dx"),
        ("k * x, (k", "x / 0, (k", "not finite"),
        ("k * x, (k", "k @ x, (k", "ValueError"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_a_reference_that_is_wrong_itself_is_told_before_anybody_is_graded(right: str, wrong: str, said: str, tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace(right, wrong))).tasks

    with pytest.raises(AssignmentError, match=said):
        casebank.bank(task.spec, task.readings, 0, None)


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


@pytest.mark.parametrize("name", ["sigmoid", "softmax_loss", "leaky_relu"])
def test_measured_bounds_hold_what_was_worked_out_by_hand(name: str):
    spec = catalogue()[name]
    assert spec.backward
    bare = replace(spec, magnitude=measured.magnitude(spec.forward, spec.backward))
    case = casebank.draw(spec, ({},), 0).cases[1]
    sizes, right = (s.magnitude(dict(case.arrays), dict(case.options), case.dout) for s in (bare, spec) if s.magnitude)

    for size, norm, known in zip((sizes.out, *sizes.gradients), sizes.norms or (), (right.out, *right.gradients), strict=True):
        assert (np.maximum(size, norm) * 8 >= known).all()
        assert (size <= known.max() * 64).all()


def test_a_kink_is_found_where_the_slopes_on_both_sides_differ():
    marked = measured.kinks(lambda x: (np.abs(x), None), ("x",))

    assert marked(x=np.array([[-1.0, 0.0, 2.0, 1e-9]])).tolist() == [[False, True, False, True]]
    assert not measured.kinks(lambda x: (x / (1 + np.abs(x)), None), ("x",))(x=np.array([[0.0, 1.0]])).any()


def test_every_layer_of_a_checks_file_knows_where_it_comes_from():
    found = layers("my_checks.py", CHECKS)

    assert list(found) == ["softsign", "gate"]
    assert len({spec.source for spec in found.values()}) == 1
    assert found["gate"].source
    assert found["gate"].unreferenced
