"""Find every layer: each module of the packages of `catalogue` defines SPEC; and those of `.designs`."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, ModuleType

from reference import classifiers, designs, layers, learning, losses, nets, shapes
from reference.spec import LayerSpec


@cache
def catalogue() -> Mapping[str, LayerSpec]:
    """Return all specs by name: layers, losses, nets, classifiers, learning, shape questions, each group in alphabetical order."""
    return MappingProxyType(_specs(layers, losses, nets, classifiers, learning, shapes))


@cache
def askable() -> Mapping[str, LayerSpec]:
    """Return all specs that an assignment can ask for: the catalogue, and what students design themselves."""
    return MappingProxyType({**catalogue(), **_specs(designs)})


def _specs(*packages: ModuleType) -> dict[str, LayerSpec]:
    names = (f"{package.__name__}.{module.name}" for package in packages for module in pkgutil.iter_modules(package.__path__))
    return {spec.name: spec for spec in (importlib.import_module(name).SPEC for name in names)}
