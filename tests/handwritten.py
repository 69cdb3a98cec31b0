"""Functions as people write them, and numbers to call them with: what the tests of the gradient check share."""

from typing import Any

import numpy as np

from grader.model import Array

RNG = np.random.default_rng(0)
X, W, B = RNG.standard_normal((3, 4)), RNG.standard_normal((4, 2)), RNG.standard_normal(2)
Y = np.array([0, 1, 3])


def affine(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    return x @ w + b, (x, w)


def affine_backward(dout: Array, cache: Any) -> tuple[Array, ...]:
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def softmax(x: Array, y: Array) -> tuple[Any, Array]:
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(y)
