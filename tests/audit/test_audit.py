"""Which wrong students an assignment lets pass, and which right ones it does not."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import reference
from grader.assignment import Assignment
from grader.audit import audit_task, markdown, right, text
from grader.audit.exam import Exam
from grader.audit.findings import TaskAudit, altogether
from grader.audit.mutants import mutants, strided
from grader.audit.report import render
from grader.audit.students import Kind, Student
from grader.cli import main
from reference import Misconception, catalogue
from reference.layers import relu
from tests.support import course, tasks

RELU = "id: relu, title: ReLU, points: 5"
FORWARD_WORTH_NOTHING = f"{RELU}, parts: {{forward: 0, backward: 1}}"
CLIPPED = Misconception(
    id="clipped_at_one",
    of=("out",),
    cause="{name} is cut off above 1.",
    advice="ReLU has no upper end.",
    wrong=lambda g: np.minimum(g.right, 1),
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `grader audit` on an assignment of one task."""

    def audited(entry: str, *options: str) -> Result:
        (tmp_path / "tasks.yaml").write_text(tasks(entry), encoding="utf-8")
        return CliRunner().invoke(main, ["audit", *options])

    monkeypatch.chdir(tmp_path)
    return audited


def audited(asked: Assignment, *misconceptions: Misconception) -> TaskAudit:
    """Audit the only task of an assignment, with these misconceptions of its layer."""
    (task,) = asked.tasks
    return audit_task(asked, replace(task, spec=replace(task.spec, misconceptions=misconceptions)), seed=0)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> TaskAudit:
    """The audit of a task that is as it should be."""
    return audited(course(tmp_path_factory.mktemp("sound"), RELU), CLIPPED)


def test_a_sound_task_catches_every_mistake_but_the_derivative_at_the_kink(sound: TaskAudit):
    assert sound.sound
    assert (sound.caught(Kind.MISCONCEPTION), sound.of[Kind.MISCONCEPTION]) == (1, 1)
    assert [(s.name, s.equivalent) for s in sound.survivors] == [("x > 0 → x >= 0", True)]
    assert sound.holes == ()


def test_where_forward_is_worth_nothing_its_mistakes_are_survivors_with_the_check_that_saw_them(tmp_path: Path):
    found = audited(course(tmp_path, FORWARD_WORTH_NOTHING), CLIPPED)

    assert not found.sound
    assert [(s.name, s.equivalent) for s in found.survivors if s.kind is Kind.MISCONCEPTION] == [("out: clipped_at_one", False)]
    assert any(s.kind is Kind.MUTANT and "forward.value" in s.failed for s in found.holes)


SLOPED = """
from grader.authoring import Argument, Misconception, layer

def forward(x, k):
    return k * x, k

def backward(dout, k):
    return (k * dout,)

IGNORED = Misconception(id="k_ignored", of=("out",), cause="k.", advice="k.", wrong=lambda g: g.x)
DOUBLED = Misconception(id="doubled", of=("out",), cause="2.", advice="2.", wrong=lambda g: 2 * g.right)
SCALE = layer(
    "scale", forward, backward, arguments=[Argument(name="x", axes="N", gradient="dx")], axes={"N": (1, 3)},
    options={"k": (1, 2)}, misconceptions=[IGNORED, DOUBLED],
)
"""


@pytest.mark.parametrize(
    ("asked", "holes", "unasked"),
    [
        ("", ["out: k_ignored", "out: doubled"], ()),
        (", options: {k: [2]}", ["out: k_ignored", "out: doubled"], ()),
        (", options: {k: [1]}", ["out: doubled"], ("out: k_ignored",)),
    ],
)
def test_a_misconception_of_an_option_that_is_not_asked_for_is_no_hole(
    asked: str, holes: list[str], unasked: tuple[str, ...], tmp_path: Path
):
    (tmp_path / "own.py").write_text(SLOPED, encoding="utf-8")
    narrowed = course(tmp_path, f"id: scale, checks: own.py, title: S, points: 5, parts: {{forward: 0, backward: 1}}{asked}")

    found = audit_task(narrowed, narrowed.tasks[0], seed=0)

    assert ([s.name for s in found.holes if s.kind is Kind.MISCONCEPTION], found.unasked) == (holes, unasked)
    assert sum(s.kind is Kind.HABIT for s in found.holes) == 2  # whose numbers are right one call at a time
    assert [text.render([found]).count(name) for name in [*holes, *unasked]] == [1, 1]
    assert all(name in markdown.render([found]) for name in unasked)


def test_a_part_that_is_not_asked_for_has_no_mistakes(tmp_path: Path):
    wrong_gradient = replace(CLIPPED, id="doubled", of=("dx",), wrong=lambda g: 2 * g.right)

    found = audited(course(tmp_path, f"{RELU}, parts: {{forward: 1, backward: 0}}"), wrong_gradient)

    assert found.of.get(Kind.MISCONCEPTION, 0) == 0
    asked = [use.check for use in found.uses]
    assert asked[:3] == ["forward.contract", "forward.value", "forward.repeat"]
    assert [check for check in asked if check.startswith("backward.")] == []


def test_a_check_is_the_only_one_to_find_what_no_other_fails(sound: TaskAudit):
    uses = {use.check: use for use in sound.uses}

    assert (uses["backward.fresh"].failed, uses["backward.fresh"].alone) == (1, 1)
    assert not uses["forward.contract"].points
    assert all(use.alone <= use.failed for use in uses.values())


def test_laws_are_told_apart_from_checks_that_bear_points(sound: TaskAudit):
    assert sound.laws
    assert not set(sound.laws) & {use.check for use in altogether([sound])}


def test_a_right_student_who_loses_points_is_told_and_ends_the_command_with_1(run: Run, monkeypatch: pytest.MonkeyPatch):
    spoilt = right.Right(name="spoilt", layer="relu", student=Student(lambda x: (x, x), lambda dout, _: (dout,)))
    monkeypatch.setattr(right, "OWN", (spoilt,))

    result = run(RELU, "--task", "relu")

    assert result.exit_code == 1
    assert "right, and does not pass  spoilt: backward.dx" in result.output


def test_the_bundled_relu_ends_the_command_with_0(run: Run):
    result = run(RELU)

    assert result.exit_code == 0
    assert "right as far as tried  reference/layers/relu.py:" in result.output
    assert "hole" not in result.output


def test_a_misconception_that_survives_ends_the_command_with_1(run: Run, monkeypatch: pytest.MonkeyPatch):
    wrong = replace(catalogue()["relu"], misconceptions=(CLIPPED,))
    monkeypatch.setattr("grader.assignment.askable", lambda: {"relu": wrong})

    result = run(FORWARD_WORTH_NOTHING)

    assert result.exit_code == 1
    assert "misconception: out: clipped_at_one (seen, at no cost, by forward." in result.output


def test_a_task_that_is_not_asked_for_is_named(run: Run):
    result = run(RELU, "--task", "affine")

    assert result.exit_code == 2
    assert "asks for no such task; it asks for relu" in result.output


def test_programs_read_the_same(sound: TaskAudit):
    (task,) = json.loads(render([sound], "json"))

    assert (task["id"], task["sound"], task["survivors"][0]["equivalent"]) == ("relu", True, True)
    assert task["of"]["mutant"] > 5


def test_a_net_of_the_students_own_has_nothing_to_be_audited(tmp_path: Path):
    asked = course(tmp_path, "id: own_net, title: Own net, points: 5")

    found = audit_task(asked, asked.tasks[0], seed=0)

    assert not found.reference
    assert "not audited" in text.render([found])
    assert "no reference" in markdown.render([found])


def test_a_document_has_a_row_for_each_task_and_the_sums(sound: TaskAudit):
    written = markdown.render([sound])

    assert "| `relu` | 1 of 1 |" in written
    assert "| *all* | 1 of 1 |" in written
    assert "`reference/layers/relu.py:" in written


def test_mutants_live_in_copies_and_leave_the_reference_as_it_was(tmp_path: Path):
    asked = course(tmp_path, RELU)
    exam, before = Exam(asked, asked.tasks[0], 0), {name: m for name, m in sys.modules.items() if name.startswith("reference")}

    made = list(mutants(exam.spec, exam.reading, exam.bank.cases, backward=True))

    assert {name: m for name, m in sys.modules.items() if name.startswith("reference")} == before
    assert reference.catalogue()["relu"] is relu.SPEC
    assert len({mutant.student.forward for mutant in made}) == len(made)
    assert relu.forward(np.array([-1.0, 2.0]))[0].tolist() == [0, 2]


def test_a_helper_that_a_layer_calls_has_mutants_too(tmp_path: Path):
    asked = course(tmp_path, "id: output_size, title: Output size, points: 5")
    exam = Exam(asked, asked.tasks[0], 0)

    files = {m.place.partition(":")[0] for m in mutants(exam.spec, exam.reading, exam.bank.cases[:2], backward=False)}

    assert "reference/windows.py" in files


def test_what_a_mutant_leaves_unwritten_is_0_so_that_two_audits_agree(tmp_path: Path):
    asked = course(tmp_path, "id: conv2d, title: Convolution, points: 5, inexact_output_size: floor")
    exam = Exam(asked, asked.tasks[0], 0)
    case = exam.bank.cases[0]

    unwritten = next(m for m in mutants(exam.spec, exam.reading, [case], backward=True) if m.name.startswith("dropped: np.matmul"))

    out, _ = unwritten.student.forward(**case.arrays, **case.options)
    np.testing.assert_array_equal(out, np.broadcast_to(case.arrays["b"][:, None, None], out.shape))


@pytest.mark.parametrize(("shape", "strides"), [((3, 3), (8, 8)), ((1, 2), (8, -8)), ((-1, 2), (8, 8))])
def test_no_mutant_reads_beyond_its_array(shape: tuple[int, ...], strides: tuple[int, ...]):
    with pytest.raises(ValueError, match="beyond the array"):
        strided(np.zeros(4), shape, strides, writeable=False)


def test_windows_inside_an_array_are_those_of_numpy():
    assert strided(np.arange(4.0), (3, 2), (8, 8), writeable=False).tolist() == [[0, 1], [1, 2], [2, 3]]
