"""Sliding windows: how many fit, a view of them, and the way back."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from reference.errors import ShapeError
from reference.padding import Pair, blank, pad, unpad
from reference.spec import Array, Sizes


def output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    *,
    dilation: int = 1,
    inexact_output_size: str = "error",
    what: str = "size",
) -> int:
    r"""Return how many windows fit along one axis.

    $$o = (i + 2p - d (k - 1) - 1) / s + 1$$

    Args:
        size: Length of the axis, i.
        kernel: Length of the window, k, at least 1.
        stride: Step of the window, s, at least 1.
        padding: Zeros added at each end, p, at least 0.
        dilation: Step between the entries of a window, d, at least 1.
        inexact_output_size: "error" refuses a division that leaves a rest; "floor" drops the rest, as torch does.
        what: Name of the axis for the error message.

    Raises:
        ShapeError: The window is longer than the padded axis, or the division leaves a rest and "error" was asked for.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationships 6 and 15.
    """
    if size < 1 or kernel < 1 or stride < 1 or padding < 0 or dilation < 1:
        spread = f"kernel={kernel}, stride={stride} and dilation={dilation}" if dilation != 1 else f"kernel={kernel} and stride={stride}"
        raise ShapeError(f"Output {what}: size={size}, {spread} must be at least 1, padding={padding} at least 0.")
    reach = extent(kernel, dilation)
    span = size + 2 * padding - reach
    if span >= 0 and (inexact_output_size == "floor" or not span % stride):
        return span // stride + 1
    names, numbers = ("kernel", f"{kernel}") if dilation == 1 else ("dilation*(kernel - 1) - 1", f"{dilation}*({kernel} - 1) - 1")
    formula = f"(size + 2*padding - {names}) / stride + 1 = ({size} + 2*{padding} - {numbers}) / {stride} + 1"
    if span < 0:
        raise ShapeError(f"Output {what}: {formula}: the window ({reach}) is longer than the padded input ({size + 2 * padding}).")
    raise ShapeError(f"Output {what}: {formula} = {round(span / stride + 1, 3)} is not a whole number; the filter does not fit.")


def extent(kernel: int, dilation: int) -> int:
    """Return how many entries a window reaches over."""
    return dilation * (kernel - 1) + 1


class Grid(NamedTuple):
    """How windows lie over planes: one number for the height and one for the width of everything, and torch's name of the padding."""

    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    padding_mode: str = "zeros"
    value: float = 0.0  # that "zeros" stands for


def slide(x: Array, grid: Grid, inexact_output_size: str) -> Array:
    """Return a read-only view of all windows of x (N, C, H, W), shape (N, C, out_h, out_w, kernel_h, kernel_w)."""
    if x.ndim != 4:
        raise ShapeError(f"x {x.shape} must be (N, C, H, W).")
    each = zip(x.shape[2:], *grid[:4], ("height", "width"), strict=True)
    out_h, out_w = (
        output_size(size, kernel, stride, padding, dilation=dilation, inexact_output_size=inexact_output_size, what=what)
        for size, kernel, stride, padding, dilation, what in each
    )
    padded = pad(x, grid.padding, grid.padding_mode, grid.value)
    n, c, h, w = padded.strides
    (down, right), (apart_h, apart_w) = grid.stride, grid.dilation
    shape, strides = (*x.shape[:2], out_h, out_w, *grid.kernel_size), (n, c, h * down, w * right, h * apart_h, w * apart_w)
    return as_strided(padded, shape, strides, writeable=False)


def collect(grads: Array, shape: tuple[int, ...], grid: Grid) -> Array:
    """Add windows back where they came from: the adjoint of `slide`.

    Args:
        grads: Shape (N, C, out_h, out_w, kernel_h, kernel_w).
        shape: Shape of x, (N, C, H, W).
        grid: How the windows lie.

    Returns:
        Shape (N, C, H, W); where windows overlap their entries add up.
    """
    dxp = blank(shape, grid.padding, grads.dtype)
    for place, entry in entries(grads.shape[2:4], grid):
        dxp[place] += grads[(..., *entry)]
    return unpad(dxp, grid.padding, grid.padding_mode)


@lru_cache(maxsize=1024)
def entries(out: tuple[int, ...], grid: Grid) -> tuple[tuple[tuple[Any, ...], Pair], ...]:
    """Return for each entry of a window where it lies in the padded planes, of all `out` windows at once; and its place (k, l)."""
    return tuple((_place(start, out, grid), start) for start in np.ndindex(*grid.kernel_size))


def _place(start: Pair, out: tuple[int, ...], grid: Grid) -> tuple[Any, ...]:
    along = zip(start, grid.dilation, grid.stride, out, strict=True)
    return (..., *(slice(first * apart, first * apart + step * (count - 1) + 1, step) for first, apart, step, count in along))


def windows(x: Array, kernel_size: Pair, stride: int, padding: int, inexact_output_size: str) -> Array:
    """Return `slide` with one stride and one padding for both axes."""
    return slide(x, Grid(kernel_size, (stride, stride), (padding, padding)), inexact_output_size)


def scatter(grads: Array, shape: tuple[int, ...], stride: int, padding: int) -> Array:
    """Return `collect` with one stride and one padding for both axes."""
    return collect(grads, shape, Grid((grads.shape[4], grads.shape[5]), (stride, stride), (padding, padding)))


def rest(sizes: Sizes) -> tuple[int, int]:
    """Return what the stride leaves over along the height and the width; negative where the window does not fit."""

    def along(size: int, kernel: int) -> int:
        span = size + 2 * sizes.get("padding", 0) - extent(kernel, sizes.get("dilation", 1))
        return span % sizes["stride"] if span >= 0 else -1

    kernel: Any = (sizes.get("KH", sizes.get("kernel_h")), sizes.get("KW", sizes.get("kernel_w")))
    return along(sizes["H"], kernel[0]), along(sizes["W"], kernel[1])


def fits(sizes: Sizes) -> bool:
    """Whether the windows tile both axes exactly."""
    return rest(sizes) == (0, 0)


def leaves_a_rest(sizes: Sizes) -> bool:
    """Whether the window fits but the stride leaves a rest along at least one axis."""
    return min(rest(sizes)) >= 0 and max(rest(sizes)) > 0
