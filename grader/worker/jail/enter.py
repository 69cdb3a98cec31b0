"""Put the mechanisms together: which a tier has, what is prepared once, and the order in which a worker locks itself in."""

import contextlib
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from grader.worker import limits
from grader.worker.jail.unloaded import Unloaded

if TYPE_CHECKING:
    from grader.worker.jail import landlock

NOBODY = 65534


class Tier(StrEnum):
    """How far student code is kept apart, best first."""

    LANDLOCK = "landlock+seccomp"
    SECCOMP = "seccomp, no files"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Jail:
    """What a tier needs to know of this system.

    Attributes:
        tier: Which mechanisms are used.
        readable: Files and folders that stay readable.
        listed: Folders whose entries may be listed, though not all of them read.
        threads: How many threads the user of the workers may have, those outside included.
        guarded: Whether `readable` lies in folders that are closed to other users, root's home for one.
    """

    tier: Tier
    readable: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    threads: int = 0
    guarded: bool = False


def prepare(tier: Tier, numpy_folder: str, torch_folder: str, seccomp_folder: str) -> Jail:
    """Load what the jail needs and look at the system, once, while every file can still be read.

    Raises:
        ImportError, RuntimeError, OSError: A mechanism of the tier is missing; the text says which.
    """
    if tier is Tier.PROCESS:
        return Jail(tier)
    sys.path.append(seccomp_folder)
    import resource  # noqa: F401 - here is the last place from which these can be found

    import pyseccomp  # type: ignore[import-untyped]  # noqa: F401 - and libseccomp

    from grader.worker.conventions.tensors import OF_TORCH  # which brings NumPy along, and the parent asks for tiers before it has that
    from grader.worker.jail import landlock, preload, privileges, seccomp  # noqa: F401

    sys.path.remove(seccomp_folder)
    later = () if tier is Tier.LANDLOCK else chain(preload.standard(), ("torch._dynamo",) if torch_folder else ())
    preload.load(chain(preload.extensions(), later))
    threads = limits.threads_of(NOBODY if os.geteuid() == 0 else os.geteuid()) + limits.THREADS
    if tier is Tier.SECCOMP:
        return Jail(tier, threads=threads)
    landlock.abi()
    libraries = [folder for folder in sys.path if os.path.isdir(folder)]  # noqa: PTH112 - no pathlib in a worker
    installed = [f"{numpy_folder}/{name}" for name in ("numpy", "numpy.libs")]
    installed += [f"{torch_folder}/{name}" for name in ("torch", "torchgen", *OF_TORCH, "typing_extensions.py") if torch_folder]
    packages = [folder for folder in installed if os.path.exists(folder)]  # noqa: PTH110
    # Packages that were installed beside the standard library are none of it.
    own = [e.path for p in libraries for e in os.scandir(p) if e.name not in ("site-packages", "dist-packages")]
    standard = [path for path in own if os.path.exists(path)]  # noqa: PTH110 - not a link that leads nowhere
    guarded = not all(_open_to_all(folder) for folder in (*libraries, *packages))
    return Jail(tier, (*standard, *packages, "/dev/urandom"), tuple(libraries), threads, guarded)


def _open_to_all(folder: str) -> bool:
    """Whether any user may enter a folder and those above it."""
    parts = folder.split("/")
    return all(os.stat("/".join(parts[: i + 1]) or "/").st_mode & 0o001 for i in range(len(parts)))  # noqa: PTH116


def enter(jail: Jail, memory_mb: int, folder: str) -> None:
    """Lock this process in, for good. `folder` is its own, the only one in which it can write files.

    Raises:
        OSError, RuntimeError: The kernel refuses a mechanism; then no student code may run here.
    """
    if jail.tier is Tier.PROCESS:
        limits.limit(memory_mb)
        return
    from grader.worker.jail import privileges, seccomp

    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container may have taken this right, or know no other user
            os.chown(folder, NOBODY, NOBODY)
    rules = _files(jail, folder) if jail.tier is Tier.LANDLOCK else None
    privileges.drop(NOBODY, search=jail.guarded)
    limits.limit(memory_mb, threads=jail.threads)
    if rules:
        rules.enforce()
    else:
        sys.meta_path.append(Unloaded())
    seccomp.load(files=jail.tier is Tier.LANDLOCK)


def _files(jail: Jail, folder: str) -> "landlock.Ruleset":
    from grader.worker.jail import landlock

    rules = landlock.Ruleset()
    rules.allow(landlock.READ_FOLDER, jail.listed)
    rules.allow(landlock.USE, jail.readable)
    rules.allow(landlock.FILL, [folder])
    rules.allow(landlock.FILL, [os.devnull])
    return rules
