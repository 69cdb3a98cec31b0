r"""Comparison B: a backward against the numeric derivative of its own forward, along random directions.

For a direction u of the inputs and weights v of the outputs, $\langle v, D_u f \rangle = \langle \mathrm{backward}(v), u \rangle$.
Both are standard normal, so that no error hides in a sum of positive numbers; a wrong element is missed only if u or v is by chance
almost 0 where it shows. Outputs whose derivative cannot be known (a kink lies within the smallest step) get the weight 0.

Source: docs/gradient-checking.md.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from grader.model import Array
from grader.numerics.derivative import Derivative, Evaluate, Inputs, direction, directional, known

Pullback = Callable[[Array], Mapping[str, Array]]

DIRECTIONS = 3
DROWNS = 1e-8  # of an argument's gradient: a bound above this may hide an error of a millionth in one of its elements


class Agreement(StrEnum):
    """Whether a backward is the gradient of its forward."""

    RIGHT = "right"
    WRONG = "wrong"
    UNDECIDED = "undecided"  # the numbers of this forward cannot tell: noise, or kinks wherever one looks


class Along(NamedTuple):
    """What one direction says.

    Attributes:
        along: The direction, by the arguments that it moves.
        weights: v, the weights of the outputs.
        analytic: What backward says.
        numeric: What the differences say.
        bound: How far they may be apart.
        telling: Whether a bound as small as that decides anything.
        sure: Whether the differences know the slope so well that their bound can be believed.
        step: The smallest step that was used.
    """

    along: Inputs
    weights: Array
    analytic: float
    numeric: float
    bound: float
    telling: bool
    sure: bool
    step: float

    @property
    def error(self) -> float:
        """How far apart they are."""
        return self.analytic - self.numeric

    @property
    def agreement(self) -> Agreement:
        """What follows from it."""
        if not abs(self.error) <= self.bound:
            return Agreement.WRONG if self.sure else Agreement.UNDECIDED
        return Agreement.RIGHT if self.telling else Agreement.UNDECIDED


def weights(rng: np.random.Generator, derivative: Derivative) -> Array:
    """Draw the weights of the outputs, 0 where the derivative is not known. A single output has the weight 1."""
    if derivative.value.size == 1:
        return np.ones(derivative.value.shape)
    drawn: Array = np.where(known(derivative), rng.standard_normal(derivative.value.shape), 0)
    return drawn


def compare(derivative: Derivative, v: Array, gradients: Mapping[str, Array], along: Inputs) -> Along:
    """Hold the gradients for the weights v against the derivative along a direction."""
    used = v != 0
    doubles = {name: gradients[name].astype(np.float64) for name in along}
    unit = max(derivative.unit, *(float(np.finfo(gradients[name].dtype).eps) for name in along))
    products = [doubles[name] * u for name, u in along.items()]
    shares = v[used] * derivative.value[used]
    size = float(np.abs(shares).sum())
    measured = float((np.abs(v[used]) * derivative.bound[used]).sum())
    rounding = 8 * unit * math.sqrt(max(u.size for u in along.values())) * (sum(float(np.abs(p).sum()) for p in products) + size)
    slope = math.hypot(*(float(np.linalg.norm(g)) for g in doubles.values()))
    nothing = not size and not slope  # where the differences are 0 to the last digit, zeros are the gradient
    bound = measured + rounding
    return Along(
        along=along,
        weights=v,
        analytic=sum(float(p.sum()) for p in products),
        numeric=float(shares.sum()),
        bound=bound,
        telling=bool(used.any()) and (nothing or bound <= min(0.1, 20 * math.cbrt(unit)) * max(size, slope)),
        # A bound that is no small part of the slope was not measured where the estimates of errors hold.
        sure=measured <= max(size / 256, 8 * math.sqrt(derivative.unit) * float(np.abs(v[used]).sum()) * derivative.size),
        step=float(derivative.step[used].min(initial=1)),
    )


def agreements(
    evaluate: Evaluate, pullback: Pullback, inputs: Inputs, names: Sequence[str], out: Array, seed: int, directions: int = DIRECTIONS
) -> dict[str, Along]:
    """Say of every argument whether its gradient is that of the forward, and by which direction.

    All arguments move at once first; where that disagrees, one after the other, and so does an argument whose gradient is so
    small beside the others' that its errors would drown in their bound.

    Args:
        evaluate: The forward, for several inputs at once.
        pullback: The backward: gradients by argument, for weights of the outputs.
        inputs: Arguments by name, those that are to be differentiated in float64.
        names: The arguments whose gradients are asked for.
        out: The output for `inputs`.
        seed: What directions and weights are drawn from.
        directions: How many directions; an error that one misses with probability p, n miss with p**n.
    """
    rng = np.random.default_rng(seed)
    said: dict[str, Along] = {}
    for _ in range(directions):
        along = {name: direction(rng, inputs[name].shape) for name in names}
        derivative = directional(evaluate, inputs, along, out)
        v = weights(rng, derivative)
        gradients = pullback(v)
        whole = compare(derivative, v, gradients, along)
        found = {}
        for name, u in along.items():
            drowns = not whole.bound <= DROWNS * float(np.linalg.norm(gradients[name].astype(np.float64)))
            apart = len(names) > 1 and (drowns or whole.agreement is not Agreement.RIGHT)
            found[name] = _alone(evaluate, pullback, inputs, {name: u}, out, v) if apart else whole
        said = {name: _worse(said.get(name), new) for name, new in found.items()}
    return said


def _alone(evaluate: Evaluate, pullback: Pullback, inputs: Inputs, along: Inputs, out: Array, v: Array) -> Along:
    derivative = directional(evaluate, inputs, along, out)
    kept = np.where(known(derivative), v, 0) if out.size > 1 else v
    return compare(derivative, kept, pullback(kept), along)


def _worse(one: Along | None, other: Along) -> Along:
    order = [Agreement.RIGHT, Agreement.UNDECIDED, Agreement.WRONG]
    return other if one is None or order.index(other.agreement) > order.index(one.agreement) else one
