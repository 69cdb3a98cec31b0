"""A gradient that is right for a wrong forward of the student's own earns the share that the assignment gives."""

from fractions import Fraction
from pathlib import Path

import pytest

from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import AFFINE_TASK, course, failing, grade_one

OWN = """
import numpy as np

def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w - b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, -dout.sum(axis=0)
"""


@pytest.mark.parametrize(("credit", "score"), [(0, 3.2), (0.5, 4.6), (1, 6)])
def test_a_right_gradient_of_a_wrong_forward_earns_its_share(credit: float, score: float, tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, AFFINE_TASK, head=f"own_gradient_credit: {credit}")

    task = grade_one(OWN, asked, launcher, banks)

    assert [d.id for d in task.diagnoses] == ["own_gradient"]
    assert failing(task) == ["affine.forward.value", "affine.backward.db"]
    assert task.score == Fraction(str(score))
    assert task.parts["backward"] is Standing.PARTIAL
