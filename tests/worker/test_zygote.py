"""The zygote forks workers, ends them, and looks after their folders; run in forks of this process, so that coverage sees it too."""

import json
import os
import random
import signal
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest

from grader.worker import folder as own_folder
from grader.worker import wire
from grader.worker import zygote as serving
from tests.worker.children import FORKS, MEMORY_MB, in_child, status_of, told
from tests.worker.parent import RELU, Parent

pytestmark = FORKS


def test_a_worker_is_deterministic_and_has_no_environment():
    ours, theirs = socket.socketpair()
    pid = in_child(lambda: (ours.close(), serving.work(theirs)))
    theirs.close()
    with ours:
        answer = told(Parent(ours), "(dict(os.environ), sys.argv, random.random(), float(np.random.rand()))")

    assert answer == repr(({}, [""], random.Random(0).random(), float(np.random.RandomState(0).rand())))
    assert status_of(pid) == 0


class Zygote:
    """A fork of this process that serves as one."""

    def __init__(self):
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = in_child(lambda: (self.control.close(), serving.fork(theirs.detach(), "", "", 0, "process", "")))
        theirs.close()
        self.ready = self.answer()

    def answer(self):
        return json.loads(self.control.recv(4096))

    def start(self):
        """Return a worker's pid, its socket and what it prints."""
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        socket.send_fds(self.control, [json.dumps({"memory_mb": MEMORY_MB}).encode()], [theirs.fileno(), write])
        theirs.close()
        os.close(write)
        return self.answer()["pid"], ours, os.fdopen(read, "rb")

    def end(self, pid):
        self.control.send(json.dumps({"end": pid}).encode())
        return self.answer()


@pytest.fixture
def zygote():
    made = Zygote()
    assert made.ready == {}
    yield made
    made.control.close()
    assert status_of(made.pid) == 0, "the zygote ends when it is hung up"


def test_the_zygote_forks_workers_of_a_session_of_their_own(zygote):
    pid, sock, output = zygote.start()
    with sock, output:
        answer = told(Parent(sock), "(os.getpid(), os.getsid(0), sys.stdin.read(), print('한글 \\ud800'), os.write(2, b'!'))")
        sock.shutdown(socket.SHUT_WR)
        printed = output.read().decode()

    assert answer == repr((pid, pid, "", None, 1))
    assert printed.rpartition(wire.PAGE.decode())[2] == "한글 ?\n!"
    assert zygote.end(pid)["status"] == 0


def test_a_worker_whose_runtime_breaks_ends_and_never_becomes_a_second_zygote(zygote):
    pid, sock, output = zygote.start()
    with sock, output:
        sock.sendall(b"no frame at all, and more bytes than a header has")
        output.read()

    assert zygote.end(pid)["status"] == 70


def test_a_running_worker_is_killed_and_its_memory_told(zygote):
    pid, sock, output = zygote.start()
    with sock, output:
        assert Parent(sock)

        ended = zygote.end(pid)

    assert ended["status"] == -signal.SIGKILL
    assert ended["peak_mb"] > 10


def test_the_end_of_one_worker_is_not_that_of_another(zygote):
    (first, sock, output), (second, other_sock, other_output) = zygote.start(), zygote.start()
    with sock, output, other_sock, other_output:
        parent = Parent(sock)

        ended = zygote.end(second)

        assert ended["status"] == -signal.SIGKILL
        assert parent.load(RELU) == {}
    zygote.end(first)


DAEMON = """
import os, signal
if os.fork() == 0:
    os.setsid()
    signal.alarm(30)
    os.write(1, b"%d " % os.getpid())
    signal.pause()
"""


def test_what_left_the_group_of_a_worker_is_killed_with_it(zygote):
    pid, sock, output = zygote.start()
    with sock, output:
        Parent(sock).load(DAEMON)
        left_behind = _number(output)

        zygote.end(pid)

        assert output.read().strip(wire.PAGE) == b"", "nobody holds the other end"
    assert not Path(f"/proc/{left_behind}").exists()


def _number(output):
    """Read digits up to a space."""
    digits = b""
    while (byte := output.read(1)) != b" ":
        digits += byte
    return digits


@pytest.mark.parametrize("grouped", [True, False])
def test_a_worker_ends_whether_it_has_its_group_yet_or_not(grouped):
    child = subprocess.Popen(["/bin/sleep", "30"], start_new_session=grouped)
    others = {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()} - {child.pid}

    ended = serving._end(child.pid, others)

    child.returncode = ended["status"]
    assert ended["status"] == -signal.SIGKILL


def test_a_worker_that_writes_more_than_it_may_is_killed_and_the_reason_told(zygote, folder):
    pid, sock, output = zygote.start()
    with sock, output:
        assert Parent(sock)
        (own,) = folder.iterdir()
        for n in range(own_folder.MAX_ENTRIES + 1):
            (own / str(n)).touch()

        assert output.read() == b"", "it ends by itself"

    ended = zygote.end(pid)
    assert (ended["status"], ended["excess"]) == (-signal.SIGKILL, "it wrote more than 32 MB, or more than 256 files")
    assert list(folder.iterdir()) == []
