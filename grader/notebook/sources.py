"""The text that functions and classes of a session were compiled from."""

import __future__

import ast
import linecache
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from inspect import get_annotations, unwrap
from types import CodeType, FunctionType
from typing import Any

from grader.intake.cells import understand
from grader.worker.cells import begin

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Sources:
    """The texts that a session was compiled from: those of its cells or files, and of the cells that a magic ran without keeping them."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        """Take the cells of IPython, where the namespace is its own, else the file that it is of."""
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if shell is not None and shell.user_ns is namespace:
            self._cells = [understand(cell).code for cell in shell.history_manager.input_hist_raw]
        else:
            self._cells = ["".join(linecache.getlines(namespace.get("__file__") or ""))]

    def function(self, function: FunctionType) -> tuple[Definition, str] | None:
        """Return the definition of a function and the text that it is in; None where that is not known, or is another one by now."""
        text, code = self._compiled_to(function.__code__)
        nodes = [n for n in ast.walk(_parsed(text)) if isinstance(n, Definition) and _begins(n, code)] if code else []
        if code and code.co_name == "<lambda>":
            spans = [
                (line, column, last, end) for line, last, column, end in code.co_positions() if end
            ]  # what no text stands for ends at 0
            inside = [n for n in nodes if spans and all(_holds(n.body, span) for span in spans)]
            nodes = sorted(inside, key=lambda n: len(ast.unparse(n)))  # the innermost of several in one line
        return (nodes[0], text) if nodes else None

    def defining(self, made: type) -> tuple[ast.ClassDef, str] | None:
        """Return the statement that defines a class, and the text that it is in: by its methods, else as the last with its attributes."""
        for method in _methods(made):
            text, code = self._compiled_to(method)
            for node in _classes(text, made.__name__):
                if code and begin(node) <= code.co_firstlineno <= (node.end_lineno or 0):
                    return node, text
        alike = [(node, text) for text in self._cells for node in _classes(text, made.__name__) if _could_make(node, made)]
        return alike[-1] if alike else None

    def _compiled_to(self, code: CodeType) -> tuple[str, CodeType | None]:
        """Return the text that was compiled to some code, if it is known, and the code with its lines there."""
        own = "".join(linecache.getlines(code.co_filename))
        flags = code.co_flags & __future__.annotations.compiler_flag
        if own:
            return own, code if code in _compiled(own, flags) else None
        for text in reversed(self._cells):  # `%%time` numbers the lines of a cell in a way of its own
            for found in _compiled(text, flags):
                if _without_lines(found) == _without_lines(code):
                    return text, found
        return "", None


def lines(node: ast.stmt | ast.expr, text: str, first: int) -> str:
    """Return the whole lines of a statement, from this one on."""
    return "\n".join(text.split("\n")[first - 1 : node.end_lineno])


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):  # such a cell did not run
        return ast.Module([], [])


@lru_cache(maxsize=64)
def _compiled(text: str, flags: int) -> frozenset[CodeType]:
    try:
        made = compile(text, "", "exec", flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return frozenset()
    # A shell compiles each statement alone, and then a call of what another one imported is compiled to something else.
    alone = (
        compile(ast.Module([one], []), "", "exec", flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True) for one in _parsed(text).body
    )
    return frozenset(code for each in (made, *alone) for code in _inside(each))


def _inside(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _inside(inner)


def _begins(node: Definition, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    return node.name == code.co_name and begin(node) == code.co_firstlineno


def _holds(node: Any, span: Any) -> bool:
    return bool((node.lineno, node.col_offset) <= span[:2] and span[2:] <= (node.end_lineno, node.end_col_offset))


def _without_lines(code: CodeType) -> CodeType:
    inner = tuple(_without_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_firstlineno=1, co_linetable=b"", co_consts=inner)


def _methods(made: type) -> Iterator[CodeType]:
    for member in vars(made).values():
        method = unwrap(getattr(member, "__func__", None) or getattr(member, "fget", None) or member)
        if isinstance(method, FunctionType) and method.__qualname__.startswith(f"{made.__qualname__}."):
            yield method.__code__


def _classes(text: str, name: str) -> Iterator[ast.ClassDef]:
    yield from (node for node in ast.walk(_parsed(text)) if isinstance(node, ast.ClassDef) and node.name == name)


def _could_make(node: ast.ClassDef, made: type) -> bool:
    annotated = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    assigned = [t.id for s in node.body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)]
    return annotated == [*get_annotations(made)] and all(hasattr(made, name) for name in assigned if not name.startswith("__"))
