"""Average pooling."""

from typing import NamedTuple

import numpy as np

from reference.pooling import ARGUMENTS, AXES, OPTIONS, SCENARIOS
from reference.spec import Array, LayerSpec, Traits, multilinear
from reference.windows import fits, scatter, windows


class Cache(NamedTuple):
    """What backward needs of forward."""

    shape: tuple[int, ...]
    kernel_size: tuple[int, int]
    stride: int


def forward(x: Array, *, kernel_h: int, kernel_w: int, stride: int, inexact_output_size: str = "error") -> tuple[Array, Cache]:
    r"""Take the mean of every window.

    $$y_{ncij} = \frac{1}{k_h k_w} \sum_{k,l} x_{n,c,is+k,js+l}$$

    Args:
        x: Input, shape (N, C, H, W).
        kernel_h: Height of the window.
        kernel_w: Width of the window.
        stride: Step of the window.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.

    Returns:
        out: Shape (N, C, out_h, out_w).
        cache: What `backward` needs.

    Raises:
        ShapeError: The window does not fit.

    Source: same as torch.nn.functional.avg_pool2d (which floors).
    """
    view = windows(x, (kernel_h, kernel_w), stride, 0, inexact_output_size)
    return view.mean(axis=(-2, -1)), Cache(x.shape, (kernel_h, kernel_w), stride)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return (dx,): every entry of a window receives $dy / (k_h k_w)$, for dout of shape (N, C, out_h, out_w)."""
    share = dout / dout.dtype.type(cache.kernel_size[0] * cache.kernel_size[1])
    grads = np.broadcast_to(share[..., None, None], (*dout.shape, *cache.kernel_size))
    return (scatter(grads, cache.shape, cache.stride, 0),)


SPEC = LayerSpec(
    name="avg_pool2d",
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward, counts=False),
    arguments=ARGUMENTS,
    axes=AXES,
    options=OPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fits,
    traits=Traits(out="N C OH OW", linear=("x",), homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=SCENARIOS,
)
