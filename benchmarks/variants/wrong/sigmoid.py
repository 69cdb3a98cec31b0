"""Wrong sigmoids."""

import numpy as np

from benchmarks.variants.wrong.making import Layer, layer
from reference import Array

_SPEC = layer("sigmoid")


def _sigma(x: Array) -> Array:
    out: Array = _SPEC.forward(x)[0]
    return out


# Its cache is (x, y): the wrong derivatives are worked out from x.
SIGMOID = Layer("sigmoid", lambda x: (_sigma(x), (x, _sigma(x))), lambda dout, cache: (dout * cache[1] * (1 - cache[1]),))


def _dx_overflowing(dx: Array, dout: Array, cache: tuple[Array, Array]) -> Array:
    """Right wherever exp(-x) squared is a number."""
    del dx
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(-cache[0])
        return np.asarray(dout * e / (1 + e) ** 2)


WRONG = (
    SIGMOID.wrong_out("tanh", lambda out, x: np.tanh(x)),
    SIGMOID.wrong_out("exponent clipped to 6", lambda out, x: _sigma(np.clip(x, -6, 6))),
    SIGMOID.wrong_out("hard sigmoid", lambda out, x: np.clip(0.5 + 0.25 * x, 0, 1)),
    SIGMOID.wrong_gradient("dx", "right for positive x only", lambda dx, dout, cache: np.where(cache[0] < 0, -dx, dx)),
    SIGMOID.wrong_gradient("dx", "from exp(-x), which overflows", _dx_overflowing),
    *SIGMOID.slightly("dx"),
)
