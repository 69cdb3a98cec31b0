"""The names that things of a session have in what is handed in: their own, or new ones for what has none."""

import builtins
import re
from collections.abc import Mapping
from itertools import count
from types import FunctionType
from typing import Any

KEPT_OUT = frozenset({"get_ipython", "In", "Out", "exit", "quit"})  # what IPython puts beside the names of a notebook,
SHOWN = re.compile(r"_+|_i+|_[dio]h|_i?\d+")  # and how it calls what cells were and showed
NO_LETTERS = re.compile(r"\W")
ATOMS = (type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented))  # equal ones cannot be told apart


class Names:
    """What each name stands for, and which name stands for a thing."""

    def __init__(self, namespace: Mapping[str, Any], handed: Mapping[str, Any]) -> None:
        """Take the namespace, the globals of a session, and what was handed over without a name there."""
        self.namespace = namespace
        self._given = dict(handed)
        self._reserved: set[str] = set()
        self._parents: dict[str, str] = {}
        self._names = {id(value): name for name, value in handed.items()}
        for name, value in namespace.items():
            if self.of_session(name) and not isinstance(value, ATOMS):
                own = isinstance(value, FunctionType | type) and value.__name__ == name
                self._names[id(value)] = name if own else self._names.get(id(value), name)

    def __contains__(self, name: str) -> bool:
        """Whether a name stands for something here that Python does not have anyway."""
        return name in self._given or (
            name in self.namespace
            and not self._of_ipython(name)
            and not (hasattr(builtins, name) and self.namespace[name] is getattr(builtins, name))
        )

    def __getitem__(self, name: str) -> Any:
        """Return what a name stands for."""
        return self._given[name] if name in self._given else self.namespace[name]

    def _of_ipython(self, name: str) -> bool:
        """Whether a name is a function that IPython has put here."""
        return name in KEPT_OUT and str(getattr(self.namespace[name], "__module__", "")).startswith("IPython")

    def of_session(self, name: str) -> bool:
        """Whether a name is the student's own, and not one that Python or IPython put here."""
        return name in self.namespace and name not in KEPT_OUT and not SHOWN.fullmatch(name)

    def of(self, value: Any) -> str | None:
        """Return the name of a thing, if it has one: that of its definition, else the first that it got."""
        return self._names.get(id(value))

    def give(self, value: Any, stem: str, parent: str) -> str:
        """Give a thing a name that nothing else has, for what is written of `parent`."""
        name = self.fresh(stem)
        self._given[name], self._names[id(value)], self._parents[name] = value, name, parent
        return name

    def fresh(self, stem: str) -> str:
        """Return a name that nothing has."""
        taken = {*self.namespace, *self._given, *self._reserved}
        name = next(n for i in count(1) if (n := f"{NO_LETTERS.sub('_', stem)}_{i}") not in taken)
        self._reserved.add(name)
        return name

    def known(self, name: str) -> str:
        """Return the name by which the student knows what this is, or is a part of."""
        return self.known(self._parents[name]) if name in self._parents else name
