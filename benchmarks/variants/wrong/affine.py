"""Wrong affine layers."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array

AFFINE = layer("affine")


def _dx_transposed(dx: Array, dout: Array, cache: Any) -> Array:
    square = cache.w.shape[0] == cache.w.shape[1]
    return (dout @ cache.w).reshape(dx.shape) if square else dx  # elsewhere NumPy itself complains, and it is mended


def _along_the_last_axis(x: Array, w: Array, b: Array) -> tuple[Any, Any]:
    """The product as NumPy takes it for more than two axes, with as many rows of w as it needs."""
    return x @ w[: x.shape[-1]] + b, AFFINE.forward(x=x, w=w, b=b)[1]


def _planes_last(a: Array) -> Array:
    """The axes behind the first in reverse order, in the shape as it was."""
    return a.transpose(0, *range(a.ndim - 1, 0, -1)).reshape(a.shape)


def _off_diagonal(dw: Array, dout: Array, cache: Any) -> Array:
    del dout, cache
    return np.eye(*dw.shape, dtype=dw.dtype) * dw


WRONG = (
    AFFINE.wrong_out("bias added twice", lambda out, b, **_: out + b),
    AFFINE.wrong_out("bias added to the first sample only", lambda out, b, **_: np.concatenate([out[:1], out[1:] - b])),
    AFFINE.wrong_given("x truncated to whole numbers", lambda x, **_: {"x": np.trunc(x)}),
    AFFINE.wrong_given("w transposed where it is square", lambda w, **_: {"w": w.T if w.shape[0] == w.shape[1] else w}),
    AFFINE.wrong_gradient("dx", "without transposing w where it is square", _dx_transposed),
    AFFINE.wrong_gradient("dx", "averaged over the batch", lambda dx, dout, _: dx / len(dout)),
    AFFINE.wrong_gradient("dx", "of the first sample only", lambda dx, dout, _: first_only(dx)),
    AFFINE.wrong_gradient("dw", "of the last sample only", lambda dw, dout, cache: np.outer(cache.x[-1], dout[-1])),
    AFFINE.wrong_gradient("dw", "0 off the diagonal", _off_diagonal),
    AFFINE.wrong_gradient("db", "of the first sample only", lambda db, dout, _: dout[0]),
    AFFINE.wrong_forward("x of more than two axes not flattened", _along_the_last_axis),
    AFFINE.wrong_given("x flattened in another order of its axes", lambda x, **_: {"x": _planes_last(x)}),
    AFFINE.wrong_gradient("dx", "left flat", lambda dx, dout, _: dx.reshape(len(dx), -1)),
    *AFFINE.slightly("dx", "dw", "db"),
)
