r"""Nulls of a normalisation: what is left of dx along the normalised input is what eps lets through.

$$\sum_n dx_n (x_n - \mu) = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} \frac{\epsilon}{\sigma^2 + \epsilon} \sum_n dy_n (x_n - \mu)$$

Proof: with h = (x - mu) / s and s^2 = var + eps, dx = gamma / s (dy - mean(dy) - h mean(dy h)). Multiply by x - mu and add up: the
second term vanishes, and sum h (x - mu) = N var / s, so that 1 - var / s^2 = eps / s^2 is left of sum dy (x - mu).
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from grader.model import Array
from grader.numerics.ball import EPS, Ball
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec

_exact = np.vectorize(Fraction, otypes=[object])  # mu may be far larger than x - mu: floats would cancel


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, with an entry for every feature."""
    (plain,) = runs
    x, gamma = spec.arguments[:2]
    axis = x.axes.split().index(spec.traits.normalised_along or "")
    options = plain.case.options
    given, eps = _exact(plain.case.arrays[x.name]), Fraction(options.get("own_eps") or options["eps"])
    centred = given - given.mean(axis=axis, keepdims=True)
    below = (centred * centred).mean(axis=axis) + eps
    along = (_exact(plain.case.dout) * centred).sum(axis=axis)
    inverse = np.vectorize(lambda s: 1 / math.sqrt(s))(below)
    right: Array = (_exact(plain.case.arrays[gamma.name]) * along * eps / below).astype(float) * inverse
    left = (plain.gradients[x.name] * centred.astype(float)).sum(axis)
    yield Equation(f"sum of {x.gradient} * (x - mean)", left, Ball(right, 4 * EPS * np.abs(right)))


LAW = Law(
    name="normalised_nulls",
    says=LawText(
        "dx lets the normalised direction through only as far as eps does",
        "Scaling x about its mean is undone by the normalisation, but for eps: {name} is not what eps lets through.",
    ),
    parts=("backward",),
    holds=lambda spec: spec.traits.normalised_along is not None,
    equations=equations,
)
