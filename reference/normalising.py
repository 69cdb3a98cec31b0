"""What every normalisation does: mean 0 and variance 1 along some axes, with the way back and the sizes of its errors."""

from typing import Any, NamedTuple

import numpy as np

from reference.spec import Argument, Array

Axes = int | tuple[int, ...]


class Normalised(NamedTuple):
    """x with mean 0 and variance 1, and one over its deviation, with the axes kept."""

    h: Array
    inverse: Array


def normalise(x: Array, axes: Axes, eps: float) -> Normalised:
    r"""Return $\hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$, mean and variance over `axes`, the variance as a mean."""
    centred = x - x.mean(axis=axes, keepdims=True)
    # Two passes: the mean of x*x minus the square of the mean cancels where the mean is far from 0.
    inverse = 1 / np.sqrt((centred * centred).mean(axis=axes, keepdims=True) + x.dtype.type(eps))
    return Normalised(centred * inverse, inverse)


def back(dh: Array, normalised: Normalised, axes: Axes) -> Array:
    r"""Return $dx = (d\hat x - \overline{d\hat x} - \hat x\,\overline{d\hat x\,\hat x}) / \sqrt{\sigma^2 + \epsilon}$."""
    h, inverse = normalised
    dx: Array = inverse * (dh - dh.mean(axis=axes, keepdims=True) - h * (dh * h).mean(axis=axes, keepdims=True))
    return dx


class Sizes(NamedTuple):
    """The size of the errors of a normalised array, and those of one over its deviation relative to it."""

    size: Array
    relative: Array


def sizes(x: Array, normalised: Normalised, axes: Axes) -> Sizes:
    """Subtracting the mean leaves errors of the size of x, not of x - mu; one over the deviation magnifies them.

    Source: Higham (2002), section 1.9, on the two-pass variance; the rest is first-order propagation through the formulas.
    """
    h = np.abs(normalised.h)
    centred = (np.abs(x) + np.abs(x).mean(axis=axes, keepdims=True)) * normalised.inverse  # the conditioning: (|x| + |mu|) / sigma
    relative = 1 + (h * (h + 2 * centred)).mean(axis=axes, keepdims=True) / 2  # of the deviation; half of that of the variance
    return Sizes(centred + h * relative, relative)


def back_size(dh: Array, normalised: Normalised, own: Sizes, axes: Axes) -> Array:
    """Return the size of the errors of `back`."""
    d, h = np.abs(dh), np.abs(normalised.h)

    def mean(a: Array) -> Any:
        return a.mean(axis=axes, keepdims=True)

    along = mean(d * h)
    plain = (d + mean(d) + h * along) * own.relative
    size: Array = normalised.inverse * (plain + own.size * along + h * mean(d * own.size))
    return size


def arguments(axes: str, along: str) -> tuple[Argument, ...]:
    """Return x with these axes, and gamma and beta along one of them."""
    return (
        Argument(name="x", axes=axes, gradient="dx"),
        Argument(name="gamma", axes=along, gradient="dgamma"),
        Argument(name="beta", axes=along, gradient="dbeta"),
    )
