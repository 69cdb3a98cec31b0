"""Layers of an instructor's own: graded with a reference and without one, and refused where the reference itself is wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from grader import assignment, casebank, trusted
from grader.assignment import Assignment
from grader.audit import audit_task
from grader.audit.students import Kind
from grader.checks_file import layers
from grader.classroom.terms import Terms
from grader.cli import main
from grader.errors import AssignmentError
from grader.intake import Bundle
from grader.model import TaskResult, Verdict
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


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (")\n", ")\n__import__('sys').exit(0)\n", 15),
        ("return k * x", "raise SystemExit(0)\n    return k * x", 6),
        ("return (dout", "class Leave(BaseException): pass\n    raise Leave(dout", 10),
    ],
)
def test_a_checks_file_that_wants_to_end_the_grader_ends_it_with_2_and_its_place(right: str, wrong: str, line: int, tmp_path: Path):
    at = SMALL.rindex(right)
    file = own(tmp_path, SMALL[:at] + wrong + SMALL[at + len(right) :])
    (tmp_path / "s.py").write_text("def scale_forward(x, k): return k * x, k\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["check", str(tmp_path / "s.py"), "--tasks", str(file)])

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"grader: my_checks.py, line {line}: " in result.stderr
    assert "a checks file must not end the grader" in result.stderr


def test_who_presses_ctrl_c_in_a_checks_file_is_not_told_that_it_is_wrong(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        assignment.load(own(tmp_path, "raise KeyboardInterrupt"))


CLAIMING = SMALL.replace("\nSCALE", "\n@claim('it holds')\ndef holds(inputs, outputs):\n    return {}\n\nSCALE").replace(
    '"D": (1, 3)},', '"D": (1, 3)}, claims=[holds],'
)
ALONE = CLAIMING.replace("forward, backward, ", "").replace("layer(", "layer_without_reference(").replace("options=", "out='N D', options=")


@pytest.mark.parametrize("checks", [CLAIMING, ALONE])
@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ("np.ones((7, 7), bool)", r"holds returned truth values of shape \(7, 7\); return one, or one for each entry of out \("),
        ("1.0", "holds returned float64, not whether it holds"),
        ("exit(0)", r"^my_checks\.py, line 13: SystemExit: 0; a checks file must not end the grader"),
        ("1 / 0", r"^my_checks\.py, line 13, in what describes scale: ZeroDivisionError"),
    ],
)
def test_a_claim_that_cannot_be_asked_is_told_before_anybody_is_graded(checks: str, claimed: str, said: str, tmp_path: Path):
    (task,) = assignment.load(
        own(tmp_path, checks.replace("return {}", f"return {claimed}").replace("exit(", "__import__('sys').exit("))
    ).tasks

    with pytest.raises(AssignmentError, match=said):
        casebank.bank(task.spec, task.readings, 0, None)


def test_a_claim_that_the_reference_itself_breaks_is_told_before_anybody_is_graded(tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, CLAIMING.replace("{}", "outputs['out'] == inputs['x']"))).tasks

    with pytest.raises(AssignmentError, match=r"^a claim of scale is not right .*: holds does not hold of the reference"):
        casebank.bank(task.spec, task.readings, 0, None)


def test_what_a_claim_does_to_one_submission_alone_is_our_error_and_names_its_place(tmp_path: Path, launcher: Launcher, banks: Path):
    claimed = "bool((outputs['out'] == inputs['k'] * inputs['x']).all()) or __import__('sys').exit(0)"
    loaded = assignment.load(own(tmp_path, CLAIMING.replace("{}", claimed)))

    (task,) = (
        grade(["def scale_forward(x, k): return -k * x, k\ndef scale_backward(d, k): return d * k\n"], loaded, launcher, banks)
        .submissions[0]
        .tasks
    )

    (check,) = [check for check in task.checks if check.verdict is Verdict.ERRORED]
    assert "my_checks.py, line 13: SystemExit: 0" in check.reason


def test_an_output_of_another_shape_is_the_students_and_no_error_of_a_claim(tmp_path: Path, launcher: Launcher, banks: Path):
    loaded = assignment.load(own(tmp_path, CLAIMING.replace("{}", "outputs['out'] * inputs['x'] >= 0")))

    (task,) = (
        grade(["def scale_forward(x, k): return (k * x)[..., None], k\ndef scale_backward(d, k): return d * k\n"], loaded, launcher, banks)
        .submissions[0]
        .tasks
    )

    assert not [check.reason for check in task.checks if check.verdict is Verdict.ERRORED]
    assert "scale.forward.contract" in failing(task)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (', "D": (1, 3)', "", 'x has the axis D, whose length nothing tells; add "D": \\(smallest, largest\\) to axes'),
        ('"D": (1, 3)', '"D": (5, 1)', 'axes: "D" goes from 5 to 1; write the smaller first, \\(1, 5\\)'),
        ('"D": (1, 3)', '"D": 3', 'axes: "D" is 3; write the smallest and the largest length'),
        ("(2, 3)}", "2}", 'options: "k" is 2; write the values that cases take'),
        ('"x", axes', '"1x", axes', "'1x' is no name for an argument, option or gradient"),
        ('"x", axes', '"lambda", axes', "'lambda' is no name for an argument"),
        ('"x", axes', '"dout", axes', "dout is what every layer has; give the argument, option or gradient another name"),
        ('gradient="dx"', 'gradient="x"', "x names 2 of its arguments, options and gradients; give each a name of its own"),
        (
            "(2, 3)}",
            "(2, 3)}, where=lambda **k: True",
            "where must take one argument, the sizes and options by name, as in where=lambda sizes",
        ),
        ("(2, 3)}", "(2, 3)}, where=True", "where must take one argument"),
        ("(2, 3)}", "(2, 3)}, claims=[lambda i, o: True]", "claims: <lambda> is none; write a function below @claim"),
        ("(2, 3)}", "(2, 3)}, misconceptions=['twice']", "misconceptions: 'twice' is none; write Misconception"),
        (', gradient="dx"', "", "there is a backward, and nothing has a gradient; say what it returns, as in Argument"),
    ],
)
def test_a_mistake_in_a_description_is_told_of_it_and_not_of_the_reference(right: str, wrong: str, said: str, tmp_path: Path):
    assert SMALL.count(right) == 1

    with pytest.raises(AssignmentError, match=rf"^my_checks\.py: the description of scale is not right: {said}"):
        assignment.load(own(tmp_path, SMALL.replace(right, wrong)))


def test_a_description_that_does_not_fit_its_reference_is_told_so(tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace("def forward(x, k)", "def forward(x, scale, k)"))).tasks

    with pytest.raises(AssignmentError, match=r"^the description of scale is not right: TypeError: forward\(\) missing 1 required"):
        casebank.bank(task.spec, task.readings, 0, None)


def test_a_task_asks_for_some_values_of_an_option_as_the_page_on_authoring_shows(tmp_path: Path):
    page = (EXAMPLE.parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")
    (shown,) = (line for line in page.splitlines() if line.startswith("- {") and "options:" in line)
    file = own(tmp_path, SMALL)
    file.write_text(f"id: own\ntitle: Own\ntasks:\n  {shown}\n", encoding="utf-8")

    (task,) = assignment.load(file).tasks

    assert {case.options["k"] for case in casebank.bank(task.spec, task.readings, 0, None).cases} == {2}


def test_a_checks_file_is_a_module_like_any_other(tmp_path: Path):
    (tmp_path / "slope.txt").write_text("7", encoding="utf-8")
    more = """
from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path
@dataclass
class Slope:
    value: int | None = None
SLOPE = Slope(int(Path(__file__).with_name("slope.txt").read_text()))
"""

    (task,) = assignment.load(own(tmp_path, more + SMALL.replace("(2, 3)", "(2, SLOPE.value)"))).tasks

    assert task.spec.options == {"k": (2, 7)}


def test_where_a_checks_file_stands_is_no_part_of_the_assignment(tmp_path: Path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    a, b = (key_of(own(folder, SMALL)) for folder in folders)

    assert a == b


def test_what_a_checks_file_prints_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assignment.load(own(tmp_path, SMALL + "print('loaded', 1)\n"))

    assert capsys.readouterr() == ("", "loaded 1\n")


def test_who_waits_for_a_checks_file_is_told_for_what(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trusted, "PATIENCE", 0.05)
    trusted._watched.cache_clear()  # the one that may run already looks once in a while
    slow = SMALL.replace("return k * x", "time.sleep(0.2 * (k == 2)); return k * x").replace("import numpy", "import time; import numpy", 1)
    spec = assignment.load(own(tmp_path, slow)).tasks[0].spec

    spec.forward(x=np.ones(2), k=3)
    assert not capsys.readouterr().err
    spec.forward(x=np.ones(2), k=2)

    assert "grader: still waiting for my_checks.py, line 6, forward; Ctrl-C ends it.\n" in capsys.readouterr().err


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
        ("k * x, (k", "x * np.nan, (k", "not finite"),
        ("k * x, (k", "k @ x, (k", "ValueError"),
    ],
)
def test_a_reference_that_is_wrong_itself_is_told_before_anybody_is_graded(right: str, wrong: str, said: str, tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace(right, wrong))).tasks

    with pytest.raises(AssignmentError, match=said):
        casebank.bank(task.spec, task.readings, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong", "argument"),
    [
        ("return k * x", "x *= 2; return k * x", "x"),
        ("return k * x", "x[x < 0] = 0; return k * x", "x"),  # which shows the first time alone
        ("return (dout", "dout *= 2; return (dout", "dout"),
        ("return (dout", "cache[1][:] = 0; return (dout", "x"),
    ],
)
def test_a_reference_that_changes_what_it_is_given_is_told_before_anybody_is_graded(right: str, wrong: str, argument: str, tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace(right, wrong))).tasks

    with pytest.raises(AssignmentError, match=rf"^the reference of scale is not right: it changes its argument {argument};"):
        casebank.bank(task.spec, task.readings, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong", "part"),
    [
        ("return k * x", "x = x + np.random.default_rng().standard_normal(); return k * x", "forward"),
        ("return (dout", "dout = dout * np.random.default_rng().random(dout.shape); return (dout", "backward"),
    ],
)
@pytest.mark.parametrize("scalar", [False, True])
def test_a_reference_with_chance_in_it_is_told_before_anybody_is_graded(right: str, wrong: str, part: str, scalar: bool, tmp_path: Path):
    checks = SMALL.replace(right, wrong)
    if scalar:
        checks = checks.replace("k * x, (k", "(k * x).sum(), (k").replace("dout * cache[0]", "dout * cache[0] * np.ones_like(cache[1])")
        checks = checks.replace("(2, 3)}", "(2, 3)}, scalar=True").replace("dout.shape", "()")
    (task,) = assignment.load(own(tmp_path, checks)).tasks

    with pytest.raises(
        AssignmentError, match=rf"^the reference of scale is not right: {part} returns something else when it is called again"
    ):
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
    found = layers("my_checks.py", CHECKS, str(EXAMPLE))

    assert list(found) == ["softsign", "gate"]
    assert len({spec.source for spec in found.values()}) == 1
    assert found["gate"].source
    assert found["gate"].unreferenced
