"""Wrong im2col and col2im."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer, scattered
from reference import Array
from reference.windows import windows

IM2COL = layer("im2col")


def _windows(x: Array, kernel_h: int, kernel_w: int, stride: int, padding: int) -> Array:
    return windows(x, (kernel_h, kernel_w), stride, padding, "floor")


def _laid_out(*axes: int) -> Any:
    """im2col with the six axes (n, c, i, j, k, l) in another order; the first three count the rows or the shape is kept."""

    def change(out: Array, **given: Any) -> Array:
        return _windows(**given).transpose(axes).reshape(out.shape)

    return change


def _by_edges(x: Array, padding: int, **_: Any) -> dict[str, Any]:
    p = (padding, padding)
    return {"x": np.pad(x, ((0, 0), (0, 0), p, p), mode="edge"), "padding": 0}


def _grads(dout: Array, cache: Any) -> Array:
    N, C, out_h, out_w, KH, KW = cache.view_shape
    return dout.reshape(N, out_h, out_w, C, KH, KW).transpose(0, 3, 1, 2, 4, 5)


def _averaged(dx: Array, dout: Array, cache: Any) -> Array:
    ones = np.ones_like(_grads(dout, cache))
    return dx / np.maximum(scattered(ones, dx.shape, cache.stride, cache.padding), 1)


WRONG = (
    IM2COL.wrong_out("samples last among the rows", _laid_out(2, 3, 0, 1, 4, 5)),
    IM2COL.wrong_out("width before height among the rows", _laid_out(0, 3, 2, 1, 4, 5)),
    IM2COL.wrong_out("windows transposed", _laid_out(0, 2, 3, 1, 5, 4)),
    IM2COL.wrong_given("padding with the edge instead of zeros", _by_edges),
    IM2COL.wrong_gradient("dx", "averaged where windows overlap", _averaged),
    *IM2COL.slightly("dx"),
)
