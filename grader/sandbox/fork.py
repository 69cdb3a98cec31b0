"""Workers forked from a warm zygote: milliseconds each, and the only ones that can be jailed. Linux."""

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import SandboxError
from grader.sandbox import home
from grader.sandbox.command import START_SECONDS, command, environment
from grader.worker.jail import Tier

if TYPE_CHECKING:
    from grader.sandbox.process import Exit, Process

END_SECONDS = 2.0  # a zygote that was hung up on ends within

# `process` is imported where it is used: it brings NumPy along, and the zygote should be warming up by then.


class ForkLauncher:
    """Keeps a zygote: a Python with NumPy loaded that forks a worker, in a jail of this tier, in milliseconds."""

    def __init__(self, tier: Tier = Tier.PROCESS, library: str = "") -> None:
        """Start the zygote, with a further library loaded; it warms up while the caller goes on. Raises SandboxError."""
        self.tier, self.library = tier, library
        self._lock = threading.Lock()
        self._ready = False
        self._home = home.make()
        try:
            self._control, self._zygote = self._start()
        except OSError as error:
            home.remove(self._home)
            raise SandboxError(f"The process that starts the workers cannot be started: {error.strerror or error}.") from error

    def _start(self) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
        seccomp = find_spec("pyseccomp") if self.tier is not Tier.PROCESS else None
        folder = str(Path(seccomp.origin).parent) if seccomp and seccomp.origin else ""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.settimeout(START_SECONDS)
        try:
            return control, subprocess.Popen(
                command("fork", theirs.fileno(), self.tier, folder, library=self.library),
                pass_fds=[theirs.fileno()],
                cwd=self._home,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError:
            control.close()
            raise
        finally:
            theirs.close()

    def _ask(self, request: Mapping[str, int], descriptors: list[int]) -> dict[str, Any]:
        with self._lock:
            try:
                if not self._ready:
                    self._answer()
                    self._ready = True
                socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
                return self._answer()
            except (OSError, ValueError) as error:
                self._control.close()  # an answer that is only late would be taken for the next one
                raise SandboxError(f"The worker process cannot be started: {self._last_words() or error}.") from error

    def _answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._control.recv(4096))
        return answer

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._zygote.wait(timeout=1)
        stderr = self._zygote.stderr
        if self._zygote.returncode is None or stderr is None or stderr.closed:
            return ""
        lines = stderr.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with status {self._zygote.returncode}"

    def start(self, memory_mb: int) -> "Process":
        """Fork a worker."""
        from grader.sandbox.process import Process

        try:
            ours, theirs, read, write = *socket.socketpair(), *os.pipe()
        except OSError as error:
            raise SandboxError(f"The worker process cannot be started: {error.strerror}.") from error
        try:
            pid = self._ask({"memory_mb": memory_mb}, [theirs.fileno(), write])["pid"]
        except SandboxError:
            ours.close()
            os.close(read)
            raise
        finally:
            theirs.close()
            os.close(write)
        return Process(self, pid, ours, read)

    def end(self, pid: int) -> "Exit":
        """Have the zygote kill and reap a worker."""
        from grader.sandbox.process import Exit

        ended = self._ask({"end": pid}, [])
        return Exit(ended["status"], ended["peak_mb"], excess=ended["excess"])

    def close(self) -> None:
        """Hang up; the zygote ends, and with it what it forked."""
        self._control.close()
        try:
            self._zygote.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        if self._zygote.stderr:
            self._zygote.stderr.close()
        home.remove(self._home)
