"""Whether a path may be that of a file in a submission: on this system and on every other one."""

import unicodedata

from grader.text import INVISIBLE

MAX_DEPTH = 8  # folders above a file
MAX_NAME_BYTES = 255  # of one folder or file; what common file systems allow
SUFFIXES = (".py", ".ipynb")
ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
SKIPPED = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv", ".venv", "site-packages"})
# Devices of Windows, whatever follows the first dot: opening aux.py there opens a serial port.
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))})


class LeftOutError(Exception):
    """One entry is not taken; the message says why and goes after "left out, "."""


class UnreadableError(Exception):
    """Nothing of an archive can be taken; the message says why and goes after "nothing of it was read, "."""


def suffix(path: str) -> str:
    """Return which of the suffixes of code a path has, or nothing."""
    lower = path.lower()
    return next((s for s in SUFFIXES if lower.endswith(s)), "")


def archive(name: str) -> str:
    """Return which of the suffixes of archives a name has, or nothing."""
    return next((s for s in ARCHIVES if name.lower().endswith(s)), "")


def stem(name: str) -> str:
    """Return a name without the suffix of code or of an archive."""
    return name[: len(name) - len(suffix(name) or archive(name))]


def passed_over(folder: str) -> bool:
    """Whether nobody handed in what a folder of this name holds: hidden ones, caches, installed packages."""
    return folder in SKIPPED or (folder.startswith(".") and folder.strip(".") != "")


def matters(path: str) -> bool:
    """Whether a path, however hostile, claims to be code that was handed in."""
    *folders, name = path.split("/")
    return bool(suffix(name)) and not name.startswith(".") and not any(map(passed_over, folders))


def checked(path: str) -> str:
    """Return a path without empty and `.` parts.

    Raises:
        LeftOutError: It leaves its folder, or cannot be the name of a file on every system.
    """
    if any(unicodedata.category(c) in INVISIBLE for c in path):
        raise LeftOutError("its name holds characters that cannot be shown")
    if path.startswith("/"):
        raise LeftOutError("its path is absolute")
    if "\\" in path:
        raise LeftOutError("its name holds a backslash")
    if ":" in path:
        raise LeftOutError("its name holds a colon, as a drive does")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise LeftOutError("its path leaves the submission")
    if len(parts) > MAX_DEPTH + 1:
        raise LeftOutError(f"folders deeper than {MAX_DEPTH} are not read")
    for part in parts:
        if len(part.encode()) > MAX_NAME_BYTES:
            raise LeftOutError("its name is too long")
        if part.partition(".")[0].strip().casefold() in RESERVED:
            raise LeftOutError("its name stands for a device on Windows; rename it")
    return "/".join(parts)


def folded(path: str) -> str:
    """Return what two paths share if some system takes them for one: case, width, dots and spaces at an end."""
    plain = unicodedata.normalize("NFKC", path).casefold()
    return "/".join(part.rstrip(". ") for part in unicodedata.normalize("NFKC", plain).split("/"))
