"""Superposition: f(x + d) + f(0) = f(x) + f(d) for the first argument in which the layer is linear, up to a constant.

Proof: f(x) = Ax + c, so that both sides are A(x + d) + 2c.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.model import Case
from grader.properties.laws.law import Equation, Law, Run, draw, varied
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Another argument, the sum, and 0."""
    name = spec.traits.linear[0]
    x = case.arrays[name]
    d = draw(case, x.shape)
    return [varied(case, **{name: other}) for other in (x + d, d, np.zeros(x.shape))]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, of the output."""
    name = spec.traits.linear[0]
    one, both, other, none = (run.out for run in runs)
    yield Equation(f"f({name} + d) + f(0)", both + none, one + other)


LAW = Law(name="superposition", parts=("forward",), holds=lambda spec: bool(spec.traits.linear), vary=vary, equations=equations)
