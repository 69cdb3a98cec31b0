"""What a layer is, as data: arguments, options, how inputs are drawn, how large its rounding errors may be."""

import math
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from reference.claim import Claim
from reference.misconception import Misconception

Array = npt.NDArray[Any]
Option = int | float | bool | str | tuple[int, ...]
Sizes = Mapping[str, Any]


class Values(StrEnum):
    """How the entries of an input are filled from a seed."""

    HUNDREDTHS = "hundredths"  # -3.00 .. 3.00: short decimals keep a report readable
    FRACTIONS = "fractions"  # -1.00 .. 1.00: keeps the activations of a net off saturation
    COUNTED = "counted"  # 1, 2, 3, ...: sums that can be followed at a glance
    WHOLE = "whole"  # -9 .. 9, all different where they suffice: exact sums that can be done by hand
    SPREAD = "spread"  # -4 .. 4 without 0, all different where they suffice; counted in the arguments after the first
    TIED = "tied"  # -1, 0 and 1: equal entries and zeros
    NEGATIVE = "negative"  # -3.00 .. -0.01
    NEAR_ZERO = "near zero"  # +-10^U(-6, 0.5): ordinary numbers meet a wrong threshold of 0.02 too rarely
    SHIFTED = "shifted"  # rows moved by up to 1e4: the same softmax, but exp of it overflows
    HUGE = "huge"  # +-10^U(1, 3), and 1000 of both signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One array argument. `axes` names its axes ("N C H W"); axes of one name have one length in a case.

    `gradient` is what its gradient is called, or None where it has none. `labels` marks class indices in [0, K), `positive` what is
    above 0 by its nature, such as a variance. `fixed` gives the array of a data set that is not drawn, by the sizes.
    """

    name: str
    axes: str
    gradient: str | None = None
    labels: bool = False
    positive: bool = False
    fixed: Callable[[Sizes], Array] | None = None


def anything(_: Sizes) -> bool:
    """Accept every choice of sizes."""
    return True


def nothing(_: Sizes) -> bool:
    """Accept no choice of sizes."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of case that every bank must hold: ranges of axes, values of options, and a condition on both.

    `arguments` are those of these cases, where they are others than the spec's: of more axes, or of fewer layers.
    """

    title: str
    axes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    where: Callable[[Sizes], bool] | None = None
    values: Values = Values.HUNDREDTHS
    single: bool = False  # float32 instead of float64
    count: int = 1
    arguments: tuple[Argument, ...] = ()


class Magnitude(NamedTuple):
    """The same computation on absolute values: what one unit of rounding can at most amount to, element by element.

    Attributes:
        out: Of the output.
        gradients: Of the gradients, in order.
        terms: How many products each element adds up, for the output, those beside it and each gradient; None where that was not counted.
        norms: The largest magnitude that an element could have had with the input and dout at their largest everywhere, for the same:
            an algorithm that transforms the whole array, such as an FFT, is only as accurate as that.
        beside: Of the outputs beside the first, in order.
    """

    out: Array
    gradients: tuple[Array, ...]
    terms: tuple[Array, ...] | None = None
    norms: tuple[float, ...] | None = None
    beside: tuple[Array, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What holds of a layer whatever the numbers are: what its laws may rest on.

    Attributes:
        out: The axes of the output by the names of those of the arguments ("N F"); axes of its own have other names. None
            where an axis of the output mixes several of the arguments'.
        linear: The arguments in each of which the output is linear, up to a constant.
        homogeneous: The argument of which c times as much, for c > 0, gives c times the output.
        coupled: Whether the samples of a batch influence each other.
        permutable: Axes whose entries may change places, in all arguments alike; N always may.
        invariant_along: The axis of the first argument along which adding a constant changes nothing.
        normalised_along: The axis of the first argument along which it gets mean 0 and variance 1, up to an option eps; the second
            argument scales what comes out.
        keeps_mass: Whether the gradient of each plane of the first argument adds up to that of the output, unless there is padding.
        pads_with_zeros: Whether an option padding says how many zeros are laid around the planes of the first argument.
        copies: Whether every element of the output is an entry of the first argument, or 0, whatever the numbers are.
        out_range: The least and the largest value that an element of the output can have.
    """

    out: str | None = None
    linear: tuple[str, ...] = ()
    homogeneous: str | None = None
    coupled: bool = False
    permutable: tuple[str, ...] = ()
    invariant_along: str | None = None
    normalised_along: str | None = None
    keeps_mass: bool = False
    pads_with_zeros: bool = False
    copies: bool = False
    out_range: tuple[float, float] = (-math.inf, math.inf)


def no_reference(**_: object) -> NoReturn:
    """Stand for a forward that nobody has written: whoever asks first looks at `unreferenced`."""
    raise TypeError("there is no reference to call")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerSpec:
    """One layer, loss, net or shape question.

    `forward(**arrays, **options, **reading) -> (out, cache)` and `backward(dout, cache) -> gradients` (one for each argument
    that has a gradient, in order). With outputs `beside` the first, such as running statistics or the state of an optimiser, out is a
    tuple of all of them; nothing comes back for those. `readings` are the ways in which a right submission may legitimately differ (a factor of
    the regularisation, say): a submission must follow one of them in all cases. `kinks` marks the outputs at which the layer
    is not differentiable; for a scalar output, or without a backward, the inputs that come too near to a kink. `forward_only` tells of
    sizes and options for which no backward is asked: nobody trains in test mode. `versions` are further versions of the same function
    that a course asks for (a naive one): a call with the option `version` means one of them. `misconceptions` are the ways in which
    students get the layer wrong, the most frequent first. `formula` is what each part computes, in lines to be read: Python with the
    names of NumPy where that says it, "sum over" and "max over" some indices, and torch's words for the options. `claims` are checks of an
    instructor's own, and `source` the hash of the file that holds the layer, where that is none of this package.
    """

    name: str
    arguments: tuple[Argument, ...]
    axes: Mapping[str, tuple[int, int]]
    scenarios: tuple[Scenario, ...]
    forward: Callable[..., tuple[Any, Any]] = no_reference
    backward: Callable[..., tuple[Array, ...]] | None = None
    magnitude: Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude] | None = None
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    readings: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    where: Callable[[Sizes], bool] = anything
    forward_only: Callable[[Sizes], bool] = nothing
    kinks: Callable[..., Array] | None = None
    scalar: bool = False  # the output is one number, and its upstream gradient is 1
    whole: bool = False  # the output is a whole number: exact, and no array
    traits: Traits = Traits()
    misconceptions: tuple[Misconception, ...] = ()
    formula: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    source: str = ""
    torch: str = ""  # the same in torch, as an expression of the arguments and options: what tests hold the layer against
    shown_by: str | None = None  # the gradient that shows the forward pass where a convention has no forward function

    @property
    def gradients(self) -> tuple[str, ...]:
        """The names of the gradients, in the order in which `backward` returns them."""
        return tuple(a.gradient for a in self.arguments if a.gradient)

    def given(self, arrays: Container[str]) -> tuple[Argument, ...]:
        """Return the arguments that a case has: a net of fewer layers has fewer."""
        return tuple(a for a in self.arguments if a.name in arrays)

    def gradients_of(self, arrays: Container[str]) -> dict[str, str]:
        """Return which argument each gradient of a case is of, in the order in which `backward` returns them."""
        return {a.gradient: a.name for a in self.given(arrays) if a.gradient}

    def outputs(self, returned: Any) -> dict[str, Any]:
        """Return by name what `forward` returned: the output, and those beside it."""
        return dict(zip(("out", *self.beside), returned if self.beside else (returned,), strict=True))

    def usual(self, arrays: Mapping[str, Array]) -> bool:
        """Whether a case has all arguments, and each the axes that it has by `axes`."""
        named = {a.name: len(a.axes.split()) for a in self.arguments}
        return {name: array.ndim for name, array in arrays.items()} == named

    @property
    def unreferenced(self) -> bool:
        """Whether there is nothing to compare with."""
        return self.forward is no_reference

    @property
    def designed(self) -> bool:
        """Whether it is of the student's design: there is no reference, and parameters of any names and shapes go with the arguments."""
        return self.unreferenced and self.traits.out is None

    @property
    def differentiable(self) -> bool:
        """Whether a backward is asked for."""
        return self.backward is not None or self.unreferenced


def multilinear(
    forward: Callable[..., tuple[Any, Any]], backward: Callable[..., tuple[Array, ...]], *, counts: bool = True
) -> Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude]:
    """Return the magnitude of a layer that is linear in each argument: the layer itself on absolute values, and on ones.

    `counts` says that the layer weighs its terms with 1, so that what it makes of ones is their number.

    Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1: |fl(x.y) - x.y| <= n u |x|.|y|.
    """

    def run(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> tuple[Array, ...]:
        out, cache = forward(**arrays, **options)
        return (out, *(() if dout is None else backward(dout, cache)))

    @cache
    def terms(shapes: tuple[tuple[str, tuple[int, ...]], ...], options: tuple[tuple[str, Any], ...], dout: Any) -> tuple[Array, ...]:
        ones = {name: np.ones(shape) for name, shape in shapes}
        return run(ones, dict(options), None if dout is None else np.ones(dout))

    def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
        sizes = {name: np.abs(a) for name, a in arrays.items()}
        first = next(iter(sizes))
        given = None if dout is None else np.abs(dout)
        full = run({**sizes, first: _level(sizes[first])}, options, None if given is None else _level(given))
        out, *gradients = run(sizes, options, given)
        shapes = tuple((name, a.shape) for name, a in arrays.items())
        counted = terms(shapes, tuple(options.items()), None if dout is None else dout.shape) if counts else None
        return Magnitude(out, tuple(gradients), counted, tuple(float(a.max(initial=0)) for a in full))

    return magnitude


def _level(a: Array) -> Array:
    level: Array = np.full(a.shape, a.max(initial=0))
    return level
