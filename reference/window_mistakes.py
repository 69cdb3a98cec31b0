"""What students get wrong in every layer that slides windows over planes: where windows lie, and how their gradients are put back."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from reference.given import Given
from reference.misconception import Misconception, of_dx
from reference.padding import blank, unpad
from reference.spec import Array
from reference.windows import Grid, collect, entries


def put_back(grads: Array, shape: tuple[int, ...], grid: Grid, *, by_window: bool) -> Array:
    """Return `collect` with = for +=: window by window, or entry by entry of the window as `col2im` does."""
    dxp = blank(shape, grid.padding, grads.dtype)
    if by_window:  # the entries of one window lie apart as windows do, and the other way round
        swapped = grid._replace(kernel_size=(grads.shape[2], grads.shape[3]), stride=grid.dilation, dilation=grid.stride)
        for inside, window in entries(grid.kernel_size, swapped):
            dxp[inside] = grads[:, :, *window]
    else:
        for inside, entry in entries(grads.shape[2:4], grid):
            dxp[inside] = grads[(..., *entry)]
    return unpad(dxp, grid.padding, grid.padding_mode)


def _uncut(grads: Array, shape: tuple[int, ...], grid: Grid) -> Array:
    """Return `collect` with the padding still around it."""
    return collect(grads, blank(shape, grid.padding, grads.dtype).shape, grid._replace(padding=(0, 0)))


Gradients = Callable[[Given], Array]  # of every window, shape (N, C, out_h, out_w, kernel_h, kernel_w)
Lying = Callable[[Given], Grid]


def _known(
    gradients: Gradients, grid: Lying, id: str, cause: str, advice: str, wrong: Callable[[Array, tuple[int, ...], Grid], Array]
) -> Misconception:
    return Misconception(id=id, of=("dx",), cause=cause, advice=advice, wrong=lambda g: wrong(gradients(g), g.x.shape, grid(g)))


def unpadding(gradients: Gradients, grid: Lying) -> tuple[Misconception, ...]:
    """Return the mistakes of cutting the padding off dx, for the gradients of windows that lie so."""
    known = partial(_known, gradients, grid)
    return (
        of_dx(
            id="cut_to_nothing",
            cause="dx is empty where padding is 0: the slice padding:-padding is then 0:0.",
            advice="Cut with dxp[:, :, padding:padding + H, padding:padding + W], which works for padding 0 as well.",
            wrong=lambda g: g.right if min(grid(g).padding) else _cut(g.right, grid(g)),
        ),
        known(
            "padding_not_cut_off",
            "dx still has the padding around it; it must have the shape of x.",
            "Return dxp[:, :, padding:padding + H, padding:padding + W].",
            _uncut,
        ),
        known(
            "cut_from_the_corner",
            "dx is cut out of the padded gradient at its upper left corner; x begins at [padding, padding] there.",
            "Return dxp[:, :, padding:padding + H, padding:padding + W].",
            lambda grads, shape, grid: _uncut(grads, shape, grid)[:, :, : shape[2], : shape[3]],
        ),
    )


def scattering(gradients: Gradients, grid: Lying) -> tuple[Misconception, ...]:
    """Return the mistakes of adding windows back into dx, for the gradients of windows that lie so."""
    known = partial(_known, gradients, grid)
    return (
        *unpadding(gradients, grid),
        known(
            "windows_overwrite",
            "dx keeps only the last of the windows that overlap; their gradients must add up.",
            "Use += where a window is written into dx, for an entry of x may belong to several windows.",
            lambda grads, shape, grid: put_back(grads, shape, grid, by_window=True),
        ),
        known(
            "col2im_overwrites",
            "dx keeps one of the gradients that fall on the same entry, that of the last entry of a window; they must add up.",
            "Use += in col2im: img[:, :, y:y_max:stride, x:x_max:stride] += col[:, :, y, x, :, :].",
            lambda grads, shape, grid: put_back(grads, shape, grid, by_window=False),
        ),
        known(
            "put_back_unstrided",
            "dx gets the window of dout[:, :, i, j] back at (i, j); it must be put back at (i * stride, j * stride).",
            "Start the window at rows i * stride and columns j * stride, as in forward.",
            lambda grads, shape, grid: collect(grads, shape, grid._replace(stride=(1, 1))),
        ),
    )


def _cut(dx: Array, grid: Grid) -> Array:
    """Return what `padding:-padding` leaves of a gradient where an axis has no padding."""
    p, q = grid.padding
    return dx[:, :, : dx.shape[2] if p else 0, : dx.shape[3] if q else 0]


def optioned(g: Given, **options: int) -> Any:
    """Return what is asked about for other options along both axes, whatever rest they leave; another mistake in it remains."""
    changes: dict[str, Any] = {n: value for name, value in options.items() for n in (name, f"{name}_h", f"{name}_w") if n in g.values}
    return g.but(**changes, **({"inexact_output_size": "floor"} if "inexact_output_size" in g.values else {})).right


STRIDE_IGNORED = Misconception(
    id="stride_ignored",
    cause="out is that of stride 1, whatever the stride is.",
    advice="Start window (i, j) at row i * stride and column j * stride, and divide by stride in the size of out.",
    wrong=lambda g: optioned(g, stride=1),
)
PADDING_FORGOTTEN = Misconception(
    id="padding_forgotten",
    cause="out is that of padding 0, whatever the padding is.",
    advice="Pad both sides of H and of W by padding before the windows are taken.",
    wrong=lambda g: optioned(g, padding=0),
)


def channels_last(a: Any) -> Array:
    """Return planes (N, C, H, W) laid out as (N, H, W, C), but read as if they were not."""
    return np.reshape(np.transpose(a, (0, 2, 3, 1)), np.shape(a))


def read_as_channels_last(a: Any) -> Array:
    """Return planes (N, C, H, W) read as (N, H, W, C)."""
    N, C, H, W = np.shape(a)
    return np.transpose(np.reshape(a, (N, H, W, C)), (0, 3, 1, 2))


OUT_RESHAPED = Misconception(
    id="reshaped_for_transposed",
    cause="The entries of out are in the order (N, out_h, out_w, channels), though its shape is (N, channels, out_h, out_w).",
    advice="Write out.reshape(N, out_h, out_w, -1).transpose(0, 3, 1, 2): reshape alone does not move an axis.",
    wrong=lambda g: channels_last(g.right),
)


def dout_reshaped(*of: str) -> Misconception:
    """Return the mistake of these gradients that dout is reshaped where an axis should move."""
    return Misconception(
        id="dout_reshaped_for_transposed",
        of=of,
        cause="{name} reads dout as if its axes were (N, out_h, out_w, channels); they are (N, channels, out_h, out_w).",
        advice="Write dout.transpose(0, 2, 3, 1) before the reshape to rows: reshape alone does not move an axis.",
        wrong=lambda g: g.but(dout=read_as_channels_last(g.dout)).right,
    )
