"""One worker process as the parent holds it: a socket with deadlines, the output it prints, the means to end it."""

import socket
import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from grader.errors import SandboxError
from grader.worker import wire
from grader.worker.jail import Tier

MAX_OUTPUT = 64 << 10


class Exit(NamedTuple):
    """How a worker ended: its exit status, negative for a signal, and the most memory it held, 0 where that is unknown.

    `orphaned`: its launcher was gone before it, so nobody knows. `excess`: what it had more of than it may, in words.
    """

    status: int
    peak_mb: int = 0
    orphaned: bool = False
    excess: str = ""


class Late(Exception):  # noqa: N818 - a finding about the worker, not an error of this side
    """The worker did not answer in time."""


class Launcher(Protocol):
    """Starts and ends worker processes. One worker serves one submission and is never used again.

    `tier` is how far each is kept apart.
    """

    tier: Tier

    def start(self, memory_mb: int) -> "Process":
        """Return a worker that has not said anything yet. Raises SandboxError where none can be had."""

    def end(self, pid: int) -> Exit:
        """Kill the worker if it still runs; return how it ended."""

    def close(self) -> None:
        """End everything that was started."""


class Process:
    """A running worker."""

    def __init__(self, launcher: Launcher, pid: int, sock: socket.socket, output_fd: int) -> None:
        """Take over the connected socket and the reading end of the output pipe."""
        self.launcher, self.pid, self.sock = launcher, pid, sock
        self._stream = wire.Stream(self._fill)
        self._sequence = 0  # of the request that is being answered
        self._deadline = 0.0
        self._kept = bytearray()  # what was printed on this page,
        self._page = bytearray()  # and on the last that was ended
        self._ended, self._due = 0, 0  # pages, and those whose end was asked for
        self._turned = threading.Condition()
        # A thread, since a pipe cannot be polled beside a socket on every system; it sleeps in read().
        self._reader = threading.Thread(target=self._drain, args=(output_fd,), daemon=True)
        self._reader.start()
        self._exit: Exit | None = None

    def _drain(self, fd: int) -> None:
        with open(fd, "rb", buffering=0) as pipe:
            while data := pipe.read(1 << 16):
                pages = data.count(wire.PAGE)
                *ended, data = data.rsplit(wire.PAGE, 2)
                with self._turned:
                    if pages:
                        self._keep(ended[-1], anew=len(ended) == 2)
                        self._page, self._kept = self._kept, bytearray()
                        self._ended += pages
                        self._turned.notify_all()
                    self._keep(data)

    def _keep(self, data: bytes, *, anew: bool = False) -> None:
        if anew:
            self._kept = bytearray()
        self._kept += data[: MAX_OUTPUT - len(self._kept)]

    @property
    def used(self) -> bool:
        """Whether student code ran in it."""
        return self._due > 0

    @property
    def output(self) -> str:
        """What the worker printed since files were run in it or its page was turned, as far as it was kept."""
        return bytes(self._kept).decode("utf-8", "replace")

    def turned(self, seconds: float) -> str | None:
        """Return what the page that was ended last holds, as soon as all of it is here; None where it does not come."""
        with self._turned:
            here = self._turned.wait_for(lambda: self._ended >= self._due, seconds)
            return bytes(self._page).decode("utf-8", "replace") if here else None

    def send(self, kind: int, meta: Mapping[str, Any], buffers: list[bytes], seconds: float) -> None:
        """Send one request, all of it under one deadline. Raises Late, wire.Closed, or wire.ProtocolError where an answer is there before."""
        self._refuse_unasked()
        self._sequence += 1
        self._due += kind in (wire.Kind.LOAD, wire.Kind.TURN)
        self.sock.settimeout(seconds)
        try:
            self.sock.sendall(wire.encode(kind, meta, buffers, sequence=self._sequence))
        except TimeoutError as error:
            raise Late from error
        except OSError as error:
            raise wire.Closed from error

    def receive(self, seconds: float) -> wire.Frame:
        """Wait for one frame of the answer, all of it under one deadline. Raises Late, wire.Closed or wire.ProtocolError."""
        self._deadline = time.monotonic() + seconds
        frame = wire.decode(self._stream.take)
        if frame.sequence != self._sequence:
            raise wire.ProtocolError("sequence")
        return frame

    def _fill(self, view: memoryview) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Late
        self.sock.settimeout(left)
        try:
            count = self.sock.recv_into(view)  # which has no room for descriptors: the kernel drops those sent along
        except TimeoutError as error:
            raise Late from error
        except OSError as error:
            raise wire.Closed from error
        if not count:
            raise wire.Closed
        return count

    def _refuse_unasked(self) -> None:
        """Between two requests there is nothing to read."""
        self.sock.settimeout(0)
        try:
            unasked = len(self._stream) or len(self.sock.recv(1, socket.MSG_PEEK))
        except OSError:  # nothing to read, or a connection that broke, of which the sending will tell
            return
        if unasked:
            raise wire.ProtocolError("unasked")

    def kill(self) -> Exit:
        """End the worker, whatever it does, and return how it ended."""
        if self._exit is None:
            try:
                self._exit = self.launcher.end(self.pid)
            except SandboxError:
                self._exit = Exit(-9, orphaned=True)
            self.sock.close()
            self._reader.join(timeout=1)
        return self._exit
