r"""The directional derivative of any function, by differences, with a measured bound on its error.

Seven evaluations $f(x + t h u)$, $t = -3 \dots 3$, give a sixth-order derivative $D_6$ and a fourth-order one $D_4$ of every output.

- Truncation is estimated by $|D_6 - D_4|$, the error of the worse of the two.
- Rounding is measured by the sixth difference, in which a smooth function leaves only noise, and is never taken to be less than
  what the sizes of the numbers make likely. Noise does not depend on h, so what a smaller h shows counts for a larger one too.
- A kink at distance 0 has $D_6 = D_4$, yet a sixth difference of 12 h for |x|: it is measured as noise, and h shrinks.

A ladder of steps is climbed down until every output is known well enough; each output keeps the step that promises most. What the
steps say must fit together: a slope that the surest step excludes is given up for that step's, one that a larger step excludes by far
(a function with a grain is flat to small steps) loses its bound. Steps are powers of two and directions have few bits, so that
x + t h u is exact wherever x leaves room for it. Where the ladder ends without an answer, the steps go by the size of the inputs.

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
SLOPES = np.array([
    np.array([-1, 9, -45, 0, 45, -9, 1]) / 60,  # the first derivative, sixth order
    np.array([0, 1, -8, 0, 8, -1, 0]) / 12,  # fourth order
    np.array([0, 0, -1, 0, 1, 0, 0]) / 2,  # second order
])  # fmt: skip
# Differences in which a smooth function leaves little but noise, scaled to its size: the sixth, and for small steps, so that a
# single output has more than one chance to show it, the fifth and the fourth.
SIXTH = np.array([[1, -6, 15, -20, 15, -6, 1]]) / np.sqrt(924)
FIFTH = np.array([np.roll([-1, 5, -10, 10, -5, 1, 0], k) for k in range(2)]) / np.sqrt(252)
FOURTH = np.array([np.roll([1, -4, 6, -4, 1, 0, 0], k) for k in range(3)]) / np.sqrt(70)
SMALL_STEP = 2.0**-12
OF_SEVERAL = 2 / 3  # the largest of several differences shows the noise with less luck than one
BENT = 1e-4  # of the largest slope: orders that differ by more have met a kink
AMPLIFIED = 1.1  # noise of size 1 in the values is noise of this size in h * D6
DEVIATIONS = 6  # of the noise, which a bound allows for
STEPS = tuple(2.0**-k for k in (7, 10, 13, 16, 19))
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


def directional(evaluate: Evaluate, inputs: Inputs, along: Inputs, at: Array) -> Derivative:
    """Differentiate a function at `inputs` along a direction.

    Args:
        evaluate: Returns the outputs for several inputs at once, all of one shape.
        inputs: Arguments by name; those that `along` does not name stay as they are.
        along: The direction, by the name of the argument, each in the shape of its argument.
        at: The output for `inputs` themselves.

    Returns:
        Value, bound and step in the shape of the output. Outputs that are not finite near the inputs have an infinite bound.
    """
    unit = float(np.finfo(at.dtype).eps) if at.dtype.kind == "f" else float(np.finfo(np.float64).eps)
    size = max((float(np.abs(inputs[name]).max(initial=0)) for name in along), default=0.0)
    middle = at.astype(np.float64).ravel()
    # A single number is known well enough relative to what its slope could be (within chance, a third of the root of the number of
    # elements times what it is), not to what it is in this direction.
    wanted = WANTED * (max(1, math.sqrt(sum(u.size for u in along.values())) / 3) if middle.size < FEW else 1)
    rungs: list[_Rung] = []
    found = Derivative(middle, np.full(middle.shape, np.inf), np.zeros(middle.shape), unit, 0.0)
    ladder = list(STEPS if unit < 1e-10 else SINGLE_STEPS)
    while ladder:
        rungs.append(_rung(evaluate, inputs, along, middle, ladder.pop(0)))
        if ladder and _surely_too_coarse(rungs, wanted):
            if len(rungs) == 1 and len(ladder) > 2 and rungs[0].bent:  # the next step would meet most of its kinks, too
                ladder.pop(0)
            continue
        found = _best(rungs, unit)
        enough = found.bound <= wanted * np.abs(found.value).max(initial=0, where=np.isfinite(found.bound))
        if enough.all() and (middle.size >= FEW or _settled(rungs, found, wanted)):
            break
    else:
        if unit < 1e-10 and rungs[-1].single:
            # However small the step, the values are those of float32: the function computes in it, and casts at the end.
            return directional(evaluate, inputs, along, at.astype(np.float32))
    if 0 < size < np.inf and not known(found).any():
        # Inputs of 1e8, or of 1e-8: the steps go by their size.
        scale = 2.0 ** round(math.log2(size))
        rungs = sorted([*rungs, *(_rung(evaluate, inputs, along, middle, scale * h) for h in RELATIVE_STEPS)], key=lambda rung: -rung.h)
        found = _best(rungs, unit)
    return found._replace(value=found.value.reshape(at.shape), bound=found.bound.reshape(at.shape), step=found.step.reshape(at.shape))


class _Rung(NamedTuple):
    """What one step says, per output: the slope by falling order, the sixth difference, and the largest value that was met.

    `reach` is the largest input that was met, `single` whether float32 holds all values, which are not all the same.
    """

    h: float
    slopes: Array
    rest: Array
    around: Array
    reach: float
    single: bool

    @property
    def bent(self) -> bool:
        """Whether some output looks as if it had a kink within the step."""
        apart = np.abs(self.slopes[0] - self.slopes[1])
        return bool((apart > BENT * np.abs(self.slopes[0]).max(initial=0)).any())


def _rung(evaluate: Evaluate, inputs: Inputs, along: Inputs, middle: Array, h: float) -> _Rung:
    moved = [{**inputs, **{n: inputs[n] + (t * h) * u for n, u in along.items()}} for t in POINTS]
    values = [out.astype(np.float64).ravel() for out in evaluate(moved)]
    around = np.stack([*values[:3], middle, *values[3:]])
    reach = max((float(np.abs(m[n]).max(initial=0)) for m in (moved[0], moved[-1]) for n in along), default=0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        noise = np.concatenate([SIXTH, FIFTH, FOURTH]) if h < SMALL_STEP else SIXTH
        moved_by = around - middle  # first, so that a constant has no slope but 0
        rest = np.abs(noise @ moved_by).max(axis=0) * (1 if len(noise) == 1 else OF_SEVERAL)
        return _Rung(h, SLOPES @ moved_by / h, rest, np.abs(around).max(axis=0), reach, _of_single(around))


def _of_single(values: Array) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool((values == values.astype(np.float32)).all() and (values != values[0]).any())


def _surely_too_coarse(rungs: Sequence[_Rung], wanted: float) -> bool:
    """Whether some output is not known well enough by any rung, even without all that `_best` adds to the errors."""
    least, largest = np.full(rungs[0].rest.shape, np.inf), 0.0
    for h, slopes, rest, *_ in rungs:
        least = np.fmin(least, np.abs(slopes[0] - slopes[1]) + DEVIATIONS * AMPLIFIED * rest / h)
        largest = max(largest, float(np.abs(slopes[0]).max(initial=0)))
    return bool((least > wanted * largest).any())


def _settled(rungs: Sequence[_Rung], found: Derivative, wanted: float) -> bool:
    """Whether few outputs show no noise by more than luck: the sixth difference of a smooth function falls by the sixth power."""
    if len(rungs) < 2:
        return False
    before, last = rungs[-2:]
    rest = before.rest * (last.h / before.h) ** 6
    return bool((DEVIATIONS * AMPLIFIED * rest / last.h <= wanted * np.abs(found.value).max(initial=0)).all())


def _best(rungs: Sequence[_Rung], unit: float) -> Derivative:
    """Take the value of every output from the rung that promises most; bound it by what all rungs say."""
    shape = rungs[0].rest.shape
    value, promise, step = np.zeros(shape), np.full(shape, np.inf), np.full(shape, rungs[-1].h)
    errors, claimed = [], np.zeros(shape)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        noises = _noises(rungs, unit)
        for rung, after, noise in zip(rungs, [*rungs[1:], rungs[-1]], noises, strict=True):
            slopes, h = rung.slopes, rung.h
            truncated = np.abs(slopes[0] - slopes[1])
            # What a smaller step says otherwise is noise of that step, or an error of this one.
            apart = np.fmax(np.abs(slopes[0] - after.slopes[0]) * after.h, noise)
            errors.append(_finite(truncated + DEVIATIONS * AMPLIFIED * apart / h))
            # From order to order the error falls by about the same factor; the seventh derivative, which makes the error of the
            # sixth order, is about as large as the sixth. Of the noise, the smallest step knows most.
            falls = np.fmin(1, truncated / np.abs(slopes[1] - slopes[2]))
            promised = truncated * np.maximum(falls, _median(falls)) + rung.rest + AMPLIFIED * np.minimum(noise, noises[-1]) / h
            better = promised < promise
            value, promise, step = np.where(better, slopes[0], value), np.where(better, promised, promise), np.where(better, h, step)
        surest = np.argmin(errors, axis=0)[None]
        slope, bound = (np.take_along_axis(np.stack(a), surest, 0)[0] for a in ([rung.slopes[0] for rung in rungs], errors))
        away = np.abs(value - slope)
        value, step = np.where(away > bound, slope, value), np.where(away > bound, np.array([r.h for r in rungs])[surest[0]], step)
        # A function with a grain, as one that computes in float32 inside, is flat to steps below the grain: a rung that knows its
        # slope to a quarter, and is contradicted, takes the certainty away.
        for rung, noise in zip(rungs, noises, strict=True):
            error = np.abs(rung.slopes[0] - rung.slopes[1]) + DEVIATIONS * AMPLIFIED * noise / rung.h
            contradicted, quarter = np.abs(value - rung.slopes[0]) - 2 * error, np.abs(rung.slopes[0]) / 4
            claimed = np.fmax(claimed, np.where((error <= quarter) & (contradicted > quarter / 2), contradicted, 0))
        bound = _finite(np.maximum(bound + np.where(away > bound, 0, away), claimed))
    size = max(float(rung.around.max(initial=0, where=np.isfinite(rung.around))) for rung in rungs)
    return Derivative(np.where(np.isfinite(bound), value, 0), bound, step, unit, size)


def _noises(rungs: Sequence[_Rung], unit: float) -> list[Array]:
    """Estimate the noise in the values of every rung: at least what the sizes make likely, and what smaller steps show."""
    noises: list[Array] = []
    likely = (2 if rungs[0].rest.size >= FEW else 4) * unit  # the noise of few outputs may be small by luck, and is not believed
    plain = ~_kinked(rungs)
    for rung in reversed(rungs):
        # Intermediate results may be as large as the inputs even where the output is small.
        largest, slope = (np.abs(a).max(initial=0, where=np.isfinite(a)) for a in (rung.around, rung.slopes[0]))
        sizes = rung.around + 0.25 * largest + 0.25 * rung.reach * slope
        noises.append(np.fmax.reduce([rung.rest, np.full(rung.rest.shape, _median(rung.rest[plain])), likely * sizes, *noises[-1:]]))
    return noises[::-1]


def _finite(a: Array) -> Array:
    kept: Array = np.where(np.isfinite(a), a, np.inf)
    return kept


def _kinked(rungs: Sequence[_Rung]) -> Array:
    """Say which outputs have a kink at the inputs themselves: their sixth difference falls as h does, that of noise stays."""
    first, last = rungs[0], rungs[-1]
    if len(rungs) == 1:
        return np.zeros(first.rest.shape, bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (first.rest / first.h) / (last.rest / last.h)
    kinked: Array = (ratio > 1 / 8) & (ratio < 8)
    return kinked


def _median(a: Array) -> float:
    """Return the median of what is finite: one output that is not must not spoil the others."""
    finite = a[np.isfinite(a)]
    return float(np.partition(finite, finite.size // 2)[finite.size // 2]) if finite.size else 0.0
