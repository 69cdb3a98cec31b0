"""How near the numeric directional derivative is to the analytic one, and whether its own bound ever lies."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.measures.inputs import Input, five
from benchmarks.variants import first
from grader.model import Array
from grader.numerics.derivative import direction, directional, known

COLUMNS = (
    "case",
    "draws",
    "worst error",
    "the same / |gradient|",
    "worst bound",
    "median bound",
    "bound violated",
    "forwards",
    "undecided",
)


class Draw(NamedTuple):
    """One derivative: error and bound relative to |gradient| |direction|, the error relative to |gradient|, and the forwards."""

    error: float
    steep_error: float
    bound: float
    forwards: int
    violated: bool


def one(given: Input, rng: np.random.Generator) -> Draw | None:
    """Draw a direction; None where no output is known, so that there is nothing to compare."""
    arrays, calls = given.case.arrays, 0

    def evaluate(several: Sequence[Mapping[str, Array]]) -> list[Array]:
        nonlocal calls
        calls += len(several)
        return [np.asarray(first(given.student.forward(**inputs, **given.case.options)[0])) for inputs in several]

    along = {name: direction(rng, arrays[name].shape) for name in given.wanted}
    derivative = directional(evaluate, arrays, along, evaluate([arrays])[0])
    good = known(derivative)
    if not good.any():
        return None
    v = np.where(good, rng.standard_normal(good.shape) if good.size > 1 else 1.0, 0)
    _, cache = given.student.forward(**arrays, **given.case.options)
    assert given.student.backward
    gradients = given.student.backward(v, cache)
    analytic = sum(float((g * along[name]).sum()) for name, g in zip(given.wanted, gradients, strict=True))
    shares = v * np.where(good, derivative.value, 0)
    bound = float((np.abs(v) * np.where(good, derivative.bound, 0)).sum())
    rounding = 4e-16 * float(np.abs(shares).sum())  # of the analytic side, which is no truth either
    steep = np.sqrt(sum(float((g**2).sum()) for g in gradients))
    scale = steep * np.sqrt(sum(float((u**2).sum()) for u in along.values()))
    error = abs(analytic - float(shares.sum()))
    return Draw(error / scale, error / steep, bound / scale, calls, error > bound + rounding)


def measure(draws: int) -> Table:
    """Draw inputs and directions anew, as often as it takes to compare so many derivatives over the five cases."""
    said: dict[str, list[Draw]] = {}
    undecided: dict[str, int] = {}
    seed = 0
    while min((len(found) for found in said.values()), default=0) < draws // 5:
        for given in five(seed):
            drawn = one(given, np.random.default_rng([seed, 1]))
            if drawn:
                said.setdefault(given.name, []).append(drawn)
            undecided[given.name] = undecided.get(given.name, 0) + (drawn is None)
        seed += 1
    rows = []
    for name, figures in said.items():
        errors, steep, bounds, calls, violated = (np.array(column) for column in zip(*figures, strict=True))
        worst = (float(errors.max()), float(steep.max()), float(bounds.max()), float(np.median(bounds)))
        rows.append((name, len(figures), *worst, int(violated.sum()), float(calls.mean()), undecided[name]))
    goals = [
        Goal("directional derivatives", sum(row[1] for row in rows), draws, at_least=True),
        Goal("worst error, relative to |gradient| |direction|", max(row[2] for row in rows), 1e-12),
        Goal("worst bound of its own", max(row[4] for row in rows), 1e-10),
        Goal("bound violated", sum(row[6] for row in rows), 0),
    ]
    return Table("Accuracy of the numeric derivative", COLUMNS, rows, goals)
