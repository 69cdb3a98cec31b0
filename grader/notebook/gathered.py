"""The code that functions of a session consist of, as files to hand in: their own text, and that of all they use.

What a name stands for now is what counts, not what a cell says that may never have run: functions and classes are read where their
code was compiled, plain values are written out. Only for the rest, an object that some statement made, the statement is repeated.
"""

import ast
import builtins
import linecache
import symtable
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import unwrap
from itertools import count
from types import CodeType, FunctionType, ModuleType
from typing import Any

from grader.errors import NotebookError
from grader.messages import session as messages
from grader.notebook.history import begin, history_of, lines
from grader.notebook.own_files import own_files
from grader.text import one_line

CELLS = "notebook cells.py"  # no module can be imported by such a name, so that none is mistaken for it
LONGEST = 10_000  # characters of a value that is written out
KEPT_OUT = frozenset({"get_ipython", "In", "Out", "exit", "quit"})  # what IPython puts beside the names of a notebook
FUTURE = "from __future__ import annotations\n"


class Gathered:
    """Files that define some names of a namespace, and grow with each that is asked for."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        """Take the namespace: the globals of a session."""
        self._namespace = namespace
        self._history = history_of(namespace)
        self._texts: list[str] = []
        self._files: dict[str, str] = {}
        self._there: set[str] = set()
        self._homes: dict[str, str] = {}  # the modules that names were imported from

    @property
    def files(self) -> dict[str, str]:
        """What to hand in, by path."""
        return {CELLS: "\n\n".join([FUTURE, *self._texts]) + "\n", **self._files}

    def add(self, name: str, user: str = "") -> None:
        """Add what a name stands for, after all that this uses.

        Raises:
            NotebookError: It was made where no source was kept; the message names it, and `user`, which uses it.
        """
        if name in self._there:
            return
        self._there.add(name)
        value = self._namespace[name]
        text = self._imported(name, value) or self._written(name, value)
        if text is None:
            raise NotebookError(messages.no_source(one_line(name), one_line(user), type(value).__name__))
        for used in dict.fromkeys(_globals(text)):
            if used in self._namespace and used not in KEPT_OUT and not (hasattr(builtins, used) and self._builtin(used)):
                self.add(used, name)
        self._texts.append(text)

    def bring(self, module: ModuleType, name: str) -> None:
        """Add something of a module of one's own that the namespace has no name for."""
        self._texts.append(f"from {module.__name__} import {name}")
        self._files |= own_files(module)
        self._homes[name] = module.__name__
        self._there.add(name)

    def mixed(self, names: Iterable[str]) -> bool:
        """Whether files of one's own came along, and not all these names come from one of them: it may define some of them, too."""
        homes = {self._homes.get(name) for name in names}
        return bool(self._files) and (len(homes) > 1 or None in homes)

    def alone(self, name: str) -> str:
        """Give what a name stands for another, which no file has, and return that."""
        own = f"{name}_here"
        while own in self._namespace or own in self._there:
            own += "_"
        self._there.add(own)
        self._texts.append(f"{own} = {name}")
        return own

    def _builtin(self, name: str) -> bool:
        return self._namespace[name] is getattr(builtins, name)

    def _imported(self, name: str, value: Any) -> str | None:
        """Return the import of a module, or of what is a module's own."""
        if isinstance(value, ModuleType):
            self._files |= own_files(value)
            return f"import {value.__name__} as {name}"
        module = sys.modules.get(getattr(value, "__module__", None) or "")
        called = getattr(value, "__name__", "")
        if module is None or vars(module) is self._namespace or getattr(module, called, None) is not value:
            return None
        self._files |= own_files(module)
        self._homes[name] = module.__name__
        return f"from {module.__name__} import {called} as {name}"

    def _written(self, name: str, value: Any) -> str | None:
        if isinstance(value, FunctionType | type) and (text := _definition(value)):
            own: str = value.__name__
            if own == name:
                return "\n".join([text, *self._history.changes(name)])
            if own not in self._namespace:
                return f"{text}\n\n{name} = {own}"
            return f"{name} = {own}" if self._namespace[own] is value else None  # its name is another's now
        if (plain := _plain(value)) is not None:
            return f"{name} = {plain}"
        return "\n".join(self._history.of(name)) or None


def _definition(value: FunctionType | type) -> str | None:
    """Return the statement that defines a function or class, from where its code was compiled."""
    for code in _codes(value):
        text = "".join(linecache.getlines(code.co_filename))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == value.__name__ and node.col_offset == 0:
                first, last = begin(node), node.end_lineno or 0
                if first == code.co_firstlineno or (isinstance(value, type) and first <= code.co_firstlineno <= last):
                    return lines(node, text)
    return None


def _codes(value: FunctionType | type) -> Iterator[CodeType]:
    """Yield code that is in the text of a function or class; of a function that was wrapped, none is in its own."""
    if isinstance(value, FunctionType):
        yield from [value.__code__] if value.__qualname__ == value.__name__ and not hasattr(value, "__wrapped__") else []
        return
    for member in vars(value).values():
        method = unwrap(getattr(member, "__func__", None) or getattr(member, "fget", None) or member)
        if isinstance(method, FunctionType) and method.__qualname__.startswith(f"{value.__qualname__}."):
            yield method.__code__


def _plain(value: Any) -> str | None:
    """Return numbers, texts and containers of them as Python writes them, where it reads the same again."""
    if type(value) not in (int, float, complex, bool, str, bytes, type(None), tuple, list, dict, set):
        return None
    text = repr(value)
    try:
        same = len(text) <= LONGEST and repr(ast.literal_eval(text)) == text
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return text if same else None


def _globals(text: str) -> Iterator[str]:
    """Yield the global names that statements use, wherever in them."""
    tables = [symtable.symtable(FUTURE + text, "", "exec")]
    for i in count():
        if i == len(tables):
            return
        tables += tables[i].get_children()
        yield from (s.get_name() for s in tables[i].get_symbols() if s.is_referenced() and s.is_global())
