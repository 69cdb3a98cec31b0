"""The real command, killed with SIGKILL and started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
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


def spawned(pid: int) -> bool:
    """Whether a process has begun another interpreter for some of its work."""
    try:
        return any("spawn_main" in word for child in psutil.Process(pid).children() for word in child.cmdline())
    except psutil.Error:  # a child ended meanwhile
        return False


@pytest.fixture
def listening() -> Iterator[None]:
    """Children hear Ctrl-C; a shell may have started the tests in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("listening")
@pytest.mark.skipif(os.name != "posix", reason="a group of processes is sent the signal")
@pytest.mark.parametrize("where", [("--jobs", "2"), ("--cluster", "local", "--jobs", "2")], ids=["processes", "cluster"])
def test_ctrl_c_is_for_the_command_alone_whatever_the_others_are_doing(where: tuple[str, ...], tmp_path: Path):
    """A terminal sends it to all processes; here while those that grade begin, which takes them a second."""
    (tmp_path / "class").mkdir()
    hand_in(tmp_path / "class" / "student", RELU)
    given = [sys.executable, "-m", "grader", "grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), *where]
    with subprocess.Popen(given, stderr=subprocess.PIPE, text=True, start_new_session=True) as command:
        while not spawned(command.pid):
            time.sleep(0.01)
        time.sleep(0.3)  # they load what they need for a second
        os.killpg(command.pid, signal.SIGINT)
        _, said = command.communicate()

    assert command.returncode == 130
    assert said == "note: Stopped after 0 of 1 submissions; the same command goes on from there.\n"
