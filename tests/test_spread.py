"""Submissions of a large class are gone through in several processes, and come out as they would in one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from grader import spread as module
from grader.errors import ReportError
from grader.spread import MANY, cores, spread


@pytest.fixture
def few_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on any machine: what is ahead depends on how many cores there are."""
    monkeypatch.setattr(module, "cores", lambda: 2)


def who(_: int) -> int:
    return os.getpid()


def square(value: int) -> int:
    return value * value


def end(value: int) -> int:
    if value == MANY // 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return value


def test_a_few_are_gone_through_here():
    with spread(MANY - 1) as over:
        assert over is map


def test_one_core_needs_no_processes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "cores", lambda: 1)

    with spread(MANY) as over:
        assert over is map


@pytest.mark.usefixtures("few_cores")
def test_many_are_gone_through_elsewhere_in_their_order():
    with spread(MANY) as over:
        assert list(over(square, range(MANY))) == [value * value for value in range(MANY)]
        assert os.getpid() not in set(over(who, range(MANY)))


@pytest.mark.usefixtures("few_cores")
def test_no_more_are_asked_for_than_a_few_ahead():
    asked = []

    def values() -> Iterator[int]:
        for value in range(MANY):
            asked.append(value)
            yield value

    with spread(MANY) as over:
        taken = iter(over(square, values()))
        next(taken)

        assert len(asked) == 2 * module.AHEAD + 1


@pytest.mark.usefixtures("few_cores")
def test_a_process_that_is_lost_is_told_and_nothing_waits_for_it():
    with pytest.raises(ReportError, match="A process that writes reports was lost"), spread(MANY) as over:
        list(over(end, range(MANY)))


@pytest.mark.skipif(cores() < 2, reason="one core needs no processes")
def test_the_processes_end_with_the_one_that_started_them():
    code = """
        import os, signal
        from grader.spread import spread
        if __name__ == "__main__":
            with spread(1000) as over:
                list(over(abs, range(4)))
                print(flush=True)
                signal.pause()
    """
    script = "\n".join(line[8:] for line in code.splitlines())
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        parent.stdout.readline()
        theirs = psutil.Process(parent.pid).children()
        parent.kill()
    deadline = time.monotonic() + 20

    assert len(theirs) >= 2
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in theirs):
        assert time.monotonic() < deadline, "a process outlives the one that started it"
        time.sleep(0.02)
