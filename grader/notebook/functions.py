"""Functions of a session as they are now: their own text, with what they have of elsewhere put in.

A default, and what a function has of another one around it, is what it is by now, whatever the names in the text stood for
when it ran. A decorator is left out: what it made of a function is the function that is written here, and has that one around it.
"""

import ast
import builtins
from collections.abc import Mapping
from copy import deepcopy
from textwrap import indent
from types import CellType, FunctionType
from typing import Any, NamedTuple

from grader.notebook.names import ATOMS
from grader.notebook.sources import Definition, lines
from grader.notebook.uses import uses
from grader.notebook.values import CannotBeWritten, Made, Values


class NoSource(Exception):  # noqa: N818 - caught where the name is known
    """The text of a function or class is not known."""


class Written(NamedTuple):
    """A definition with its defaults put in, and the text that it stands in unless one was another."""

    node: Definition
    text: str | None


def function_made(values: Values, name: str, function: FunctionType) -> tuple[Made, tuple[str, ...]]:
    """Return what defines a function, and the names of all that it defines: those that share a variable around them are made together.

    Raises:
        NoSource: Its text is not known.
        CannotBeWritten: What it has of elsewhere cannot be written.
    """
    family = _family(values, name, function)
    written = {own: _written(values, one) for own, one in family.items()}
    after = "\n".join(f"{own}.{key} = {values.expression(its)}" for own, one in family.items() for key, its in vars(one).items())
    around = _around(values, family, written)
    if not around and len(family) == 1:
        node, text = written[name]
        as_it_is = not isinstance(node, ast.Lambda) and node.col_offset == 0 and node.name == name
        return Made(lines(node, text, node.lineno) if as_it_is and text else _named(node, name), after), (name,)
    return Made(_factory(values, family, written, around), after), tuple(family)


def put_in(values: Values, function: FunctionType, args: ast.arguments) -> bool:
    """Put the defaults of a function in the place of what its text has for them; return whether any of them is another."""
    defaults, named = function.__defaults__ or (), function.__kwdefaults__ or {}
    if len(defaults) != len(args.defaults) or {a.arg for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True) if d} != named.keys():
        raise CannotBeWritten(function)
    before = [*args.defaults, *args.kw_defaults]
    args.defaults = [_default(values, node, value) for node, value in zip(args.defaults, defaults, strict=True)]
    args.kw_defaults = [d and _default(values, d, named[a.arg]) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return any(new is not old for new, old in zip([*args.defaults, *args.kw_defaults], before, strict=True))


def constant(node: ast.expr, value: Any) -> bool:
    """Whether an expression says what a value is, without a name and without something that can be changed."""
    try:
        said = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return type(said) is type(value) and type(said) in ATOMS and repr(said) == repr(value)


def read(text: str) -> ast.expr:
    """Return the tree of an expression."""
    return ast.parse(text, mode="eval").body


def _default(values: Values, node: ast.expr, value: Any) -> ast.expr:
    return node if constant(node, value) else read(values.expression(value))


def _written(values: Values, function: FunctionType) -> Written:
    found = values.sources.function(function)
    if found is None:
        raise NoSource
    node = deepcopy(found[0])
    if "." in function.__qualname__ and any(_private(n) for n in ast.walk(node)):
        raise CannotBeWritten(function)  # outside of its class, the name would be another
    if not isinstance(node, ast.Lambda):
        node.decorator_list = []
    changed = put_in(values, function, node.args)
    return Written(node, None if changed else found[1])


def _private(node: ast.AST) -> bool:
    name = getattr(node, "attr", None) or getattr(node, "id", None) or ""
    return name.startswith("__") and not name.endswith("__")


def _named(node: Definition, name: str) -> str:
    """Return a definition under another name."""
    if isinstance(node, ast.Lambda):
        return f"{name} = {ast.unparse(node)}"
    node.name = name
    return ast.unparse(node)


def _defined(node: Definition, name: str) -> str:
    """Return the statement that defines a function under a name: as one, a lambda is seen to be what a factory returns."""
    if isinstance(node, ast.Lambda):
        return f"def {name}({ast.unparse(node.args)}):\n    return {ast.unparse(node.body)}"
    return _named(node, name)


def _cells(function: FunctionType) -> Mapping[str, CellType]:
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))


def _family(values: Values, name: str, function: FunctionType) -> dict[str, FunctionType]:
    """Return a function and those that share a variable of functions around them with it, by name."""
    family = {name: function}
    known = [one for one in values.names.namespace.values() if isinstance(one, FunctionType) and one.__closure__]
    grown = True
    while grown:
        shared = {id(cell) for one in family.values() for cell in _cells(one).values()}
        held = [c.cell_contents for one in family.values() for c in _cells(one).values() if c != CellType()]
        near = [one for one in (*known, *held) if isinstance(one, FunctionType) and not any(one is f for f in family.values())]
        more = [one for one in near if shared & {id(cell) for cell in _cells(one).values()}]
        for one in more[:1]:
            family[values.expression(one)] = one
        grown = bool(more)
    return family


def _around(values: Values, family: Mapping[str, FunctionType], written: Mapping[str, Written]) -> dict[str, Any]:
    """Return the variables around functions: those of functions, and the global ones of a module that is not this session."""
    around: dict[str, Any] = {}
    cells: dict[str, CellType] = {}
    not_around: set[str] = set()
    for name, function in family.items():
        node = written[name].node
        inside = indent(_defined(deepcopy(node), name), "    ")
        defaults = {n.id for d in (*node.args.defaults, *node.args.kw_defaults) if d for n in ast.walk(d) if isinstance(n, ast.Name)}
        used = {*uses(f"def around({', '.join(_cells(function))}):\n{inside}").later} - defaults
        for variable, cell in _cells(function).items():
            if cells.setdefault(variable, cell) is not cell or cell == CellType():
                raise CannotBeWritten(function)
            around[variable] = cell.cell_contents
        not_around |= defaults
        foreign = function.__globals__
        if foreign is values.names.namespace:
            not_around |= used
        elif any(isinstance(n, ast.Global) for n in ast.walk(node)):
            raise CannotBeWritten(function)
        else:
            around |= {n: foreign[n] for n in used if n in foreign and foreign[n] is not getattr(builtins, n, None)}
    if not_around & around.keys():  # one name for two things
        raise CannotBeWritten(next(iter(family.values())))
    return around


def _factory(values: Values, family: Mapping[str, FunctionType], written: Mapping[str, Written], around: Mapping[str, Any]) -> str:
    """Return a function around functions, with the variables that they share, and its call."""
    inner = {own: next((n for n, held in around.items() if held is one), "") for own, one in family.items()}
    inner = {own: local or (own if own not in around else f"{own}_inside") for own, local in inner.items()}
    given = {n: held for n, held in around.items() if not any(held is one for one in family.values())}
    body = [_defined(written[own].node, inner[own]) for own in family]
    body += [f"{n} = {inner[own]}" for own, one in family.items() for n, held in around.items() if held is one and n != inner[own]]
    body += [f"return {', '.join(inner.values())}"]
    maker = values.names.fresh(f"make_{next(iter(family))}")
    arguments = ", ".join(values.expression(held) for held in given.values())
    whole = f"def {maker}({', '.join(given)}):\n" + "\n".join(indent(one, "    ") for one in body)
    return f"{whole}\n\n{', '.join(family)} = {maker}({arguments})"
