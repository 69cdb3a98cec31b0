"""Stability: inputs in the thousands give numbers, within the range of the output.

Where the layer sees differences alone the input is moved, since larger differences would ask for the logarithm of a probability
that is 0 in floating point; elsewhere it is scaled, which keeps every kink where it is. exp overflows beyond 709.8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from grader.model import PARTS, Case
from grader.numerics.ball import Ball
from grader.properties.laws.law import Equation, Law, LawText, Run
from grader.properties.laws.shift_invariance import constants
from reference import LayerSpec

LARGE = 4000.0  # float32 still tells hundredths apart


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Move every line to one side or the other, or scale everything."""
    name = spec.arguments[0].name
    x = case.arrays[name]
    if not x.any():
        return None
    large = x * (LARGE / np.abs(x).max()) if spec.traits.invariant_along is None else x + np.where(constants(spec, case) < 0, -LARGE, LARGE)
    return [replace(case, arrays={**case.arrays, name: large})]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """The output against itself, clipped to its range; of gradients it is enough that they are numbers, which A sees to."""
    for run in runs:
        if not run.gradients:
            yield Equation("out", run.out, Ball.exact(np.clip(run.out.mid, *spec.traits.out_range)))


def holds(spec: LayerSpec) -> bool:
    """Whether the output has a range."""
    return bool(np.isfinite(spec.traits.out_range).any())


LAW = Law(
    name="stability",
    says=LawText(
        "inputs in the thousands give numbers, within the range of the output",
        "{name} leaves its range for inputs in the thousands.",
    ),
    parts=PARTS,
    holds=holds,
    vary=vary,
    equations=equations,
)
