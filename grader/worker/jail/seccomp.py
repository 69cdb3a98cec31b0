"""System calls: which ones a worker may make. A list of what NumPy code needs, loaded through libseccomp; all else is refused.

No fork, exec or socket, so that to kill the process is to kill everything; no call that names another process; none that changes
files by path alone where Landlock has no say (chmod, truncate, utime).
"""

import errno
import os
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
    "rename renameat renameat2 unlink unlinkat ftruncate sendfile copy_file_range"
)
OPEN = {"open": 1, "openat": 2}  # and which argument has the flags
OWN_PROCESS = ("kill", "tgkill")  # with the worker's own pid
OWN_PROCESS_OR_0 = ("prlimit64", "sched_getaffinity", "sched_setaffinity")
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

    names = " ".join((MEMORY, THREADS, DESCRIPTORS, SIGNALS, TIME, ITSELF, FILES if files else ""))
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    # A call of another architecture or of x32 would carry other numbers: it ends the process.
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)

    def allow(name: str, *conditions: Any) -> None:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # other architectures lack some of the older calls
            rules.add_rule(pyseccomp.ALLOW, name, *conditions)

    for name in names.split():
        allow(name)
    for name, flags in OPEN.items() if files else ():
        # Truncating needs no right to write on kernels before 6.2: reading must not truncate, and no mode is neither.
        for mask, mode in ((os.O_ACCMODE | os.O_TRUNC, os.O_RDONLY), (os.O_ACCMODE, os.O_WRONLY), (os.O_ACCMODE, os.O_RDWR)):
            allow(name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, mask, mode))
    own = os.getpid()
    for name in OWN_PROCESS + OWN_PROCESS_OR_0:
        allow(name, pyseccomp.Arg(0, pyseccomp.EQ, own))
    for name in OWN_PROCESS_OR_0:
        allow(name, pyseccomp.Arg(0, pyseccomp.EQ, 0))
    for command in DESCRIPTOR_CONTROLS:
        allow("fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    for request in CONTROLS:
        allow("ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    allow("clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD | CLONE_NEW, CLONE_THREAD))
    for name in NOT_THERE:
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
    rules.load()
