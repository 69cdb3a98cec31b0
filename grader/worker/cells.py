"""Run a module as a notebook runs: on where a cell fails, or, in a file, a statement.

In Jupyter a demo that raises takes nothing from what the other cells define; here many raise that did not there (`display`, a drive). Nor
does a file lose its layers to the data that it reads below them, or to arguments of a command line that nobody gave.
"""

import ast
import re
from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import groupby
from traceback import walk_tb
from types import CodeType, ModuleType
from typing import NoReturn

from grader.worker import dialect
from grader.worker.jail import UnloadedError

MARK = "# Nablagrade: a notebook, run cell by cell; a cell that fails stops no other."  # the first line of such a module
CELL = re.compile(r"^# (?:cell \d+|In ?\[[\d ]*\]:?)\s*$")  # the first line of a cell; the second as Jupyter saves a .py file
SAVED = re.compile(r"^# In ?\[[\d ]*\]:?\s*$", re.MULTILINE)


def is_notebook(source: str) -> bool:
    """Whether a module was a notebook, converted here or saved as a .py file by Jupyter."""
    return source.startswith(MARK) or SAVED.search(source) is not None


def run(source: str, path: str, module: ModuleType) -> list[tuple[int, BaseException]]:
    """Run the cells of a notebook, or a file, and from where one fails, its statements one after the other.

    What is asked of the module later, and is not there, raises what was raised first.

    Returns:
        Of a file, the lines of the statements that failed, and what they raised.
    """
    module.__dict__.update({name: value for name, value in dialect.given(source).items() if name not in module.__dict__})
    failed: list[tuple[int, BaseException]] = []
    if is_notebook(source):
        starts = [number for number, line in enumerate(source.split("\n"), 1) if CELL.match(line)]
        pieces = _pieces(dialect.adapted(source, path), path, lambda statement: bisect(starts, statement.lineno))
    else:
        code = dialect.compiled(source, path)
        if (first := _raised(code, module)) is None:
            return []
        failed.append((_line(first, code), first))
        pieces = _pieces(dialect.adapted(source, path), path, begin, after=failed[0][0])
    failed += [(_line(error, piece), error) for piece in pieces if (error := _raised(piece, module)) is not None]
    for _, error in failed:
        if isinstance(error, UnloadedError) and not is_notebook(source):
            raise error  # ours: what it would have imported, the file may well need
    if failed:
        module.__dict__.setdefault("__getattr__", _instead_of_missing(failed[0][1]))
    return [] if is_notebook(source) else failed


def _raised(piece: CodeType, module: ModuleType) -> BaseException | None:
    try:
        exec(piece, module.__dict__)  # noqa: S102 - this is the job
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a student's statement may raise anything; what ends the process still does
        return error
    return None


def _pieces(tree: ast.Module, path: str, piece_of: Callable[[ast.stmt], int], after: int = 0) -> Iterator[CodeType]:
    """Yield the pieces that begin below a line, in their lines, with the imports from __future__, which hold for all."""
    futures = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    below = [s for s in tree.body if s not in futures and begin(s) > after]
    for _, piece in groupby(below, piece_of):
        yield compile(ast.Module([*futures, *piece], []), path, "exec", dont_inherit=True)


def begin(statement: ast.stmt) -> int:
    """Return the first line of a statement, or of its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _line(error: BaseException, piece: CodeType) -> int:
    """Return the line at which a piece was when it failed."""
    return next((line for frame, line in walk_tb(error.__traceback__) if frame.f_code is piece), piece.co_firstlineno)


def _instead_of_missing(error: BaseException) -> Callable[[str], NoReturn]:
    """Return the `__getattr__` of a module (PEP 562)."""
    trace = error.__traceback__

    def missing(name: str) -> NoReturn:
        if name.startswith("__"):  # Python asks for these itself, and goes on without
            raise AttributeError(name)
        raise error.with_traceback(trace)  # without the frames of who asked before

    return missing
