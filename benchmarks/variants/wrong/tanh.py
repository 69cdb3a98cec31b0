"""Wrong hyperbolic tangents."""

import numpy as np

from benchmarks.variants.wrong.making import Layer
from reference import Array

# Its cache is (x, y): the wrong derivatives are taken at one or the other.
TANH = Layer("tanh", lambda x: (np.tanh(x), (x, np.tanh(x))), lambda dout, cache: (dout * (1 - cache[1] ** 2),))


def _overflowing(out: Array, x: Array) -> Array:
    del out
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


WRONG = (
    TANH.wrong_out("sigmoid", lambda out, x: (np.tanh(x / 2) + 1) / 2),
    TANH.wrong_out("of half of x", lambda out, x: np.tanh(x / 2)),
    TANH.wrong_out("of the wrong sign", lambda out, x: -out),
    TANH.wrong_out("hard tanh", lambda out, x: np.clip(x, -1, 1)),
    TANH.wrong_out("by exponentials that overflow", _overflowing),
    TANH.wrong_gradient("dx", "1 - x * x", lambda dx, dout, cache: dout * (1 - cache[0] ** 2)),
    TANH.wrong_gradient("dx", "y (1 - y)", lambda dx, dout, cache: dout * cache[1] * (1 - cache[1])),
    TANH.wrong_gradient("dx", "1 - y", lambda dx, dout, cache: dout * (1 - cache[1])),
    TANH.wrong_gradient("dx", "of the tanh of y", lambda dx, dout, cache: dout * (1 - np.tanh(cache[1]) ** 2)),
    TANH.wrong_gradient("dx", "without dout", lambda dx, dout, cache: 1 - cache[1] ** 2),
    *TANH.slightly("dx"),
)
