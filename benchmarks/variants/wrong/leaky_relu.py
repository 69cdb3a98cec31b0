"""Wrong leaky ReLUs."""

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

LEAKY = layer("leaky_relu")


def _steeper(out: Array, x: Array, negative_slope: float) -> Array:
    return np.where(x > 0, x, x / x.dtype.type(negative_slope))


WRONG = (
    LEAKY.wrong_out("leak of the wrong sign", lambda out, x, negative_slope: np.where(x > 0, x, -out)),
    LEAKY.wrong_out("divided by the slope", _steeper),
    LEAKY.wrong_out("slope on both sides", lambda out, x, negative_slope: x * x.dtype.type(negative_slope)),
    LEAKY.wrong_gradient("dx", "of the wrong sign", lambda dx, dout, cache: -dx),
    *LEAKY.slightly("dx"),
)
