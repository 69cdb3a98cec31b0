"""Wrong convolutions."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, last_only, layer, replace, scattered
from reference import Array
from reference.padding import pad
from reference.windows import windows

CONV = layer("conv2d")


def _flipped(w: Array) -> Array:
    return w[:, :, ::-1, ::-1]


def _transposed(w: Array) -> Array:
    return w.swapaxes(2, 3) if w.shape[2] == w.shape[3] else w


def _window_grads(dout: Array, w: Array) -> Array:
    return np.asarray(np.einsum("nfij,fckl->ncijkl", dout, w))


def _dx(dx: Array, dout: Array, cache: Any, *, w: Any = None, stride: int = 0, add: Any = None) -> Array:
    return scattered(_window_grads(dout, cache.w if w is None else w), dx.shape, stride or cache.grid.stride[0], cache.grid.padding[0], add)


def _corner(dx: Array, dout: Array, cache: Any) -> Array:
    """The planes cut out of the padded ones at 0 instead of at the padding."""
    p = cache.grid.padding[0]
    larger = (*dx.shape[:2], dx.shape[2] + 2 * p, dx.shape[3] + 2 * p)
    return scattered(_window_grads(dout, cache.w), larger, cache.grid.stride[0], 0)[:, :, : dx.shape[2], : dx.shape[3]]


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


def _square_only(out: Array, **_: Any) -> Array:
    """Columns of the output counted by its rows."""
    spoilt = np.zeros_like(out)
    spoilt[..., : out.shape[2]] = out[..., : out.shape[2]]
    return spoilt


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
    CONV.wrong_given("filters flipped", lambda w, **_: {"w": _flipped(w)}),
    CONV.wrong_given("filters transposed where they are square", lambda w, **_: {"w": _transposed(w)}),
    CONV.wrong_given("padding all at the end", _padded_at_the_end),
    CONV.wrong_given("padding with the edge instead of zeros", _padded_by_edges),
    CONV.wrong_given("padding of 1 whatever was asked", lambda padding, **_: {"padding": 1}),
    CONV.wrong_given("only the first channel", _first_channel),
    CONV.wrong_out("columns of the output counted by its rows", _square_only),
    CONV.wrong_out("stride along the height only", _stride_for_rows_only),
    CONV.wrong_out("no bias where a window reaches into the padding", _biased_inside),
    CONV.wrong_out("no bias after the first filter", lambda out, b, **_: out - (b * (np.arange(len(b)) > 0))[:, None, None]),
    CONV.wrong_gradient("dx", "with flipped filters", lambda dx, dout, cache: _dx(dx, dout, cache, w=_flipped(cache.w))),
    CONV.wrong_gradient("dx", "with transposed filters where square", lambda dx, dout, cache: _dx(dx, dout, cache, w=_transposed(cache.w))),
    CONV.wrong_gradient("dx", "cut from the corner of the padded planes", _corner),
    CONV.wrong_gradient("dx", "with = for += where windows overlap", lambda dx, dout, cache: _dx(dx, dout, cache, add=replace)),
    CONV.wrong_gradient("dx", "with a stride of 1", lambda dx, dout, cache: _dx(dx, dout, cache, stride=1)),
    CONV.wrong_gradient("dx", "shifted by the rest that the stride leaves", _rest),
    CONV.wrong_gradient("dx", "0 in the last row", _last_row_0),
    CONV.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    CONV.wrong_gradient("dw", "averaged over the batch", lambda dw, dout, cache: dw / len(dout)),
    CONV.wrong_gradient("dw", "of the last sample only", lambda dw, dout, cache: CONV.backward(last_only(dout), cache)[1]),
    CONV.wrong_gradient("dw", "without the first row of windows", _dw_below),
    CONV.wrong_gradient("dw", "transposed where filters are square", lambda dw, dout, cache: _transposed(dw)),
    CONV.wrong_gradient("db", "averaged over the batch", lambda db, dout, cache: db / len(dout)),
    CONV.wrong_gradient("db", "averaged over the plane", lambda db, dout, cache: dout.mean(axis=(2, 3)).sum(axis=0)),
    CONV.wrong_gradient("db", "of the first sample only", lambda db, dout, cache: dout[0].sum(axis=(1, 2))),
    CONV.wrong_gradient("db", "without the last column", lambda db, dout, cache: dout[..., :-1].sum(axis=(0, 2, 3))),
    *CONV.slightly("dx", "dw", "db"),
)
