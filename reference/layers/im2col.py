"""im2col, which lays every window out as a row, and its adjoint col2im."""

from typing import NamedTuple

from reference.given import Given
from reference.misconception import Misconception, of_both
from reference.pooling import grid
from reference.spec import Argument, Array, LayerSpec, Scenario, Traits, Values, multilinear
from reference.window_mistakes import PADDING_FORGOTTEN, scattering
from reference.windows import fits, leaves_a_rest, scatter, windows


class Cache(NamedTuple):
    """What col2im needs to know."""

    shape: tuple[int, ...]
    view_shape: tuple[int, ...]
    stride: int
    padding: int


def forward(
    x: Array, *, kernel_h: int, kernel_w: int, stride: int = 1, padding: int = 0, inexact_output_size: str = "error"
) -> tuple[Array, Cache]:
    """Lay every window of the zero-padded input out as one row.

    Args:
        x: Input, shape (N, C, H, W).
        kernel_h: Height of the window.
        kernel_w: Width of the window.
        stride: Step of the window.
        padding: Zeros on each side.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.

    Returns:
        out: Shape (N * out_h * out_w, C * kernel_h * kernel_w), rows in the order (n, i, j), columns in (c, k, l).
        cache: What `backward` needs.

    Raises:
        ShapeError: The window does not fit.

    Source: Chellapilla, Puri, Simard (2006). Same as torch.nn.functional.unfold with its last two axes exchanged.
    """
    view = windows(x, (kernel_h, kernel_w), stride, padding, inexact_output_size)
    N, C, out_h, out_w = view.shape[:4]
    rows = view.transpose(0, 2, 3, 1, 4, 5).copy()  # else 1x1 windows would be a read-only view of x
    return rows.reshape(N * out_h * out_w, C * kernel_h * kernel_w), Cache(x.shape, view.shape, stride, padding)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    """Return (dx,): col2im, which adds every row of dout (the shape of the output) back to its window."""
    return (scatter(_of_rows(dout, cache), cache.shape, cache.stride, cache.padding),)


def _of_rows(dout: Array, cache: Cache) -> Array:
    """Return rows in the shape of the windows."""
    N, C, out_h, out_w, kernel_h, kernel_w = cache.view_shape
    return dout.reshape(N, out_h, out_w, C, kernel_h, kernel_w).transpose(0, 3, 1, 2, 4, 5)


def _windows(g: Given) -> Array:
    """Return the windows of x, shape (N, C, out_h, out_w, kernel_h, kernel_w)."""
    return windows(g.x, (g.kernel_h, g.kernel_w), g.stride, g.padding, "floor")


def _untransposed(g: Given) -> Array:
    """Return an array (N, C, kernel_h, kernel_w, out_h, out_w) as rows, or dx of dout taken for such an array."""
    if g.of == "out":
        return _windows(g).transpose(0, 1, 4, 5, 2, 3).reshape(g.right.shape)
    N, C, out_h, out_w, KH, KW = g.cache.view_shape
    return scatter(g.dout.reshape(N, C, KH, KW, out_h, out_w).transpose(0, 1, 4, 5, 2, 3), g.x.shape, g.stride, g.padding)


MISCONCEPTIONS = (
    *scattering(lambda g: _of_rows(g.dout, g.cache), grid),
    of_both(
        id="transpose_forgotten",
        cause="{name} is reshaped without moving the axes first, so that entries of several windows are mixed.",
        advice="Before the reshape bring the axes in the order (n, i, j, c, k, l), and in backward from that order.",
        wrong=_untransposed,
    ),
    Misconception(
        id="windows_as_columns",
        cause="out has the windows as its columns; they must be its rows.",
        advice="out has the shape (N * out_h * out_w, C * kernel_h * kernel_w): a window is a row.",
        wrong=lambda g: g.right.T,
    ),
    Misconception(
        id="channels_last",
        cause="The columns of out are in the order (k, l, c).",
        advice="A row holds its window channel by channel, in the order (c, k, l).",
        wrong=lambda g: _windows(g).transpose(0, 2, 3, 4, 5, 1).reshape(g.right.shape),
    ),
    PADDING_FORGOTTEN,
)


SPEC = LayerSpec(
    name="im2col",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
            "out[(n*out_h + i)*out_w + j, (c*kernel_h + k)*kernel_w + l] = xp[n, c, i*stride + k, j*stride + l]",
        ),
        "backward": (
            "dxp[n, c, i*stride + k, j*stride + l] += dout[(n*out_h + i)*out_w + j, (c*kernel_h + k)*kernel_w + l]",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (3, 6), "W": (3, 6)},
    options={"kernel_h": (1, 2, 3), "kernel_w": (1, 2, 3), "stride": (1, 2, 3), "padding": (0, 1, 2)},
    misconceptions=MISCONCEPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fits,
    traits=Traits(linear=("x",), homogeneous="x", pads_with_zeros=True, copies=True),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (1, 1), "H": (3, 3), "W": (3, 3)},
            options={"kernel_h": (2,), "kernel_w": (2,), "stride": (1,), "padding": (0,)},
            values=Values.WHOLE,
        ),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (5, 6), "W": (4, 4)}, options={"kernel_h": (1,), "kernel_w": (2,)}),
        Scenario(title="overlapping windows", options={"kernel_h": (3,), "kernel_w": (2, 3), "stride": (1, 2)}, count=2),
        Scenario(title="stride above the window", options={"kernel_h": (1, 2), "kernel_w": (1, 2), "stride": (3,)}),
        Scenario(title="padding 1 and 2", options={"padding": (1, 2)}, count=2),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}),
        Scenario(title="stride leaves a rest", options={"stride": (2, 3), "kernel_h": (2,)}, where=leaves_a_rest, count=2),
        Scenario(title="float32", options={"kernel_h": (2, 3), "stride": (1, 2)}, single=True),
    ),
)  # fmt: skip
