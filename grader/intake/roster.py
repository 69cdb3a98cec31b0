"""The students of a class, from a CSV file: `id`, what else is known of them, or what a platform exports."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.exports import EXPORTS
from grader.intake.handed_in import Student
from grader.intake.matching import COLUMNS, folded
from grader.text import one_line

KNOWN = frozenset({*COLUMNS, "section"})
SEPARATORS = ",;\t"


def read_roster(path: Path, tell: Callable[[str], None] = lambda _: None) -> list[Student]:
    """Return the students of a roster, each with at least an `id`.

    Known columns are `name`, `email`, `sis_id`, `login`, `section`, `canvas_id`, `moodle_id` and `github`, in any case; others are kept.
    Exports of Canvas, Moodle and Gradescope are told by their headers, and their columns called so; no other is kept of them.

    Args:
        path: CSV in UTF-8, or in CP949; with commas, semicolons or tabs.
        tell: Called with what was taken for granted.

    Raises:
        IntakeError: It cannot be read, has no students, or a line is wrong, which the message names.
    """
    rows = _rows(path, _text(path, tell))
    _, header = next(rows, (1, []))
    columns = [cell.casefold() for cell in header]
    export = next((export for export in EXPORTS if export.told_by(columns)), None)
    if export:
        tell(f"{path}: read as {export.title}.")
    else:
        columns = [known if known in KNOWN else cell for known, cell in zip(columns, header, strict=True)]
        _check(path, columns)
    students: list[Student] = []
    lines: dict[str, int] = {}
    for line, cells in rows:
        if any(cells[len(columns) :]):
            raise IntakeError(f"{path}: line {line}: {len(cells)} cells below a header of {len(columns)}.")
        row = dict(zip(reversed(columns), reversed(_padded(cells, len(columns))), strict=True))  # of two columns of a name the first
        if export and not export.is_student(row):
            continue
        student = export.student(row) if export else row
        _place(path, line, student["id"], lines)
        students.append({key: one_line(value) for key, value in student.items() if key})
    if not students:
        raise IntakeError(f"{path}: no students in it.")
    return students


def _check(path: Path, columns: list[str]) -> None:
    """Make sure that a header of one's own names each column once, and the id."""
    shown = ", ".join(one_line(c, 40) for c in columns[:12]) or "nothing"
    if "id" not in columns:
        raise IntakeError(f"{path}: line 1: no column is called id; there is {shown}.")
    twice = [c for c in columns if c and columns.count(c) > 1]
    if twice:
        raise IntakeError(f"{path}: line 1: two columns are called {one_line(twice[0], 40)}.")


def _place(path: Path, line: int, identity: str, lines: dict[str, int]) -> None:
    """Remember in which line a student stands, who has an id that no other has."""
    if not identity:
        raise IntakeError(f"{path}: line {line}: no id.")
    before = lines.setdefault(folded("id", identity), line)
    if before != line:
        raise IntakeError(f"{path}: line {line}: the id {one_line(identity, 80)} stands in line {before}, too.")


def _padded(cells: list[str], count: int) -> list[str]:
    return (cells + [""] * count)[:count]


def _text(path: Path, tell: Callable[[str], None]) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error.strerror}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError as error:
        raise IntakeError(f"{path}: line {line}: neither UTF-8 nor CP949; save it as CSV in UTF-8.") from error
    tell(f"{path}: no UTF-8, read as CP949, in which Excel saves CSV in Korean.")
    return text


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its first line, its cells without blanks around them."""
    head = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=lambda s: len(next(csv.reader([head], delimiter=s), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise IntakeError(f"{path}: line {line}: no CSV: {error}.") from error
