"""The real command, killed with SIGKILL and started again."""

import random
import time
from pathlib import Path

import pytest

from benchmarks.killed import TASKS, Class, interrupted, results
from tests.classroom.conftest import RELU, hand_in


@pytest.mark.slow
def test_a_run_that_was_killed_three_times_ends_with_the_results_of_an_undisturbed_one(tmp_path: Path):
    given = Class(tmp_path / "class", tmp_path / "tasks.yaml")
    given.submissions.mkdir()
    given.tasks.write_text(TASKS, encoding="utf-8")
    for number in range(10):
        hand_in(given.submissions / f"student{number:02}", f"{RELU}# {number}\n")
    start = time.monotonic()
    given.grade(tmp_path / "whole")
    seconds, moments = time.monotonic() - start, random.Random(0)

    for out, _, ended in interrupted(given, tmp_path, iter(lambda: moments.uniform(0.2, 0.8) * seconds, None), kills=3):
        if ended:
            assert results(out) == results(tmp_path / "whole")

    assert given.grade(out)
    assert results(out) == results(tmp_path / "whole")
