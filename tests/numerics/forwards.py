"""Layers and their cases in the form in which the numeric comparison takes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks.variants import Student, first
from grader.model import Array, Case
from grader.numerics.agreement import Along, agreements
from grader.numerics.derivative import Inputs
from reference import LayerSpec
from tests.support import first_bank


@cache
def cases(name: str, seed: int = 0, most: int = 400) -> tuple[Case, ...]:
    """Return the cases of a bank that have a gradient, are in float64 and not large."""
    return tuple(c for c in first_bank(name, seed).cases if c.dout is not None and c.dtype == np.float64 and c.size <= most)


@dataclass
class Layer:
    """A student's layer at one case; counts the forwards."""

    spec: LayerSpec
    student: Student
    case: Case
    calls: int = 0

    @property
    def names(self) -> list[str]:
        """The arguments that have a gradient."""
        return list(self.spec.gradients_of(self.case.arrays).values())

    @property
    def out(self) -> Array:
        """The output at the case."""
        return self.evaluate([self.case.arrays])[0]

    def evaluate(self, several: Sequence[Inputs]) -> list[Array]:
        """Return outputs."""
        self.calls += len(several)
        return [np.asarray(first(self._forward(inputs)[0])) for inputs in several]

    def pullback(self, v: Array) -> Mapping[str, Array]:
        """Return gradients by argument."""
        assert self.student.backward
        grads = self.student.backward(v.copy(), self._forward(self.case.arrays)[1])
        return dict(zip(self.names, map(np.asarray, grads), strict=True))

    def agreements(self, seed: int = 0) -> dict[str, Along]:
        """Return what is said of every argument."""
        return agreements(self.evaluate, self.pullback, self.case.arrays, self.names, self.out, seed)

    def _forward(self, inputs: Inputs) -> tuple[Any, Any]:
        forward: Callable[..., tuple[Any, Any]] = self.student.forward
        return forward(**{n: a.copy() for n, a in inputs.items()}, **self.case.options)
