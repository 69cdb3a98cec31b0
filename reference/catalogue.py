"""Find every layer: each module of `reference.layers`, `.losses`, `.nets` and `.shapes` that defines SPEC."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from reference import layers, losses, nets, shapes
from reference.spec import LayerSpec


@cache
def catalogue() -> Mapping[str, LayerSpec]:
    """Return all specs by name: layers, losses, nets, shape questions, each group in alphabetical order."""
    specs = (
        importlib.import_module(f"{package.__name__}.{module.name}").SPEC
        for package in (layers, losses, nets, shapes)
        for module in pkgutil.iter_modules(package.__path__)
    )
    return MappingProxyType({spec.name: spec for spec in specs})
