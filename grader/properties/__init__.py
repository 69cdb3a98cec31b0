"""What must hold of a layer, one file a property. Each is generic over layers. A new property is a new file, and nothing else.

A property is a module with

- `SUITS`: the kinds of layers that it can judge;
- `PLACE`: where its lines stand in a report, the smallest first;
- `checks(spec)`: the lines it adds to a report, as `Check` records;
- `plan(spec, cases, base)`: which calls it needs of which cases, `base(case)` being the plain call that all share;
- `judge(evidence)`: for each of its checks that the evidence decides, what was found.

Laws are properties of one kind, with a folder of their own; they come last.
"""

import importlib
import pkgutil
from typing import Any

from grader.properties import purity
from grader.properties.laws import LAWS
from grader.properties.property import Check, Kind, Property
from reference import LayerSpec

_MODULES: list[Any] = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
_FOUND: list[Any] = sorted((module for module in _MODULES if hasattr(module, "SUITS")), key=lambda module: module.PLACE)
PROPERTIES: tuple[Property, ...] = (*(p for p in _FOUND if Kind.REFERENCE in p.SUITS), *LAWS)

__all__ = ["PROPERTIES", "Check", "Kind", "Property", "properties_of", "suited"]


def suited(spec: LayerSpec) -> tuple[Property, ...]:
    """Return the properties that can judge a layer."""
    if not spec.designed and not spec.unreferenced:
        return PROPERTIES
    kind = Kind.DESIGNED if spec.designed else Kind.ALONE
    return tuple(p for p in _FOUND if kind in p.SUITS)


def properties_of(spec: LayerSpec, *, marks_purity: bool) -> tuple[Property, ...]:
    """Return the properties that judge a layer; `marks_purity`: whether writing into an argument costs points."""
    return suited(spec) if marks_purity else tuple(p for p in suited(spec) if p is not purity)
