"""Which element of a wrong gradient is wrong: the direction is halved until one element is left."""

from dataclasses import dataclass

import numpy as np

from grader.model import Array
from grader.numerics.agreement import Agreement, Along, compare
from grader.numerics.derivative import Evaluate, Inputs, directional


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a gradient: what backward says, what the differences of forward say, and how far apart they may be."""

    argument: str
    index: tuple[int, ...]
    analytic: float
    numeric: float
    bound: float
    step: float

    def __str__(self) -> str:
        """One line."""
        place = f"[{', '.join(map(str, self.index))}]" if self.index else ""
        return f"gradient of {self.argument}{place} is {self.analytic:.12g}; it should be {self.numeric:.12g} (+- {self.bound:.2g})"


def localise(evaluate: Evaluate, inputs: Inputs, name: str, out: Array, wrong: Along, gradient: Array) -> Element | None:
    """Halve the direction in which a gradient is wrong, log2 of its size times, always keeping the half that errs more.

    Args:
        evaluate: The forward, for several inputs at once.
        inputs: Arguments by name.
        name: The argument whose gradient is wrong.
        out: The output for `inputs`.
        wrong: The direction in which it is, with the weights of the outputs.
        gradient: The gradient for those weights.

    Returns:
        The element that is left; None where the error is spread so thin that no element alone is outside its bound.
    """

    u = wrong.along[name].flatten()

    def along(kept: Array) -> Along:
        direction = np.zeros(u.size)
        direction[kept] = u[kept]
        partly = {name: direction.reshape(inputs[name].shape)}
        return compare(directional(evaluate, inputs, partly, out), wrong.weights, {name: gradient}, partly)

    kept, whole = np.arange(u.size), along(np.arange(u.size)).error
    while kept.size > 1:
        first, second = np.array_split(kept, 2)
        half = along(first).error  # that of the other half is the rest: both sides are linear in the direction
        kept, whole = (first, half) if abs(half) >= abs(whole - half) else (second, whole - half)
    u[kept] = 1
    last = along(kept)
    index = tuple(int(i) for i in np.unravel_index(int(kept[0]), inputs[name].shape))
    found = Element(name, index, last.analytic, last.numeric, last.bound, last.step)
    return found if last.agreement is Agreement.WRONG else None
