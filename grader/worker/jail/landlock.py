"""Files and folders: what a worker may open. Linux's Landlock, by its three system calls (landlock(7), ABI 1 and up)."""

import ctypes
import os
import struct
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
PATH_BENEATH, VERSION = 1, 1

READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
WRITE_FILE, REMOVE_FOLDER, REMOVE_FILE, MAKE_FOLDER, MAKE_FILE, TRUNCATE = 1 << 1, 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 14
USE = READ_FILE | READ_FOLDER
# Files and folders, and nothing else: no link, device or socket.
FILL = USE | WRITE_FILE | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | TRUNCATE
OF_A_FILE = READ_FILE | WRITE_FILE | TRUNCATE  # what a rule for a single file may hold

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result: int = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result


def abi() -> int:
    """Return the version of Landlock that this kernel has.

    Raises:
        OSError: It has none, or it is switched off.
    """
    return _call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION))


class Ruleset:
    """What is allowed; everything that Landlock knows of and no rule allows is refused once `enforce` was called."""

    def __init__(self) -> None:
        """Handle all that this kernel's Landlock can. Raises OSError."""
        version = abi()
        # Each version added rights: 2 moving between folders, 3 truncating, 5 device controls; 4 TCP, 6 signals and local sockets.
        self.rights = (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1
        fields = [self.rights] + [3] * (version >= 4) + [3] * (version >= 6)
        described = struct.pack(f"={len(fields)}Q", *fields)
        self._fd = _call(CREATE_RULESET, described, ctypes.c_size_t(len(described)), ctypes.c_uint32(0))

    def allow(self, rights: int, paths: Iterable[str]) -> None:
        """Allow `rights` on files, and on folders with all below them. Raises OSError for a path that is not there."""
        for path in paths:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                kept = rights & self.rights if os.path.isdir(path) else rights & self.rights & OF_A_FILE  # noqa: PTH112
                _call(ADD_RULE, ctypes.c_int(self._fd), ctypes.c_int(PATH_BENEATH), struct.pack("=Qi", kept, fd), ctypes.c_uint32(0))
            finally:
                os.close(fd)

    def enforce(self) -> None:
        """Hold this thread, and all that it will ever start, to the rules. Raises OSError; needs no_new_privs."""
        _call(RESTRICT_SELF, ctypes.c_int(self._fd), ctypes.c_uint32(0))
        os.close(self._fd)
