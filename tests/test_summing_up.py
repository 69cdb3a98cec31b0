"""What the checks of a task come to: its points, its standing and that of its parts, and what is missing."""

from fractions import Fraction
from pathlib import Path

import pytest

from grader import messages
from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import AFFINE, AFFINE_TASK, RELU, RELU_TASK, course, failing, grade, grade_one


def test_a_right_submission_has_full_marks(tmp_path: Path, launcher: Launcher, banks: Path):
    report = grade([RELU + AFFINE], course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    (submission,) = report.submissions
    assert (submission.score, submission.max_score, submission.standing) == (15, 15, Standing.PASSED)
    affine = submission.tasks[0]
    assert [c.id for c in affine.checks][:3] == ["affine.forward.contract", "affine.forward.value", "affine.forward.repeat"]
    assert affine.graded == {"forward": "layers.py:12 affine_forward", "backward": "layers.py:15 affine_backward"}
    assert affine.parts == {"forward": Standing.PASSED, "backward": Standing.PASSED}
    assert sum(c.max_score for c in affine.checks if c.part == "backward") == 6


def test_one_wrong_gradient_costs_its_share(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE.replace("dout.sum(axis=0)", "dout.mean(axis=0)")

    task = grade_one(source, course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert failing(task) == ["affine.backward.db"]
    assert task.score == 10 - Fraction(6, 75) * (20 + 15)  # db, and what needs it: a backward that reads its own cache
    assert task.standing is Standing.PARTIAL
    assert task.parts == {"forward": Standing.PASSED, "backward": Standing.PARTIAL}


def test_a_task_that_was_not_handed_in_is_missing(tmp_path: Path, launcher: Launcher, banks: Path):
    (submission,) = grade([RELU], course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks).submissions

    affine, relu = submission.tasks
    assert (affine.standing, affine.score, affine.max_score) == (Standing.MISSING, 0, 10)
    assert affine.notes == ()
    assert (relu.standing, submission.standing) == (Standing.PASSED, Standing.PARTIAL)
    assert (submission.score, submission.max_score) == (5, 15)


def test_a_forward_alone_earns_the_points_of_forward(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE.partition("def affine_backward")[0]

    task = grade_one(source, course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert (task.score, task.max_score) == (4, 10)
    assert task.parts == {"forward": Standing.PASSED, "backward": Standing.MISSING}


@pytest.mark.parametrize("rest", ["", *(f"\n\ndef zero_pad_backward(dout, x, pad):\n    {body}\n" for body in ("return 1 // 0", "pass"))])
def test_a_task_without_a_backward_is_passed_by_forward_whatever_else_is_there(rest: str, tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import numpy as np\n\n\ndef zero_pad(x, pad):\n    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n" + rest
    asked = course(tmp_path, "id: zero_pad, title: Zero padding, points: 2, parts: {forward: 1, backward: 0}")

    task = grade_one(source, asked, launcher, banks)

    assert (task.standing, task.score, task.max_score) == (Standing.PASSED, 2, 2)
    assert task.parts == {"forward": Standing.PASSED}
    assert task.notes == ()


def test_a_backward_alone_with_a_cache_of_its_own_cannot_be_graded(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import numpy as np\n" + AFFINE[AFFINE.index("def affine_backward") :]  # with a cache of its own, which nobody can know

    task = grade_one(source, course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert (task.standing, task.max_score) == (Standing.MISSING, 10)
    assert messages.NEEDS_FORWARD in task.notes
