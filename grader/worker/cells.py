"""Run a module that was a notebook as a notebook runs: cell by cell, and on where one of them fails.

In Jupyter a demo that raises takes nothing from what the other cells define; here many raise that did not there (`display`, a drive).
"""

import ast
import re
from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import groupby
from types import ModuleType
from typing import NoReturn

from grader.worker import dialect

MARK = "# Nablagrade: a notebook, run cell by cell; a cell that fails stops no other."  # the first line of such a module
CELL = re.compile(r"^# (?:cell \d+|In ?\[[\d ]*\]:?)\s*$")  # the first line of a cell; the second as Jupyter saves a .py file
SAVED = re.compile(r"^# In ?\[[\d ]*\]:?\s*$", re.MULTILINE)


def is_notebook(source: str) -> bool:
    """Whether a module was a notebook, converted here or saved as a .py file by Jupyter."""
    return source.startswith(MARK) or SAVED.search(source) is not None


def run(source: str, path: str, module: ModuleType) -> None:
    """Run the cells of a module one after the other.

    What is asked of the module later, and is not there, raises what the first cell raised that failed.
    """
    failed: Exception | None = None
    module.__dict__.update({name: value for name, value in dialect.given(source).items() if name not in module.__dict__})
    text = dialect.readable(source)
    for cell in _cells(dialect.adapted(text, path, divisions=text is not source), text):
        try:
            exec(compile(cell, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - this is the job
        except Exception as error:  # noqa: BLE001 - a student's cell may raise anything; what ends the process still does
            failed = error if failed is None else failed
    if failed is not None:
        module.__dict__.setdefault("__getattr__", _instead_of_missing(failed))


def _cells(tree: ast.Module, source: str) -> Iterator[ast.Module]:
    """Yield the statements of each cell, in their lines, below the imports from __future__, which hold for all."""
    starts = [number for number, line in enumerate(source.split("\n"), 1) if CELL.match(line)]
    futures = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    for _, cell in groupby(tree.body[len(futures) :], lambda statement: bisect(starts, statement.lineno)):
        yield ast.Module([*futures, *cell], [])


def _instead_of_missing(error: Exception) -> Callable[[str], NoReturn]:
    """Return the `__getattr__` of a module (PEP 562)."""
    trace = error.__traceback__

    def missing(name: str) -> NoReturn:
        if name.startswith("__"):  # Python asks for these itself, and goes on without
            raise AttributeError(name)
        raise error.with_traceback(trace)  # without the frames of who asked before

    return missing
