"""Wrong affine layers."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array

AFFINE = layer("affine")


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
    AFFINE.wrong_gradient("dx", "of the first sample only", lambda dx, dout, _: first_only(dx)),
    AFFINE.wrong_gradient("dw", "0 off the diagonal", _off_diagonal),
    AFFINE.wrong_gradient("db", "of the first sample only", lambda db, dout, _: dout[0]),
    AFFINE.wrong_forward("x of more than two axes not flattened", _along_the_last_axis),
    AFFINE.wrong_given("x flattened in another order of its axes", lambda x, **_: {"x": _planes_last(x)}),
    *AFFINE.slightly("dx", "dw", "db"),
)
