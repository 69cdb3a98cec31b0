"""What a layer is, as data: arguments, options, how inputs are drawn, how large its rounding errors may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Option = int | float | bool | str
Sizes = Mapping[str, Any]


class Values(StrEnum):
    """How the entries of an input are filled from a seed."""

    HUNDREDTHS = "hundredths"  # -3.00 .. 3.00: short decimals keep a report readable
    FRACTIONS = "fractions"  # -1.00 .. 1.00: keeps the activations of a net off saturation
    WHOLE = "whole"  # -9 .. 9, all different where they suffice: exact sums that can be done by hand
    TIED = "tied"  # -1, 0 and 1: equal entries and zeros
    NEGATIVE = "negative"  # -3.00 .. -0.01
    NEAR_ZERO = "near zero"  # +-10^U(-6, 0.5): ordinary numbers meet a wrong threshold of 0.02 too rarely
    SHIFTED = "shifted"  # rows moved by up to 1e4: the same softmax, but exp of it overflows
    HUGE = "huge"  # +-10^U(1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One array argument. `axes` names its axes ("N C H W"); axes of one name have one length in a case.

    `gradient` is what its gradient is called, or None where it has none. `labels` marks class indices in [0, K).
    """

    name: str
    axes: str
    gradient: str | None = None
    labels: bool = False


def anything(_: Sizes) -> bool:
    """Accept every choice of sizes."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of case that every bank must hold: ranges of axes, values of options, and a condition on both."""

    title: str
    axes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    where: Callable[[Sizes], bool] | None = None
    values: Values = Values.HUNDREDTHS
    single: bool = False  # float32 instead of float64
    count: int = 1


class Magnitude(NamedTuple):
    """The same computation on absolute values: what one unit of rounding can at most amount to, element by element."""

    out: Array
    gradients: tuple[Array, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSpec:
    """One layer, loss, net or shape question.

    `forward(**arrays, **options, **reading) -> (out, cache)` and `backward(dout, cache) -> gradients` (one for each argument
    that has a gradient, in order). `readings` are the ways in which a right submission may legitimately differ (a factor of
    the regularisation, say): a submission must follow one of them in all cases. `kinks` marks the outputs at which the layer
    is not differentiable; for a scalar output, the inputs that come too near to a kink.
    """

    name: str
    arguments: tuple[Argument, ...]
    axes: Mapping[str, tuple[int, int]]
    scenarios: tuple[Scenario, ...]
    forward: Callable[..., tuple[Any, Any]]
    backward: Callable[..., tuple[Array, ...]] | None = None
    magnitude: Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude] | None = None
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    readings: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    where: Callable[[Sizes], bool] = anything
    kinks: Callable[..., Array] | None = None
    scalar: bool = False  # the output is one number, and its upstream gradient is 1
    whole: bool = False  # the output is a whole number: exact, and no array
    shown_by: str | None = None  # the gradient that shows the forward pass where a convention has no forward function

    @property
    def gradients(self) -> tuple[str, ...]:
        """The names of the gradients, in the order in which `backward` returns them."""
        return tuple(a.gradient for a in self.arguments if a.gradient)


def multilinear(
    forward: Callable[..., tuple[Any, Any]], backward: Callable[..., tuple[Array, ...]]
) -> Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude]:
    """Return the magnitude of a layer that is linear in each argument: the layer itself on absolute values.

    Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1: |fl(x.y) - x.y| <= n u |x|.|y|.
    """

    def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
        out, cache = forward(**{name: np.abs(a) for name, a in arrays.items()}, **options)
        return Magnitude(out, () if dout is None else backward(np.abs(dout), cache))

    return magnitude
