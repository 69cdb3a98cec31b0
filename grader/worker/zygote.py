"""The process that has NumPy loaded and forks a worker for every request; it holds no source, no answer, no configuration."""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time

from grader.worker import folder, jail, limits, serve, wire

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOOK_SECONDS = 0.05  # how often running workers are looked at


def work(sock: socket.socket) -> None:
    """Serve on a connected socket, with an empty environment and open to every signal."""
    if hasattr(signal, "pthread_sigmask"):  # who started this may have been deaf to some
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.environ.clear()
    sys.argv[:] = [""]
    serve.serve(wire.Blocking(sock))


def fork(control_fd: int, numpy_folder: str, torch_folder: str, torch_mb: int, tier: str, seccomp_folder: str) -> None:
    """Serve requests, one JSON line each: {"memory_mb"} with two descriptors starts a worker; {"end": pid} kills and reaps it."""
    import gc

    control = socket.socket(fileno=control_fd)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no worker outlives the zygote, no zygote the grader
    _prctl(PR_SET_CHILD_SUBREAPER, 1)  # what outlives a worker becomes a child of the zygote
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    zygote = _Zygote(control, jail.prepare(jail.Tier(tier), numpy_folder, torch_folder, seccomp_folder), torch_mb)
    gc.collect()
    gc.freeze()
    control.send(b"{}")
    zygote.serve()


def _prctl(option: int, value: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value))


class _Zygote:
    """The workers that run, by pid, each with its own folder."""

    def __init__(self, control: socket.socket, prepared: jail.Jail, torch_mb: int) -> None:
        self.control, self.jail, self.torch_mb = control, prepared, torch_mb
        self.home = os.getcwd()  # noqa: PTH109
        self.workers: dict[int, str] = {}
        self.excess: dict[int, str] = {}
        self.looked = time.monotonic()

    def serve(self) -> None:
        """Answer requests until the grader hangs up, and look after the folders in between."""
        while True:
            asked = select.select([self.control], [], [], LOOK_SECONDS if self.workers else None)[0]
            self.look()
            if not asked:
                continue
            message, descriptors, _, _ = socket.recv_fds(self.control, 4096, 2)
            if not message:
                return
            request = json.loads(message)
            answer = self.end(request["end"]) if "end" in request else self.start(request["memory_mb"], descriptors)
            self.control.send(json.dumps(answer).encode())

    def look(self) -> None:
        """Kill workers that take what the kernel does not count by worker, where it is time to look again."""
        if time.monotonic() - self.looked >= LOOK_SECONDS:
            self.looked = time.monotonic()
            for pid, own in self.workers.items():
                if excess := self._excess(pid, own):
                    self.excess[pid] = excess
                    os.kill(pid, signal.SIGKILL)  # not reaped before the parent asks, so the pid is still its own

    def _excess(self, pid: int, own: str) -> str:
        """Say what a worker has too much of, in words for the student."""
        if folder.overfull(own):
            return f"it wrote more than {folder.MAX_MB} MB, or more than {folder.MAX_ENTRIES} files"
        if self.jail.tier is not jail.Tier.PROCESS and limits.threads_in(pid) > limits.MAX_THREADS:
            return f"it started more than {limits.MAX_THREADS} threads"
        return ""

    def start(self, memory_mb: int, descriptors: list[int]) -> dict[str, int]:
        """Fork a worker; return its pid."""
        zygote, own = os.getpid(), folder.name(self.home)
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != zygote:
                    os._exit(status)  # it died before the line above could tie this worker to it
                folder.make(own)
                work(_become(descriptors, self.jail, memory_mb + self.torch_mb, own))
                status = 0
            except Exception as error:  # noqa: BLE001 - the parent has to know why there is no worker
                sys.stderr.write(f"{type(error).__name__}: {error}")
            finally:
                os._exit(status)
        self.workers[pid] = own
        for descriptor in descriptors:
            os.close(descriptor)
        return {"pid": pid}

    def end(self, pid: int) -> dict[str, int | str]:
        """Kill and reap a worker; return how it ended, and remove its folder."""
        own = self.workers.pop(pid)
        excess = self.excess.pop(pid, "") or self._excess(pid, own)
        ended = _end(pid, set(self.workers))
        folder.remove(own)
        # What torch takes for itself is allowed on top, and is nothing that the student asked for.
        return {**ended, "peak_mb": max(ended["peak_mb"] - self.torch_mb, 0), "excess": excess}


def _become(descriptors: list[int], prepared: jail.Jail, memory_mb: int, own: str) -> socket.socket:
    """Turn the forked child into a worker: a session of its own, three descriptors, the jail. Return its socket."""
    import io

    rpc, output = descriptors
    os.setsid()
    os.dup2(rpc, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = io.TextIOWrapper(io.BytesIO())  # nothing to read, as in a script run by nobody
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(fd, "w"), encoding="utf-8", errors="replace", write_through=True) for fd in (1, 2))
    sock = socket.socket(fileno=0)
    jail.enter(prepared, memory_mb, own)
    return sock


def _end(pid: int, others: set[int]) -> dict[str, int]:
    """Kill a worker and all that it forked, and say how it ended: an unreaped pid cannot be anybody else's."""
    from pathlib import Path

    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it had ended, or had not yet made its group
    _, status, used = os.wait4(pid, 0)
    # What left the process group is a child of the zygote now, and then its own children are.
    with contextlib.suppress(OSError):
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        while left := {int(child) for child in children.read_text(encoding="ascii").split()} - others:
            for child in left:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "peak_mb": used.ru_maxrss >> 10}
