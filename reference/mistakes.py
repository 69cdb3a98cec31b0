"""Misconceptions that many layers share."""

from typing import Any

import numpy as np

from reference.misconception import Given, Misconception
from reference.padding import pad, unpad
from reference.spec import Array


def averaged(*gradients: str) -> Misconception:
    """Return the mistake to divide gradients by the size of the batch."""
    return Misconception(
        id="averaged",
        of=gradients,
        cause="{name} is divided by N, the size of the batch.",
        advice="Leave out the division by N: the loss has divided already, and dout carries that.",
        wrong=lambda g: g.right / g.N,
    )


def overwritten(*gradients: str) -> Misconception:
    """Return the mistake that each sample of a loop puts its gradient in the place of the last one's."""
    return Misconception(
        id="overwritten",
        of=gradients,
        cause="{name} is the share of the last sample alone.",
        advice="Every sample has its share: add them up with +=, or by one product or sum over the whole batch.",
        wrong=lambda g: g.but(x=g.x[-1:], dout=g.dout[-1:]).right,
    )


def without_dout(*gradients: str) -> Misconception:
    """Return the mistake to stop at the layer's own derivative."""
    return Misconception(
        id="without_dout",
        of=gradients,
        cause="{name} is the derivative of the layer alone, without dout.",
        advice="The chain rule multiplies the derivative of the layer by dout, the gradient that comes from above.",
        wrong=lambda g: g.but(dout=np.ones_like(g.dout)).right,
    )


def left_flat() -> Misconception:
    """Return the mistake to return dx as rows where x has more axes."""
    return Misconception(
        id="left_flat",
        of=("dx",),
        cause="dx is left flat, (N, D), where x has more axes.",
        advice="End with dx.reshape(x.shape), for which the cache must keep the shape of x.",
        wrong=lambda g: g.right.reshape(g.N, -1),
    )


def bordered(g: Given) -> Any:
    """Return the gradient of the padded planes, before the border is cut off."""
    return g.but(x=pad(g.x, (g.padding, g.padding)), padding=0).right


UNPADDING = (  # of a layer that pads with zeros, and has an option padding
    Misconception(
        id="emptied_without_padding",
        of=("dx",),
        cause="dx is empty where padding is 0: the slice [p:-p] is then [0:0].",
        advice="Cut by lengths: dxp[:, :, p:p + H, p:p + W] is right for p = 0, too.",
        wrong=lambda g: g.right if g.padding else g.right[:, :, :0, :0],
    ),
    Misconception(
        id="border_kept",
        of=("dx",),
        cause="dx is the gradient of the padded planes, border and all.",
        advice="Cut the border off: dxp[:, :, p:p + H, p:p + W] has the shape of x.",
        wrong=bordered,
    ),
    Misconception(
        id="cut_from_the_corner",
        of=("dx",),
        cause="dx is cut from the upper left corner of the padded planes.",
        advice="x lies p rows and p columns inside: dx = dxp[:, :, p:p + H, p:p + W].",
        wrong=lambda g: bordered(g)[:, :, : g.H, : g.W],
    ),
)


def put_back(grads: Array, shape: tuple[int, ...], stride: int, padding: int, *, by_windows: bool) -> Array:
    """Return windows (N, C, out_h, out_w, kernel_h, kernel_w) put back with = for +=.

    `by_windows` says that a loop goes over the windows, one whole window at a time; else over the entries of a window, of all windows
    at a time. The last to come stays, which is not the same.
    """
    N, C, H, W = shape
    out_h, out_w, KH, KW = grads.shape[2:]
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), grads.dtype)
    if by_windows:
        for i, j in np.ndindex(out_h, out_w):
            dxp[:, :, i * stride : i * stride + KH, j * stride : j * stride + KW] = grads[:, :, i, j]
    else:
        for k, m in np.ndindex(KH, KW):
            dxp[:, :, k : k + stride * out_h : stride, m : m + stride * out_w : stride] = grads[..., k, m]
    return unpad(dxp, (padding, padding))
