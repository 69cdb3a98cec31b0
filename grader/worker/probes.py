"""Attempts to break out, made by our own code in a worker: what the jail refuses here, it refuses student code."""

import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any


def attempt(targets: dict[str, Any], memory_mb: int) -> dict[str, str]:
    """Try everything once.

    Args:
        targets: `file`, a file with a secret; `folder`, one to write into; `port` and `local`, where a server listens; `pid`, the grader.
        memory_mb: The memory that this worker may have.

    Returns:
        For each attempt "refused" and by what, or "possible".
    """
    tries: dict[str, Callable[[], object]] = {
        "read a file": lambda: _read(targets["file"]),
        "read a system file": lambda: _read("/etc/passwd"),
        "list a folder": lambda: os.listdir("/"),  # noqa: PTH208 - no pathlib in a worker
        "write a file elsewhere": lambda: _write(f"{targets['folder']}/planted"),
        "read another process": lambda: _read(f"/proc/{targets['pid']}/environ"),
        "signal another process": lambda: os.kill(targets["pid"], 0),
        "limit another process": lambda: _limit(targets["pid"]),
        "connect to a network": lambda: _connect(socket.AF_INET, ("127.0.0.1", targets["port"])),
        "connect to a local socket": lambda: _connect(socket.AF_UNIX, targets["local"]),
        "start a process": _fork,
        "run a program": _run,
        "exceed its memory": lambda: bytearray(memory_mb << 20),
    }
    return {name: _outcome(attempted) for name, attempted in tries.items()}


def _outcome(attempted: Callable[[], object]) -> str:
    try:
        attempted()
    except (OSError, MemoryError) as error:
        return f"refused ({getattr(error, 'strerror', None) or 'out of memory'})"
    except (AttributeError, ImportError):
        return "refused (this system has no such call)"
    return "possible"


def _read(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, 1)
    finally:
        os.close(fd)


def _write(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _limit(pid: int) -> None:
    import resource

    resource.prlimit(pid, resource.RLIMIT_CORE, resource.prlimit(pid, resource.RLIMIT_CORE))


def _connect(family: int, address: Any) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.connect(address)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _run() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
