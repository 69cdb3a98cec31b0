"""Wrong leaky ReLUs."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

LEAKY = layer("leaky_relu")


def _fixed(slope: float) -> Any:
    return lambda out, x, negative_slope: np.where(x > 0, x, x * x.dtype.type(slope))


def _steeper(out: Array, x: Array, negative_slope: float) -> Array:
    return np.where(x > 0, x, x / x.dtype.type(negative_slope))


WRONG = (
    LEAKY.wrong_out("no leak", _fixed(0.0)),
    LEAKY.wrong_out("leak of 0.01 whatever the slope", _fixed(0.01)),
    LEAKY.wrong_out("leak of the wrong sign", lambda out, x, negative_slope: np.where(x > 0, x, -out)),
    LEAKY.wrong_out("divided by the slope", _steeper),
    LEAKY.wrong_out("slope on both sides", lambda out, x, negative_slope: x * x.dtype.type(negative_slope)),
    LEAKY.wrong_gradient("dx", "without the leak", lambda dx, dout, cache: np.where(cache.mask, dout, 0)),
    LEAKY.wrong_gradient("dx", "masked by dout", lambda dx, dout, cache: np.where(dout > 0, dout, cache.negative_slope * dout)),
    LEAKY.wrong_gradient("dx", "not masked", lambda dx, dout, cache: dout),
    LEAKY.wrong_gradient("dx", "the slope without dout", lambda dx, dout, cache: np.where(cache.mask, dout, cache.negative_slope)),
    LEAKY.wrong_gradient("dx", "of the wrong sign", lambda dx, dout, cache: -dx),
    *LEAKY.slightly("dx"),
)
