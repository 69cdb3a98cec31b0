"""How near the numeric directional derivative is to the analytic one, and whether its own bound ever lies."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.measures.inputs import Input, five
from grader.model import Array
from grader.numerics.derivative import direction, directional, known

COLUMNS = ("case", "draws", "worst error", "worst bound", "median bound", "bound violated", "forwards", "outputs left out")


def one(given: Input, rng: np.random.Generator) -> tuple[float, float, int, float, bool]:
    """Return error and bound relative to |gradient| |direction|, the number of forwards, the outputs left out, and a violation."""
    arrays, calls = given.case.arrays, 0

    def evaluate(several: Sequence[Mapping[str, Array]]) -> list[Array]:
        nonlocal calls
        calls += len(several)
        return [np.asarray(given.student.forward(**inputs, **given.case.options)[0]) for inputs in several]

    along = {name: direction(rng, arrays[name].shape) for name in given.wanted}
    derivative = directional(evaluate, arrays, along, evaluate([arrays])[0])
    good = known(derivative)
    v = np.where(good, rng.standard_normal(good.shape) if good.size > 1 else 1.0, 0)
    _, cache = given.student.forward(**arrays, **given.case.options)
    assert given.student.backward
    gradients = given.student.backward(v, cache)
    analytic = sum(float((g * along[name]).sum()) for name, g in zip(given.wanted, gradients, strict=True))
    numeric = float((v * np.where(good, derivative.value, 0)).sum())
    bound = float((np.abs(v) * np.where(good, derivative.bound, 0)).sum())
    rounding = 4e-16 * float(np.abs(v * np.where(good, derivative.value, 0)).sum())  # of the analytic side, which is no truth either
    scale = np.sqrt(sum(float((g**2).sum()) for g in gradients)) * np.sqrt(sum(float((u**2).sum()) for u in along.values()))
    scale = scale or 1.0
    error = abs(analytic - numeric)
    return error / scale, bound / scale, calls, float(1 - good.mean()), error > bound + rounding


def measure(draws: int) -> Table:
    """Draw inputs and directions anew each time, divided over the five cases."""
    said: dict[str, list[tuple[float, float, int, float, bool]]] = {}
    for seed in range(draws // 5):
        for given in five(seed):
            said.setdefault(given.name, []).append(one(given, np.random.default_rng([seed, 1])))
    rows = []
    for name, figures in said.items():
        errors, bounds, calls, masked, violated = (np.array(column) for column in zip(*figures, strict=True))
        rows.append(
            (
                name,
                len(figures),
                float(errors.max()),
                float(bounds.max()),
                float(np.median(bounds)),
                int(violated.sum()),
                float(calls.mean()),
                float(masked.mean()),
            )
        )
    goals = [
        Goal("directional derivatives", sum(row[1] for row in rows), 10_000, at_least=True),
        Goal("worst error, relative to |gradient| |direction|", max(row[2] for row in rows), 1e-12),
        Goal("worst bound of its own", max(row[3] for row in rows), 1e-10),
        Goal("bound violated", sum(row[5] for row in rows), 0),
    ]
    return Table("Accuracy of the numeric derivative", COLUMNS, rows, goals)
