"""Where a worker process begins: a script, run by `python -I -S` with the folders it may import from as arguments.

`fork FD GRADER NUMPY`: be the zygote. It imports NumPy once and forks a worker for every request on the socket FD; it holds
no source, no answer, no configuration. `spawn PORT GRADER NUMPY MEMORY`: be one worker, which connects back to PORT on this
machine and sends the token read from standard input; this is for systems without a safe fork.
"""

import os
import sys
import types


def bootstrap(grader: str, numpy_folder: str) -> None:
    """Import what a worker needs, then forget where it came from: the student's code finds NumPy and nothing else of ours."""
    package = types.ModuleType("grader")
    package.__path__ = [grader]
    sys.modules["grader"] = package
    sys.path.append(numpy_folder)
    import ast  # noqa: F401 - loaded once here, shared by every worker
    import random  # noqa: F401
    import typing  # noqa: F401

    import numpy.fft
    import numpy.lib.stride_tricks
    import numpy.linalg
    import numpy.random  # noqa: F401

    import grader.worker.serve  # type: ignore[assignment]

    sys.path.remove(numpy_folder)
    package.__path__ = []


def work(sock: object, memory_mb: int) -> None:
    """Become a worker on a connected socket: bounded, deterministic, with an empty environment."""
    import random

    import numpy as np

    from grader.worker import limits, serve, wire

    os.environ.clear()
    sys.argv[:] = [""]
    limits.limit(memory_mb)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - student code that draws from the legacy generator must draw the same every time
    channel = wire.Blocking(sock)  # type: ignore[arg-type]
    serve.serve(channel)


def enter_own_folder(home: str) -> None:
    """Go into a new empty folder below the launcher's temporary one, so that relative paths of student code hit nobody."""
    folder = f"{home}/{os.getpid()}-{os.urandom(8).hex()}"  # a name that no earlier worker can have taken
    os.makedirs(folder)  # noqa: PTH103 - no pathlib here: the worker imports little; an earlier one may have removed even `home`
    os.chdir(folder)


def fork(control_fd: int) -> None:
    """Serve requests, one JSON line each: {"memory_mb"} with two descriptors starts a worker; {"end": pid} kills and reaps it."""
    import ctypes
    import gc
    import json
    import signal
    import socket

    control = socket.socket(fileno=control_fd)
    libc = ctypes.CDLL(None)
    death_signal, subreaper = 1, 36  # PR_SET_PDEATHSIG: no worker outlives the zygote, no zygote the grader
    libc.prctl(death_signal, signal.SIGKILL)
    libc.prctl(subreaper, 1)  # PR_SET_CHILD_SUBREAPER: what outlives a worker becomes a child of the zygote
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    home, workers = os.getcwd(), set[int]()  # noqa: PTH109
    control.send(b"{}")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        request = json.loads(message)
        if "end" in request:
            workers.discard(request["end"])
            control.send(json.dumps(_end(request["end"], workers)).encode())
            continue
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                libc.prctl(death_signal, signal.SIGKILL)
                if os.getppid() != zygote:
                    os._exit(status)  # it died before the line above could tie this worker to it
                control.close()
                enter_own_folder(home)
                _become(descriptors, request["memory_mb"])
                status = 0
            finally:
                os._exit(status)
        workers.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps({"pid": pid}).encode())


def _become(descriptors: list[int], memory_mb: int) -> None:
    """Turn the forked child into a worker: its socket, its output pipe, a session of its own."""
    import io
    import socket

    rpc, output = descriptors
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for descriptor in (null, output):
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - descriptor 0, for the life of the process
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(fd, "w"), encoding="utf-8", errors="replace", write_through=True) for fd in (1, 2))
    work(socket.socket(fileno=rpc), memory_mb)


def _end(pid: int, others: set[int]) -> dict[str, int]:
    """Kill a worker and all that it forked, and say how it ended: an unreaped pid cannot be anybody else's."""
    import contextlib
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


def spawn(port: int, memory_mb: int) -> None:
    """Be one worker: connect back to the grader and prove that it was the grader who asked."""
    import socket

    enter_own_folder(os.getcwd())  # noqa: PTH109
    token = sys.stdin.buffer.readline()
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.settimeout(None)
    sock.sendall(token)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", write_through=True)  # type: ignore[union-attr]
    work(sock, memory_mb)


if __name__ == "__main__":
    mode, where, grader_folder, numpy_parent, *rest = sys.argv[1:]
    bootstrap(grader_folder, numpy_parent)
    if mode == "fork":
        fork(int(where))
    else:
        spawn(int(where), int(rest[0]))
