"""How reports are written: `results.json` first, then the files of the formats, piece by piece.

What programs read, `results.json`, JUnit XML and CSV, is in English.
"""

import secrets
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import ReportError
from grader.report import outdated
from grader.report import results as contract
from grader.report.formats import ENGLISH_OPTIONS, Options, expect_used, load
from grader.report.results import Results

USUAL = ("html", "junit", "csv", "markdown")  # what needs nothing but the results, and is written with them


def write(results: Results, folder: Path, formats: Sequence[str] = USUAL, *, options: Options = ENGLISH_OPTIONS) -> None:
    """Write `results.json` and the given formats below `folder`; with the pages, those of an earlier class are taken away.

    Raises:
        ReportError: A file cannot be read or written, or an option means nothing to the formats.
    """
    expect_used(formats, options)
    _put(folder / "results.json", contract.chunks(results))
    written = set()
    for name in formats:
        for path, pieces in load(name).files(results, options):
            _put(folder / path, pieces)
            written.add(path)
    if "html" in formats:
        try:
            outdated.take_away(folder, written)
        except OSError as error:
            raise ReportError(f"{folder}: pages of an earlier class cannot be removed: {error.strerror}.") from error


def up_to_date(folder: Path) -> bool:
    """Whether nobody took away what `write` writes first and last."""
    return all((folder / name).is_file() for name in ("results.json", "index.html", "junit.xml", "scores.csv", "report.md"))


def prepare(folder: Path) -> None:
    """Make the folder and see that it can be written to, before an hour of grading goes into it.

    Raises:
        ReportError: It cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ReportError(f"{folder}: cannot be written to: {error.strerror}.") from error


def _put(file: Path, pieces: Iterable[str]) -> None:
    """Write a file beside its place and move it there: nobody reads half of it, and where a link stands, it is the link that goes."""
    beside = file.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("x", encoding="utf-8", newline="") as opened:  # a filled-in file keeps the line ends that it has
                opened.writelines(pieces)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(f"{file}: cannot be written: {error.strerror}.") from error
