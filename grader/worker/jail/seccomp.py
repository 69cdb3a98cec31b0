"""System calls: which ones a worker may make. A list of what NumPy code needs, loaded through libseccomp; all else is refused.

No fork, exec or socket, so that to kill the process is to kill everything; no call that names another process; none that changes
files by path alone where Landlock has no say (truncate). To change modes, owners and times of files seems to work and does nothing:
copying a file does it, and nobody's answers depend on it.
"""

import errno
import os
from collections.abc import Iterator
from typing import Any

MEMORY = "brk mmap mremap munmap mprotect madvise msync membarrier"
THREADS = "futex set_robust_list rseq set_tid_address sched_yield exit gettid getcpu"
DESCRIPTORS = (
    "read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range fstat dup dup2 dup3 pipe pipe2 poll ppoll "
    "select _newselect pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait recvfrom sendto shutdown"
)
SIGNALS = (
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause alarm getitimer setitimer "
    "restart_syscall wait4 waitid"
)
TIME = "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times"
ITSELF = (
    "exit_group getpid getppid getpgrp getuid geteuid getgid getegid getgroups getresuid getresgid getrlimit setrlimit getrusage "
    "uname sysinfo umask getrandom arch_prctl"
)
FILES = (
    "stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd chdir getdents getdents64 "
    "mkdir mkdirat rmdir rename renameat renameat2 unlink unlinkat ftruncate sendfile copy_file_range"
)
OPEN = {"open": 1, "openat": 2}  # and which argument has the flags
OWN_PROCESS = ("kill", "tgkill")  # with the worker's own pid
OWN_PROCESS_OR_0 = ("prlimit64", "sched_getaffinity", "sched_setaffinity")
PRETENDED = "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat"
UNSUPPORTED = "listxattr llistxattr flistxattr getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr"  # as on many file systems
NOT_THERE = ("clone3", "openat2")  # libc asks for these first, and falls back only where they do not exist
CONTROLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC; F_SETOWN would aim a signal at any process
DESCRIPTOR_CONTROLS = (0, 1, 2, 3, 4, 1030)
CLONE_THREAD, CLONE_NEW = 0x10000, 0x7E020080


def load(*, files: bool) -> None:
    """Hold this process to the list from now on; `files`: with the calls that open files and look at them.

    Raises:
        ImportError: pyseccomp is missing.
        RuntimeError: libseccomp is missing.
        OSError: The kernel refuses the filter.
    """
    import pyseccomp  # type: ignore[import-untyped]

    loaded = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    # A call of another architecture or of x32 would carry other numbers: it ends the process.
    loaded.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for action, name, *conditions in _rules(pyseccomp, files=files):
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # an architecture may lack some of the older calls
            loaded.add_rule(action, name, *conditions)
    loaded.load()


def _rules(pyseccomp: Any, *, files: bool) -> Iterator[tuple[Any, ...]]:
    """Yield an action, the name of a call, and conditions on its arguments."""
    allow, argument = pyseccomp.ALLOW, pyseccomp.Arg
    names = " ".join((MEMORY, THREADS, DESCRIPTORS, SIGNALS, TIME, ITSELF, FILES if files else ""))
    yield from ((allow, name) for name in names.split())
    for name, flags in OPEN.items() if files else ():
        # Truncating needs no right to write on kernels before 6.2: reading must not truncate, and no mode is neither.
        for mask, mode in ((os.O_ACCMODE | os.O_TRUNC, os.O_RDONLY), (os.O_ACCMODE, os.O_WRONLY), (os.O_ACCMODE, os.O_RDWR)):
            yield allow, name, argument(flags, pyseccomp.MASKED_EQ, mask, mode)
    yield from ((allow, name, argument(0, pyseccomp.EQ, os.getpid())) for name in OWN_PROCESS + OWN_PROCESS_OR_0)
    yield from ((allow, name, argument(0, pyseccomp.EQ, 0)) for name in OWN_PROCESS_OR_0)
    yield from ((allow, "fcntl", argument(1, pyseccomp.EQ, command)) for command in DESCRIPTOR_CONTROLS)
    yield from ((allow, "ioctl", argument(1, pyseccomp.EQ, request)) for request in CONTROLS)
    yield allow, "clone", argument(0, pyseccomp.MASKED_EQ, CLONE_THREAD | CLONE_NEW, CLONE_THREAD)
    yield from ((pyseccomp.ERRNO(0), name) for name in (PRETENDED.split() if files else ()))
    yield from ((pyseccomp.ERRNO(errno.ENOTSUP), name) for name in UNSUPPORTED.split())
    yield from ((pyseccomp.ERRNO(errno.ENOSYS), name) for name in NOT_THERE)
