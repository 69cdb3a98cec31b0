"""What a worker may use of the machine."""

import contextlib
import os
import sys

# The kernel counts threads by user, and workers may share one: so this is no share of anybody's, and high enough that nobody can take
# all before the zygote has seen that a worker has more than its own share.
THREADS = 4096
MAX_THREADS = 64
CPU_SECONDS = 7200  # ends what the parent can no longer end; deadlines are its own matter
FILE_MB = 4  # files that are open but have no name any more count in no folder: these times the descriptors bound them
STACK_MB = 16
DESCRIPTORS = 32


def limit(memory_mb: int, threads: int | None = None) -> None:
    """Bound the address space, so that a memory bomb raises MemoryError here and nowhere else; write no core files.

    With `threads`, as in a jail, bound all else that the kernel counts, too. Windows has no such limits, and macOS does not keep the
    one on memory: there only the deadlines hold.
    """
    if sys.platform == "win32":
        return
    import resource

    bounds = {resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = memory_mb << 20
    if threads is not None:
        bounds |= {
            resource.RLIMIT_NPROC: threads,
            resource.RLIMIT_CPU: CPU_SECONDS,
            resource.RLIMIT_FSIZE: FILE_MB << 20,
            resource.RLIMIT_STACK: STACK_MB << 20,
            resource.RLIMIT_NOFILE: DESCRIPTORS,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
        }
    for what, most in bounds.items():
        highest = resource.getrlimit(what)[1]
        kept = most if highest == resource.RLIM_INFINITY else min(most, highest)
        resource.setrlimit(what, (kept, kept))


def threads_of(user: int) -> int:
    """Return how many threads a user has on this system; 0 where /proc does not tell."""
    count = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir("/proc"):
            with contextlib.suppress(OSError, ValueError):  # no process, or gone meanwhile
                if entry.name.isdigit() and entry.stat().st_uid == user:
                    count += int(_stat(entry.path)[17])
    return count


def threads_in(process: int) -> int:
    """Return how many threads a process has; 0 where /proc does not tell."""
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{process}/task").st_nlink - 2  # noqa: PTH116 - a folder for each
    return 0


def _stat(process: str) -> list[str]:
    """Return the fields of /proc/PID/stat that follow the name, which may hold anything."""
    with open(f"{process}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - no pathlib in a worker
        return file.read().rpartition(")")[2].split()
