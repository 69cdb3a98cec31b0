"""A reference of an instructor's own is a function: it changes nothing that it is given, and asked again it says the same.

Right students would pay for one that is not: their cases would hold what it left in its arguments, or their answers its chance.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.errors import AssignmentError
from reference import Array, LayerSpec

SAME = 1e-9  # of the largest entry: threads may add in another order


def held_pure(spec: LayerSpec) -> LayerSpec:
    """Return a layer whose passes raise AssignmentError where a call shows that they are no functions; backward follows its forward."""
    if spec.unreferenced:
        return spec
    given: dict[str, Any] = {}  # to the latest forward, whose arrays backward may find in the cache
    before: dict[str, bytes] = {}

    def forward(**values: Any) -> tuple[Any, Any]:
        given.clear()
        given.update(values)
        before.clear()
        before.update({name: value.tobytes() for name, value in values.items() if isinstance(value, np.ndarray)})
        out, cache = spec.forward(**values)
        _unchanged(spec, given, before)
        _same(spec, "forward", out, spec.forward(**values)[0])
        return out, cache

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        assert spec.backward
        upstream = dout.tobytes()
        gradients = spec.backward(dout, cache)
        _unchanged(spec, {**given, "dout": dout}, {**before, "dout": upstream})
        _same(spec, "backward", gradients, spec.backward(dout, spec.forward(**given)[1]))
        return gradients

    return replace(spec, forward=forward, backward=backward if spec.backward else None)


def _unchanged(spec: LayerSpec, given: Mapping[str, Any], before: Mapping[str, bytes]) -> None:
    for name, data in before.items():
        if given[name].tobytes() != data:
            raise AssignmentError(f"the reference of {spec.name} is not right: it changes its argument {name}; let it work on a copy.")


def _same(spec: LayerSpec, part: str, first: object, again: object) -> None:
    pairs = zip(*(map(np.asarray, each if isinstance(each, tuple) else (each,)) for each in (first, again)), strict=False)
    if not all(_agree(a, b) for a, b in pairs):
        raise AssignmentError(f"the reference of {spec.name} is not right: {part} returns something else when it is called again.")


def _agree(a: Array, b: Array) -> bool:
    largest = np.abs(a[np.isfinite(a)]).max(initial=0)
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=SAME * largest, equal_nan=True)
