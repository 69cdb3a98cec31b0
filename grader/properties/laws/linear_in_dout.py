"""Linearity of backward: b(dout + 2 other) = b(dout) + 2 b(other); the same forward, whatever comes from upstream."""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.model import Case
from grader.properties.laws.law import Equation, Law, LawText, Run, draw, varied
from reference import LayerSpec


def vary(_: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Another dout, and the sum; where dout is 0 the layer may have a kink, so it stays 0 there."""
    assert case.dout is not None
    other = np.where(case.dout == 0, 0, draw(case, case.dout.shape))
    return [varied(case, other), varied(case, case.dout + 2 * other)]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each gradient."""
    one, other, both = runs
    for a in spec.arguments:
        if a.gradient:
            yield Equation(a.gradient, both.gradients[a.name], one.gradients[a.name] + other.gradients[a.name] * 2)


LAW = Law(
    name="linear_in_dout",
    says=LawText(
        "backward is linear in dout",
        "Backward of dout1 + 2 dout2 is not backward of dout1 plus twice backward of dout2: {name} differs.",
    ),
    parts=("backward",),
    holds=lambda spec: not spec.scalar,
    vary=vary,
    equations=equations,
)
