"""The process that has NumPy loaded and forks a worker for every request; it holds no source, no answer, no configuration."""

import contextlib
import json
import os
import socket
import sys

from grader.worker import folder, jail, serve, wire

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LOOK_SECONDS = 0.1  # how often the folders of running workers are looked at


def work(sock: socket.socket) -> None:
    """Serve on a connected socket: deterministic, with an empty environment."""
    import random

    import numpy as np

    os.environ.clear()
    sys.argv[:] = [""]
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - student code that draws from the legacy generator must draw the same every time
    serve.serve(wire.Blocking(sock))


def fork(control_fd: int, numpy_folder: str, tier: str, seccomp_folder: str) -> None:
    """Serve requests, one JSON line each: {"memory_mb"} with two descriptors starts a worker; {"end": pid} kills and reaps it."""
    import ctypes
    import gc
    import select
    import signal

    control = socket.socket(fileno=control_fd)
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no worker outlives the zygote, no zygote the grader
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)  # what outlives a worker becomes a child of the zygote
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepared = jail.prepare(jail.Tier(tier), numpy_folder, seccomp_folder)
    gc.collect()
    gc.freeze()
    home, workers = os.getcwd(), dict[int, str]()  # noqa: PTH109
    control.send(b"{}")
    while True:
        if not select.select([control], [], [], LOOK_SECONDS if workers else None)[0]:
            for pid, own in workers.items():
                if folder.overfull(own):
                    os.kill(pid, signal.SIGKILL)  # not reaped before the parent asks, so the pid is still its own
            continue
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        request = json.loads(message)
        if "end" in request:
            own = workers.pop(request["end"])
            ended = _end(request["end"], set(workers)) | {"overfull": folder.overfull(own)}
            folder.remove(own)
            control.send(json.dumps(ended).encode())
            continue
        zygote, own = os.getpid(), folder.name(home)
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != zygote:
                    os._exit(status)  # it died before the line above could tie this worker to it
                folder.make(own)
                work(_become(descriptors, prepared, request["memory_mb"], own))
                status = 0
            except Exception as error:  # noqa: BLE001 - the parent has to know why there is no worker
                sys.stderr.write(f"{type(error).__name__}: {error}")
            finally:
                os._exit(status)
        workers[pid] = own
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps({"pid": pid}).encode())


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
    import signal
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
