"""Max pooling."""

from typing import NamedTuple

import numpy as np

from reference.pooling import ARGUMENTS, AXES, OPTIONS, SCENARIOS
from reference.spec import Array, LayerSpec, Magnitude, Traits
from reference.windows import fits, scatter, windows


class Cache(NamedTuple):
    """What backward needs of forward."""

    argmax: Array
    shape: tuple[int, ...]
    kernel_size: tuple[int, int]
    stride: int


def forward(x: Array, *, kernel_h: int, kernel_w: int, stride: int, inexact_output_size: str = "error") -> tuple[Array, Cache]:
    r"""Take the largest entry of every window.

    $$y_{ncij} = \max_{k,l} x_{n,c,is+k,js+l}$$

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

    Source: same as torch.nn.functional.max_pool2d (which floors).
    """
    view = windows(x, (kernel_h, kernel_w), stride, 0, inexact_output_size)
    flat = view.reshape(*view.shape[:4], kernel_h * kernel_w)
    return flat.max(axis=-1), Cache(flat.argmax(axis=-1), x.shape, (kernel_h, kernel_w), stride)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    """Return (dx,): every window hands its dout, of shape (N, C, out_h, out_w), to its first largest entry."""
    largest = cache.argmax[..., None] == np.arange(cache.kernel_size[0] * cache.kernel_size[1])
    grads = largest * dout[..., None]
    return (scatter(grads.reshape(*dout.shape, *cache.kernel_size), cache.shape, cache.stride, 0),)


def kinks(x: Array, *, kernel_h: int, kernel_w: int, stride: int, inexact_output_size: str = "error") -> Array:
    """Mark the windows whose two largest entries are equal, or so close that rounding could swap them."""
    view = windows(x, (kernel_h, kernel_w), stride, 0, inexact_output_size)
    top = np.sort(view.reshape(*view.shape[:4], -1), axis=-1)[..., -2:]
    return np.ptp(top, axis=-1) <= 1e-5 * np.abs(top[..., -1]) if kernel_h * kernel_w > 1 else np.zeros(top.shape[:-1], bool)


def magnitude(arrays: dict[str, Array], options: dict[str, int], dout: Array | None) -> Magnitude:
    """Forward computes nothing; backward adds up the dout of overlapping windows."""
    out, cache = forward(**arrays, **options)  # type: ignore[arg-type]
    return Magnitude(np.abs(out), () if dout is None else backward(np.abs(dout), cache))


SPEC = LayerSpec(
    name="max_pool2d",
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    kinks=kinks,
    arguments=ARGUMENTS,
    axes=AXES,
    options=OPTIONS,
    readings={"inexact_output_size": ("floor", "error")},
    where=fits,
    traits=Traits(out="N C OH OW", homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=SCENARIOS,
)
