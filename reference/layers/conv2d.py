"""Two-dimensional convolution as deep learning means it: the filter is not flipped (cross-correlation)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from reference.convolution_mistakes import COMMON, laid, recomputed, window_gradients
from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import overwritten
from reference.spec import Argument, Array, LayerSpec, Scenario, Sizes, Traits, Values, multilinear
from reference.window_mistakes import put_back
from reference.windows import Grid, collect, fits, leaves_a_rest, slide

PORTION = 1 << 20  # bytes of windows


class Cache(NamedTuple):
    """What backward needs of forward. `view`: all windows, (N, C, out_h, out_w, KH, KW)."""

    view: Array
    w: Array
    shape: tuple[int, ...]
    grid: Grid
    groups: int


def forward(x: Array, w: Array, b: Array, *, stride: int = 1, padding: int = 0, inexact_output_size: str = "error") -> tuple[Array, Cache]:
    r"""Slide every filter over the zero-padded input.

    $$y_{nfij} = b_f + \sum_{c,k,l} x_{n,c,is+k,js+l}\,w_{fckl}$$

    Args:
        x: Input, shape (N, C, H, W).
        w: Filters, shape (F, C, KH, KW).
        b: Bias, shape (F,).
        stride: Step of the window, at least 1.
        padding: Zeros on each side, at least 0.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.

    Returns:
        out: Shape (N, F, out_h, out_w).
        cache: What `backward` needs.

    Raises:
        ShapeError: Channels or bias do not agree, or the window does not fit.

    Source: same as torch.nn.functional.conv2d (which floors).
    """
    check("conv2d", x, w, b)
    return correlate(x, w, b, Grid((w.shape[2], w.shape[3]), (stride, stride), (padding, padding)), 1, inexact_output_size)


def check(layer: str, x: Array, w: Array, b: Array, groups: int = 1) -> None:
    """Refuse arguments of conv2d or one of its kin whose sizes do not agree."""
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1] * groups or b.shape != w.shape[:1] or len(w) % groups:
        shapes = "(F, C, KH, KW), (F,)" if groups == 1 else f"(F, C / G, KH, KW), (F,), with C and F multiples of G = {groups}"
        raise ShapeError(f"{layer}: x {x.shape}, w {w.shape}, b {b.shape} must be (N, C, H, W), {shapes}.")


def correlate(x: Array, w: Array, b: Array, grid: Grid, groups: int, inexact_output_size: str) -> tuple[Array, Cache]:
    """Slide every filter over the input: conv2d and its kin, which differ in how the windows lie and in how many groups there are.

    Filters of one group see the channels of that group only, w (F, C / groups, KH, KW).
    """
    view = slide(x, grid, inexact_output_size)
    N, _, out_h, out_w = view.shape[:4]
    filters = w.reshape(groups, len(w) // groups, -1)
    out = np.empty((N, groups, len(w) // groups, out_h * out_w), np.result_type(x, w))
    for some in _portions(view):
        np.matmul(filters, _columns(view[some], groups), out=out[some])
    return out.reshape(N, len(w), out_h, out_w) + b[:, None, None], Cache(view, w, x.shape, grid, groups)


def _portions(view: Array) -> Iterator[slice]:
    """Yield a few samples at a time: as many as have their windows in the processor's cache together."""
    step = max(1, PORTION // max(1, view[:1].size * view.itemsize))
    return (slice(start, start + step) for start in range(0, len(view), step))


def _columns(view: Array, groups: int) -> Array:
    """Return the windows of some samples as columns (N, groups, C / groups * KH * KW, out_h * out_w).

    A product of contiguous matrices costs less than one over windows, copy included.
    """
    N, _, out_h, out_w = view.shape[:4]
    return np.ascontiguousarray(view.transpose(0, 1, 4, 5, 2, 3)).reshape(N, groups, -1, out_h * out_w)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dw, db) for dout of shape (N, F, out_h, out_w).

    $$dw_{fckl} = \sum_{n,i,j} dy_{nfij}\,x_{n,c,is+k,js+l}, \quad db_f = \sum_{n,i,j} dy_{nfij}$$

    and every window of dx receives $dy_{nfij}\,w_f$, added up where windows overlap.
    """
    N, F, out_h, out_w = dout.shape
    view, w, shape, grid, groups = cache
    rows = dout.reshape(N, groups, F // groups, out_h * out_w)
    filters = w.reshape(groups, F // groups, -1)
    dx, dw = np.empty(shape, dout.dtype), np.zeros(filters.shape, dout.dtype)
    for some in _portions(view):
        dw += (rows[some] @ _columns(view[some], groups).swapaxes(2, 3)).sum(axis=0)
        columns = filters.swapaxes(1, 2) @ rows[some]
        grads = columns.reshape(len(columns), shape[1], *grid.kernel_size, out_h, out_w).transpose(0, 1, 4, 5, 2, 3)
        dx[some] = collect(grads, (len(columns), *shape[1:]), grid)
    return dx, dw.reshape(w.shape), dout.sum(axis=(0, 2, 3))


def reshaped(w: Array) -> Array:
    """Return filters as rows where they should be the columns of the matrix that `reshape` makes of w."""
    return w.reshape(-1, len(w)).T.reshape(w.shape)


def last(dout: Array, axes: tuple[int, ...]) -> Array:
    """Return dout with 0 everywhere but at the end of these axes."""
    kept = np.zeros_like(dout)
    end = tuple(slice(-1, None) if axis in axes else slice(None) for axis in range(dout.ndim))
    kept[end] = dout[end]
    return kept


def square_out(g: Given) -> Array:
    """Return the output with as many columns as rows; where there are more rows, the windows run out of the plane."""
    out_h, out_w = g.right.shape[2:]
    if out_h > out_w:
        raise ValueError("a window does not fit")
    return np.asarray(g.right[..., :out_h])


MISCONCEPTIONS = (
    *COMMON,
    Misconception(
        id="bias_gradient_over_batch_only",
        of=("db",),
        cause="db is summed over the samples only; b is added at every place of a plane as well.",
        advice="Sum over samples, rows and columns: dout.sum(axis=(0, 2, 3)), of shape (F,).",
        wrong=lambda g: g.dout.sum(axis=0),
    ),
    Misconception(
        id="bias_gradient_axes",
        of=("db",),
        cause="db is summed over the first three axes of dout, which is right where channels come last; here they are axis 1.",
        advice="Sum over samples, rows and columns: dout.sum(axis=(0, 2, 3)), of shape (F,).",
        wrong=lambda g: g.dout.sum(axis=(0, 1, 2)),
    ),
    Misconception(
        id="first_sample_only",
        of=("dw", "db"),
        cause="{name} is that of the first sample alone; the samples must add up.",
        advice="Sum over axis 0 of dout as well, the samples.",
        wrong=lambda g: g.but(x=g.x[:1], dout=g.dout[:1]).right,
    ),
    overwritten("dw", "db"),
    Misconception(
        id="last_window_only",
        of=("dw", "db"),
        cause="{name} is that of the last window of the last sample alone; all windows must add up.",
        advice="Use += for {name} in the loops over samples, rows and columns.",
        wrong=lambda g: g.but(dout=last(g.dout, (0, 2, 3))).right,
    ),
    Misconception(
        id="last_window_of_every_sample",
        of=("dw", "db"),
        cause="{name} is that of the last window alone; all windows must add up.",
        advice="Use += for {name} in the loops over rows and columns.",
        wrong=lambda g: g.but(dout=last(g.dout, (2, 3))).right,
    ),
    of_dx(
        id="filters_overwrite",
        cause="dx keeps only the last filter and the last window at each entry; all filters and all windows must add up.",
        advice="Use += for dx in the loops over filters, rows and columns.",
        wrong=lambda g: put_back(window_gradients(g.but(dout=last(g.dout, (1,)))), g.x.shape, g.cache.grid, by_window=True),
    ),
    of_both(
        id="filters_reshaped_for_transposed",
        cause="{name} has the entries of the filters mixed up: w.reshape(-1, F) does not have the filters as its columns.",
        advice="Write w.reshape(F, -1).T where a matrix with one filter a column is needed.",
        wrong=lambda g: recomputed(g, w=reshaped(g.w)),
    ),
    Misconception(
        id="reshaped_for_transposed_dw",
        of=("dw",),
        cause="dw has the right entries in the wrong order: one filter a column was reshaped as if it were one a row.",
        advice="Transpose before the reshape: (col.T @ dout).T.reshape(w.shape).",
        wrong=lambda g: g.right.reshape(g.F, -1).T.reshape(g.w.shape),
    ),
    Misconception(
        id="bias_per_channel",
        cause="The bias is added once for every channel of x; it must be added once.",
        advice="Add b[f] after the sum over the channels, not inside the loop.",
        wrong=lambda g: g.right + (g.C - 1) * g.b[:, None, None],
    ),
    Misconception(
        id="last_channel_only",
        cause="out is made of the last channel alone; all channels must add up.",
        advice="Use += for out in the loop over the channels, or sum x_window * w[f] over all three axes.",
        wrong=lambda g: g.but(x=g.x[:, -1:], w=g.w[:, -1:]).out,
    ),
    Misconception(
        id="padding_fixed",
        cause="out is that of padding 1, whatever the padding is.",
        advice="Take the padding from the argument.",
        wrong=lambda g: laid(g, padding=(1, 1)),
    ),
    Misconception(
        id="width_from_height",
        cause="out has as many columns as rows: its width is worked out from the height.",
        advice="out_w = (W + 2 * padding - KW) // stride + 1, with W and KW.",
        wrong=square_out,
    ),
)


def square(sizes: Sizes) -> bool:
    """Square planes and square filters: a transposed answer keeps its shape there."""
    return bool(sizes["H"] == sizes["W"] and sizes["KH"] == sizes["KW"] and fits(sizes))


def arguments(channels: str = "C") -> tuple[Argument, ...]:
    """Return the arguments of a convolution whose filters have this axis of channels."""
    return (
        Argument(name="x", axes="N C H W", gradient="dx"),
        Argument(name="w", axes=f"F {channels} KH KW", gradient="dw"),
        Argument(name="b", axes="F", gradient="db"),
    )


SMALL = {"N": (1, 2), "C": (1, 2), "F": (1, 2)}
SPEC = LayerSpec(
    name="conv2d",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
            "out[n, f, i, j] = b[f] + sum over c, k, l of xp[n, c, i*stride + k, j*stride + l] * w[f, c, k, l]",
        ),
        "backward": (
            "dxp[n, c, i*stride + k, j*stride + l] += dout[n, f, i, j] * w[f, c, k, l]",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
            "dw[f, c, k, l] = sum over n, i, j of dout[n, f, i, j] * xp[n, c, i*stride + k, j*stride + l]",
            "db[f] = sum over n, i, j of dout[n, f, i, j]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=arguments(),
    axes={"N": (1, 3), "C": (1, 3), "F": (1, 3), "H": (3, 7), "W": (3, 7), "KH": (1, 3), "KW": (1, 3)},
    options={"stride": (1, 2, 3), "padding": (0, 1, 2)},
    misconceptions=MISCONCEPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fits,
    traits=Traits(out="N F OH OW", linear=("x", "w", "b"), permutable=("C", "F"), pads_with_zeros=True),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (1, 1), "F": (1, 1), "H": (3, 3), "W": (3, 3), "KH": (2, 2), "KW": (2, 2)},
            options={"stride": (1,), "padding": (0,)},
            values=Values.WHOLE,
        ),
        Scenario(
            title="all axes differ",
            axes={"N": (2, 2), "C": (3, 3), "F": (4, 4), "H": (7, 7), "W": (5, 6), "KH": (1, 1), "KW": (2, 2)},
            options={"padding": (0, 1)},
        ),
        Scenario(
            title="two samples, padded",
            axes={"N": (2, 2), "C": (2, 2), "F": (3, 3), "H": (4, 5), "W": (6, 7), "KH": (3, 3), "KW": (2, 2)},
            options={"padding": (1,)},
        ),
        Scenario(title="square", axes={**SMALL, "H": (4, 5), "W": (4, 5), "KH": (2, 3), "KW": (2, 3)}, where=square, count=2),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1), "F": (2, 3)}),
        Scenario(title="1x1 filter", axes={"KH": (1, 1), "KW": (1, 1), "C": (2, 3)}, options={"stride": (1,)}),
        Scenario(title="stride below the window", axes={**SMALL, "KH": (3, 3), "KW": (3, 3)}, options={"stride": (2,)}),
        Scenario(title="stride equal to the window", axes={**SMALL, "KH": (2, 2), "KW": (2, 2)}, options={"stride": (2,)}),
        Scenario(title="stride above the window", axes={**SMALL, "KH": (1, 2), "KW": (1, 2)}, options={"stride": (3,)}),
        Scenario(title="padding 2", axes=SMALL, options={"padding": (2,)}),
        Scenario(title="no padding", axes=SMALL, options={"padding": (0,)}),
        Scenario(title="filter as large as the input", axes={**SMALL, "H": (3, 3), "W": (3, 3), "KH": (3, 3), "KW": (3, 3)}, options={"padding": (0,)}),
        Scenario(title="stride leaves a rest", axes={**SMALL, "KH": (2, 3)}, options={"stride": (2, 3)}, where=leaves_a_rest, count=2),
        Scenario(title="negative inputs", axes=SMALL, values=Values.NEGATIVE),
        Scenario(title="float32", axes={**SMALL, "KH": (2, 3), "KW": (2, 3)}, options={"stride": (1, 2)}, single=True, count=2),
    ),
)  # fmt: skip
