"""A notebook or file that checks itself, handed in: graded as if it did not."""

from pathlib import Path

import pytest

from grader.intake.cells import understand
from grader.model import Standing
from grader.sandbox.process import Launcher
from grader.worker.cells import MARK
from tests.support import RELU, course, grade

CHECKS = """
import grader
from grader import check
card = grader.check("relu", lang="ko")
print(check("relu", len).passed)
"""


@pytest.mark.parametrize("source", [CHECKS + RELU, f"{MARK}\n# cell 1\n{CHECKS}{RELU}"], ids=["file", "notebook"])
def test_what_checks_itself_loses_nothing_below_the_check_and_draws_no_note(tmp_path: Path, launcher: Launcher, banks: Path, source: str):
    (submission,) = grade([source], course(tmp_path, "id: relu, title: ReLU, points: 5"), launcher, banks).submissions

    assert submission.standing is Standing.PASSED
    assert submission.notes == ()


def test_a_cell_that_is_checked_is_a_cell_like_any_other():
    assert understand("%%check relu\nx = 1").code == "pass\nx = 1"
