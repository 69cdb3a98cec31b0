"""Padding: f with padding p is f without, of an input that has p zeros around it; dx is what backward gives inside them.

Proof: this is what padding means, and the derivative of laying zeros around is to cut them off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from grader.model import PARTS, Case
from grader.properties.laws.axes import PLANE, results
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Lay the zeros around by hand."""
    x, padding = spec.arguments[0], case.options["padding"]
    if not padding:
        return None
    around = [(padding, padding) if axis in PLANE else (0, 0) for axis in x.axes.split()]
    arrays = {**case.arrays, x.name: np.pad(case.arrays[x.name], around)}
    return [replace(case, arrays=arrays, options={**case.options, "padding": 0})]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each result."""
    padded, bare = runs
    x, p = spec.arguments[0], padded.case.options["padding"]
    inside = tuple(slice(p, -p) if axis in PLANE else slice(None) for axis in x.axes.split())
    wanted = results(spec, bare)
    for name, got in results(spec, padded).items():
        yield Equation(name, got, wanted[name][inside] if name == x.gradient else wanted[name])


LAW = Law(
    name="padding_identity",
    says=LawText(
        "padding is the same as zeros around the input",
        "With zeros laid around the input, and no padding, {name} is not the same as with padding.",
    ),
    parts=PARTS,
    holds=lambda spec: spec.traits.pads_with_zeros,
    vary=vary,
    equations=equations,
)
