"""Workers that are each a Python of their own, which connects back over the loopback: slower, without a jail, on every system."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.sandbox import home
from grader.sandbox.command import START_SECONDS, command, environment
from grader.worker.jail import Tier

if TYPE_CHECKING:
    from grader.sandbox.process import Exit, Process


class SpawnLauncher:
    """Starts a fresh Python for every worker, which connects back over the loopback: slower, without a jail, and works everywhere."""

    tier = Tier.PROCESS

    def __init__(self, library: str = "") -> None:
        """Nothing is started yet; what will be, has a further library loaded."""
        self.library = library
        self._home = home.make()
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, memory_mb: int) -> "Process":
        """Spawn a worker and wait until it has connected."""
        from grader.sandbox.process import Process

        token = secrets.token_hex(16).encode()
        Path(self._home).mkdir(exist_ok=True)  # student code may have removed it
        read, write = os.pipe()
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                try:
                    child = self._spawn(server.getsockname()[1], memory_mb, write)
                finally:
                    os.close(write)
                try:
                    assert child.stdin
                    with child.stdin:
                        child.stdin.write(token + b"\n")
                    sock = _accept(server, token, child)
                except BaseException:
                    self.end(child.pid)
                    raise
        except OSError as error:
            os.close(read)
            raise SandboxError(f"The worker process cannot be started: {error}.") from error
        return Process(self, child.pid, sock, read)

    def _spawn(self, port: int, memory_mb: int, output: int) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(
            command("spawn", port, str(memory_mb), library=self.library),
            env=environment(),
            cwd=self._home,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        self._running[child.pid] = child
        return child

    def end(self, pid: int) -> "Exit":
        """Kill and reap a worker."""
        from grader.sandbox.process import Exit

        child = self._running.pop(pid)
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)  # what it forked, too
        child.kill()
        return Exit(child.wait())

    def close(self) -> None:
        """Kill what still runs."""
        for pid in list(self._running):
            self.end(pid)
        home.remove(self._home)


def _accept(server: socket.socket, token: bytes, child: "subprocess.Popen[bytes]") -> socket.socket:
    """Wait for the child to connect and to prove that it is the one; others on this machine are sent away.

    Raises:
        OSError: It ended, or did not connect in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        server.settimeout(0.1)
        try:
            sock, _ = server.accept()
        except TimeoutError:
            if child.poll() is None:
                continue
            raise ConnectionError(f"it ended with status {child.returncode}") from None
        sock.settimeout(1)
        said = b""
        with contextlib.suppress(OSError):
            while len(said) < len(token) and (more := sock.recv(len(token) - len(said))):
                said += more
        if secrets.compare_digest(said, token):
            return sock
        sock.close()
    raise TimeoutError("it did not connect in time")
