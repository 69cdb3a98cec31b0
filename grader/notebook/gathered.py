"""The code that functions of a session consist of, as files to hand in: their own text, and that of all they use.

What a name stands for now is what counts, not what a cell says that may never have run, or ran when other names stood for other things.
So nothing is run again: functions and classes are read where their code was compiled, everything else is written out as it is.
"""

import builtins
import sys
from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.errors import NotebookError
from grader.language import Sentence
from grader.messages import session as messages
from grader.notebook.classes import class_made
from grader.notebook.functions import NoSource, function_made
from grader.notebook.modules import made_by, settings, unchanged
from grader.notebook.names import Names
from grader.notebook.own_files import own_files
from grader.notebook.sources import Sources
from grader.notebook.uses import FUTURE, uses
from grader.notebook.values import CannotBeWritten, HeldTwice, Made, Values
from grader.text import one_line

CELLS = "notebook cells.py"  # no module can be imported by such a name, so that none is mistaken for it

AT_RUN_TIME = frozenset({"eval", "exec", "globals"})  # what these find, no text tells


class Gathered:
    """Files that define some names of a namespace, and grow with each that is asked for."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        """Take the namespace: the globals of a session."""
        self._namespace = namespace
        self._sources = Sources(namespace)
        self._asked: list[str] = []
        self._handed: dict[str, Any] = {}
        self._apart: set[int] = set()
        self._alone: dict[str, str] = {}
        self._written = _Written(self._names(), self._sources, self._apart)

    @property
    def files(self) -> dict[str, str]:
        """What to hand in, by path."""
        others = [f"{own} = {name}" for name, own in self._alone.items()]
        return {CELLS: "\n\n".join([FUTURE, *self._written.texts, *others]) + "\n", **self._written.files}

    def add(self, name: str) -> None:
        """Add what a name stands for, with all that this uses.

        Raises:
            NotebookError: Some of it cannot be brought as it is; the message names it, and what uses it.
        """
        self._asked.append(name)
        while True:
            written = _Written(self._names(), self._sources, self._apart)
            try:
                for one in self._asked:
                    written.place(one)
            except HeldTwice:
                continue
            self._written = written
            return

    def give(self, value: Any, name: str) -> str:
        """Add something that the session has no name for, under this name if nothing else has it; return its name."""
        names = self._names()
        free = name.isidentifier() and name not in self._namespace and name not in names
        own = name if free else names.fresh(name)
        self._handed[own] = value
        self.add(own)
        return own

    def mixed(self, names: Iterable[str]) -> bool:
        """Whether files of one's own came along, and not all these names come from one of them: it may define some of them, too."""
        homes = {self._written.homes.get(name) for name in names}
        return bool(self._written.files) and (len(homes) > 1 or None in homes)

    def alone(self, name: str) -> str:
        """Give what a name stands for another, which no file has, and return that."""
        own = f"{name}_here"
        while own in self._namespace or own in self._alone.values():
            own += "_"
        self._alone[name] = own
        return own

    def _names(self) -> Names:
        return Names(self._namespace, self._handed)


class _Written:
    """The statements that make things, each after those that make what it needs at once."""

    def __init__(self, names: Names, sources: Sources, apart: set[int]) -> None:
        """Begin with nothing."""
        self.texts: list[str] = []
        self.files: dict[str, str] = {}
        self.homes: dict[str, str] = {}  # the modules that names were imported from
        self._names = names
        self._values = Values(names, sources, apart)
        self._placed: set[str] = set()
        self._making: set[str] = set()
        self._done: set[str] = set()
        self._made: dict[str, Made] = {}
        self._with: dict[str, str] = {}  # what is made together with another

    def place(self, name: str, user: str = "") -> None:
        """Add what a name stands for, and all that it uses, at once or when it is called.

        Raises:
            NotebookError: Some of it cannot be brought as it is.
            HeldTwice: All of this must begin again.
        """
        name = self._with.get(name, name)
        if name in self._placed or name not in self._names:
            return
        self._placed.add(name)
        made = self._made_of(name, user)
        self._holds_elsewhere(name, made.text)
        for used in uses(made.text).later:
            self.place(used, name)
        self._make(name, user)
        for used in (n for each in uses(made.after) for n in each):
            self.place(used, name)
            self._make(used, name)
        if made.after:
            self.texts.append(made.after)

    def _holds_elsewhere(self, name: str, text: str) -> None:
        """Make sure that what a text uses of Python and of modules is there in another process, too."""
        session = self._names.namespace
        known = one_line(self._names.known(name))
        for used in (n for each in uses(text) for n in each if n not in self._names):
            if used in AT_RUN_TIME:
                raise NotebookError(messages.names_at_run_time(known, used))
            if made_by(session, getattr(builtins, used, None)):
                raise NotebookError(messages.changed_module(one_line(f"builtins.{used}")))
        unchanged(text, session, session)

    def _make(self, name: str, user: str) -> None:
        """Add the statement that makes something; what it needs at once comes before it."""
        name = self._with.get(name, name)
        if name in self._done or name not in self._names:
            return
        if name in self._making:
            raise NotebookError(self._refused(name, user, CannotBeWritten(self._names[name])))
        self._making.add(name)
        made = self._made_of(name, user)
        for used in uses(made.text).at_once:
            self.place(used, name)
            self._make(used, name)
        self._done.add(name)
        self.texts.append(made.text)

    def _made_of(self, name: str, user: str) -> Made:
        if name not in self._made:
            self._values.within(name)
            try:
                self._made[name] = self._written(name, self._names[name])
            except (NoSource, CannotBeWritten, RecursionError) as error:
                raise NotebookError(self._refused(name, user, error)) from error
        return self._made[name]

    def _written(self, name: str, value: Any) -> Made:
        own = self._names.of(value)
        if imported := self._imported(name, value):
            return imported
        if own is not None and own != name:
            return Made(f"{name} = {own}")
        if isinstance(value, FunctionType):
            made, together = function_made(self._values, name, value)
            self._with |= dict.fromkeys(together, name)
            return made
        if isinstance(value, type):
            return class_made(self._values, name, value)
        return self._values.statements(name, value)

    def _imported(self, name: str, value: Any) -> Made | None:
        """Return the import of a module, or of what is a module's own."""
        if isinstance(value, ModuleType) and vars(value) is self._names.namespace:
            raise CannotBeWritten(value)
        if isinstance(value, ModuleType):
            return Made(f"import {value.__name__} as {name}", self._with_files(value))
        called = self._values.called(value)
        home = called and ("numpy" if isinstance(value, np.ufunc) else getattr(value, "__module__", None))
        module = sys.modules.get(home or "")
        if module is None or vars(module) is self._names.namespace or getattr(module, called, None) is not value:
            return None
        self.homes[name] = module.__name__
        return Made(f"from {module.__name__} import {called} as {name}", self._with_files(module))

    def _with_files(self, module: ModuleType) -> str:
        """Bring the files of one's own that a module consists of; return what gives their variables the values that they have now."""
        given = []
        for one, path, text in own_files(module):
            if path not in self.files:
                self.files[path] = text
                unchanged(text, vars(one), self._names.namespace)
                its = self._values.expression
                given += [f"{its(one)}.{key} = {its(value)}" for key, value in settings(one, text, self._names.namespace)]
        return "\n".join(given)

    def _refused(self, name: str, user: str, error: Exception) -> Sentence:
        known, its_user = (one_line(self._names.known(one)) for one in (name, user))
        if isinstance(error, CannotBeWritten) and error.why:
            return error.why(known)
        if isinstance(error, NoSource):
            return messages.no_source(known, its_user, type(self._names[name]).__name__)
        kind = getattr(error, "kind", type(self._names[name]).__name__)
        return messages.not_as_it_is(known, kind, large=getattr(error, "large", False))
