"""Does the backward differentiate numerically? It is recognised by its noise: the same differences of the same forward, to the last digits.

A gradient made of differences is off by a millionth or less, and its error is all chance. So the differences are made again, with
every step that is in use: where one of them gives the student's numbers far better than the right ones do, that is what was done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.diagnosis.examination import Examination, Unusable
from grader.model import Array
from grader.numerics.comparison import compare

EPS = float(np.finfo(np.float64).eps)
# 1, 2 and 5 times powers of ten, and the roots of the unit that textbooks advise.
STEPS = (*(float(f"{k}e-{n}") for n in range(2, 11) for k in (1, 2, 5)), EPS ** (1 / 3), EPS**0.5)
NEAR = 1e-2  # of the largest entry: whatever is farther from the right gradient is simply wrong
CLOSER = 0.02  # of the distance to the right numbers: chance does not come as near to the student's
ELEMENTS = 3


@dataclass(frozen=True, slots=True)
class Differences:
    """How a numeric gradient was made: f(x + h) - f(x - h), or one of them and f(x)."""

    step: float
    central: bool


def differences(examination: Examination, name: str) -> Differences | None:
    """Return the step that gives the student's gradient; None where none does, or the gradient is off by more than noise."""
    try:
        got = examination.gradient(examination.outcome, name).astype(np.float64)
        expected = examination.answer.values[name]
        mismatch = compare(examination.case, got, expected)
        error = np.abs(got - expected.value)
        if mismatch is None or error.max() > NEAR * np.abs(expected.value).max():
            return None
        chosen = [np.unravel_index(i, got.shape) for i in np.argsort(-error, axis=None)[:ELEMENTS]]
        return next(_matching(examination, name, chosen, got), None)
    except Unusable:
        return None


def _matching(examination: Examination, name: str, chosen: Sequence[tuple[Array, ...]], got: Array) -> Iterator[Differences]:
    case, right = examination.case, examination.answer.values[name].value
    argument = examination.arguments[name]
    assert case.dout is not None

    def moved(index: tuple[Array, ...], h: float) -> dict[str, Array]:
        array = np.array(case.arrays[argument])  # of no axes, such as a single bias, NumPy makes numbers
        array[index] += h
        return {**case.arrays, argument: array}

    (middle,) = examination.outputs([case.arrays])
    theirs = np.array([got[index] for index in chosen])
    apart = np.abs(theirs - np.array([right[index] for index in chosen]))
    for h in STEPS:
        outputs = examination.outputs([moved(index, sign * h) for index in chosen for sign in (1, -1)])
        both = list(zip(outputs[::2], outputs[1::2], strict=True))
        for pairs in (both, [(up, middle) for up, _ in both], [(middle, down) for _, down in both]):
            central = pairs is both
            span = 2 * h if central else h
            made = (
                [np.sum((up - down) * case.dout) / span for up, down in pairs],
                [(np.sum(up * case.dout) - np.sum(down * case.dout)) / span for up, down in pairs],
            )
            if any((np.abs(theirs - np.array(numbers)) <= CLOSER * apart).all() for numbers in made):
                yield Differences(h, central)
