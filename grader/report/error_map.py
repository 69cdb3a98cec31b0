"""An error map as a drawing: a plane of small cells, each wrong one crossed out."""

from collections.abc import Iterator, Mapping
from typing import Any

CELL = 14  # units of the drawing
EDGE = 24  # for the numbers of rows and columns
SPARSE = 10  # more rows or columns than this are numbered by fives


def drawing(plane: Mapping[str, Any]) -> dict[str, Any]:
    """Return the paths and labels of a plane {top, left, rows}, each label as (text, x, y)."""
    rows = plane["rows"]
    height, width = len(rows), max(map(len, rows), default=0)
    wrong = [(EDGE + j * CELL, EDGE + i * CELL) for i, row in enumerate(rows) for j, mark in enumerate(row) if mark == "1"]
    return {
        "width": EDGE + width * CELL + 1,
        "height": EDGE + height * CELL + 1,
        "grid": "".join(f"M{EDGE} {EDGE + i * CELL}h{width * CELL}" for i in range(height + 1))
        + "".join(f"M{EDGE + j * CELL} {EDGE}v{height * CELL}" for j in range(width + 1)),
        "wrong": "".join(f"M{x} {y}h{CELL}v{CELL}h-{CELL}z" for x, y in wrong),
        "crosses": "".join(f"M{x + 4} {y + 4}l6 6m0 -6l-6 6" for x, y in wrong),
        "columns": [(n, EDGE + at * CELL + CELL / 2, EDGE - 5) for at, n in _numbered(plane["left"], width)],
        "rows": [(n, EDGE - 4, EDGE + at * CELL + CELL - 3) for at, n in _numbered(plane["top"], height)],
    }


def _numbered(start: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield the places that have a number, with that number."""
    for at in range(count):
        if count <= SPARSE or (start + at) % 5 == 0:
            yield at, start + at
