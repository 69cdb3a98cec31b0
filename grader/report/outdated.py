"""Pages of students who are no longer in the class: taken away once the pages of the class are written."""

from collections.abc import Collection
from pathlib import Path

from grader.report.page_names import possible

FOLDER = "students"
MARK = b'<meta name="generator" content="nablagrade">'
HEAD = 2048  # bytes: the mark stands before anything that a student wrote


def take_away(folder: Path, written: Collection[str]) -> None:
    """Remove the pages below `students/` that this grader once wrote and has not written now; nothing else, and through no link.

    Args:
        folder: Of the reports.
        written: The paths in it that were written now.

    Raises:
        OSError: One cannot be looked at or removed.
    """
    students = folder / FOLDER
    if students.is_symlink() or not students.is_dir():
        return
    kept = {Path(path).name.casefold() for path in written if Path(path).parent.name == FOLDER}  # some file systems keep the older case
    for page in sorted(students.glob("*.html")):
        if page.name.casefold() not in kept and possible(page.stem) and _ours(page):
            page.unlink()


def _ours(page: Path) -> bool:
    if page.is_symlink() or not page.is_file():
        return False
    with page.open("rb") as opened:
        return MARK in opened.read(HEAD)
