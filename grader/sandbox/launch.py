"""Ways to start a worker: forked from a warm zygote where that is safe, spawned afresh elsewhere.

`process` is imported where it is used: it brings NumPy along, and the zygote should be warming up by then.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.worker.jail import Tier

if TYPE_CHECKING:
    from grader.sandbox.process import Exit, Launcher, Process

MAIN = Path(__file__).parent.parent / "worker" / "main.py"
START_SECONDS = 20.0


def _command(mode: str, where: int, *rest: str) -> list[str]:
    numpy = find_spec("numpy")
    if numpy is None or numpy.origin is None:
        raise SandboxError("NumPy cannot be found by this Python; install it with: pip install numpy")
    folders = (str(MAIN.parent.parent), str(Path(numpy.origin).resolve().parent.parent))
    # -I -S: no environment, no user site, no .pth files; what a worker imports is in main.py
    return [sys.executable, "-I", "-S", str(MAIN), mode, str(where), *folders, *rest]


def _environment() -> Mapping[str, str]:
    """What the interpreter itself needs, one BLAS thread, and a fixed hash seed: the same run gives the same bits."""
    keep = ("SYSTEMROOT", "OPENBLAS_CORETYPE", "LD_LIBRARY_PATH")
    fixed = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
    return {**{name: os.environ[name] for name in keep if name in os.environ}, **fixed}


class ForkLauncher:
    """Keeps a zygote: a Python with NumPy loaded that forks a worker, in a jail of this tier, in milliseconds."""

    def __init__(self, tier: Tier = Tier.PROCESS) -> None:
        """Start the zygote; it warms up while the caller goes on."""
        self.tier = tier
        seccomp = find_spec("pyseccomp") if tier is not Tier.PROCESS else None
        self._folder = tempfile.TemporaryDirectory(prefix="nablagrade-", ignore_cleanup_errors=True)
        Path(self._folder.name).chmod(0o711)  # a worker in a jail may be another user, who has to pass through to its own folder
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        self._zygote = subprocess.Popen(
            _command("fork", theirs.fileno(), tier, str(Path(seccomp.origin).parent) if seccomp and seccomp.origin else ""),
            pass_fds=[theirs.fileno()],
            cwd=self._folder.name,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        theirs.close()
        self._lock = threading.Lock()
        self._ready = False

    def _ask(self, request: Mapping[str, int], descriptors: list[int]) -> dict[str, int]:
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

    def _answer(self) -> dict[str, int]:
        answer: dict[str, int] = json.loads(self._control.recv(4096))
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

        ours, theirs = socket.socketpair()
        read, write = os.pipe()
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
        return Exit(ended["status"], ended["peak_mb"], overfull=bool(ended["overfull"]))

    def close(self) -> None:
        """Hang up; the zygote ends, and with it what it forked."""
        self._control.close()
        try:
            self._zygote.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        if self._zygote.stderr:
            self._zygote.stderr.close()
        self._folder.cleanup()


class SpawnLauncher:
    """Starts a fresh Python for every worker, which connects back over the loopback: slower, without a jail, and works everywhere."""

    tier = Tier.PROCESS

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._folder = tempfile.TemporaryDirectory(prefix="nablagrade-", ignore_cleanup_errors=True)
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, memory_mb: int) -> "Process":
        """Spawn a worker and wait until it has connected."""
        from grader.sandbox.process import Process

        token = secrets.token_hex(16).encode() + b"\n"
        Path(self._folder.name).mkdir(exist_ok=True)  # student code may have removed it
        read, write = os.pipe()
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(START_SECONDS)
            child = subprocess.Popen(
                _command("spawn", server.getsockname()[1], str(memory_mb)),
                env=_environment(),
                cwd=self._folder.name,
                stdin=subprocess.PIPE,
                stdout=write,
                stderr=write,
                start_new_session=True,
            )
            os.close(write)
            self._running[child.pid] = child
            assert child.stdin
            try:
                with child.stdin:
                    child.stdin.write(token)
                sock = self._accept(server, token)
            except OSError as error:
                os.close(read)
                self.end(child.pid)
                raise SandboxError(f"The worker process cannot be started: {error}.") from error
        return Process(self, child.pid, sock, read)

    def _accept(self, server: socket.socket, token: bytes) -> socket.socket:
        while True:
            sock, _ = server.accept()
            sock.settimeout(START_SECONDS)
            if secrets.compare_digest(sock.recv(len(token), socket.MSG_WAITALL), token):
                return sock
            sock.close()  # somebody else on this machine

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
        self._folder.cleanup()


class Relaunching:
    """A launcher that is started anew when it is lost, so that one submission that brings it down stops no other."""

    def __init__(self, launch: Callable[[], "Launcher"]) -> None:
        """Start the first one."""
        self._launch = launch
        self._current = launch()
        self.tier = self._current.tier
        self._lock = threading.Lock()

    def start(self, memory_mb: int) -> "Process":
        """Start a worker, from a new launcher if the old one does not answer."""
        current = self._current
        try:
            return current.start(memory_mb)
        except SandboxError:
            with self._lock:
                if self._current is current:
                    current.close()
                    self._current = self._launch()
            return self._current.start(memory_mb)

    def end(self, pid: int) -> "Exit":
        """End a worker of the current launcher; a worker knows its own launcher and asks that one."""
        return self._current.end(pid)

    def close(self) -> None:
        """Close the current launcher; those before it are closed."""
        self._current.close()


def can_fork() -> bool:
    """Whether workers are forked here: on macOS and Windows that is unsafe, or missing."""
    return sys.platform == "linux" and hasattr(os, "fork")


@contextlib.contextmanager
def open_launcher(tier: Tier = Tier.PROCESS) -> Iterator["Launcher"]:
    """Start what this system offers for a tier, and end it, with all workers, on the way out.

    Raises:
        SandboxError: Workers are spawned here, which have no jail. That the system lacks what a jail needs shows when the first
            worker is started.
    """
    if tier is not Tier.PROCESS and not can_fork():
        raise SandboxError(f"There is no jail on {sys.platform}, only on Linux.")
    launcher: Launcher = Relaunching((lambda: ForkLauncher(tier)) if can_fork() else SpawnLauncher)
    try:
        yield launcher
    finally:
        launcher.close()
