"""What students get wrong in every convolution, whatever its strides, gaps, groups and padding.

All four convolutions keep the same cache: the windows, the filters, how the windows lie, and the number of groups.
"""

from typing import Any

import numpy as np

from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import averaged
from reference.spec import Array
from reference.window_mistakes import OUT_RESHAPED, PADDING_FORGOTTEN, STRIDE_IGNORED, dout_reshaped, scattering
from reference.windows import slide


def window_gradients(g: Given) -> Array:
    """Return the gradient of every window, (N, C, out_h, out_w, KH, KW)."""
    groups, (N, F, out_h, out_w) = g.cache.groups, g.dout.shape
    rows, filters = g.dout.reshape(N, groups, -1, out_h, out_w), g.w.reshape(groups, F // groups, *g.w.shape[1:])
    grads: Array = np.einsum("ngfij,gfckl->ngcijkl", rows, filters).reshape(N, g.x.shape[1], out_h, out_w, *g.w.shape[2:])
    return grads


def applied(g: Given, view: Array, w: Array) -> Array:
    """Return the output for these windows, (N, C, out_h, out_w, KH, KW), and these filters."""
    groups, (N, C, out_h, out_w) = g.cache.groups, view.shape[:4]
    windows, filters = view.reshape(N, groups, C // groups, *view.shape[2:]), w.reshape(groups, len(w) // groups, *w.shape[1:])
    products = np.einsum("ngcijkl,gfckl->ngfij", windows, filters)
    return np.asarray(products.reshape(N, len(w), out_h, out_w) + g.b[:, None, None])


def recomputed(g: Given, **changes: Any) -> Any:
    """Return what is asked about, from another cache."""
    cache = g.cache._replace(**changes)
    if g.of == "out":
        return applied(g, cache.view, cache.w)
    return g.backed(cache)[g.of]


def laid(g: Given, **changes: Any) -> Array:
    """Return the output with the windows lying otherwise, as many as there are then."""
    return applied(g, slide(g.x, g.cache.grid._replace(**changes), "floor"), g.w)


def moved(g: Given, **changes: Any) -> Any:
    """Return what is asked about with the windows lying otherwise, as many as there should be."""
    grid, (out_h, out_w) = g.cache.grid._replace(**changes), g.cache.view.shape[2:4]
    return recomputed(g, view=slide(g.x, grid, "floor")[:, :, :out_h, :out_w], grid=grid)


def turned(g: Given) -> Any:
    """Return what is asked about with every filter turned by half a circle."""
    return recomputed(g, w=g.w[:, :, ::-1, ::-1])


def transposed(g: Given) -> Any:
    """Return what is asked about with rows and columns of every filter exchanged; None where that does not fit the window."""
    return recomputed(g, w=g.w.swapaxes(2, 3)) if g.w.shape[2] == g.w.shape[3] else None


COMMON = (
    *scattering(window_gradients, lambda g: g.cache.grid),
    Misconception(
        id="windows_unstrided",
        of=("out", "dw"),
        cause="{name} takes the window at (i, j) for out[:, :, i, j]; it must be the one at (i * stride, j * stride).",
        advice="Start the window at row i * stride and column j * stride of the padded x.",
        wrong=lambda g: moved(g, stride=(1, 1)),
    ),
    STRIDE_IGNORED,
    PADDING_FORGOTTEN,
    Misconception(
        id="bias_forgotten",
        cause="The bias is not added.",
        advice="Add b[f] to all of out[:, f].",
        wrong=lambda g: g.right - g.b[:, None, None],
    ),
    Misconception(
        id="filters_flipped",
        cause="Every filter is turned by 180 degrees before it is applied; a layer of a network does not turn it.",
        advice="Multiply the window and w[f] entry by entry, without [::-1].",
        wrong=turned,
    ),
    of_both(
        id="filters_mirrored",
        cause="In {name} every filter is mirrored: its columns run from right to left.",
        advice="Column m of a filter goes with column m of its window: no [::-1] along the last axis.",
        wrong=lambda g: recomputed(g, w=g.w[:, :, :, ::-1]),
    ),
    of_both(
        id="filters_upside_down",
        cause="In {name} every filter is upside down: its rows run from the bottom to the top.",
        advice="Row k of a filter goes with row k of its window: no [::-1] along axis 2.",
        wrong=lambda g: recomputed(g, w=g.w[:, :, ::-1]),
    ),
    of_dx(
        id="gradient_filters_flipped",
        cause="dx is made with every filter turned by 180 degrees against what forward does.",
        advice="The window of x that made out[n, f, i, j] receives dout[n, f, i, j] * w[f] as w is; as a full convolution, turn w once.",
        wrong=turned,
    ),
    of_both(
        id="filters_transposed",
        cause="In {name} every filter has its rows and columns exchanged.",
        advice="Row k of a filter goes with row k of its window: w[f, :, k, m] * window[:, k, m], without a transposition of k and m.",
        wrong=transposed,
    ),
    OUT_RESHAPED,
    dout_reshaped("dx", "dw", "db"),
    averaged("dw", "db"),
    Misconception(
        id="bias_gradient_mean",
        of=("db",),
        cause="db is the mean of dout over samples and places; it must be the sum.",
        advice="Sum over samples, rows and columns: dout.sum(axis=(0, 2, 3)), since b[f] is added at each place of each sample.",
        wrong=lambda g: g.dout.mean(axis=(0, 2, 3)),
    ),
    Misconception(
        id="bias_gradient_mean_of_places",
        of=("db",),
        cause="db is the mean of dout over the places of a plane; it must be the sum.",
        advice="Sum over samples, rows and columns: dout.sum(axis=(0, 2, 3)), since b[f] is added at each place of each sample.",
        wrong=lambda g: g.dout.mean(axis=(2, 3)).sum(axis=0),
    ),
    Misconception(
        id="bias_gradient_total",
        of=("db",),
        cause="db is the sum of all of dout; every filter has a bias of its own.",
        advice="Sum over samples, rows and columns: dout.sum(axis=(0, 2, 3)), of shape (F,).",
        wrong=lambda g: np.broadcast_to(g.dout.sum(), g.b.shape),
    ),
)
