"""Wrong global pooling and wrong zero padding."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array

POOL = layer("global_pool")
PAD = layer("zero_pad")


def _entries(cache: Any, dtype: Any) -> Any:
    return dtype.type(cache.shape[2] * cache.shape[3])


def _everywhere(dx: Array, dout: Array, cache: Any) -> Array:
    """Dout at every entry, whatever was pooled."""
    return np.broadcast_to(dout[..., None, None], dx.shape).copy()


def _shared(dx: Array, dout: Array, cache: Any) -> Array:
    """An equal share at every entry, even of a maximum."""
    return _everywhere(dx, dout / _entries(cache, dout.dtype), cache)


def _first_place(dx: Array, dout: Array, cache: Any) -> Array:
    """The place of the first channel's maximum for all channels."""
    if cache.argmax is None:
        return dx
    return POOL.backward(dout, cache._replace(argmax=np.broadcast_to(cache.argmax[:, :1], cache.argmax.shape)))[0]


WRONG = (
    POOL.wrong_out("sum for the mean", lambda out, x, mode: out * (1 if mode == "max" else x[0, 0].size)),
    POOL.wrong_out("divided by the height only", lambda out, x, mode: out * (1 if mode == "max" else x.shape[3])),
    POOL.wrong_out("maximum at least 0", lambda out, x, mode: np.maximum(out, 0) if mode == "max" else out),
    POOL.wrong_given("mean whatever was asked", lambda **_: {"mode": "average"}),
    POOL.wrong_given("maximum of the first row", lambda x, mode, **_: {"x": x[:, :, :1] if mode == "max" else x}),
    POOL.wrong_gradient("dx", "at all entries", _everywhere),
    POOL.wrong_gradient("dx", "shared by all entries", _shared),
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
    PAD.wrong_gradient("dx", "cut from the corner", lambda dx, dout, padding: dout[:, :, : dx.shape[2], : dx.shape[3]]),
    PAD.wrong_gradient("dx", "of the first sample only", lambda dx, dout, padding: first_only(dx)),
    *PAD.slightly("dx"),
)
