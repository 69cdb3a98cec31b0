"""Wrong global pooling and wrong zero padding."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array

POOL = layer("global_pool")
PAD = layer("zero_pad")


def _first_place(dx: Array, dout: Array, cache: Any) -> Array:
    """The place of the first channel's maximum for all channels."""
    if cache.argmax is None:
        return dx
    return POOL.backward(dout, cache._replace(argmax=np.broadcast_to(cache.argmax[:, :1], cache.argmax.shape)))[0]


WRONG = (
    POOL.wrong_out("divided by the height only", lambda out, x, mode: out * (1 if mode == "max" else x.shape[3])),
    POOL.wrong_given("maximum of the first row", lambda x, mode, **_: {"x": x[:, :, :1] if mode == "max" else x}),
    POOL.wrong_gradient("dx", "at the place of the first channel", _first_place),
    POOL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *POOL.slightly("dx"),
    PAD.wrong_out(
        "padded with the edge", lambda out, x, padding: np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    ),
    PAD.wrong_out(
        "padded with ones", lambda out, x, padding: np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=1)
    ),
    PAD.wrong_out("padded at the end only", lambda out, x, padding: np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))),
    PAD.wrong_gradient("dx", "of the first sample only", lambda dx, dout, padding: first_only(dx)),
    *PAD.slightly("dx"),
)
