"""What an instructor claims of a layer is asked of the reference first, and of students' layers only where it can be."""

from pathlib import Path

import pytest

from grader import assignment, casebank
from grader.errors import AssignmentError
from grader.model import Verdict
from grader.sandbox.process import Launcher
from tests.own_layers import SMALL, own
from tests.support import failing, grade

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
