"""A launcher that is lost is started anew; one submission that brings it down stops no other."""

import os
import signal

import pytest

from grader.errors import SandboxError
from grader.sandbox.launch import ForkLauncher, Relaunching
from grader.sandbox.session import await_ready


class Broken:
    """A launcher that never starts anything."""

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
