"""Read a `.py` file or a folder of them."""

import os
import stat
import unicodedata
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.bundle import Bundle
from grader.text import Cleaned, clean, one_line

MAX_FILES = 200
MAX_FILE_BYTES = 1 << 20
MAX_TOTAL_BYTES = 8 << 20
MAX_DEPTH = 8
MAX_ENTRIES = 20_000
HANDED_IN = frozenset({".ipynb", ".zip", ".gz", ".tar", ".tgz", ".7z", ".rar"})
SKIPPED = frozenset({"__pycache__", "node_modules", "venv", ".venv", "site-packages"})


def discover(folder: Path) -> list[Path]:
    """Return the submissions in a folder: every folder and every .py file directly in it, by name.

    Raises:
        IntakeError: There is no such folder, or nothing in it.
    """
    if not folder.exists():
        raise IntakeError(f"{folder}: no such folder.")
    if not folder.is_dir():
        raise IntakeError(f"{folder}: not a folder; to grade one submission use: grader check {folder}")
    found = [p for p in _entries(folder) if _is_submission(p)]
    if not found:
        raise IntakeError(f"{folder}: nothing to grade; each submission is a folder or a .py file in it.")
    return found


def left_out(folder: Path) -> list[str]:
    """Say what in a class folder is not graded although it may have been meant: links, archives, notebooks."""
    said = []
    for path in _entries(folder):
        if path.is_symlink():
            said.append(f"{one_line(path.name)}: left out, it is a symbolic link.")
        elif path.suffix in HANDED_IN:
            said.append(f"{one_line(path.name)}: left out, only folders and .py files are graded.")
    return said


def _entries(folder: Path) -> list[Path]:
    return sorted((p for p in folder.iterdir() if not p.name.startswith((".", "__")) and p.name not in SKIPPED), key=lambda p: p.name)


def _is_submission(path: Path) -> bool:
    return not path.is_symlink() and (path.is_dir() or path.suffix == ".py")


def read(path: Path) -> Bundle:
    """Read one submission.

    What cannot be read is left out with a note; a folder without any Python file gives an empty bundle with a note.

    Raises:
        IntakeError: There is no such path, or it is no .py file and no folder.
    """
    identity = one_line(path.resolve().name, 120)
    if path.is_dir():
        reader = _Reader(path)
        reader.walk()
        notes = reader.notes or ([] if reader.files else [clean(f"{identity}: no Python file in this folder.")])
        return Bundle(id=identity, files=reader.files, notes=tuple(notes))
    if not path.exists():
        raise IntakeError(f"{path}: no such file or folder.")
    if path.suffix != ".py":
        raise IntakeError(f"{path}: not a .py file or a folder; hand in one of these.")
    reader = _Reader(path.parent)
    reader.take(path.name)
    return Bundle(id=identity, files=reader.files, notes=tuple(reader.notes))


class _Reader:
    """Collects the files of one submission, within the bounds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, str] = {}
        self.notes: list[Cleaned] = []
        self.total = 0
        self._folded: dict[str, str] = {}

    def walk(self) -> None:
        """Take every Python file below the root; symbolic links are not followed."""
        entries = 0
        for folder, folders, files in os.walk(self.root, onerror=self._closed, followlinks=False):
            relative = Path(folder).relative_to(self.root)
            folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED)
            if folders and len(relative.parts) >= MAX_DEPTH:
                self._note(f"{relative}: folders deeper than {MAX_DEPTH} are not read.")
                folders.clear()
            entries += len(files) + len(folders)
            if entries > MAX_ENTRIES:
                self._note(f"More than {MAX_ENTRIES} entries; the rest was not read.")
                return
            for file in sorted(files):
                if file.endswith(".py") and not file.startswith("."):
                    if len(self.files) >= MAX_FILES:
                        self._note(f"More than {MAX_FILES} Python files; the rest was not read.")
                        return
                    self.take((relative / file).as_posix())

    def _closed(self, error: OSError) -> None:
        self._note(f"{Path(error.filename).relative_to(self.root)}: the folder was left out, {error.strerror}.")

    def take(self, path: str) -> None:
        """Read one file, or note why not."""
        shown = one_line(path, 120)
        if any(unicodedata.category(c).startswith("C") for c in path):
            self._note(f"{shown}: left out, its name holds characters that cannot be shown.")
            return
        folded = unicodedata.normalize("NFKC", path).casefold()
        if folded in self._folded:
            self._note(f"{shown}: left out, its name is the same as {self._folded[folded]} on many systems.")
            return
        try:
            text = self._text(path)
        except OSError as error:
            self._note(f"{shown}: left out, {error.strerror or error}.")
        except UnicodeDecodeError as error:
            self._note(f"{shown}: not UTF-8 text (byte {error.start}); save it as UTF-8 and hand it in again.")
        else:
            self._folded[folded] = shown
            self.files[path] = text

    def _text(self, path: str) -> str:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            fd = os.open(self.root / path, flags)
        except OSError as error:
            raise (OSError(0, "it is a symbolic link") if (self.root / path).is_symlink() else error) from error
        with open(fd, "rb") as file:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(0, "it is not a regular file")
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise OSError(0, f"it is larger than {MAX_FILE_BYTES >> 20} MB")
        if self.total + len(data) > MAX_TOTAL_BYTES:
            raise OSError(0, f"the submission is larger than {MAX_TOTAL_BYTES >> 20} MB")
        self.total += len(data)
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")

    def _note(self, text: str) -> None:
        if len(self.notes) < 20:
            self.notes.append(clean(text, 400))
