"""The values of a session as Python that makes them again, as they are now: whatever made them is not asked.

What the session has a name for is called by it, so that two that hold the same thing still do so afterwards.
"""

import ast
import builtins
import copyreg
import math
import sys
import types
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import lru_cache, partial
from inspect import getattr_static, unwrap
from types import FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from grader.language import Sentence
from grader.messages import session as messages
from grader.notebook.names import ATOMS, Names
from grader.notebook.own_files import is_own
from grader.notebook.sources import Sources
from grader.notebook.uses import uses
from grader.text import Cleaned, one_line

LONGEST = 10_000  # characters of an array that is written out as it would be read; of a larger one, its bytes are,
LARGEST = 1_000_000  # up to this many, as many as a text or a container may have
CONTAINERS = (tuple, list, dict, set, frozenset)
OWN_WAYS = {"__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__"}  # of being copied
CACHED = type(lru_cache(int))
NEW = getattr(copyreg, "__newobj__")  # noqa: B009 - as an attribute, its name would be another inside a class


class CannotBeWritten(Exception):  # noqa: N818 - caught where the name is known
    """A value that no text makes again: what kind it is, whether that is for its size, and what says more of a name, if anything does."""

    def __init__(self, value: object, *, large: bool = False, why: Callable[[Cleaned], Sentence] | None = None) -> None:
        """Keep what a message says of it."""
        super().__init__(type(value).__name__)
        self.kind, self.large, self.why = type(value).__name__, large, why


class HeldTwice(Exception):  # noqa: N818 - not an error: what is written begins again
    """A thing without a name is in two places, and needs one, so that it is one thing in both."""


class Made(NamedTuple):
    """The statement that makes something, and what is done to it afterwards: this may use what uses it."""

    text: str
    after: str = ""


class Values:
    """What writes values: the names they have, and what was already written."""

    def __init__(self, names: Names, sources: Sources, apart: set[int]) -> None:
        """Take the names, the texts of definitions, and the things that get names of their own since they are held twice."""
        self.names, self.sources = names, sources
        self._apart = apart
        self._parent = ""
        self._inside: dict[int, Any] = {}  # kept, so that no other gets its id
        self._memory: dict[int, tuple[Any, str]] = {}  # arrays, and what they are a part of, by what holds their numbers

    def statements(self, name: str, value: Any) -> Made:
        """Return the statements that make a value under a name.

        Raises:
            CannotBeWritten: No text makes it again.
            HeldTwice: Something in it must be written apart first; its id is among those by now.
        """
        if type(value) in (*ATOMS, *CONTAINERS, np.ndarray):
            return Made(f"{name} = {self._literal(value)}")
        return self._object(name, value)

    def expression(self, value: Any) -> str:
        """Return an expression for a value: its name, or how it is made. Raises as `statements` does."""
        if isinstance(value, ATOMS):
            return self._literal(value) if type(value) in ATOMS else self._named(value)
        if own := self.names.of(value):
            return own
        if type(value) not in (*CONTAINERS, np.ndarray) or id(value) in self._apart:
            return self._named(value)
        if not isinstance(value, tuple | frozenset):
            if id(value) in self._inside:
                self._apart.add(id(value))
                raise HeldTwice
            self._inside[id(value)] = value
        return self._literal(value)

    def within(self, parent: str) -> None:
        """Note what the values that follow are a part of."""
        self._parent = parent

    def called(self, value: Any) -> str:
        """Return the `__name__` of a thing; nothing, where code of a student's would have to be asked for it."""
        called = "" if self.is_students(type(value)) else getattr(value, "__name__", "")
        return called if isinstance(called, str) else ""

    def is_students(self, kind: type) -> bool:
        """Whether a class is of this session, or of a file of one's own."""
        module = sys.modules.get(kind.__module__)
        return module is None or kind.__module__ == self.names.namespace.get("__name__") or is_own(module)

    def _named(self, value: Any) -> str:
        called = self.called(value)
        if called and getattr(builtins, called, None) is value and called not in self.names.namespace:
            return called
        self._inside[id(value)] = value
        return self.names.give(value, called or type(value).__name__.lower(), self._parent)

    def _literal(self, value: Any) -> str:
        text = self._written(value)
        if len(text) > LARGEST:
            raise CannotBeWritten(value, large=True)
        return text

    def _written(self, value: Any) -> str:
        match value:
            case np.ndarray():
                return self._array(value)
            case float() if not math.isfinite(value):
                return f'{self.expression(float)}("{value}")'
            case complex():
                return f"{self.expression(complex)}({self._literal(value.real)}, {self._literal(value.imag)})"
            case tuple():
                return f"({self._parts(value)}{',' * (len(value) == 1)})"
            case list():
                return f"[{self._parts(value)}]"
            case dict():
                return f"{{{', '.join(f'{self.expression(k)}: {self.expression(v)}' for k, v in value.items())}}}"
            case set() | frozenset() if not value:
                return f"{self.expression(type(value))}()"
            case set():
                return f"{{{self._parts(value)}}}"
            case frozenset():
                return f"{self.expression(frozenset)}({{{self._parts(value)}}})"
        return repr(value)

    def _parts(self, values: Iterable[Any]) -> str:
        return ", ".join(self.expression(value) for value in values)

    def _array(self, value: "np.ndarray[Any, Any]") -> str:
        """Return an array by its numbers; not one that shares its memory with another, or that may not be changed."""
        if not _plain(value.dtype):
            raise CannotBeWritten(value)
        if not value.flags.writeable:
            raise CannotBeWritten(value, why=messages.read_only)
        holder: Any = value
        while getattr(holder, "base", None) is not None:
            holder = holder.base
        other, its = self._memory.setdefault(id(holder), (value, self.names.known(self._parent)))
        if other is not value:
            here = self.names.known(self._parent) == its
            raise CannotBeWritten(value, why=None if here else partial(messages.shares_memory, one_line(its)))
        numpy = self.expression(np)
        kind = f'"{value.dtype.str}"'
        order = ', order="F"' if value.flags.f_contiguous and not value.flags.c_contiguous else ""
        if value.size > 1 and value.tobytes() == value.flat[0].tobytes() * value.size:
            return f"{numpy}.full({value.shape}, {self._literal(value.flat[0].item())}, {kind}{order})"
        if 2 * value.nbytes > LARGEST:
            raise CannotBeWritten(value, large=True)
        text = f"{numpy}.array({self._literal_list(value.tolist())}, {kind}{order})"
        if len(text) <= LONGEST and value.size:
            return text
        packed = f'{numpy}.frombuffer({self.expression(bytes)}.fromhex("{value.tobytes().hex()}"), {kind})'
        return f"{numpy}.array({packed}.reshape({value.shape}){order})"

    def _literal_list(self, value: Any) -> str:
        return f"[{', '.join(map(self._literal_list, value))}]" if isinstance(value, list) else self._literal(value)

    def _object(self, name: str, value: Any) -> Made:
        """Return what makes an object with its attributes, as it is copied and pickled."""
        if isinstance(value, np.generic) and _plain(value.dtype):
            return Made(f'{name} = {self.expression(np)}.array({self._literal(value.item())}, "{value.dtype.str}")[()]')
        if isinstance(value, MethodType):
            return Made(f"{name} = {self._bound(value)}")
        if isinstance(value, tuple) and hasattr(type(value), "_field_defaults"):
            return Made(f"{name} = {self.expression(tuple)}.__new__({self.expression(type(value))}, {self._literal(tuple(value))})")
        if type(value) is CACHED:
            if value.cache_info().currsize and self._may_differ(value):
                raise CannotBeWritten(value, why=messages.remembers)
            settings = ", ".join(f"{key}={setting}" for key, setting in value.cache_parameters().items())
            return Made(f"{name} = {self.expression(lru_cache)}({settings})({self.expression(value.__wrapped__)})")
        copied = self._copied(value)
        if isinstance(copied, str):
            home = sys.modules[type(value).__module__]
            if getattr(home, copied, None) is not value:
                raise CannotBeWritten(value)
            return Made(f"{name} = {self.expression(home)}.{copied}")
        made, given, state, items, pairs = (*copied, None, None, None)[:5]
        maker = f"{self.expression(given[0])}.__new__" if made is NEW else self.expression(made)
        after = [f"{name}.append({self.expression(item)})" for item in items or ()]
        after += [f"{name}[{self.expression(key)}] = {self.expression(item)}" for key, item in pairs or ()]
        after += self._state(name, value, state)
        return Made(f"{name} = {maker}({self._parts(given)})", "\n".join(after))

    def _may_differ(self, cached: Any) -> bool:
        """Whether what a function remembers may come from what a variable stood for then: one of the session, or around it."""
        function = unwrap(cached)
        found = self.sources.function(function) if isinstance(function, FunctionType) else None
        if found is None or function.__closure__:
            return True
        node = deepcopy(found[0])
        if not isinstance(node, ast.Lambda):
            node.decorator_list = []
        read = {name for each in uses(ast.unparse(node)) for name in each if name in self.names}
        return any(self.names[name] is not cached and not isinstance(self.names[name], ModuleType) for name in read)

    def _bound(self, method: MethodType) -> str:
        """Return a method of an object: the one that its class has, which is not written twice, or a function that was put on it."""
        its, function = method.__self__, method.__func__
        owner = self.expression(its)
        if isinstance(function, FunctionType) and _of_class(its, function):
            return f'{self.expression(getattr)}({owner}, "{function.__name__}")'
        return f"{self.expression(types)}.MethodType({self.expression(function)}, {owner})"

    def _state(self, name: str, value: Any, state: Any) -> list[str]:
        if state is None:
            return []
        if hasattr(type(value), "__setstate__"):
            return [f"{name}.__setstate__({self.expression(state)})"]
        attributes, slots = state if isinstance(state, tuple) else (state, None)
        given = [f"{self.expression(vars)}({name}).update({self._literal(attributes)})"] if attributes else []
        setting = f"{self.expression(object)}.__setattr__({name}, " if slots else ""
        return given + [f'{setting}"{key}", {self.expression(its)})' for key, its in (slots or {}).items()]

    def _copied(self, value: Any) -> str | tuple[Any, ...]:
        """Return what `copy` would make a copy with, of what runs no code of a student's for it; or its name in its module."""
        kind = type(value)
        if any(self.is_students(one) for one in kind.__mro__ if OWN_WAYS & vars(one).keys()):
            raise CannotBeWritten(value)
        try:
            if kind in copyreg.dispatch_table:
                return copyreg.dispatch_table[kind](value)
            copied: str | tuple[Any, ...] = value.__reduce_ex__(2)
        except Exception as error:  # whatever a library says of what it cannot copy
            raise CannotBeWritten(value) from error
        return copied


def _of_class(owner: object, function: FunctionType) -> bool:
    """Whether an object has a function as a method by its class, or a class has it as its classmethod."""
    name = function.__name__
    if isinstance(owner, type):
        held = getattr_static(owner, name, None)
        return isinstance(held, classmethod) and held.__func__ is function
    return all(getattr_static(one, name, None) is function for one in (owner, type(owner)))


def _plain(dtype: "np.dtype[Any]") -> bool:
    """Whether numbers or texts of a type are written as Python has them, and nothing is lost."""
    return dtype.kind in "biufcSU" and dtype.itemsize > 0 and dtype.char not in "gG"
