"""The parent's end of one worker: deadlines on every byte, output kept in part, an end that can be asked for twice."""

import os
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.sandbox.process import MAX_OUTPUT, Exit, Late, Process
from grader.worker.wire import Closed, Kind, ProtocolError, encode


class Ender:
    """Counts how often it is asked to end a worker."""

    def __init__(self):
        self.ended = []

    def end(self, pid):
        self.ended.append(pid)
        return Exit(3, 40)


@pytest.fixture
def ends():
    """A process without any process: its launcher, itself, the worker's end of the socket and of the output."""
    ours, theirs = socket.socketpair()
    read, write = os.pipe()
    ender = Ender()
    process = Process(ender, 17, ours, read)
    output = os.fdopen(write, "wb", buffering=0)
    yield ender, process, theirs, output
    theirs.close()
    output.close()
    process.kill()


def test_a_frame_arrives(ends):
    _, process, worker, _ = ends
    worker.sendall(encode(Kind.READY, {"n": 1}, [b"abc"]))

    frame = process.receive(5)

    assert (frame.kind, frame.meta, bytes(frame.payload)) == (Kind.READY, {"n": 1}, b"abc")


def test_a_frame_is_sent(ends):
    _, process, worker, _ = ends

    process.send(Kind.LOAD, {}, [b"x"], 5)

    assert worker.recv(100) == encode(Kind.LOAD, {}, [b"x"], sequence=1)


@pytest.mark.parametrize("sequence", [0, 1, 3, 2**32 - 1])
def test_an_answer_to_another_request_is_refused(sequence, ends):
    _, process, worker, _ = ends
    for _ in range(2):
        process.send(Kind.CALLS, {}, [], 5)
    worker.sendall(encode(Kind.DONE, {}, [], sequence=sequence))

    with pytest.raises(ProtocolError, match="sequence"):
        process.receive(5)


def test_an_answer_may_have_many_frames(ends):
    _, process, worker, _ = ends
    process.send(Kind.CALLS, {}, [], 5)
    worker.sendall(b"".join(encode(Kind.STAGE, {"call": n}, [bytes(n * 2000)], sequence=1) for n in range(12)))

    got = [process.receive(5) for _ in range(12)]

    assert [(frame.meta["call"], len(frame.payload)) for frame in got] == [(n, n * 2000) for n in range(12)]


@pytest.mark.parametrize("read_ahead", [True, False])
@pytest.mark.parametrize("unasked", [encode(Kind.DONE, {}, [], sequence=1), b"x"])
def test_an_answer_before_the_request_is_refused(unasked, read_ahead, ends):
    _, process, worker, _ = ends
    ready = encode(Kind.READY, {}, [])
    worker.sendall(ready + unasked if read_ahead else ready)
    process.receive(5)
    if not read_ahead:
        worker.sendall(unasked)

    with pytest.raises(ProtocolError, match="unasked"):
        process.send(Kind.CALLS, {}, [], 5)


def test_one_deadline_holds_for_all_portions_of_a_frame(ends):
    _, process, worker, _ = ends
    stop = threading.Event()

    def drip():
        for byte in encode(Kind.READY, {"text": "x" * 1000}, []):
            if not stop.wait(0.02):
                worker.sendall(bytes([byte]))

    dripping = threading.Thread(target=drip)
    dripping.start()
    start = time.monotonic()

    with pytest.raises(Late):
        process.receive(0.15)

    assert time.monotonic() - start < 1
    stop.set()
    dripping.join()


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors in /proc")
def test_descriptors_that_come_along_are_dropped(ends, tmp_path):
    _, process, worker, _ = ends
    with (tmp_path / "file").open("wb") as file:
        before = set(Path("/proc/self/fd").iterdir())
        for _ in range(5):
            socket.send_fds(worker, [encode(Kind.READY, {}, [])], [file.fileno()] * 20)

            assert process.receive(5).kind == Kind.READY

        assert set(Path("/proc/self/fd").iterdir()) == before


@pytest.mark.parametrize("part", [b"", b"NBG1", encode(Kind.READY, {}, [b"abc"])[:-1]])
def test_silence_before_or_within_a_frame_is_late(part, ends):
    _, process, worker, _ = ends
    worker.sendall(part)

    with pytest.raises(Late):
        process.receive(0.05)


def test_a_deadline_that_has_passed_is_late_without_a_look(ends):
    _, process, worker, _ = ends
    worker.sendall(encode(Kind.READY, {}, []))

    with pytest.raises(Late):
        process.receive(-1)


@pytest.mark.parametrize("part", [b"", b"NBG1"])
def test_an_end_before_or_within_a_frame_is_a_hang_up(part, ends):
    _, process, worker, _ = ends
    worker.sendall(part)
    worker.close()

    with pytest.raises(Closed):
        process.receive(5)


def test_a_connection_that_breaks_is_a_hang_up(ends):
    _, process, worker, _ = ends
    process.sock.sendall(b"unread")
    worker.close()

    with pytest.raises(Closed):
        process.receive(5)


def test_garbage_is_refused(ends):
    _, process, worker, _ = ends
    worker.sendall(b"x" * 100)

    with pytest.raises(ProtocolError):
        process.receive(5)


def test_a_worker_that_does_not_listen_is_late(ends):
    _, process, _, _ = ends

    with pytest.raises(Late):
        process.send(Kind.CALLS, {}, [bytes(8 << 20)], 0.05)


def test_sending_to_nobody_is_a_hang_up(ends):
    _, process, worker, _ = ends
    worker.close()

    with pytest.raises(Closed):
        process.send(Kind.CALLS, {}, [], 5)


def test_the_first_output_is_kept_and_the_rest_is_read_and_thrown_away(ends):
    _, process, _, output = ends

    for _ in range(40):
        output.write(b"o" * 10_000)
    output.close()
    process.kill()

    assert process.output == "o" * MAX_OUTPUT


def test_the_end_is_asked_for_once_and_remembered(ends):
    ender, process, _, output = ends
    output.close()

    ended = [process.kill(), process.kill()]

    assert ended == [Exit(3, 40)] * 2
    assert ender.ended == [17]
    assert process.sock.fileno() == -1


@pytest.mark.slow
def test_an_end_does_not_wait_long_for_output_that_somebody_holds_open(ends):
    _, process, _, output = ends
    output.write(b"so far")
    ended = threading.Event()

    threading.Thread(target=lambda: (process.kill(), ended.set())).start()

    assert ended.wait(5)
    assert process.output == "so far"
