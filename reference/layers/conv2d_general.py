"""Two-dimensional convolution with all that torch's layer has: an own step along each axis, gaps, groups, and four kinds of padding."""

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.convolution_mistakes import COMMON, applied, laid, recomputed
from reference.given import Given
from reference.layers.conv2d import Cache, arguments, backward, check, correlate
from reference.misconception import Misconception, of_dx
from reference.padding import MODES
from reference.spec import Array, LayerSpec, Scenario, Sizes, Traits, Values, multilinear
from reference.windows import Grid, extent, slide


def forward(
    x: Array,
    w: Array,
    b: Array,
    *,
    stride_h: int = 1,
    stride_w: int = 1,
    padding_h: int = 0,
    padding_w: int = 0,
    dilation_h: int = 1,
    dilation_w: int = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> tuple[Array, Cache]:
    r"""Slide every filter over the padded channels of its group; a rest that a stride leaves is dropped.

    $$y_{nfij} = b_f + \sum_{c,k,l} \mathrm{pad}(x)_{n,\,g C/G + c,\,i s_h + k d_h,\,j s_w + l d_w}\,w_{fckl}$$

    Args:
        x: Input, shape (N, C, H, W).
        w: Filters, shape (F, C / groups, KH, KW).
        b: Bias, shape (F,).
        stride_h: Step of the window down the rows.
        stride_w: Step of the window along the columns.
        padding_h: Rows laid above and below each plane.
        padding_w: Columns laid on either side of it.
        dilation_h: Step between the rows of a window.
        dilation_w: Step between its columns.
        groups: Number of groups; it divides C and F.
        padding_mode: "zeros", "reflect", "replicate" or "circular".

    Returns:
        out: Shape (N, F, out_h, out_w).
        cache: What `backward`, that of `conv2d`, needs.

    Raises:
        ShapeError: Channels, groups or bias do not agree, the window does not fit, or a plane is too small for its padding.

    Source: same as torch.nn.Conv2d.
    """
    check("conv2d_general", x, w, b, groups)
    grid = Grid((w.shape[2], w.shape[3]), (stride_h, stride_w), (padding_h, padding_w), (dilation_h, dilation_w), padding_mode)
    return correlate(x, w, b, grid, groups, "floor")


def padded_otherwise(mode: str, along: Callable[[int, int], Array]) -> Callable[[Given], Array]:
    """Return the output where, of that mode, the entries `along(size, padding)` of an axis are taken."""

    def wrong(g: Given) -> Array:
        if g.padding_mode != mode:
            return np.asarray(g.right)
        rows, columns = along(g.H, g.padding_h), along(g.W, g.padding_w)
        return applied(g, slide(g.x[:, :, rows[:, None], columns], g.cache.grid._replace(padding=(0, 0)), "floor"), g.w)

    return wrong


def same_end(size: int, padding: int) -> Array:
    """Return the entries of an axis with its beginning before it and its end behind it."""
    return np.concatenate([np.arange(padding), np.arange(size), np.arange(size - padding, size)])


MISCONCEPTIONS = (
    Misconception(
        id="padded_with_zeros",
        cause="The padding is 0 whatever padding_mode is.",
        advice="Pad as padding_mode says: np.pad calls reflect, replicate and circular reflect, edge and wrap.",
        wrong=lambda g: laid(g, padding_mode="zeros"),
    ),
    of_dx(
        id="copies_dropped",
        cause="dx lacks what falls on the padding; by padding_mode, padding is made of copies of entries of x.",
        advice="Add the gradient of every padded entry to the entry of x that it is a copy of; only zeros are cut off.",
        wrong=lambda g: recomputed(g, grid=g.cache.grid._replace(padding_mode="zeros")),
    ),
    Misconception(
        id="border_mirrored_too",
        cause="With reflect, the border of the plane comes twice; it is the mirror and comes once.",
        advice="np.pad with mode reflect does that; its symmetric repeats the border.",
        wrong=padded_otherwise("reflect", lambda size, padding: np.pad(np.arange(size), padding, "symmetric")),
    ),
    Misconception(
        id="circular_from_the_same_end",
        cause="With circular, each side is padded with its own end of the plane; it continues with the opposite one.",
        advice="np.pad with mode wrap does that: the last rows come before the first, and the first behind the last.",
        wrong=padded_otherwise("circular", same_end),
    ),
    Misconception(
        id="stride_of_the_height",
        cause="The window moves by stride_h along the columns, too.",
        advice="Use stride_w along the columns, in the size of the output as well.",
        wrong=lambda g: laid(g, stride=(g.stride_h, g.stride_h)),
    ),
    Misconception(
        id="padding_of_the_height",
        cause="The columns are padded by padding_h, too.",
        advice="Use padding_w for the columns, in the size of the output as well.",
        wrong=lambda g: laid(g, padding=(g.padding_h, g.padding_h)),
    ),
    Misconception(
        id="all_of_the_height",
        cause="stride_h, padding_h and dilation_h are used along the columns, too.",
        advice="Use stride_w, padding_w and dilation_w along the columns, in the size of the output as well.",
        wrong=lambda g: laid(g, stride=(g.stride_h, g.stride_h), padding=(g.padding_h, g.padding_h), dilation=(g.dilation_h, g.dilation_h)),
    ),
    Misconception(
        id="strides_swapped",
        cause="stride_w is used down the rows and stride_h along the columns; it is the other way round.",
        advice="Use stride_h for rows and stride_w for columns.",
        wrong=lambda g: laid(g, stride=(g.stride_w, g.stride_h)),
    ),
    Misconception(
        id="paddings_swapped",
        cause="Rows are padded by padding_w and columns by padding_h; it is the other way round.",
        advice="Pad axis 2 by padding_h and axis 3 by padding_w.",
        wrong=lambda g: laid(g, padding=(g.padding_w, g.padding_h)),
    ),
    *COMMON,
)


def fitting(sizes: Sizes) -> bool:
    """Whether the groups come out even, the windows fit, and the planes can be mirrored or repeated as far as they are padded."""

    def along(axis: str) -> bool:
        size, padding = sizes[axis], sizes[f"padding_{axis.lower()}"]
        reach = extent(sizes[f"K{axis}"], sizes[f"dilation_{axis.lower()}"])
        return bool(padding < size and size + 2 * padding >= reach)

    return bool(sizes["C"] == sizes["CG"] * sizes["groups"] and not sizes["F"] % sizes["groups"] and along("H") and along("W"))


ONE: dict[str, tuple[Any, ...]] = dict.fromkeys(("stride_h", "stride_w", "dilation_h", "dilation_w", "groups"), (1,))
PLAIN: dict[str, tuple[Any, ...]] = {**ONE, "padding_h": (1,), "padding_w": (1,), "padding_mode": ("zeros",)}
FEW = {"N": (1, 2), "C": (2, 2), "CG": (2, 2), "F": (2, 2), "KH": (2, 3), "KW": (2, 3)}
SPEC = LayerSpec(
    name="conv2d_general",
    formula={
        "forward": (
            "xp = x with padding_h rows above and below and padding_w columns on either side, filled as padding_mode says",
            "c0 = f // (F // groups) * (C // groups), the first channel of the group of filter f",
            "out[n, f, i, j] = b[f] + sum over c, k, l of xp[n, c0 + c, i*stride_h + k*dilation_h, j*stride_w + l*dilation_w] * w[f, c, k, l]",
        ),
        "backward": (
            "dxp[n, c0 + c, i*stride_h + k*dilation_h, j*stride_w + l*dilation_w] += dout[n, f, i, j] * w[f, c, k, l]",
            "dx = the inner part of dxp, to which what came to each copied border entry is added",
            "dw[f, c, k, l] = sum over n, i, j of dout[n, f, i, j] * xp[n, c0 + c, i*stride_h + k*dilation_h, j*stride_w + l*dilation_w]",
            "db[f] = sum over n, i, j of dout[n, f, i, j]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=arguments("CG"),
    axes={"N": (1, 3), "C": (1, 4), "CG": (1, 2), "F": (2, 4), "H": (4, 6), "W": (4, 6), "KH": (1, 3), "KW": (1, 3)},
    options={
        "stride_h": (1, 2, 3), "stride_w": (1, 2, 3), "padding_h": (0, 1, 2), "padding_w": (0, 1, 2),
        "dilation_h": (1, 2), "dilation_w": (1, 2), "groups": (1, 2), "padding_mode": tuple(MODES),
    },
    misconceptions=MISCONCEPTIONS,
    where=fitting,
    traits=Traits(out="N F down along", linear=("x", "w", "b")),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (1, 1), "CG": (1, 1), "F": (1, 1), "H": (3, 3), "W": (3, 3), "KH": (2, 2), "KW": (2, 2)},
            options={**PLAIN, "stride_h": (2,), "padding_w": (0,), "padding_mode": ("replicate",)},
            values=Values.WHOLE,
        ),
        *(Scenario(title=f"{mode}, padding 1", axes=FEW, options={**PLAIN, "padding_mode": (mode,)}) for mode in MODES),
        *(Scenario(title=f"{mode}, padding 2 and 1", axes=FEW, options={**PLAIN, "padding_h": (2,), "padding_mode": (mode,)}) for mode in MODES),
        Scenario(title="strides of unequal length", axes=FEW, options={**PLAIN, "stride_h": (2, 3), "stride_w": (1,)}),
        Scenario(title="dilations of unequal length", axes=FEW, options={**PLAIN, "dilation_h": (1,), "dilation_w": (2,)}),
        Scenario(title="paddings of unequal length", axes=FEW, options={**PLAIN, "padding_h": (0,), "padding_w": (2,)}),
        Scenario(title="two groups", axes={**FEW, "C": (4, 4), "F": (4, 4)}, options={**PLAIN, "groups": (2,), "padding_mode": ("zeros", "reflect")}),
        Scenario(title="all at once", axes={"N": (2, 2), "C": (4, 4), "CG": (2, 2), "F": (4, 4), "H": (6, 6), "W": (5, 5), "KH": (2, 2), "KW": (3, 3)}, options={"groups": (2,), "padding_h": (1, 2), "padding_mode": ("reflect", "replicate", "circular")}, count=3),
        Scenario(title="float32", axes=FEW, options={**PLAIN, "padding_mode": ("reflect", "circular")}, single=True),
        Scenario(title="window as large as the padded input", axes={**FEW, "H": (2, 2), "W": (3, 3), "KH": (2, 2), "KW": (3, 3)}, options={**PLAIN, "padding_h": (0,), "padding_w": (0,)}),
    ),
)  # fmt: skip
