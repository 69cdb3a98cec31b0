"""A net of the student's own design, end to end: its gradients are held against its own loss."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.model import CheckResult, Standing, TaskResult, Verdict
from grader.report.results import to_results
from grader.sandbox.process import Launcher
from tests.support import course, failing, grade, grade_one, tasks

ASKED = "id: own_net, title: A net of your own, points: 10, parts: {forward: 2, backward: 8}"
RIGHT = """
import numpy as np

class OwnNet:
    def __init__(self, input_size, num_classes, hidden=9):
        self.params = {
            "first": 0.01 * np.random.randn(input_size, hidden), "first_bias": np.zeros(hidden),
            "second": 0.01 * np.random.randn(hidden, 7), "second_bias": np.zeros(7),
            "last": 0.01 * np.random.randn(7, num_classes), "scale": np.ones(()),
        }

    def loss(self, X, y):
        p = self.params
        a = np.maximum(X @ p["first"] + p["first_bias"], 0)
        b = np.tanh(a @ p["second"] + p["second_bias"])
        u = b @ p["last"]
        s = u * p["scale"]
        s = s - s.max(axis=1, keepdims=True)
        q = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(q[rows, y]).mean() + 0.1 * np.sum(p["first"] ** 2)
        ds = q.copy()
        ds[rows, y] -= 1
        ds /= len(y)
        db = ds * p["scale"] @ p["last"].T * (1 - b * b)
        da = db @ p["second"].T * (a > 0)
        grads = {
            "last": b.T @ ds * p["scale"],
            "scale": np.sum(ds * u),
            "second": a.T @ db,
            "second_bias": db.sum(axis=0),
            "first": X.T @ da + 0.2 * p["first"],
            "first_bias": da.sum(axis=0),
        }
        return loss, grads
"""
SECOND = '"second": a.T @ db,'
GRADIENTS = {f"own_net.backward.grads['{name}']" for name in ("first", "first_bias", "second", "second_bias", "last", "scale")}


def changed(*changes: tuple[str, str], source: str = RIGHT) -> str:
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return source


def returning(returned: str) -> str:
    return changed(("return loss, grads", f"return {returned}"))


NOISY = changed(("        b = np", "        a = a * (np.random.rand(*a.shape) < 0.5)\n        b = np"))


@pytest.fixture
def one(tmp_path: Path, launcher: Launcher, banks: Path) -> Any:
    return lambda source: grade_one(source, course(tmp_path, ASKED), launcher, banks)


def check(task: TaskResult, id: str) -> CheckResult:
    return next(c for c in task.checks if c.id == f"own_net.{id}")


def test_a_right_net_has_full_marks_and_its_class_is_named(one):
    task = one(RIGHT)

    assert (task.standing, task.score, task.max_score) == (Standing.PASSED, 10, 10)
    assert {c.id for c in task.checks if c.part == "backward" and c.max_score} == GRADIENTS
    assert task.graded == {"forward": "layers.py:4 OwnNet", "backward": "layers.py:4 OwnNet"}
    assert task.notes == ()


@pytest.mark.parametrize("loss", ["np.array([loss])", "np.float32(loss)", "float(loss)"])
def test_a_loss_may_be_one_number_of_any_kind(one, loss: str):
    assert one(returning(f"{loss}, grads")).score == 10


def test_a_net_in_float32_is_judged_by_what_float32_can_tell(one):
    single = changed(("p = self.params\n", "p = {k: v.astype(np.float32) for k, v in self.params.items()}; X = X.astype(np.float32)\n"))

    assert one(single).score == 10
    assert failing(one(changed((SECOND, '"second": 1.1 * a.T @ db,'), source=single))) == ["own_net.backward.grads['second']"]


def test_a_wrong_gradient_costs_its_share_and_is_named_with_its_element(one):
    task = one(changed((SECOND, '"second": a.T @ db + 1e-4 * (np.arange(63) == 17).reshape(9, 7),')))

    assert failing(task) == ["own_net.backward.grads['second']"]
    assert float(task.score) == pytest.approx(10 - 8 / 6)
    (finding,) = check(task, "backward.grads['second']").findings
    assert finding.where == "grads['second'][2, 3]"
    assert finding.got - finding.expected == pytest.approx(1e-4, rel=1e-4)
    assert "not the gradient of your own loss" in finding.what
    assert finding.case["shapes"]["params['second']"] == [9, 7]
    assert (finding.case["failing"], finding.case["of"]) == (3, 3)


def test_a_gradient_that_forgets_the_regularisation_is_found(one):
    assert failing(one(changed((' + 0.2 * p["first"]', "")))) == ["own_net.backward.grads['first']"]


def test_a_missing_key_is_named_and_costs_its_share(one):
    task = one(changed((SECOND, "")))

    assert failing(task) == ["own_net.backward.contract"]
    said = check(task, "backward.contract").findings[0].what
    assert said == "grads['second'] is missing: there is a params['second'], and grads must have the same keys as params."
    assert check(task, "backward.grads['second']").verdict is Verdict.SKIPPED
    assert (float(task.score), task.max_score) == (pytest.approx(10 - 8 / 6), 10)


def test_a_gradient_of_another_shape_is_told_the_shape_of_its_parameter(one):
    task = one(changed((SECOND, '"second": (a.T @ db).T,')))

    assert failing(task) == ["own_net.backward.contract"]
    said = check(task, "backward.contract").findings[0].what
    assert said == "grads['second'] has shape (7, 9); it must have the shape of params['second'], (9, 7)."


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (NOISY, "for the same parameters and X. If it draws random numbers (dropout), let loss() seed them itself."),
        (returning("np.round(loss, 3), grads"), "a kink or a jump there, or too much noise"),
        (
            returning("loss + 1e-3 * sum(np.abs(np.sin(1e15 * v)).sum() for v in p.values()), grads"),
            "a kink or a jump there, or too much noise",
        ),
    ],
    ids=["dropout", "rounded", "kinks"],
)
def test_what_cannot_be_decided_is_nobodys_failure(one, source: str, reason: str):
    task = one(source)

    undecided = [c for c in task.checks if c.id in GRADIENTS]
    assert failing(task) == []
    assert {c.verdict for c in undecided} == {Verdict.SKIPPED}
    assert all(reason in c.reason and c.max_score == 0 for c in undecided)
    assert task.score == task.max_score > 0
    assert task.standing is Standing.PARTIAL


def test_a_parameter_that_the_loss_does_not_use_counts_neither_way(one):
    unused = changed(('"scale": np.ones(())', '"scale": np.ones(()), "unused": np.ones(3)'))

    zeros = one(changed((SECOND, SECOND + ' "unused": np.zeros(3),'), source=unused))
    ones = one(changed((SECOND, SECOND + ' "unused": np.ones(3),'), source=unused))

    assert zeros.score == zeros.max_score
    assert check(zeros, "backward.grads['unused']").max_score == 0
    assert failing(ones) == ["own_net.backward.grads['unused']"]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("0.7, {k: np.zeros_like(v) for k, v in p.items()}", "The loss is 0.7 whatever the parameters are."),
        ("np.sum(p['last'] ** 2), {k: 2.0 * v if k == 'last' else 0.0 * v for k, v in p.items()}", "whatever X is."),
    ],
)
def test_a_loss_that_depends_on_nothing_earns_nothing(one, returned: str, said: str):
    task = one(returning(returned))

    assert failing(task) == ["own_net.forward.value"]
    assert check(task, "forward.value").findings[0].what.endswith(said)
    assert (task.score, task.max_score, task.standing) == (0, 10, Standing.FAILED)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("-np.log(q[rows, y]), grads", "loss has shape (2,); it must have shape ()."),
        ("loss * np.nan, grads", "loss is not a finite number at an entry: it is nan."),
        ("loss", "one value of type float64 was returned instead of 2 values: loss, grads"),
        ("loss, [grads]", "grads is of type list, not a dictionary"),
    ],
)
def test_what_is_no_loss_or_no_gradients_is_said_by_the_contract(one, returned: str, said: str):
    task = one(returning(returned))

    (id,) = failing(task)
    assert id.endswith(".contract")
    finding = check(task, id.removeprefix("own_net.")).findings[0]
    assert said in finding.what
    assert finding.case["of"] == 3


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ('np.zeros((input_size, hidden)), "more": np.zeros(60_000)', "numbers in all; at most 50000 are graded"),
        ("np.zeros((input_size, hidden), int)", "params['first'] has dtype int64"),
        ("np.full((input_size, hidden), np.nan)", "params['first'] is not a finite number"),
    ],
)
def test_parameters_that_cannot_be_graded_are_named(one, first: str, said: str):
    task = one(changed(("0.01 * np.random.randn(input_size, hidden)", first)))

    assert said in check(task, "forward.contract").findings[0].what
    assert task.score == 0


def test_a_key_that_no_report_can_show_is_refused(one):
    task = one(changed(('"scale": np.ones(())', '"scale": np.ones(()), "x" * 80: np.ones(3)')))

    assert "params has a key that cannot be shown" in check(task, "forward.contract").findings[0].what


def test_a_net_that_cannot_bear_other_parameters_than_its_own_is_not_at_fault(one):
    task = one(changed(("return loss, grads", "return loss + (0 if np.abs(p['first']).max() < 0.05 else np.nan), grads")))

    assert failing(task) == []
    assert task.max_score == 0
    assert check(task, "forward.value").reason == "Not decided: with parameters of the grader's the loss is nan."


def test_initial_values_without_a_seed_leave_the_result_as_it_is(tmp_path: Path, launcher: Launcher, banks: Path):
    source = changed((SECOND, '"second": 1.5 * a.T @ db,'))

    first, second = (to_results(grade([source], course(tmp_path, ASKED), launcher, banks))["submissions"][0] for _ in range(2))

    assert first["tasks"] == second["tasks"]


def test_the_task_is_listed(tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    file.write_text(tasks(ASKED), encoding="utf-8")

    shown = CliRunner().invoke(main, ["tasks", "--tasks", str(file)]).output

    assert "own_net (forward, backward): A net of your own" in shown
