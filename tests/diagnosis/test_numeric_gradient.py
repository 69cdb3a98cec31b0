"""A backward that differentiates numerically is known."""

from pathlib import Path

import pytest

from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import RELU_TASK, course, grade_one

NUMERIC = """
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, x):
    dx = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += 1e-5
        down[index] -= 1e-5
        dx[index] = np.sum((relu_forward(up)[0] - relu_forward(down)[0]) * dout) / 2e-5
    return dx
"""


@pytest.mark.parametrize(("choice", "standing"), [("reject", Standing.FAILED), ("accept", Standing.PASSED)])
def test_whether_a_numeric_gradient_passes_is_the_assignments_choice(
    choice: str, standing: Standing, tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(NUMERIC, course(tmp_path, RELU_TASK, head=f"numeric_gradient: {choice}"), launcher, banks)

    assert [d.id for d in task.diagnoses] == ["numeric_gradient"]
    assert task.parts == {"forward": Standing.PASSED, "backward": standing}
