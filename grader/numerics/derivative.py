r"""The directional derivative of any function, by differences, with a measured bound on its error.

Seven evaluations $f(x + t h u)$, $t = -3 \dots 3$, give a sixth-order derivative $D_6$ and a fourth-order one $D_4$ of every output.

- Truncation is estimated by $|D_6 - D_4|$, the error of the worse of the two.
- Rounding is measured by the sixth difference, in which a smooth function leaves only noise, and is never taken to be less than
  what the sizes of the numbers make likely. Noise does not depend on h, so what a smaller h shows counts for a larger one too.
- A kink at distance 0 has $D_6 = D_4$, yet a sixth difference of 12 h for |x|: it is measured as noise, and h shrinks.

A ladder of steps is climbed down until every output is known well enough; each output keeps the step at which its bound is least.
Steps are powers of two and directions have few bits, so that x + t h u is exact wherever x leaves room for it.

Source: Fornberg, Generation of finite difference formulas (1988), for the weights; Moré and Wild, Estimating derivatives of noisy
simulations (2012), for the noise of a computed function from its differences.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grader.model import Array

Inputs = Mapping[str, Array]
Evaluate = Callable[[Sequence[Inputs]], Sequence[Array]]

POINTS = (-3, -2, -1, 1, 2, 3)
WEIGHTS = np.array([
    np.array([-1, 9, -45, 0, 45, -9, 1]) / 60,  # the first derivative, sixth order
    np.array([0, 1, -8, 0, 8, -1, 0]) / 12,  # fourth order
    np.array([0, 0, -1, 0, 1, 0, 0]) / 2,  # second order
    np.array([1, -6, 15, -20, 15, -6, 1]) / np.sqrt(924),  # the sixth difference, scaled to the size of the noise
])  # fmt: skip
AMPLIFIED = 1.1  # noise of size 1 in the values is noise of this size in h * D6
DEVIATIONS = 6  # of the noise, which a bound allows for
STEPS = tuple(2.0**-k for k in (7, 9, 12, 15, 18, 21))
SINGLE_STEPS = tuple(2.0**-k for k in (3, 5, 7))  # for functions that compute in float32
WANTED = 1e-10  # of the largest derivative: known as well as this, an output needs no smaller step
RELATIVE_STEPS = (2.0**-7, 2.0**-12)  # of the size of the inputs, where none of the others tells anything
FEW = 8  # with fewer outputs than this, one step says too little about the noise


class Derivative(NamedTuple):
    """The derivative along a direction, per output: its value, a bound on its error, and the step that gave it.

    `unit` is that of the dtype in which the function computes, `size` the largest output that was met on the way.
    """

    value: Array
    bound: Array
    step: Array
    unit: float
    size: float


def known(derivative: Derivative) -> Array:
    """Say of which outputs the derivative is known to half the digits.

    Where no output shows a slope, as of a constant, half the digits of the function itself must say that there is none.
    """
    slopes = np.abs(derivative.value)
    flat = not (slopes > derivative.bound).any()
    largest = derivative.size if flat else slopes.max(initial=0, where=np.isfinite(derivative.bound))
    good: Array = derivative.bound <= 8 * math.sqrt(derivative.unit) * largest
    return good


def direction(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers, rounded to multiples of 2**-12, none of them 0."""
    drawn = np.round(rng.standard_normal(shape) * 4096)
    moving: Array = np.where(drawn == 0, 1, drawn) / 4096
    return moving


def directional(evaluate: Evaluate, inputs: Inputs, along: Inputs, at: Array, *, steps: Sequence[float] = ()) -> Derivative:
    """Differentiate a function at `inputs` along a direction.

    Args:
        evaluate: Returns the outputs for several inputs at once, all of one shape.
        inputs: Arguments by name; those that `along` does not name stay as they are.
        along: The direction, by the name of the argument, each in the shape of its argument.
        at: The output for `inputs` themselves.
        steps: The ladder, the largest first; by default it follows from the dtype of the output.

    Returns:
        Value, bound and step in the shape of the output. Outputs that are not finite near the inputs have an infinite bound.
    """
    unit = float(np.finfo(at.dtype).eps) if at.dtype.kind == "f" else float(np.finfo(np.float64).eps)
    size = max((float(np.abs(inputs[name]).max(initial=0)) for name in along), default=0.0)
    middle = at.astype(np.float64).ravel()
    rungs: list[_Rung] = []
    found = Derivative(middle, np.full(middle.shape, np.inf), np.zeros(middle.shape), unit, 0.0)
    for h in steps or (STEPS if unit < 1e-10 else SINGLE_STEPS):
        rungs.append(_rung(evaluate, inputs, along, middle, h))
        found = _best(rungs, middle, unit, size)
        enough = found.bound <= WANTED * np.abs(found.value).max(initial=0, where=np.isfinite(found.bound))
        if enough.all() and (len(rungs) > 1 or middle.size >= FEW):
            break
    if not steps and 0 < size < np.inf and not known(found).any():
        # Inputs of 1e8, or of 1e-8: the steps go by their size.
        scale = 2.0 ** round(math.log2(size))
        rungs = sorted([*rungs, *(_rung(evaluate, inputs, along, middle, scale * h) for h in RELATIVE_STEPS)], key=lambda rung: -rung.h)
        found = _best(rungs, middle, unit, size)
    return found._replace(value=found.value.reshape(at.shape), bound=found.bound.reshape(at.shape), step=found.step.reshape(at.shape))


class _Rung(NamedTuple):
    """What one step says, per output: the slope by falling order, and the sixth difference."""

    h: float
    slopes: Array
    rest: Array
    size: float


def _rung(evaluate: Evaluate, inputs: Inputs, along: Inputs, middle: Array, h: float) -> _Rung:
    moved = [{**inputs, **{n: inputs[n] + (t * h) * u for n, u in along.items()}} for t in POINTS]
    values = [out.astype(np.float64).ravel() for out in evaluate(moved)]
    around = np.stack([*values[:3], middle, *values[3:]])
    with np.errstate(invalid="ignore", over="ignore"):
        *orders, rest = WEIGHTS @ around
        return _Rung(h, np.stack(orders) / h, np.abs(rest), float(np.abs(around).max(initial=0, where=np.isfinite(around))))


def _best(rungs: Sequence[_Rung], middle: Array, unit: float, size: float) -> Derivative:
    """Take the value of every output from the rung that promises most; bound it by what all rungs say."""
    noises = _noises(rungs, middle, unit, size)
    said = []
    value, promise, step = np.zeros(middle.shape), np.full(middle.shape, np.inf), np.full(middle.shape, rungs[-1].h)
    with np.errstate(invalid="ignore", divide="ignore"):
        for (h, slopes, rest, _), noise in zip(rungs, noises, strict=True):
            truncated = np.abs(slopes[0] - slopes[1])
            said.append((slopes[0], truncated + DEVIATIONS * AMPLIFIED * noise / h))
            # From order to order the error falls by about the same factor; the seventh derivative, which makes the error of the
            # sixth order, is about as large as the sixth. Of the noise, the smallest step knows most.
            falls = np.fmin(1, truncated / np.abs(slopes[1] - slopes[2]))
            promised = truncated * np.maximum(falls, _median(falls)) + rest + AMPLIFIED * np.minimum(noise, noises[-1]) / h
            better = promised < promise
            value, promise, step = np.where(better, slopes[0], value), np.where(better, promised, promise), np.where(better, h, step)
        bound = np.fmin.reduce([np.abs(value - slope) + error for slope, error in said])
    return Derivative(value, np.where(np.isfinite(bound), bound, np.inf), step, unit, max(rung.size for rung in rungs))


def _noises(rungs: Sequence[_Rung], middle: Array, unit: float, size: float) -> list[Array]:
    """Estimate the noise in the values of every rung: at least what the sizes make likely, and what smaller steps show."""
    noises: list[Array] = []
    for rung in reversed(rungs):
        # Intermediate results may be as large as the inputs even where the output is small.
        largest, slope = (np.abs(a).max(initial=0, where=np.isfinite(a)) for a in (middle, rung.slopes[0]))
        sizes = np.abs(middle) + 0.25 * largest + 0.25 * size * slope
        noises.append(np.maximum.reduce([rung.rest, np.full(rung.rest.shape, _median(rung.rest)), 2 * unit * sizes, *noises[-1:]]))
    return noises[::-1]


def _median(a: Array) -> float:
    """Return the median of what is finite: one output that is not must not spoil the others."""
    finite = a[np.isfinite(a)]
    return float(np.median(finite)) if finite.size else 0.0
