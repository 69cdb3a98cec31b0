"""Run a command as a container runtime would: `python container.py PROFILE COMMAND...`, with what Docker's default profile refuses.

That profile (moby/profiles/seccomp/default.json) refuses the calls below to whoever lacks CAP_SYS_ADMIN; fifteen capabilities are left.
`without-landlock` is an old kernel besides, `without-pidfd` a very old one; `without-seccomp` a container whose runtime forbids further
filters.
"""

import ctypes
import errno
import os
import struct
import sys

import pyseccomp

CAPABILITIES = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)  # chown, dac_override, fowner, fsetid, kill, setgid, setuid, ...
CAP_DAC_READ_SEARCH = 2
PR_CAPBSET_DROP, PR_SET_SECCOMP, LAST_CAPABILITY = 24, 22, 40
VERSION_3 = 0x20080522
CLONE_NEW = 0x7E020000
REFUSED = (
    "unshare setns mount umount2 move_mount open_tree fsopen fsmount fsconfig fspick mount_setattr pivot_root keyctl add_key request_key "
    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register open_by_handle_at kexec_load kexec_file_load "
    "init_module finit_module delete_module reboot swapon swapoff quotactl acct settimeofday clock_settime lookup_dcookie "
    "fanotify_init get_mempolicy set_mempolicy mbind move_pages migrate_pages nfsservctl vm86 vm86old iopl ioperm uselib ustat sysfs "
    "process_madvise kcmp syslog sethostname setdomainname"
)
PIDFD = "pidfd_open pidfd_send_signal pidfd_getfd"
LANDLOCK = "landlock_create_ruleset landlock_add_rule landlock_restrict_self"


def drop(kept: tuple[int, ...]) -> None:
    """Keep these capabilities, for this process and for all that it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0:
        return
    for capability in set(range(LAST_CAPABILITY + 1)) - set(kept):
        libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    mask = sum(1 << capability for capability in kept)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    if libc.capset(struct.pack("=Ii", VERSION_3, 0), struct.pack("=6I", low, low, 0, high, high, 0)):
        raise OSError(ctypes.get_errno(), "capset")


def refuse(profile: str) -> None:
    """Load the filter of a profile."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refused = pyseccomp.ERRNO(errno.EPERM)
    missing = pyseccomp.ERRNO(errno.ENOSYS)

    def rule(action: object, name: str, *conditions: object) -> None:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
            rules.add_rule(action, name, *conditions)

    for name in REFUSED.split():
        rule(refused, name)
    for bit in (1 << n for n in range(32) if CLONE_NEW >> n & 1):
        rule(refused, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
    rule(missing, "clone3")
    if profile == "without-landlock":
        for name in LANDLOCK.split():
            rule(missing, name)
    if profile == "without-pidfd":
        for name in PIDFD.split():
            rule(missing, name)
    if profile == "without-seccomp":
        rule(refused, "seccomp")
        rule(refused, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, PR_SET_SECCOMP))
    rules.load()


if __name__ == "__main__":
    profile, *command = sys.argv[1:]
    unreachable = os.environ.pop("PYTHON_IS_IN_A_CLOSED_FOLDER", "")
    drop((*CAPABILITIES, CAP_DAC_READ_SEARCH) if unreachable else CAPABILITIES)
    refuse(profile)
    os.execv(command[0], command)
