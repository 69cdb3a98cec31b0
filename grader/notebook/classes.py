"""Classes of a session as they are now: their own text, and below it what they were given since."""

import ast
import builtins
from abc import ABCMeta
from collections import namedtuple
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import MISSING
from inspect import unwrap
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

from grader.notebook.functions import NoSource, constant, put_in, read
from grader.notebook.sources import lines
from grader.notebook.values import CannotBeWritten, Made, Values
from grader.worker.cells import begin

OF_PYTHON = (GetSetDescriptorType, MemberDescriptorType)  # what a class has without being given it
PLAIN = (type, ABCMeta)
WRAPPERS = (staticmethod, classmethod, property)


def class_made(values: Values, name: str, made: type) -> Made:
    """Return the statement that defines a class, with its bases and attributes as they are now, and those that its text does not have.

    Raises:
        NoSource: Its text is not known.
        CannotBeWritten: Something that it has cannot be written.
    """
    found = values.sources.defining(made)
    if found is None and made.__bases__ == (tuple,) and hasattr(made, "_field_defaults"):
        of: Any = made
        fields, defaults = values.expression(of._fields), values.expression(tuple(of._field_defaults.values()))
        return Made(f'{name} = {values.expression(namedtuple)}("{made.__name__}", {fields}, defaults={defaults})')
    if "<locals>" in made.__qualname__ or any("__init_subclass__" in vars(b) and values.is_students(b) for b in made.__mro__[1:]):
        raise CannotBeWritten(made)  # its text means something in that function alone, or changes what was there before it
    if found is None:
        raise NoSource
    node, text = deepcopy(found[0]), found[1]
    before = ast.dump(node)
    bases = vars(made).get("__orig_bases__", made.__bases__)
    if node.bases and len(bases) == len(node.bases):
        node.bases = [_base(values, n, base) for n, base in zip(node.bases, bases, strict=True)]
    node.decorator_list = [d for d in node.decorator_list if not _is_students(values, d)]
    if "__dataclass_fields__" in vars(made) and not node.decorator_list:
        raise CannotBeWritten(made)  # it was made one below its text, or by a decorator of the student's
    said = set(_said(values, node, made))
    node.name = name
    after = [*_changed(values, name, made)]
    unchanged = ast.dump(node) == before and node.col_offset == 0
    after += [
        f"{name}.{key} = {_member(values, value)}"
        for key, value in vars(made).items()
        if key not in said and _given(values, made, key, value)
    ]
    return Made(lines(node, text, begin(node)) if unchanged else ast.unparse(node), "\n".join(after))


def _is_students(values: Values, decorator: ast.expr) -> bool:
    """Whether a decorator is a function of this session: what it made of a class, the class has by now."""
    names = [n.id for n in ast.walk(decorator) if isinstance(n, ast.Name)]
    value = values.names.namespace.get(names[0]) if names else None
    return getattr(value, "__module__", None) == values.names.namespace.get("__name__")


def _base(values: Values, node: ast.expr, base: Any) -> ast.expr:
    if not isinstance(node, ast.Name) or values.names.namespace.get(node.id, getattr(builtins, node.id, None)) is base:
        return node
    return read(values.expression(base))


def _said(values: Values, node: ast.ClassDef, made: type) -> Iterator[str]:
    """Put the attributes of a class in the place of what its text has for them; yield their names."""
    methods = [s for s in node.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)]
    own = {key for s in methods if _is_of(_function(vars(made).get(key := _mangled(s.name, made))), s)}
    keeps = node.decorator_list or any(isinstance(s, ast.Delete) for s in node.body) or type(made) not in PLAIN
    bound: set[str] = set()
    for statement in list(node.body):
        name = _target(statement)
        key = _mangled(name, made)
        if not name:
            continue
        if key not in vars(made) and _default_of(made, key, MISSING) is MISSING:
            node.body = node.body if keeps else [s for s in node.body if s is not statement] or [ast.Pass()]
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield key
            called = isinstance(getattr(statement, "value", None), ast.Call)
            value = _default_of(made, key, vars(made).get(key))
            _put_value(values, statement, value, fixed=type(made) not in PLAIN or bool(keeps and called))
            _put_in_call(values, statement, vars(made).get("__dataclass_fields__", {}).get(key))
        elif key not in own and _function(vars(made)[key]):
            statement.decorator_list = []  # another one is put there below
        else:
            yield key
            _put_defaults(values, statement, _function(vars(made)[key]))
        if not keeps and bound & _read_at_once(statement):  # a name that is another's inside of the class
            raise CannotBeWritten(made)
        bound.add(name)


def _default_of(made: type, key: str, value: Any) -> Any:
    """Return what a dataclass took as the default of a field, which its attribute of that name need not be any more."""
    default = getattr(vars(made).get("__dataclass_fields__", {}).get(key), "default", MISSING)
    return value if default is MISSING else default


def _changed(values: Values, name: str, made: type) -> Iterator[str]:
    """Yield what was done to the attributes of a dataclass after its fields took them as defaults."""
    for key, field in vars(made).get("__dataclass_fields__", {}).items():
        value = vars(made).get(key, MISSING)
        if key not in vars(made).get("__annotations__", {}) or value is field.default or isinstance(value, OF_PYTHON):
            continue
        yield f"del {name}.{key}" if value is MISSING else f"{name}.{key} = {_member(values, value)}"


def _read_at_once(statement: ast.stmt) -> set[str]:
    """Return the names that a default or an attribute is put together from, where no function of the class is called for it."""
    args: ast.arguments | None = getattr(statement, "args", None)
    put = [d for d in (*args.defaults, *args.kw_defaults) if d] if args else [value] if (value := getattr(statement, "value", None)) else []
    return {n.id for one in put for n in ast.walk(one) if isinstance(n, ast.Name)}


def _target(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name
    return ""


def _put_value(values: Values, statement: Any, value: Any, *, fixed: bool) -> None:
    """Put an attribute in the place of its text; not what a decorator or another kind of class makes something else of."""
    if not fixed and not isinstance(value, OF_PYTHON) and not constant(statement.value, value):
        statement.value = read(_member(values, value))


def _put_in_call(values: Values, statement: Any, field: Any) -> None:
    """Put the default that `field` was called with, in a dataclass, in the place of its text."""
    call = getattr(statement, "value", None)
    for keyword in call.keywords if field is not None and isinstance(call, ast.Call) else ():
        if keyword.arg == "default" and not constant(keyword.value, field.default):
            keyword.value = read(values.expression(field.default))


def _put_defaults(values: Values, statement: ast.FunctionDef | ast.AsyncFunctionDef, function: FunctionType | None) -> None:
    if function is None or not _is_of(function, statement):
        return
    if function.__globals__ is not values.names.namespace:  # its module was imported again since
        raise NoSource
    put_in(values, function, statement.args)


def _is_of(function: FunctionType | None, statement: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function is not None and function.__name__ == statement.name and function.__code__.co_firstlineno == begin(statement)


def _given(values: Values, made: type, key: str, value: Any) -> bool:
    """Whether a class was given an attribute after its text, or by what made it anew."""
    if isinstance(value, OF_PYTHON) or type(made) not in PLAIN or hasattr(made, "_fields"):
        return False
    function = _function(value)
    if function is not None:
        return values.sources.function(unwrap(function)) is not None  # those that a dataclass gets have none
    return not (key.startswith("__") and key.endswith("__")) and key != "_abc_impl"


def _member(values: Values, value: Any) -> str:
    if isinstance(value, property):
        return f"{values.expression(property)}({', '.join(values.expression(f) for f in (value.fget, value.fset, value.fdel))})"
    if isinstance(value, staticmethod | classmethod):
        return f"{values.expression(type(value))}({values.expression(value.__func__)})"
    return values.expression(value)


def _function(member: Any) -> FunctionType | None:
    function = getattr(member, "__func__", None) or getattr(member, "fget", None) if isinstance(member, WRAPPERS) else member
    return function if isinstance(function, FunctionType) else None


def _mangled(name: str, made: type) -> str:
    return f"_{made.__name__.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name
