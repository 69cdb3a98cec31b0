"""Sliding windows: how many fit, and a view of them."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from reference.errors import ShapeError
from reference.spec import Array, Sizes


def output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, *, inexact_output_size: str = "error", what: str = "size"
) -> int:
    r"""Return how many windows fit along one axis.

    $$o = (i + 2p - k) / s + 1$$

    Args:
        size: Length of the axis, i.
        kernel: Length of the window, k, at least 1.
        stride: Step of the window, s, at least 1.
        padding: Zeros added at each end, p, at least 0.
        inexact_output_size: "error" refuses a division that leaves a rest; "floor" drops the rest, as torch does.
        what: Name of the axis for the error message.

    Raises:
        ShapeError: The window is longer than the padded axis, or the division leaves a rest and "error" was asked for.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationship 6.
    """
    if size < 1 or kernel < 1 or stride < 1 or padding < 0:
        raise ShapeError(
            f"Output {what}: size={size}, kernel={kernel} and stride={stride} must be at least 1, padding={padding} at least 0."
        )
    span = size + 2 * padding - kernel
    if span >= 0 and (inexact_output_size == "floor" or not span % stride):
        return span // stride + 1
    formula = f"(size + 2*padding - kernel) / stride + 1 = ({size} + 2*{padding} - {kernel}) / {stride} + 1"
    if span < 0:
        raise ShapeError(f"Output {what}: {formula}: the window ({kernel}) is longer than the padded input ({size + 2 * padding}).")
    raise ShapeError(f"Output {what}: {formula} = {round(span / stride + 1, 3)} is not a whole number; the filter does not fit.")


def pad(x: Array, padding: int) -> Array:
    """Return x (N, C, H, W) with `padding` zeros around each plane."""
    if not padding:
        return x
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), x.dtype)
    padded[:, :, padding:-padding, padding:-padding] = x
    return padded


def windows(x: Array, kernel_size: tuple[int, int], stride: int, padding: int, inexact_output_size: str) -> Array:
    """Return a read-only view of all windows of x (N, C, H, W), shape (N, C, out_h, out_w, kernel_h, kernel_w)."""
    if x.ndim != 4:
        raise ShapeError(f"x {x.shape} must be (N, C, H, W).")
    out_h, out_w = (
        output_size(x.shape[2 + axis], kernel_size[axis], stride, padding, inexact_output_size=inexact_output_size, what=what)
        for axis, what in ((0, "height"), (1, "width"))
    )
    padded = pad(x, padding)
    n, c, h, w = padded.strides
    shape, strides = (*x.shape[:2], out_h, out_w, *kernel_size), (n, c, h * stride, w * stride, h, w)
    return as_strided(padded, shape, strides, writeable=False)


def scatter(grads: Array, shape: tuple[int, ...], stride: int, padding: int) -> Array:
    """Add windows back where they came from: the adjoint of `windows`.

    Args:
        grads: Shape (N, C, out_h, out_w, kernel_h, kernel_w).
        shape: Shape of x, (N, C, H, W).
        stride: Step of the window.
        padding: Zeros that `windows` added on each side, dropped here.

    Returns:
        Shape (N, C, H, W); where windows overlap their entries add up.
    """
    N, C, H, W = shape
    out_h, out_w, kernel_h, kernel_w = grads.shape[2:]
    dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding), grads.dtype)
    for i in range(kernel_h):
        for j in range(kernel_w):
            dx[:, :, i : i + stride * out_h : stride, j : j + stride * out_w : stride] += grads[..., i, j]
    return dx[:, :, padding : padding + H, padding : padding + W]


def rest(sizes: Sizes) -> tuple[int, int]:
    """Return what the stride leaves over along the height and the width; negative where the window does not fit."""

    def along(size: int, kernel: int) -> int:
        span = size + 2 * sizes.get("padding", 0) - kernel
        return span % sizes["stride"] if span >= 0 else -1

    kernel: Any = (sizes.get("KH", sizes.get("kernel_h")), sizes.get("KW", sizes.get("kernel_w")))
    return along(sizes["H"], kernel[0]), along(sizes["W"], kernel[1])


def fits(sizes: Sizes) -> bool:
    """Whether the windows tile both axes exactly."""
    return rest(sizes) == (0, 0)


def leaves_a_rest(sizes: Sizes) -> bool:
    """Whether the window fits but the stride leaves a rest along at least one axis."""
    return min(rest(sizes)) >= 0 and max(rest(sizes)) > 0
