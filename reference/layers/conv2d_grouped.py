"""Two-dimensional convolution in groups of channels; with as many groups as channels, depthwise."""

import numpy as np

from reference.convolution_mistakes import COMMON, applied, recomputed
from reference.given import Given
from reference.layers.conv2d import Cache, arguments, backward, check, correlate
from reference.misconception import Misconception, of_dx
from reference.spec import Array, LayerSpec, Scenario, Sizes, Traits, Values, multilinear
from reference.windows import Grid, fits, leaves_a_rest


def forward(
    x: Array, w: Array, b: Array, *, stride: int = 1, padding: int = 0, groups: int = 1, inexact_output_size: str = "error"
) -> tuple[Array, Cache]:
    r"""Slide every filter over the channels of its own group.

    $$y_{nfij} = b_f + \sum_{c,k,l} x_{n,\,g C/G + c,\,is+k,\,js+l}\,w_{fckl}, \quad g = \lfloor f G / F \rfloor$$

    Args:
        x: Input, shape (N, C, H, W).
        w: Filters, shape (F, C / G, KH, KW): the first F / G see the first C / G channels, and so on.
        b: Bias, shape (F,).
        stride: Step of the window, at least 1.
        padding: Zeros on each side, at least 0.
        groups: Number of groups, G; it divides C and F. 1 is the ordinary convolution, C the depthwise one.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.

    Returns:
        out: Shape (N, F, out_h, out_w).
        cache: What `backward`, that of `conv2d`, needs.

    Raises:
        ShapeError: Channels, groups or bias do not agree, or the window does not fit.

    Source: Krizhevsky, Sutskever, Hinton (2012), section 3.5; Howard et al., MobileNets (2017). Same as torch.nn.functional.conv2d.
    """
    check("conv2d_grouped", x, w, b, groups)
    grid = Grid((w.shape[2], w.shape[3]), (stride, stride), (padding, padding))
    return correlate(x, w, b, grid, groups, inexact_output_size)


def first_channels(g: Given) -> Array:
    """Return what is asked about where the filters of every group see the channels of the first."""
    if g.of == "dx":
        dx = g.right.reshape(g.N, g.groups, g.CG, g.H, g.W)
        return np.asarray(np.concatenate([dx.sum(axis=1, keepdims=True), np.zeros_like(dx[:, 1:])], axis=1).reshape(g.x.shape))
    return np.asarray(recomputed(g, view=np.concatenate([g.cache.view[:, : g.CG]] * g.groups, axis=1)))


def every_nth_channel(g: Given) -> Array:
    """Return what is asked about where group k has the channels k, k + groups, k + 2 * groups, ..."""
    order = np.arange(g.C).reshape(g.CG, g.groups).T.reshape(-1)
    if g.of == "dx":
        dx: Array = np.empty_like(g.right)
        dx[:, order] = g.right
        return dx
    return np.asarray(recomputed(g, view=g.cache.view[:, order]))


def every_nth_filter(g: Given) -> Array:
    """Return what is asked about where filter f belongs to group f % groups."""
    order = np.arange(g.F).reshape(-1, g.groups).T.reshape(-1)
    if g.of == "out":
        out: Array = np.empty_like(g.out)
        out[:, order] = applied(g, g.cache.view, g.w[order]) + (g.b[order] - g.b)[:, None, None]
        return out
    value = g.but(w=g.w[order], dout=g.dout[:, order]).right
    if g.of == "dx":
        return np.asarray(value)
    dw: Array = np.empty_like(value)
    dw[order] = value
    return dw


def last_filters(g: Given) -> Array:
    """Return dx of the last filter of every group alone."""
    last = np.arange(g.F) % (g.F // g.groups) == g.F // g.groups - 1
    return np.asarray(g.but(dout=g.dout * last[:, None, None]).right)


MISCONCEPTIONS = (
    Misconception(
        id="first_channels_for_all",
        of=("out", "dx", "dw"),
        cause="{name} takes the first C / groups channels for every group; each group has channels of its own.",
        advice="Group k has the channels k * C // groups up to (k + 1) * C // groups.",
        wrong=first_channels,
    ),
    Misconception(
        id="every_nth_channel",
        of=("out", "dx", "dw"),
        cause="{name} gives every groups-th channel to one group; a group has neighbouring channels.",
        advice="Group k has the channels k * C // groups up to (k + 1) * C // groups.",
        wrong=every_nth_channel,
    ),
    Misconception(
        id="every_nth_filter",
        of=("out", "dx", "dw"),
        cause="{name} gives every groups-th filter to one group; a group has neighbouring filters.",
        advice="Filter f belongs to group f // (F // groups), not f % groups.",
        wrong=every_nth_filter,
    ),
    of_dx(
        id="filters_of_a_group_overwrite",
        cause="dx keeps only the last filter of every group; all filters that see a channel must add up.",
        advice="Use += where a filter adds to the channels of its group in dx.",
        wrong=last_filters,
    ),
    *COMMON,
)


def grouped(sizes: Sizes) -> bool:
    """Whether the channels and the filters can be divided into the groups."""
    return bool(sizes["C"] == sizes["CG"] * sizes["groups"] and not sizes["F"] % sizes["groups"])


def fitting(sizes: Sizes) -> bool:
    """Whether the groups come out even and the windows tile both axes exactly."""
    return grouped(sizes) and fits(sizes)


def rests(sizes: Sizes) -> bool:
    """Whether the groups come out even but the stride leaves a rest."""
    return grouped(sizes) and leaves_a_rest(sizes)


TWO = {"N": (1, 2), "C": (4, 4), "CG": (2, 2), "F": (4, 4)}
DEPTHWISE = {"N": (1, 2), "C": (3, 3), "CG": (1, 1)}
ODD = {"KH": (2, 3), "KW": (2, 3)}
SPEC = LayerSpec(
    name="conv2d_grouped",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
            "c0 = f // (F // groups) * (C // groups), the first channel of the group of filter f",
            "out[n, f, i, j] = b[f] + sum over c, k, l of xp[n, c0 + c, i*stride + k, j*stride + l] * w[f, c, k, l]",
        ),
        "backward": (
            "dxp[n, c0 + c, i*stride + k, j*stride + l] += dout[n, f, i, j] * w[f, c, k, l]",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
            "dw[f, c, k, l] = sum over n, i, j of dout[n, f, i, j] * xp[n, c0 + c, i*stride + k, j*stride + l]",
            "db[f] = sum over n, i, j of dout[n, f, i, j]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=arguments("CG"),
    axes={"N": (1, 3), "C": (2, 6), "CG": (1, 3), "F": (2, 6), "H": (3, 6), "W": (3, 6), "KH": (1, 3), "KW": (1, 3)},
    options={"stride": (1, 2), "padding": (0, 1), "groups": (1, 2, 3)},
    misconceptions=MISCONCEPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fitting,
    traits=Traits(out="N F OH OW", linear=("x", "w", "b"), pads_with_zeros=True),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (2, 2), "CG": (1, 1), "F": (2, 2), "H": (2, 2), "W": (3, 3), "KH": (2, 2), "KW": (2, 2)},
            options={"stride": (1,), "padding": (0,), "groups": (2,)},
            values=Values.WHOLE,
        ),
        Scenario(title="one group", axes={"N": (1, 2), "C": (2, 3), "CG": (2, 3), "F": (2, 3), **ODD}, options={"groups": (1,)}),
        Scenario(title="two groups", axes={**TWO, "F": (2, 2), **ODD}, options={"groups": (2,)}, count=2),
        Scenario(title="more filters than channels", axes={**TWO, "F": (6, 6)}, options={"groups": (2,)}),
        Scenario(title="three groups, all axes differ", axes={"N": (2, 2), "C": (6, 6), "CG": (2, 2), "F": (3, 3), "H": (5, 5), "W": (7, 7), "KH": (3, 3), "KW": (1, 1)}, options={"groups": (3,)}),
        Scenario(title="depthwise", axes={**DEPTHWISE, "F": (3, 3), **ODD}, options={"groups": (3,)}, count=2),
        Scenario(title="depthwise, two filters a channel", axes={**DEPTHWISE, "F": (6, 6), **ODD}, options={"groups": (3,)}),
        Scenario(title="1x1 filters", axes={**TWO, "KH": (1, 1), "KW": (1, 1)}, options={"groups": (2,), "stride": (1,)}),
        Scenario(title="stride 2, padded", axes={**TWO, **ODD}, options={"groups": (2,), "stride": (2,), "padding": (1,)}),
        Scenario(title="one sample", axes={**TWO, "N": (1, 1)}, options={"groups": (2,)}),
        Scenario(title="stride leaves a rest", axes={**TWO, "KH": (2, 3)}, options={"groups": (2,), "stride": (2,)}, where=rests, count=2),
        Scenario(title="float32", axes={**TWO, **ODD}, options={"groups": (2,)}, single=True, count=2),
    ),
)  # fmt: skip
