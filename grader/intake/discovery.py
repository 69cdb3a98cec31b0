"""Find the submissions of a class."""

from pathlib import Path

from grader.errors import IntakeError
from grader.intake.names import SKIPPED, suffix
from grader.intake.submission import archive
from grader.text import one_line

NOT_READ = (".7z", ".rar", ".gz", ".bz2", ".tbz2", ".xz", ".txz", ".zst")


def discover(folder: Path) -> list[Path]:
    """Return the submissions in a folder: every folder, .py file, notebook and archive directly in it, by name.

    Raises:
        IntakeError: There is no such folder, or nothing in it.
    """
    if not folder.exists():
        raise IntakeError(f"{folder}: no such folder.")
    if not folder.is_dir():
        raise IntakeError(f"{folder}: not a folder; to grade one submission use: grader check {folder}")
    found = [p for p in _entries(folder) if _is_submission(p)]
    if not found:
        raise IntakeError(f"{folder}: nothing to grade; each submission is a folder, a .py file, a notebook or an archive in it.")
    return found


def left_out(folder: Path) -> list[str]:
    """Say what in a class folder is not graded although it may have been meant: links, archives of other kinds."""
    said = []
    for path in _entries(folder):
        if path.is_symlink():
            said.append(f"{one_line(path.name)}: left out, it is a symbolic link.")
        elif not _is_submission(path) and path.name.lower().endswith(NOT_READ):
            said.append(f"{one_line(path.name)}: left out, of archives only .zip, .tar.gz and .tar are read.")
    return said


def _entries(folder: Path) -> list[Path]:
    return sorted((p for p in folder.iterdir() if not p.name.startswith((".", "__")) and p.name not in SKIPPED), key=lambda p: p.name)


def _is_submission(path: Path) -> bool:
    return not path.is_symlink() and (path.is_dir() or bool(suffix(path.name) or archive(path.name)))
