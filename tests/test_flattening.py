"""An affine layer is given planes where its course promises to flatten them, and nowhere else."""

from pathlib import Path

import pytest

from grader import casebank
from grader.model import Standing
from grader.plan import Plans
from grader.properties import PROPERTIES
from grader.sandbox.process import Launcher
from grader.worker.conventions import CONVENTIONS
from tests.support import AFFINE, course, failing, grade_one

TASK = "id: affine, title: Affine, points: 10, parts: {forward: 4, backward: 6}"
ROWS_ONLY = AFFINE.replace("x.reshape(len(x), -1)", "x").replace(".reshape(x.shape)", "")
BOOK = """
import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        FLATTEN
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW, self.db = np.dot(self.x.T, dout), dout.sum(axis=0)
        return np.dot(dout, self.W.T)RESHAPE
"""
FLATTENS = BOOK.replace("FLATTEN", "self.shape, x = x.shape, x.reshape(x.shape[0], -1)").replace("RESHAPE", ".reshape(self.shape)")
CHAPTER_FIVE = BOOK.replace("FLATTEN", "").replace("RESHAPE", "")
LEFT_FLAT = BOOK.replace("FLATTEN", "x = x.reshape(x.shape[0], -1)").replace("RESHAPE", "")


def test_a_layer_of_cs231n_that_takes_rows_only_loses_its_forward_and_keeps_its_backward(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(ROWS_ONLY, course(tmp_path, TASK), launcher, banks)

    assert failing(task) == ["affine.forward.contract", "affine.forward.value"]
    assert task.score == 6
    assert {f.case["title"] for c in task.checks for f in c.findings if f.case} <= {
        "planes, to be flattened to (N, D)",
        "rows of rows, to be flattened to (N, D)",
        "made as small as the mistake allows",
    }


@pytest.mark.parametrize(("source", "noted"), [(FLATTENS, False), (CHAPTER_FIVE, True)], ids=["flattens", "rows only"])
def test_a_layer_of_the_book_may_flatten_or_refuse(source: str, noted: bool, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(source, course(tmp_path, TASK), launcher, banks)

    assert task.standing is Standing.PASSED
    assert ("Your affine layer takes x of shape (N, D) and flattens nothing; accepted." in task.notes) == noted


def test_a_layer_that_flattens_and_leaves_dx_flat_is_wrong(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(LEFT_FLAT, course(tmp_path, TASK), launcher, banks)

    assert failing(task) == ["affine.backward.contract", "affine.backward.dx"]


@pytest.mark.parametrize("convention", [name for name, tasks in CONVENTIONS.items() if "affine" in tasks])
def test_only_a_course_that_promises_it_is_asked_to_flatten(convention: str, tmp_path: Path):
    (task,) = course(tmp_path, TASK).tasks
    adapter, bank = CONVENTIONS[convention]["affine"], casebank.draw(task.spec, casebank.readings(task.spec, {}), 0)

    plan = Plans().plan(task, bank.cases, adapter.fixed, PROPERTIES, backward=True, expressible=adapter.expressible, varied=adapter.varied)

    axes = {call.case.arrays["x"].ndim for call in [*plan.calls, *plan.calls_of_laws]}
    assert axes == ({2, 3, 4} if convention in ("cs231n", "deep_learning_from_scratch") else {2})
