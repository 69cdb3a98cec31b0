"""Workers that are threads and play a script, so that every byte of them is known."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.model import PARTS
from grader.sandbox.process import Exit, Process
from grader.worker.jail import Tier
from grader.worker.wire import Blocking, Closed, Kind, encode, pack

LOAD, CALLS = 1, 2  # the numbers of a session's requests
Script = Callable[[Blocking], None]


class Scripted:
    """Starts workers that play a script: threads, not processes."""

    tier = Tier.PROCESS

    def __init__(self, script: Script) -> None:
        self.script, self.ended = script, 0

    def start(self, memory_mb: int) -> Process:
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        os.close(write)

        def play() -> None:
            with theirs, contextlib.suppress(Closed, OSError):  # the session has had enough
                self.script(Blocking(theirs))

        threading.Thread(target=play, daemon=True).start()
        return Process(self, 0, ours, read)

    def end(self, pid: int) -> Exit:
        self.ended += 1
        return Exit(-9)

    def close(self) -> None:
        """Hold nothing that would have to be let go."""


def loaded(channel: Blocking) -> list[Any]:
    """Do as a right worker does until the calls have come."""
    channel.send(Kind.READY, {})
    channel.receive()
    for part in PARTS:
        channel.send(Kind.LOADED, {"part": part, "failure": None})
    calls: list[Any] = channel.receive().meta["calls"]
    return calls


def answer(kind: int, meta: dict[str, Any], buffers: Sequence[bytes] = (), sequence: int = CALLS) -> bytes:
    """Return a frame of the answer to the calls, or to another request."""
    return encode(kind, meta, list(buffers), sequence=sequence)


def stage(number: Any, part: Any, failure: Any = None, sequence: int = CALLS, **arrays: Any) -> bytes:
    """Return the frame of a stage."""
    buffers: list[bytes] = []
    described = pack({name: np.asarray(a) for name, a in arrays.items()}, buffers)
    return answer(Kind.STAGE, {"call": number, "part": part, "values": described, "failure": failure}, buffers, sequence)
