"""A CSV file of somebody else's, of which some cells are changed and every other byte is kept: quotes, line ends, the mark at its start."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ReportError

MARK = "\ufeff"  # Excel begins files of UTF-8 with it
SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file.

    Attributes:
        name: What it is called in messages.
        mark: What it begins with before its first cell.
        separator: What ends a cell.
        rows: The cells as they are written, with their quotes; the header is the first.
        ends: What ends each row.
    """

    name: str
    mark: str
    separator: str
    rows: list[list[str]]
    ends: list[str]

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [_said(cell).strip() for cell in self.rows[0]]

    def cell(self, row: int, column: int) -> str:
        """Return what a cell says; one beyond the end of its row says nothing."""
        return _said(self.rows[row][column]).strip() if column < len(self.rows[row]) else ""

    def filled(self, change: Callable[[int], Mapping[int, str]]) -> Iterator[str]:
        """Yield the file row by row, with other cells where `change` gives some for a row, by their columns."""
        yield self.mark
        for number, (row, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            changed = change(number)
            blank = [""] * (max(changed, default=-1) + 1 - len(row))
            cells = [self._written(changed[i], cell) if i in changed else cell for i, cell in enumerate(row + blank)]
            yield self.separator.join(cells) + end

    def _written(self, text: str, before: str) -> str:
        quoted = before.startswith('"') or re.search(rf'["\r\n{self.separator}]', text)
        return '"' + text.replace('"', '""') + '"' if quoted else text


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file whose cells end with commas, semicolons or tabs.

    Raises:
        ReportError: It cannot be read, is not UTF-8, is empty, or a quote in it is not closed.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{path}: is not in UTF-8; export it again, or save it as CSV in UTF-8.") from error
    mark = MARK if text.startswith(MARK) else ""
    text = text.removeprefix(MARK)
    if not text.strip():
        raise ReportError(f"{path}: is empty.")
    separator = max(SEPARATORS, key=lambda one: len(next(_rows(text, one))[0]))
    read = [*_rows(text, separator)]
    for number, (cells, _) in enumerate(read, 1):
        if any(cell.startswith('"') and _said(cell) == cell for cell in cells):
            raise ReportError(f"{path}: row {number}: a quote is not closed, or there is text behind it.")
    return Sheet(str(path), mark, separator, [cells for cells, _ in read], [end for _, end in read])


def _rows(text: str, separator: str) -> Iterator[tuple[list[str], str]]:
    """Yield the cells of each row, as they are written, with what ends the row."""
    piece = re.compile(rf'("(?:[^"]|"")*"(?=[{separator}\r\n]|\Z)|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')
    cells: list[str] = []
    position = 0
    while position < len(text) or cells:
        match = piece.match(text, position)
        assert match  # the second way to be a cell takes whatever the first does not
        cells.append(match[1])
        position = match.end()
        if match[2] != separator:
            yield cells, match[2]
            cells = []


def _said(cell: str) -> str:
    """Return what a cell says without its quotes; one whose quotes do not match, as it is."""
    closed = len(cell) > 1 and cell.startswith('"') and cell.endswith('"') and '"' not in cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if closed else cell
