"""What a worker may use of the machine."""

import sys


def limit(memory_mb: int) -> None:
    """Bound the address space, so that a memory bomb raises MemoryError here and nowhere else; write no core files.

    Windows has no such limits, and macOS does not keep the one on memory: there only the deadlines hold.
    """
    if sys.platform == "win32":
        return
    import resource

    size = memory_mb << 20
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
