"""An array that is known to a bound: what the sides of a law are made of.

Source: midpoint-radius arithmetic, as in Rump, INTLAB - Interval Laboratory (1999).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Array

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """Numbers `mid`, each with the largest right deviation `rad`; arithmetic carries both, its own rounding included."""

    mid: Array
    rad: Array

    @classmethod
    def exact(cls, a: Any) -> "Ball":
        """Return numbers that are what they are."""
        mid = np.asarray(a, np.float64)
        return cls(mid, np.zeros(mid.shape))

    def __add__(self, other: "Ball") -> "Ball":
        """Add element by element."""
        mid = self.mid + other.mid
        return Ball(mid, self.rad + other.rad + EPS * np.abs(mid))

    def __sub__(self, other: "Ball") -> "Ball":
        """Subtract element by element."""
        return self + other * -1

    def __mul__(self, factor: Any) -> "Ball":
        """Multiply by exact numbers, element by element."""
        mid = self.mid * factor
        return Ball(mid, self.rad * np.abs(factor) + EPS * np.abs(mid))

    def __getitem__(self, index: Any) -> "Ball":
        """Take elements, as NumPy would."""
        return Ball(np.asarray(self.mid[index]), np.asarray(self.rad[index]))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the numbers."""
        return self.mid.shape

    def reshape(self, shape: tuple[int, ...]) -> "Ball":
        """Put the same numbers into another shape."""
        return Ball(self.mid.reshape(shape), self.rad.reshape(shape))

    def sum(self, axis: int | tuple[int, ...] | None = None) -> "Ball":
        """Add up along axes."""
        terms = self.mid.size // max(1, np.size(self.mid.sum(axis=axis)))
        own = EPS * terms * np.abs(self.mid).sum(axis=axis)
        return Ball(np.asarray(self.mid.sum(axis=axis)), np.asarray(self.rad.sum(axis=axis) + own))

    def dot(self, weights: Array) -> "Ball":
        """Return the inner product with exact weights of the same shape."""
        return (self * weights).sum()

    def excess(self, other: "Ball") -> Array:
        """Return for every element how often its allowed deviation from `other` it deviates; above 1 they disagree."""
        allowed = self.rad + other.rad + np.finfo(np.float64).tiny
        with np.errstate(over="ignore"):  # infinitely often is an answer
            found: Array = np.abs(self.mid - other.mid) / allowed
        return found
