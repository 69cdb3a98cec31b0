"""Find the submissions of a class."""

from collections.abc import Callable, Sequence
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.handed_in import HandedIn, Student
from grader.intake.layouts import Entry, recognised
from grader.intake.matching import matched
from grader.intake.names import SKIPPED, archive, folded, stem, suffix
from grader.text import one_line

NOT_READ = (".7z", ".rar", ".gz", ".bz2", ".tbz2", ".xz", ".txz", ".zst")
HIDDEN = (".", "__")
LEFT_BEHIND = ("._", ".ipynb_checkpoints", "__init__.py")  # by a Mac, Jupyter and Python: none of it was handed in


def discover(folder: Path, roster: Sequence[Student] = (), tell: Callable[[str], None] = lambda _: None) -> list[HandedIn]:
    """Return the submissions in a folder, by name: a plain one, or one as a platform lets it be downloaded.

    With a roster they are in its order, each under the student's id; who handed in nothing is among them, without paths.

    Args:
        folder: Holds every folder, .py file, notebook and archive that is a submission.
        roster: The students, as `read_roster` returns them.
        tell: Called with what the instructor should know: the layout that was recognised, submissions of nobody.

    Raises:
        IntakeError: There is no such folder, nothing in it, or two submissions of one student.
    """
    if not folder.exists():
        raise IntakeError(f"{folder}: no such folder.")
    if not folder.is_dir():
        whole_class = "unpack it to grade a class; " if archive(folder.name) else ""
        raise IntakeError(f"{folder}: not a folder; {whole_class}to grade one submission use: grader check {folder}")
    entries = _entries(folder)
    handed_in = [entry for entry in entries if entry.is_submission]
    if not handed_in:
        raise IntakeError(f"{folder}: nothing to grade; each submission is a folder, a .py file, a notebook or an archive in it.")
    layout, found = recognised(entries)
    if not layout and len(handed_in) == 1 and handed_in[0].is_folder:
        _refuse_nested(folder, handed_in[0].path)
    if layout:
        tell(f"{folder}: read as a download from {layout}; {len(found)} {'submission' if len(found) == 1 else 'submissions'}.")
    if roster:
        found = matched(found, roster, tell)
    _refuse_twins(found)
    return found


def _refuse_twins(found: list[HandedIn]) -> None:
    """Make sure that no two ids are the same but for case, width, composition of letters, and what kind of file it is.

    Raises:
        IntakeError: Two are, as `Kim.zip` and a folder `kim`; it names both.
    """
    seen: dict[str, HandedIn] = {}
    for one in found:
        before = seen.setdefault(folded(stem(one.id)), one)
        if before is not one:
            raise IntakeError(
                f"{before.place} and {one.place}: two submissions under one name; rename one, or remove the one that does not count."
            )


def left_out(folder: Path) -> list[str]:
    """Say what in a class folder is not graded although it may have been meant: links, archives of other kinds, hidden entries."""
    said = [f"{one_line(path.name)}: left out, its name begins as hidden ones do." for path in _listed(folder) if _meant(path)]
    for path in _visible(folder):
        if path.is_symlink():
            said.append(f"{one_line(path.name)}: left out, it is a symbolic link.")
        elif not Entry(path, path.is_dir()).is_submission and path.name.lower().endswith(NOT_READ):
            said.append(f"{one_line(path.name)}: left out, of archives only .zip, .tar.gz and .tar are read.")
    return said


def _refuse_nested(folder: Path, inner: Path) -> None:
    """Make sure that a whole class is not graded as one student: archives are often unpacked into a folder of their own."""
    try:
        layout, _ = recognised(_entries(inner))
    except OSError:  # it cannot be listed, which is said where it is read
        return
    if layout:
        raise IntakeError(f"{folder}: holds nothing but a download from {layout}; grade {inner}.")


def _entries(folder: Path) -> list[Entry]:
    return [Entry(path, path.is_dir()) for path in _visible(folder) if not path.is_symlink()]


def _visible(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if not path.name.startswith(HIDDEN)]


def _listed(folder: Path) -> list[Path]:
    return sorted((path for path in folder.iterdir() if path.name not in SKIPPED), key=lambda path: path.name)


def _meant(path: Path) -> bool:
    """Whether an entry that is passed over for its name looks like a submission: a file by its suffix, a folder by the code in it."""
    if not path.name.startswith(HIDDEN) or path.name.startswith(LEFT_BEHIND) or path.is_symlink():
        return False
    if not path.is_dir():
        return Entry(path, is_folder=False).is_submission
    try:
        return any(suffix(inside.name) for inside in path.iterdir())
    except OSError:  # it cannot be listed, and nobody asked for it
        return False
