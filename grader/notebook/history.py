"""The statements that a session has run at its top level, as far as they were kept: a notebook's cells, or the file of a script."""

import ast
import linecache
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.intake.cells import understand
from grader.worker.definitions import as_script


class History:
    """What was run, in its order."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the texts that were run."""
        self._statements = [(statement, text) for text in texts for statement in _statements(text)]

    def of(self, name: str) -> list[str]:
        """Return what made the value of a name: the statement that bound it last, and those before and after that changed it."""
        found: list[str] = []
        for statement, text in reversed(self._statements):
            bound = _binds(statement, name)
            if bound or _changes(statement, name):
                found.insert(0, lines(statement, text))
            if bound and not _reads(statement, name):
                return found
        return []

    def changes(self, name: str) -> list[str]:
        """Return the statements that changed something of a name after it was bound last: methods given to a class below it."""
        found: list[str] = []
        for statement, text in reversed(self._statements):
            if _binds(statement, name):
                break
            if _changes(statement, name):
                found.insert(0, lines(statement, text))
        return found


def history_of(namespace: Mapping[str, Any]) -> History:
    """Return what ran in a namespace: the cells of IPython, where that is its own, else the file that it is of."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and shell.user_ns is namespace:
        return History(understand(cell).code for cell in shell.history_manager.input_hist_raw)
    return History(["".join(linecache.getlines(namespace.get("__file__") or ""))])


def lines(node: ast.stmt, text: str) -> str:
    """Return the whole lines of a statement, with its decorators."""
    return "\n".join(text.splitlines()[begin(node) - 1 : node.end_lineno])


def begin(node: ast.stmt) -> int:
    """Return the first line of a statement, or of its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _statements(text: str) -> Iterator[ast.stmt]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):  # such a cell did not run
        return
    for statement in body:
        yield from statement.body if isinstance(statement, ast.If) and as_script(statement.test) else [statement]


def _binds(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.name == name
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=bound, ctx=ast.Store()) if bound == name:
                return True
            case ast.FunctionDef(name=bound) | ast.ClassDef(name=bound) if bound == name:
                return True
            case ast.alias() if (node.asname or node.name.partition(".")[0]) == name:
                return True
    return False


def _changes(statement: ast.stmt, name: str) -> bool:
    """Whether a statement assigns to a part of what a name stands for: `cfg.eps = 1e-5`, `table["a"] = 2`, `setattr(Net, "loss", loss)`."""
    targets: list[ast.expr] = []
    match statement:
        case ast.Assign():
            targets = statement.targets
        case ast.AugAssign():
            targets = [statement.target]
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[owner, *_])):
            targets = [owner]
    return any(isinstance(node, ast.Name) and node.id == name for target in targets for node in ast.walk(target))


def _reads(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    again = isinstance(statement, ast.AugAssign)
    return again or any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(statement))
