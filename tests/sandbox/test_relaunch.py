"""A launcher that is lost is started anew; one submission that brings it down stops no other."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.errors import SandboxError
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.launch import Relaunching
from grader.sandbox.process import Exit
from grader.sandbox.session import await_ready
from grader.worker.jail import Tier


class Broken:
    """A launcher that never starts anything."""

    tier = Tier.PROCESS

    def __init__(self):
        self.closed = False

    def start(self, memory_mb):
        raise SandboxError("no worker today")

    def close(self):
        self.closed = True


def test_after_a_killed_zygote_workers_start_again():
    launcher = Relaunching(ForkLauncher)
    lost = launcher.start(1024)
    await_ready(lost)
    os.kill(launcher._current._zygote.pid, signal.SIGKILL)

    process = launcher.start(1024)

    await_ready(process)
    assert process.kill().status == -signal.SIGKILL
    lost.sock.close()
    launcher.close()


def test_a_launcher_that_never_works_is_tried_twice_and_closed():
    made = []
    launcher = Relaunching(lambda: made.append(Broken()) or made[-1])

    with pytest.raises(SandboxError, match="no worker today"):
        launcher.start(1024)

    assert [b.closed for b in made] == [True, False]


class Recorder(Broken):
    """A launcher that works, and tells who was ended."""

    def __init__(self):
        super().__init__()
        self.ended = []

    def start(self, memory_mb):
        return f"worker of {memory_mb} MB"

    def end(self, pid):
        self.ended.append(pid)
        return Exit(0)


def test_a_worker_is_ended_by_the_launcher_of_now():
    launcher = Relaunching(Recorder)

    launcher.end(17)

    assert launcher._current.ended == [17]


def test_of_two_threads_that_lose_a_launcher_one_starts_it_anew():
    both = threading.Barrier(2)
    made = []

    class LostByTwo(Broken):
        def start(self, memory_mb):
            both.wait(5)
            return super().start(memory_mb)

    def launch():
        made.append(Recorder() if made else LostByTwo())
        return made[-1]

    launcher = Relaunching(launch)

    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(launcher.start, [1, 2]))

    assert started == ["worker of 1 MB", "worker of 2 MB"]
    assert (len(made), made[0].closed) == (2, True)
