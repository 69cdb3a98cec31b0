"""Average pooling."""

from typing import NamedTuple

import numpy as np

from reference.pooling import ARGUMENTS, AXES, OPTIONS, READINGS, SCENARIOS, check_padding, fitting
from reference.spec import Array, LayerSpec, Traits, multilinear
from reference.windows import Grid, collect, slide


class Cache(NamedTuple):
    """What backward needs of forward. `divisor`: by what each window is divided, (out_h, out_w) or (1, 1)."""

    shape: tuple[int, ...]
    kernel_size: tuple[int, int]
    stride: int
    padding: int
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
    return out / divisor, Cache(x.shape, (kernel_h, kernel_w), stride, padding, divisor)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return (dx,): every entry of a window receives $dy / (k_h k_w)$, for dout of shape (N, C, out_h, out_w)."""
    shares = np.broadcast_to((dout / cache.divisor)[..., None, None], (*dout.shape, *cache.kernel_size))
    stride, padding = (cache.stride, cache.stride), (cache.padding, cache.padding)
    return (collect(shares, cache.shape, Grid(cache.kernel_size, stride, padding)),)


SPEC = LayerSpec(
    name="avg_pool2d",
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward, counts=False),
    arguments=ARGUMENTS,
    axes=AXES,
    options=OPTIONS,
    readings={**READINGS, "count_include_pad": (True, False)},
    where=fitting,
    traits=Traits(out="N C OH OW", linear=("x",), homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=SCENARIOS,
)
