"""Two-dimensional convolution with gaps between the entries of a window."""

from reference.convolution_mistakes import COMMON, laid, moved
from reference.layers.conv2d import Cache, arguments, backward, check, correlate
from reference.misconception import Misconception
from reference.spec import Array, LayerSpec, Scenario, Traits, Values, multilinear
from reference.windows import Grid, fits, leaves_a_rest


def forward(
    x: Array, w: Array, b: Array, *, stride: int = 1, padding: int = 0, dilation: int = 1, inexact_output_size: str = "error"
) -> tuple[Array, Cache]:
    r"""Slide every filter over the zero-padded input, its entries `dilation` apart.

    $$y_{nfij} = b_f + \sum_{c,k,l} x_{n,c,is+dk,js+dl}\,w_{fckl}$$

    Args:
        x: Input, shape (N, C, H, W).
        w: Filters, shape (F, C, KH, KW); they reach over d (KH - 1) + 1 rows.
        b: Bias, shape (F,).
        stride: Step of the window, at least 1.
        padding: Zeros on each side, at least 0.
        dilation: Step between the entries of a window, d; 1 is the ordinary convolution.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.

    Returns:
        out: Shape (N, F, out_h, out_w).
        cache: What `backward`, that of `conv2d`, needs.

    Raises:
        ShapeError: Channels or bias do not agree, or the window does not fit.

    Source: Yu and Koltun, Multi-scale context aggregation by dilated convolutions (2016). Same as torch.nn.functional.conv2d.
    """
    check("conv2d_dilated", x, w, b)
    grid = Grid((w.shape[2], w.shape[3]), (stride, stride), (padding, padding), (dilation, dilation))
    return correlate(x, w, b, grid, 1, inexact_output_size)


MISCONCEPTIONS = (
    Misconception(
        id="dilation_ignored",
        cause="out is that of dilation 1, whatever the dilation is.",
        advice="A window reaches over dilation * (KH - 1) + 1 rows; take every dilation-th of them, and columns likewise.",
        wrong=lambda g: laid(g, dilation=(1, 1)),
    ),
    Misconception(
        id="windows_undilated",
        of=("out", "dx", "dw"),
        cause="{name} takes the entries of a window side by side, though there are as many windows as with the gaps.",
        advice="Slice the window with a step: rows i * stride : i * stride + dilation * (KH - 1) + 1 : dilation, and columns likewise.",
        wrong=lambda g: moved(g, dilation=(1, 1)),
    ),
    Misconception(
        id="zeros_between_are_dilation",
        cause="Entries of a window lie dilation + 1 apart; they must lie dilation apart, and 1 is the ordinary convolution.",
        advice="Step by dilation; the gap between two entries holds dilation - 1 others.",
        wrong=lambda g: laid(g, dilation=(g.dilation + 1, g.dilation + 1)),
    ),
    Misconception(
        id="dilated_rows_only",
        cause="The rows of a window lie dilation apart, but its columns side by side.",
        advice="Step by dilation along the columns as along the rows.",
        wrong=lambda g: laid(g, dilation=(g.dilation, 1)),
    ),
    *COMMON,
)


SMALL = {"N": (1, 2), "C": (1, 2), "F": (1, 2)}
ODD = {"KH": (2, 3), "KW": (2, 3)}
SPEC = LayerSpec(
    name="conv2d_dilated",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
            "out[n, f, i, j] = b[f] + sum over c, k, l of xp[n, c, i*stride + k*dilation, j*stride + l*dilation] * w[f, c, k, l]",
        ),
        "backward": (
            "dxp[n, c, i*stride + k*dilation, j*stride + l*dilation] += dout[n, f, i, j] * w[f, c, k, l]",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
            "dw[f, c, k, l] = sum over n, i, j of dout[n, f, i, j] * xp[n, c, i*stride + k*dilation, j*stride + l*dilation]",
            "db[f] = sum over n, i, j of dout[n, f, i, j]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=arguments(),
    axes={"N": (1, 3), "C": (1, 3), "F": (1, 3), "H": (5, 8), "W": (5, 8), "KH": (1, 3), "KW": (1, 3)},
    options={"stride": (1, 2), "padding": (0, 1, 2), "dilation": (1, 2, 3)},
    misconceptions=MISCONCEPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fits,
    traits=Traits(out="N F OH OW", linear=("x", "w", "b"), permutable=("C", "F"), pads_with_zeros=True),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (1, 1), "F": (1, 1), "H": (4, 4), "W": (4, 4), "KH": (2, 2), "KW": (2, 2)},
            options={"stride": (1,), "padding": (0,), "dilation": (2,)},
            values=Values.WHOLE,
        ),
        Scenario(title="dilation 1", axes={**SMALL, **ODD}, options={"dilation": (1,)}),
        Scenario(title="dilation 2", axes={**SMALL, **ODD}, options={"dilation": (2,)}, count=2),
        Scenario(title="dilation 3", axes={**SMALL, **ODD, "H": (7, 9), "W": (7, 9)}, options={"dilation": (3,)}),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "F": (4, 4), "H": (8, 8), "W": (6, 7), "KH": (3, 3), "KW": (2, 2)}, options={"dilation": (2,)}),
        Scenario(title="dilation and stride", axes={**SMALL, **ODD}, options={"dilation": (2,), "stride": (2,)}, count=2),
        Scenario(title="padding keeps the size", axes={**SMALL, "KH": (3, 3), "KW": (3, 3)}, options={"stride": (1,), "padding": (2,), "dilation": (2,)}),
        Scenario(title="1x1 filter", axes={**SMALL, "KH": (1, 1), "KW": (1, 1)}, options={"dilation": (2, 3), "stride": (1,)}),
        Scenario(title="stride leaves a rest", axes={**SMALL, **ODD}, options={"stride": (2, 3), "dilation": (2,)}, where=leaves_a_rest, count=2),
        Scenario(title="float32", axes={**SMALL, **ODD}, options={"dilation": (2,)}, single=True, count=2),
    ),
)  # fmt: skip
