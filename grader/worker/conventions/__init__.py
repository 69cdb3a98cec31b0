"""How student code spells a layer. One file a convention; a new convention is a new file, and nothing else.

A convention is a module with

- `TASKS`: an adapter for every task it knows;
- `NAME`: what an assignment calls it;
- `PLACE`: where it stands among the others, the smallest first: of two that fit a submission equally well, the first is taken.

An adapter says how code is called and what it gives back; what is right it does not know.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from grader.worker.conventions.adapter import Adapter

_MODULES: list[Any] = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
_FOUND = sorted((module for module in _MODULES if hasattr(module, "TASKS")), key=lambda module: module.PLACE)
CONVENTIONS: Mapping[str, Mapping[str, Adapter]] = MappingProxyType({module.NAME: module.TASKS for module in _FOUND})
