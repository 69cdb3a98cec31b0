"""Zero sums: along an axis on which the layer sees differences alone, the gradient of the input adds up to 0.

Proof: differentiate f(x + c) = f(x) with respect to the constant c.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.numerics.ball import Ball
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, with an entry for every line along the axis."""
    (plain,) = runs
    x = spec.arguments[0]
    total = plain.gradients[x.name].sum(x.axes.split().index(spec.traits.invariant_along or ""))
    yield Equation(f"sum of {x.gradient}", total, Ball.exact(np.zeros(total.shape)))


LAW = Law(
    name="zero_sums",
    says=LawText(
        "the gradients of a sample's scores, or of a feature over the batch, add up to 0",
        "A constant added there changes no output, so these gradients must add up to 0: {name} does not.",
    ),
    parts=("backward",),
    holds=lambda spec: spec.traits.invariant_along is not None,
    equations=equations,
)
