"""Where in a student's source a check points, for what annotates it line by line."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from grader.report.gist import first_finding
from grader.report.results import Results

GRADED = re.compile(r"(?P<file>.+?):(?P<line>\d+)( .*)?")


class Place(NamedTuple):
    """A line of a file, as it is found from here."""

    file: str
    line: int


def in_source(task: Results, check: Results, path: Path | None) -> Place | None:
    """Return where the function of a check stands; None where it is in an archive. `path` is that of the submission, if it is not here."""
    graded = GRADED.fullmatch(task["graded"].get(check["part"], ""))
    file = _from_here(graded["file"], path) if graded else None
    return Place(file, int(graded["line"])) if graded and file else None


def said_of(check: Results) -> str:
    """Return what was found, why, and what to do next, as a paragraph."""
    finding = first_finding(check)
    return " ".join(filter(None, dict.fromkeys((finding["what"], finding.get("cause"), finding.get("next_step")))))


def _from_here(file: str, path: Path | None) -> str | None:
    """Return a file of the submission at `path` as it is found from here; None where it is in an archive."""
    if path is None:
        return file
    if path.is_dir():
        return Path(os.path.relpath(path / file)).as_posix()
    return Path(os.path.relpath(path)).as_posix() if path.name == file else None
