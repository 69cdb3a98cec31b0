"""Average pooling."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from reference import pooling
from reference.given import Given
from reference.layers import max_pool2d
from reference.misconception import of_both, of_dx
from reference.pooling import ARGUMENTS, AXES, OPTIONS, READINGS, SCENARIOS, check_padding, fitting
from reference.spec import Array, LayerSpec, Scenario, Traits, multilinear
from reference.window_mistakes import scattering
from reference.windows import Grid, collect, slide


class Cache(NamedTuple):
    """What backward needs of forward. `divisor`: by what each window is divided, (out_h, out_w) or (1, 1)."""

    shape: tuple[int, ...]
    grid: Grid
    divisor: Array


def forward(
    x: Array,
    *,
    kernel_h: int,
    kernel_w: int,
    stride: int,
    padding: int = 0,
    inexact_output_size: str = "error",
    count_include_pad: bool = True,
    takes_padding: bool = True,
) -> tuple[Array, Cache]:
    r"""Take the mean of every window.

    $$y_{ncij} = \frac{1}{k_h k_w} \sum_{k,l} x_{n,c,is+k,js+l}$$

    Args:
        x: Input, shape (N, C, H, W).
        kernel_h: Height of the window.
        kernel_w: Width of the window.
        stride: Step of the window.
        padding: Zeros on each side, at most half a window.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.
        count_include_pad: Whether a window that reaches into the padding is divided by all its entries, or by those inside.
        takes_padding: Whether there may be padding; some courses' code fails with any.

    Returns:
        out: Shape (N, C, out_h, out_w).
        cache: What `backward` needs.

    Raises:
        ShapeError: The window does not fit, or there is padding that may not be.

    Source: same as torch.nn.functional.avg_pool2d (which floors).
    """
    check_padding("avg_pool2d", padding, takes_padding=takes_padding)
    grid = Grid((kernel_h, kernel_w), (stride, stride), (padding, padding))
    view = slide(x, grid, inexact_output_size)
    if count_include_pad or not padding:
        divisor = np.full((1, 1), kernel_h * kernel_w, x.dtype)
    else:
        divisor = slide(np.ones((1, 1, *x.shape[2:]), x.dtype), grid, inexact_output_size).sum(axis=(4, 5))[0, 0]
    out = view[..., 0, 0].copy()
    for k, m in list(np.ndindex(kernel_h, kernel_w))[1:]:
        out += view[..., k, m]
    return out / divisor, Cache(x.shape, grid, divisor)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return (dx,): every entry of a window receives $dy / (k_h k_w)$, for dout of shape (N, C, out_h, out_w)."""
    shares = np.broadcast_to((dout / cache.divisor)[..., None, None], (*dout.shape, *cache.grid.kernel_size))
    return (collect(shares, cache.shape, cache.grid),)


def window_gradients(g: Given) -> Array:
    """Return the gradient of every window, (N, C, out_h, out_w, kernel_h, kernel_w)."""
    return np.broadcast_to((g.dout / g.cache.divisor)[..., None, None], (*g.dout.shape, g.kernel_h, g.kernel_w))


def divided(g: Given, by: float) -> Array:
    """Return what is asked about where windows are divided by another number."""
    factor = g.cache.divisor / by
    return np.asarray(g.right * factor if g.of == "out" else g.but(dout=g.dout * factor).right)


def to_the_largest(g: Given) -> Array | None:
    """Return dx as of max pooling; None where two entries are the largest, for either of them or both may have it."""
    window = {"kernel_h": g.kernel_h, "kernel_w": g.kernel_w, "stride": g.stride, "padding": g.padding}
    if max_pool2d.kinks(g.x, **window).any():
        return None
    return max_pool2d.backward(g.dout, max_pool2d.forward(g.x, inexact_output_size="floor", **window)[1])[0]


DIVIDED_BY_HEIGHT = of_both(
    id="divided_by_height",
    cause="{name} is divided by the length of one side of the window; it must be divided by the number of its entries.",
    advice="Divide by kernel_h * kernel_w.",
    wrong=lambda g: divided(g, g.kernel_h),
)
MISCONCEPTIONS = (
    of_both(
        id="not_divided",
        cause="{name} is not divided by the number of entries of a window.",
        advice="Divide by kernel_h * kernel_w: the output is the mean of the window, and each entry receives its share of dout.",
        wrong=lambda g: divided(g, 1),
    ),
    of_both(
        id="divided_twice",
        cause="{name} is divided by the number of entries of a window twice.",
        advice="np.mean has divided already: divide by kernel_h * kernel_w, or take the mean, and not both.",
        wrong=lambda g: divided(g, (g.kernel_h * g.kernel_w) ** 2),
    ),
    *scattering(window_gradients, pooling.grid),
    DIVIDED_BY_HEIGHT,
    replace(DIVIDED_BY_HEIGHT, id="divided_by_width", wrong=lambda g: divided(g, g.kernel_w)),
    of_both(
        id="divided_by_height_squared",
        cause="{name} is divided by the square of the window's height, which counts its entries only where it is square.",
        advice="Divide by kernel_h * kernel_w.",
        wrong=lambda g: divided(g, g.kernel_h**2),
    ),
    of_dx(
        id="divided_by_stride_squared",
        cause="{name} is divided by stride * stride; it must be divided by the number of entries of a window.",
        advice="Divide by kernel_h * kernel_w.",
        wrong=lambda g: divided(g, g.stride**2),
    ),
    of_dx(
        id="to_the_largest",
        cause="All of dout goes to the largest entry of a window, as in max pooling; every entry has its share in the mean.",
        advice="Hand dout / (kernel_h * kernel_w) to every entry of the window.",
        wrong=to_the_largest,
    ),
    *pooling.MISCONCEPTIONS,
)
SPEC = LayerSpec(
    name="avg_pool2d",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
            "out[n, c, i, j] = sum over k, l of xp[n, c, i*stride + k, j*stride + l] / (kernel_h * kernel_w)",
        ),
        "backward": (
            "dxp[n, c, i*stride + k, j*stride + l] += dout[n, c, i, j] / (kernel_h * kernel_w)",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward, counts=False),
    arguments=ARGUMENTS,
    axes=AXES,
    misconceptions=MISCONCEPTIONS,
    options=OPTIONS,
    readings={**READINGS, "count_include_pad": (True, False)},
    where=fitting,
    traits=Traits(out="N C OH OW", linear=("x",), homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=(
        *SCENARIOS,
        Scenario(title="window as large as the padded input", axes={"H": (2, 2), "W": (3, 3)}, options={"kernel_h": (2,), "kernel_w": (3,), "padding": (0,)}),
    ),
)  # fmt: skip
