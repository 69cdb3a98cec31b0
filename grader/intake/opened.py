"""Open what was handed in as it lies there: no links, no devices, nothing that changes places meanwhile."""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grader.intake.names import LeftOutError

# Where a folder can be held open, a name is looked up in it and nowhere else, whatever is renamed or linked in its place.
HELD = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is being read: a descriptor, or, where there are none for folders, only its path."""

    path: Path
    held: int | None

    def names(self, most: int) -> list[tuple[str, bool]]:
        """Return each entry, by name, and whether it is a folder itself; at most one more than `most`.

        Raises:
            OSError: It cannot be listed.
        """
        found: list[tuple[str, bool]] = []
        with os.scandir(self.path if self.held is None else self.held) as entries:
            for entry in entries:
                found.append((entry.name, entry.is_dir(follow_symlinks=False)))
                if len(found) > most:
                    break
        return sorted(found)

    def folder(self, name: str) -> "Folder":
        """Open a folder in this one.

        Raises:
            OSError: It cannot be opened, or it is a link by now.
        """
        return Folder(self.path / name, os.open(name, FOLDER, dir_fd=self.held) if HELD else None)

    def __enter__(self) -> "Folder":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        if self.held is not None:
            os.close(self.held)

    @contextlib.contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Open a regular file in this folder.

        A file with a second name is refused, too: it cannot be told from a link to what only the grader may read. Tools
        that copy, clone or unpack make none.

        Raises:
            LeftOutError: It is a link or no file.
            OSError: It cannot be opened.
        """
        at = self._at(name)
        seen = os.stat(at, dir_fd=self.held, follow_symlinks=False)
        _refuse(seen)
        with open(os.open(at, FILE, dir_fd=self.held), "rb") as file:  # noqa: PTH123 - a descriptor
            got = os.fstat(file.fileno())
            _refuse(got)
            if not os.path.samestat(seen, got):
                raise LeftOutError("it was exchanged while it was read")
            yield file

    def _at(self, name: str) -> str | Path:
        return self.path / name if self.held is None else name


def _refuse(found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise LeftOutError("it is a symbolic link")
    if not stat.S_ISREG(found.st_mode):
        raise LeftOutError("it is not a regular file")
    if found.st_nlink > 1:
        raise LeftOutError("it is a hard link, one of several names of a file; hand in a copy")


def hold(path: Path) -> Folder:
    """Open a folder, which may not be a link.

    Raises:
        OSError: It cannot be opened.
    """
    return Folder(path, os.open(path, FOLDER) if HELD else None)
