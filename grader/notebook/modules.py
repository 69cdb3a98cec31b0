"""Variables of modules that a session has changed since they were imported: a new import, in another process, would not have them."""

import ast
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from grader.errors import NotebookError
from grader.messages import session as messages
from grader.notebook.functions import constant
from grader.notebook.names import ATOMS
from grader.text import one_line


def settings(module: ModuleType, text: str, session: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the variables of a module of one's own, with their values, that its text does not plainly give: numbers, texts, literals.

    Raises:
        NotebookError: It was given something that this session made.
    """
    tree = ast.parse(text)
    bound = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    said = {name: its for statement in tree.body for name, its in _assigned(statement) if bound.count(name) == 1}
    for name, value in vars(module).items():
        if name.startswith("__") and name.endswith("__"):
            continue
        if made_by(session, value):
            raise NotebookError(messages.changed_module(one_line(f"{module.__name__}.{name}")))
        if type(value) in ATOMS:
            if name not in said or not constant(said[name], value):
                yield name, value
        elif name in said and _is_another(said[name], value):
            yield name, value


def unchanged(text: str, known: Mapping[str, Any], session: Mapping[str, Any]) -> None:
    """Make sure that nothing that a text uses as `module.name` was put into that module by the session.

    Raises:
        NotebookError: Something was.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            module = _module(node.value, known)
            if module is not None and made_by(session, vars(module).get(node.attr)):
                raise NotebookError(messages.changed_module(one_line(ast.unparse(node))))


def made_by(session: Mapping[str, Any], value: object) -> bool:
    """Whether a function, a class or an object of one is of a session, as far as it says."""
    if isinstance(value, FunctionType):
        return value.__globals__ is session
    kind = value if isinstance(value, type) else type(value)
    return kind.__module__ == session.get("__name__")


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _is_another(said: ast.expr, value: object) -> bool:
    """Whether an expression is a literal, and not that of a value."""
    try:
        return repr(ast.literal_eval(said)) != repr(value)
    except (ValueError, TypeError, SyntaxError):
        return False


def _module(node: ast.expr, known: Mapping[str, Any]) -> ModuleType | None:
    match node:
        case ast.Name(id=name):
            value = known.get(name)
        case ast.Attribute(value=inner, attr=name):
            home = _module(inner, known)
            value = vars(home).get(name) if home is not None else None
        case _:
            return None
    return value if isinstance(value, ModuleType) else None
