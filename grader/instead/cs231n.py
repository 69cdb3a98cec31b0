"""Right layers as CS231n's assignments spell them: `affine_forward(x, w, b) -> (out, cache)`, `affine_backward(dout, cache)`.

Where the stride leaves a rest, windows are floored. Shapes are those of `reference.layers`, and the source is the same.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    """Return x (N, ...), flattened to (N, D), times w (D, M) plus b (M,)."""
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Return (dx, dw, db) for dout (N, M)."""
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def relu_forward(x: Array) -> tuple[Array, Any]:
    """Return max(x, 0), x of any shape."""
    return np.maximum(x, 0), x


def relu_backward(dout: Array, cache: Any) -> Array:
    """Return dx: dout where x was positive."""
    dx: Array = dout * (cache > 0)
    return dx


def sigmoid_forward(x: Array) -> tuple[Array, Any]:
    """Return 1 / (1 + exp(-x)), x of any shape and size."""
    out = np.exp(-np.logaddexp(0, -x))
    return out, out


def sigmoid_backward(dout: Array, cache: Any) -> Array:
    """Return dx, by the derivative at the output."""
    dx: Array = dout * cache * (1 - cache)
    return dx


def softmax_loss(x: Array, y: Array) -> tuple[Any, Array]:
    """Return the mean cross entropy of scores x (N, K) for labels y (N,), and dx."""
    rows, shifted = np.arange(len(x)), x - x.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    dx = np.exp(shifted) / total
    dx[rows, y] -= 1
    return (np.log(total[:, 0]) - shifted[rows, y]).mean(), dx / len(x)


def _windows(x: Array, height: int, width: int, stride: int) -> Array:
    return sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]  # (N, C, OH, OW, KH, KW)


def conv_forward_naive(x: Array, w: Array, b: Array, conv_param: dict[str, int]) -> tuple[Array, Any]:
    """Slide filters w (F, C, KH, KW) with bias b (F,) over x (N, C, H, W); `conv_param` holds stride and pad."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = _windows(padded, w.shape[2], w.shape[3], stride)
    out = np.tensordot(windows, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return out + b[:, None, None], (windows, padded.shape, w, stride, pad)


def conv_backward_naive(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Return (dx, dw, db) for dout (N, F, OH, OW)."""
    windows, shape, w, stride, pad = cache
    dpadded = np.zeros(shape, dout.dtype)
    for i, j in np.ndindex(*w.shape[2:]):
        shared = np.tensordot(dout, w[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
        # One entry of all windows at a time: these never meet, however the windows overlap.
        dpadded[:, :, i : i + stride * dout.shape[2] : stride, j : j + stride * dout.shape[3] : stride] += shared
    dx = dpadded[:, :, pad : shape[2] - pad, pad : shape[3] - pad]
    return dx, np.tensordot(dout, windows, ((0, 2, 3), (0, 2, 3))), dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x: Array, pool_param: dict[str, int]) -> tuple[Array, Any]:
    """Return the largest entry of every window of x (N, C, H, W); `pool_param` holds pool_height, pool_width and stride."""
    height, width, stride = (pool_param[name] for name in ("pool_height", "pool_width", "stride"))
    windows = _windows(x, height, width, stride)
    flat = windows.reshape(*windows.shape[:4], -1)
    return flat.max(axis=-1), (flat.argmax(axis=-1), x.shape, (height, width), stride)


def max_pool_backward_naive(dout: Array, cache: Any) -> Array:
    """Return dx: every window hands its dout, of shape (N, C, OH, OW), to its first largest entry."""
    argmax, shape, window, stride = cache
    dx = np.zeros(shape, dout.dtype)
    for number, (i, j) in enumerate(np.ndindex(*window)):
        place = (..., slice(i, i + stride * dout.shape[2], stride), slice(j, j + stride * dout.shape[3], stride))
        dx[place] += dout * (argmax == number)
    return dx
