"""Who a worker is: nobody where it was root, without capabilities, and unable to gain any."""

import contextlib
import ctypes
import os
import signal
import struct

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, CLEAR_ALL = 1, 4, 8, 38, 47, 4
CAP_DAC_READ_SEARCH = 2
VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def drop(nobody: int, *, search: bool) -> None:
    """Become user and group `nobody` where this is root, and give every privilege up.

    `search` keeps the one to read past the permissions of folders: the standard library may lie in root's home, and which files
    can be opened at all is Landlock's to say.

    Raises:
        OSError: The kernel refuses to take privileges away.
    """
    grader = os.getppid()
    if os.geteuid() == 0:
        _prctl(PR_SET_KEEPCAPS, 1)
        # A container may have taken root's right to change user, or know no other; Landlock and seccomp hold all the same.
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(nobody, nobody, nobody)
            os.setresuid(nobody, nobody, nobody)
    with contextlib.suppress(OSError):  # kernels before 4.3 have none to clear
        _prctl(PR_CAP_AMBIENT, CLEAR_ALL)
    try:
        _keep(1 << CAP_DAC_READ_SEARCH if search else 0)
    except PermissionError:
        _keep(0)  # an ordinary user never had it, and needs none for files of its own
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user had cleared it
    if os.getppid() != grader:
        raise ProcessLookupError("the process that starts the workers is gone")


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        error = ctypes.get_errno()
        raise OSError(error, f"prctl {option}: {os.strerror(error)}")


def _keep(capabilities: int) -> None:
    header = struct.pack("=Ii", VERSION_3, 0)
    if _libc.capset(header, struct.pack("=6I", capabilities, capabilities, 0, 0, 0, 0)):
        error = ctypes.get_errno()
        raise OSError(error, f"capset: {os.strerror(error)}")
