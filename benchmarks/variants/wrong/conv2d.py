"""Wrong convolutions."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array
from reference.padding import pad
from reference.windows import windows

CONV = layer("conv2d")


def _transposed(w: Array) -> Array:
    return w.swapaxes(2, 3) if w.shape[2] == w.shape[3] else w


def _rest(dx: Array, dout: Array, cache: Any) -> Array:
    """Windows counted from the far end: the rest that the stride leaves is on the wrong side."""
    rests = [(dx.shape[a] + 2 * cache.grid.padding[0] - cache.w.shape[a]) % cache.grid.stride[0] for a in (2, 3)]
    return np.roll(dx, rests, axis=(2, 3))


def _last_row_0(dx: Array, dout: Array, cache: Any) -> Array:
    out = dx.copy()
    out[:, :, -1] = 0
    return out


def _padded_at_the_end(x: Array, padding: int, **_: Any) -> dict[str, Any]:
    return {"x": np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding))), "padding": 0}


def _padded_by_edges(x: Array, padding: int, **_: Any) -> dict[str, Any]:
    p = (padding, padding)
    return {"x": np.pad(x, ((0, 0), (0, 0), p, p), mode="edge"), "padding": 0}


def _stride_for_rows_only(out: Array, x: Array, w: Array, b: Array, stride: int, padding: int) -> Array:
    view = windows(x, (w.shape[2], w.shape[3]), 1, padding, "floor")[:, :, ::stride, : out.shape[3]]
    return np.asarray(np.einsum("ncijkl,fckl->nfij", view, w) + b[:, None, None])


def _first_channel(x: Array, w: Array, **_: Any) -> dict[str, Any]:
    return {"w": w * (np.arange(w.shape[1]) == 0).astype(w.dtype)[:, None, None]}


def _dw_below(dw: Array, dout: Array, cache: Any) -> Array:
    """The windows of the first row left out."""
    return np.asarray(np.einsum("nfij,ncijkl->fckl", dout[:, :, 1:], cache.view[:, :, 1:]))


def _biased_inside(out: Array, x: Array, w: Array, b: Array, stride: int, padding: int) -> Array:
    """The bias only where a window lies inside the input."""
    inside = windows(pad(np.ones_like(x[:1, :1]), (padding, padding)), (w.shape[2], w.shape[3]), stride, 0, "floor").all(axis=(4, 5))
    return np.where(inside, out, out - b[:, None, None])


WRONG = (
    CONV.wrong_given("filters transposed where they are square", lambda w, **_: {"w": _transposed(w)}),
    CONV.wrong_given("padding all at the end", _padded_at_the_end),
    CONV.wrong_given("padding with the edge instead of zeros", _padded_by_edges),
    CONV.wrong_given("only the first channel", _first_channel),
    CONV.wrong_out("stride along the height only", _stride_for_rows_only),
    CONV.wrong_out("no bias where a window reaches into the padding", _biased_inside),
    CONV.wrong_out("no bias after the first filter", lambda out, b, **_: out - (b * (np.arange(len(b)) > 0))[:, None, None]),
    CONV.wrong_gradient(
        "dx",
        "with transposed filters where square",
        lambda dx, dout, cache: CONV.backward(dout, cache._replace(w=_transposed(cache.w)))[0],
    ),
    CONV.wrong_gradient("dx", "shifted by the rest that the stride leaves", _rest),
    CONV.wrong_gradient("dx", "0 in the last row", _last_row_0),
    CONV.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    CONV.wrong_gradient("dw", "without the first row of windows", _dw_below),
    CONV.wrong_gradient("dw", "transposed where filters are square", lambda dw, dout, cache: _transposed(dw)),
    CONV.wrong_gradient("db", "averaged over the plane", lambda db, dout, cache: dout.mean(axis=(2, 3)).sum(axis=0)),
    CONV.wrong_gradient("db", "without the last column", lambda db, dout, cache: dout[..., :-1].sum(axis=(0, 2, 3))),
    *CONV.slightly("dx", "dw", "db"),
)
