from __future__ import annotations

import numpy as np
from numpy import ndarray as A

F32 = np.float32


def affine_forward(x: A, w: A, b: A) -> tuple[A, tuple]:
    x32, w32 = x.astype(F32), w.astype(F32)
    out = np.einsum("nd,dm->nm", x32.reshape(len(x), -1), w32, optimize=True) + b.astype(F32)
    return out, (x32, w32)


def affine_backward(dout: A, cache: tuple) -> tuple[A, A, A]:
    x, w = cache
    d = dout.astype(F32)
    return (
        np.einsum("nm,dm->nd", d, w).reshape(x.shape),
        np.einsum("nd,nm->dm", x.reshape(len(x), -1), d),
        np.einsum("nm->m", d),
    )


def sigmoid_forward(x: A) -> tuple[A, A]:
    s = 0.5 * (1 + np.tanh(0.5 * x))
    return s, s


def sigmoid_backward(dout: A, s: A) -> A:
    return dout * (s - s ** 2)


def tanh_forward(x: A) -> tuple[A, A]:
    t = np.tanh(x)
    return t, t


def tanh_backward(dout: A, t: A) -> A:
    return dout - dout * t ** 2


def relu_forward(x: A) -> tuple[A, A]:
    return x.clip(min=0), np.sign(x.clip(min=0))


def relu_backward(dout: A, mask: A) -> A:
    return mask * dout


def softmax_loss(x: A, y: A) -> tuple[float, A]:
    m = x.max(1, keepdims=True)
    lse = m + np.log(np.exp(x - m).sum(1, keepdims=True))
    loss = (lse[:, 0] - np.take_along_axis(x, y[:, None], 1)[:, 0]).mean()
    dx = np.exp(x - lse)
    np.subtract.at(dx, (np.arange(len(y)), y), 1)
    return loss, dx / len(y)


class ThreeLayerNet:
    """sigmoid, then ReLU, then softmax."""

    def __init__(self, d: int, h1: int, h2: int, k: int, scale: float = 1e-2) -> None:
        rng = np.random.default_rng(231)
        sizes = (d, h1, h2, k)
        self.params = {}
        for i in (1, 2, 3):
            self.params[f"W{i}"] = scale * rng.standard_normal(sizes[i - 1: i + 1])
            self.params[f"b{i}"] = np.zeros(sizes[i])

    def loss(self, X: A, y: A | None = None, reg: float = 0.0):
        p = self.params
        a1, c1 = affine_forward(X, p["W1"], p["b1"])
        h1, s1 = sigmoid_forward(a1)
        a2, c2 = affine_forward(h1, p["W2"], p["b2"])
        h2, s2 = relu_forward(a2)
        scores, c3 = affine_forward(h2, p["W3"], p["b3"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        g = {}
        d, g["W3"], g["b3"] = affine_backward(d, c3)
        d, g["W2"], g["b2"] = affine_backward(relu_backward(d, s2), c2)
        d, g["W1"], g["b1"] = affine_backward(sigmoid_backward(d, s1), c1)
        for i in (1, 2, 3):
            loss += reg / 2 * float((p[f"W{i}"] ** 2).sum())
            g[f"W{i}"] += (reg * p[f"W{i}"]).astype(F32)
        return loss, g
