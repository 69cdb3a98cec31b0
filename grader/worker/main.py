"""Where a worker process begins: a script, run by `python -I -S` with the folders it may import from as arguments.

`fork FD GRADER NUMPY PARSO TORCH TIER SECCOMP`: be the zygote, which forks workers, each in a jail of its own. `spawn PORT GRADER NUMPY
PARSO TORCH MEMORY`: be one worker, which connects back to PORT on this machine and sends the token read from standard input; this is for
systems without a safe fork, and has no jail. TORCH is empty where workers have NumPy alone.
"""

import os
import sys
import types


def bootstrap(grader_folder: str, numpy_folder: str, parso_folder: str, torch_folder: str) -> int:
    """Import what a worker needs, then forget where it came from: the student's code finds NumPy and nothing else of ours.

    Returns:
        How many MB of addresses torch takes for itself.
    """
    package = types.ModuleType("grader")
    package.__path__ = [grader_folder]
    sys.modules["grader"] = package
    sys.path.append(numpy_folder)
    import ast  # noqa: F401 - loaded once here, shared by every worker
    import random  # noqa: F401
    import typing  # noqa: F401

    import numpy.fft
    import numpy.lib.stride_tricks
    import numpy.linalg
    import numpy.random  # noqa: F401

    from grader.worker import recovery, zygote  # noqa: F401
    from grader.worker.conventions import tensors
    from grader.worker.standins import OURS, StandIn

    for name in OURS:  # a notebook that checks itself checks nothing while it is graded
        setattr(package, name, StandIn(f"grader.{name}"))
    recovery.keep(parso_folder)
    sys.path.remove(numpy_folder)
    taken_mb = tensors.load(torch_folder) if torch_folder else 0
    package.__path__ = []
    return taken_mb


def spawn(port: int, memory_mb: int) -> None:
    """Be one worker: connect back to the grader and prove that it was the grader who asked."""
    import socket

    from grader.worker import folder, limits, zygote

    folder.make(folder.name(os.getcwd()))  # noqa: PTH109
    token = sys.stdin.buffer.readline().strip()
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.settimeout(None)
    sock.sendall(token)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", write_through=True)  # type: ignore[union-attr]
    limits.limit(memory_mb)
    zygote.work(sock)


if __name__ == "__main__":
    mode, where, grader_parent, numpy_parent, parso, torch_parent, *rest = sys.argv[1:]
    taken = bootstrap(grader_parent, numpy_parent, parso, torch_parent)
    if mode == "fork":
        from grader.worker import zygote

        zygote.fork(int(where), numpy_parent, torch_parent, taken, *rest)
    else:
        spawn(int(where), int(rest[0]) + taken)
