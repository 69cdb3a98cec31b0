"""Right layers as "Deep Learning from Scratch" spells them: `Affine(W, b)`, `.forward(x)`, `.backward(dout) -> dx`, `.dW`, `.db`.

Where the stride leaves a rest, windows are floored. Shapes are those of `reference.layers`, and the source is the same.
"""

from itertools import product
from typing import Any

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]


class Affine:
    """Of weights W (D, M) and bias b (M,)."""

    def __init__(self, W: Array, b: Array) -> None:
        """Hold on to the very arrays, which a net may change in place."""
        self.W, self.b = W, b

    def forward(self, x: Array) -> Array:
        """Return x (N, ...), flattened to (N, D), times W plus b."""
        self.shape, self.x = x.shape, x.reshape(len(x), -1)
        out: Array = self.x @ self.W + self.b
        return out

    def backward(self, dout: Array) -> Array:
        """Return dx for dout (N, M), and keep dW and db."""
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.shape)


class Relu:
    """The larger of x and 0."""

    def forward(self, x: Array) -> Array:
        """Return max(x, 0), x of any shape."""
        self.positive = x > 0
        return x * self.positive

    def backward(self, dout: Array) -> Array:
        """Return dx: dout where x was positive."""
        return dout * self.positive


class Sigmoid:
    """1 / (1 + exp(-x))."""

    def forward(self, x: Array) -> Array:
        """Return the sigmoid of x, of any shape and size."""
        self.out: Array = np.exp(-np.logaddexp(0, -x))
        return self.out

    def backward(self, dout: Array) -> Array:
        """Return dx, by the derivative at the output."""
        dx: Array = dout * self.out * (1 - self.out)
        return dx


class SoftmaxWithLoss:
    """The mean cross entropy of the softmax."""

    def forward(self, x: Array, t: Array) -> Any:
        """Return the loss of scores x (N, K) for t, one-hot rows (N, K) or labels (N,)."""
        shifted = x - x.max(axis=1, keepdims=True)
        log_y = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.y, self.t = np.exp(log_y), t
        self.rows = t if t.ndim == 2 else np.eye(x.shape[1], dtype=x.dtype)[t]
        return -(self.rows * log_y).sum() / len(x)

    def backward(self, dout: Any = 1) -> Array:
        """Return dx, for dout one number."""
        dx: Array = dout * (self.y - self.rows) / len(self.y)
        return dx


def _entries(shape: tuple[int, ...], window: tuple[int, ...], stride: int) -> list[Any]:
    """Return where in padded planes the k-th entry of every window lies, for each k."""
    spans = [stride * ((size - side) // stride) + 1 for size, side in zip(shape[2:], window, strict=True)]
    places = product(*map(range, window))
    return [(..., slice(i, i + spans[0], stride), slice(j, j + spans[1], stride)) for i, j in places]


def _inner(padded: Array, pad: int) -> Array:
    return padded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]


class Convolution:
    """Of filters W (F, C, KH, KW) and bias b (F,)."""

    def __init__(self, W: Array, b: Array, stride: int = 1, pad: int = 0) -> None:
        """Hold on to the very arrays, which a net may change in place."""
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x: Array) -> Array:
        """Slide every filter over x (N, C, H, W)."""
        sides = (self.pad, self.pad)
        self.padded = np.pad(x, ((0, 0), (0, 0), sides, sides))
        self.entries = _entries(self.padded.shape, self.W.shape[2:], self.stride)
        self.col = np.stack([self.padded[entry] for entry in self.entries], axis=2)  # (N, C, KH*KW, OH, OW)
        out = np.tensordot(self.W.reshape(*self.W.shape[:2], -1), self.col, ((1, 2), (1, 2)))
        return out.swapaxes(0, 1) + self.b[:, None, None]

    def backward(self, dout: Array) -> Array:
        """Return dx for dout (N, F, OH, OW), and keep dW and db."""
        self.dW = np.tensordot(dout, self.col, ((0, 2, 3), (0, 3, 4))).reshape(self.W.shape)
        self.db = dout.sum(axis=(0, 2, 3))
        dcol = np.tensordot(self.W.reshape(*self.W.shape[:2], -1), dout, ((0,), (1,)))  # (C, KH*KW, N, OH, OW)
        dpadded = np.zeros(self.padded.shape, dout.dtype)
        for k, entry in enumerate(self.entries):
            dpadded[entry] += dcol[:, k].swapaxes(0, 1)
        return _inner(dpadded, self.pad)


class Pooling:
    """The largest entry of every window."""

    def __init__(self, pool_h: int, pool_w: int, stride: int = 1, pad: int = 0) -> None:
        """Say how the windows lie."""
        self.window, self.stride, self.pad = (pool_h, pool_w), stride, pad

    def forward(self, x: Array) -> Array:
        """Return the largest entries of x (N, C, H, W); padding is never the largest."""
        sides = (self.pad, self.pad)
        padded = np.pad(x, ((0, 0), (0, 0), sides, sides), constant_values=-np.inf)
        self.shape, self.entries = padded.shape, _entries(padded.shape, self.window, self.stride)
        col = np.stack([padded[entry] for entry in self.entries])
        self.argmax = col.argmax(axis=0)
        out: Array = col.max(axis=0)
        return out

    def backward(self, dout: Array) -> Array:
        """Return dx: every window hands its dout, of shape (N, C, OH, OW), to its first largest entry."""
        dpadded = np.zeros(self.shape, dout.dtype)
        for k, entry in enumerate(self.entries):
            dpadded[entry] += dout * (self.argmax == k)
        return _inner(dpadded, self.pad)
