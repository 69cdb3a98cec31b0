"""Comparison A: an array of the student's against the reference's, element by element, each within its own bound.

Source: docs/decisions/0003-error-bounds.md; Higham (2002) for the bound.
"""

from dataclasses import dataclass

import numpy as np

from grader.model import Array, Case, Expected
from grader.numerics.bounds import tolerance

TABLE_SIDE = 8


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where two arrays differ by more than rounding."""

    index: tuple[int, ...]  # the element farthest outside its bound
    wrong: Array  # mask of all elements outside their bounds
    excess: float  # its error over its bound

    @property
    def count(self) -> int:
        """How many elements are wrong."""
        return int(self.wrong.sum())


def fitted(got: Array, shape: tuple[int, ...]) -> Array | None:
    """Return `got` in `shape` where only leading axes of length 1 differ, as in (1, D) for (D,); None otherwise."""
    if got.shape == shape:
        return got
    stripped = got.shape
    while stripped and stripped[0] == 1 and len(stripped) > len(shape):
        stripped = stripped[1:]
    return got.reshape(shape) if stripped == shape else None


def compare(case: Case, got: Array, expected: Expected) -> Mismatch | None:
    """Compare arrays of one shape. What is not a finite number is outside every bound."""
    bound = tolerance(case, expected, got)
    with np.errstate(invalid="ignore"):
        error = np.abs(np.subtract(got, expected.value, dtype=np.float64))
    within = error <= bound
    if within.all():
        return None
    wrong = ~within
    with np.errstate(over="ignore"):
        excess = np.where(np.isfinite(error), error / np.maximum(bound, np.finfo(np.float64).tiny), np.inf)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(np.where(wrong, excess, -1))), wrong.shape))
    return Mismatch(index, wrong, float(excess[index]))


def table(name: str, got: Array, expected: Array, mismatch: Mismatch) -> dict[str, object]:
    """Return the plane around the worst element, at most 8x8, as rows of numbers: {label, got, expected, wrong}."""
    rows, columns = (1, *got.shape)[-2:] if got.ndim else (1, 1)
    lead = mismatch.index[:-2] if got.ndim > 2 else ()

    def plane(array: Array) -> Array:
        whole: Array = np.atleast_2d(array[lead] if lead else array)
        return whole

    row, column = (0, 0, *mismatch.index)[-2:] if got.ndim != 1 else (0, mismatch.index[0])
    top, left = _start(row, rows), _start(column, columns)
    part = (slice(top, top + TABLE_SIDE), slice(left, left + TABLE_SIDE))
    prefix = "".join(f"{i}, " for i in lead)
    cut = rows > TABLE_SIDE or columns > TABLE_SIDE
    ranges = [f"{start}:{start + TABLE_SIDE}" if cut else ":" for start in (top, left)]
    window = ", ".join(ranges[-min(got.ndim, 2) :])
    return {
        "label": f"{name}[{prefix}{window}]" if got.ndim else name,
        "got": plane(got)[part].astype(float).tolist(),
        "expected": plane(expected)[part].astype(float).tolist(),
        "wrong": plane(mismatch.wrong)[part].tolist(),
    }


def _start(position: int, length: int) -> int:
    return max(0, min(position - TABLE_SIDE // 2, length - TABLE_SIDE))
