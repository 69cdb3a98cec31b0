"""What stands in the way of running a file here, and is worked around: said of every file, since nobody handed it in like that."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator

from grader.worker.dialect import DROPPED, ITERTOOLS, METHOD, NUMPY_NAME, python_2_names
from grader.worker.standins import KNOWN, NOTEBOOKS_OWN, PYTHON_2

CATCH = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
Obstacle = tuple[int, str, str]  # line, kind ("missing", "known", "python2", "numpy"), names


def prepared(tree: ast.AST) -> set[int]:
    """Return the lines of imports that stand in a `try` whose handlers catch that a module is missing."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(_catches(handler) for handler in node.handlers):
            inside = (n for statement in node.body for n in ast.walk(statement))
            lines.update(line for n in inside if isinstance(n, ast.Import | ast.ImportFrom) for line in range(n.lineno, _end(n) + 1))
    return lines


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or any(isinstance(n, ast.Name) and n.id in CATCH for n in ast.walk(handler.type))


def obstacles(source: str, tree: ast.Module, answers: Callable[[str], bool], libraries: Iterable[str] = ()) -> list[Obstacle]:
    """Return what of a file has to be worked around: of each kind the first line, and the names.

    `answers` tells whether the submission has a module, as the file imports it; `libraries` are there besides NumPy.
    """
    lines: dict[str, int] = {}
    names: dict[str, dict[str, None]] = {}
    for line, kind, name in sorted([*_missing(tree, answers, {"numpy", *libraries}), *_names(source, tree)]):
        lines.setdefault(kind, line)
        names.setdefault(kind, {})[name] = None
    return [(lines[kind], kind, ", ".join(listed)) for kind, listed in names.items()]


def _missing(tree: ast.Module, answers: Callable[[str], bool], libraries: set[str]) -> Iterator[Obstacle]:
    guarded = prepared(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == NOTEBOOKS_OWN:
            yield node.lineno, "missing", NOTEBOOKS_OWN
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.lineno in guarded:
            continue
        for module in _imported(node):
            top = module.lstrip(".").partition(".")[0]
            foreign = module.startswith(".") or not (top in sys.stdlib_module_names or top in libraries or top == "grader")
            if foreign and not answers(module):
                yield node.lineno, "known" if module in KNOWN else "missing", module


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not node.module:
        return [f"{'.' * node.level}{alias.name}" for alias in node.names if alias.name != "*"]
    return ["." * node.level + node.module]


def _names(source: str, tree: ast.Module) -> Iterator[Obstacle]:
    if any(name in source for name in PYTHON_2):
        yield from ((node.lineno, "python2", node.id) for node in python_2_names([*ast.walk(tree)]))
    for node in ast.walk(tree) if "itertools" in source else ():
        if isinstance(node, ast.ImportFrom) and node.module == "itertools" and node.lineno not in prepared(tree):
            yield from ((node.lineno, "python2", alias.name) for alias in node.names if alias.name in ITERTOOLS)
    for match in METHOD.finditer(source):
        yield source.count("\n", 0, match.start()) + 1, "python2", match.group().strip(".()")
    for match in NUMPY_NAME.finditer(source):
        if match.group(1) in DROPPED and match.group(1) != "bool":
            yield source.count("\n", 0, match.start()) + 1, "numpy", match.group()
    if pad := re.search(r"\b(?:np|numpy)\.lib\.pad\b", source):
        yield source.count("\n", 0, pad.start()) + 1, "numpy", pad.group()
    if dims := re.search(r"unravel_index\([^\n]*\bdims\s*=", source):
        yield source.count("\n", 0, dims.start()) + 1, "numpy", "np.unravel_index(dims=)"
