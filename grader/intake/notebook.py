"""A notebook becomes one Python module, and the files that its cells write. Runs in a disposable process only."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import nbformat

from grader.intake.cells import understand
from grader.worker.cells import MARK

MAX_VALUES = 500_000  # of JSON: each costs about 60 bytes and a quarter of a microsecond
MAX_CELLS = 1_000
MAX_CODE = 1 << 20  # characters
MAX_WORDS = 30_000  # names, numbers and signs: about 100 KB of code, which compile in 50 ms at worst
MAX_NOTES = 8
SHOWN = 60
WORD = re.compile(r"\w+|[^\w ]")
FUTURE = re.compile(r"^from __future__ import [\w, ]+$", re.MULTILINE)
TEXT = {1: "code", 2: "input", 3: "input", 4: "source"}  # where each version of the format keeps the text of a code cell


class NoNotebookError(Exception):
    """Nothing of a notebook can be read; the message says why and goes after "left out, "."""


def convert(text: str) -> dict[str, Any]:
    """Return what a notebook holds: `module`, `files` by name and `notes` about single cells; or `refused`, why none of it is read.

    Cells are counted from 1, code cells only, and each begins with a comment that says which it is. The first line of the module tells
    the worker to run it cell by cell.
    """
    try:
        sources = _sources(text)
        return _module(sources)
    except NoNotebookError as error:
        return {"refused": str(error)}
    except RecursionError:
        return {"refused": "it is no notebook that can be read, it is nested too deep"}


def _sources(text: str) -> list[str]:
    if sum(map(text.count, "[{,")) > MAX_VALUES:
        raise NoNotebookError(f"it holds more than {MAX_VALUES:,} values; clear its outputs and hand it in again")
    try:
        slim = _slim(json.loads(text))
        cells = nbformat.reads(json.dumps(slim), as_version=4).cells  # type: ignore[no-untyped-call]
        sources = [cell.source for cell in cells]
    except (ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise NoNotebookError("it is no notebook that can be read; save it in Jupyter and hand it in again") from error
    if sum(map(len, sources)) > MAX_CODE or sum(1 for s in sources for _ in WORD.finditer(s)) > MAX_WORDS:
        raise NoNotebookError("its cells hold too much code; move some of it to .py files")
    return sources


def _slim(notebook: Any) -> dict[str, Any]:
    """Return a notebook with nothing but the texts of its code cells, so that nbformat upgrades no outputs and no metadata."""
    version = notebook.get("nbformat", 1)
    if type(version) is not int or version not in TEXT:
        raise ValueError(version)
    sheets = notebook["worksheets"] if version in {2, 3} else [notebook]
    if not all(isinstance(sheet["cells"], list) for sheet in sheets):
        raise TypeError("cells")
    if sum(len(sheet["cells"]) for sheet in sheets) > MAX_CELLS:
        raise NoNotebookError(f"it has more than {MAX_CELLS} cells; hand in only your own")
    cells = [
        _slim_cell(cell, TEXT[version])
        for sheet in sheets
        for cell in sheet["cells"]
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]
    head = {"nbformat": version, "nbformat_minor": 0, "metadata": {}}
    return head | ({"worksheets": [{"cells": cells}]} if version in {2, 3} else {"cells": cells})


def _slim_cell(cell: dict[str, Any], text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, text: _joined(cell.get(text, ""))}


def _joined(source: Any) -> str:
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise TypeError(source)
    return "".join(lines)


def _module(sources: Iterable[str]) -> dict[str, Any]:
    files: dict[str, str] = defaultdict(str)
    notes: list[str] = []
    lines: list[str] = []
    parts: list[str] = []
    for number, source in enumerate(sources, 1):
        cell = understand(source.replace("\r\n", "\n").replace("\r", "\n"))
        if cell.reason:
            notes.append(f", cell {number}: left out, {cell.reason}.")
        elif cell.file:
            files[cell.file] = files[cell.file] + cell.code if cell.appends else cell.code
            notes.append(f", cell {number}: read as the file {_cut(cell.file)} that it writes.")
        elif cell.code.strip():
            parts.append(f"# cell {number}\n{cell.code}\n")
            lines += [f", cell {number}: left out {_cut(line)}, it is no Python." for line in cell.left_out]
    notes += lines  # last: that a whole cell is missing matters more
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES - 1 :] = [f": and {len(notes) - MAX_NOTES + 1} more cells or lines like these."]
    return {"module": _whole("\n\n".join(parts)) if parts else "", "files": files, "notes": notes}


def _cut(line: str) -> str:
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."


def _whole(cells: str) -> str:
    """Python wants imports from __future__ before everything else; in a notebook they may stand in any cell."""
    futures = list(dict.fromkeys(FUTURE.findall(cells)))
    return "\n".join([MARK, *futures, FUTURE.sub("pass", cells) if futures else cells])
