"""Wrong hyperbolic tangents."""

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

TANH = layer("tanh")


def _overflowing(out: Array, x: Array) -> Array:
    del out
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


WRONG = (
    TANH.wrong_out("of the wrong sign", lambda out, x: -out),
    TANH.wrong_out("hard tanh", lambda out, x: np.clip(x, -1, 1)),
    TANH.wrong_out("by exponentials that overflow", _overflowing),
    *TANH.slightly("dx"),
)
