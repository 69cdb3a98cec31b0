"""The pieces both nets are made of."""
from typing import Callable, NamedTuple

import numpy as np


class Activation(NamedTuple):
    f: Callable
    slope: Callable  # of the output


sigmoid = Activation(lambda a: 1.0 / (1.0 + np.exp(-a)), lambda z: z * (1.0 - z))
relu = Activation(lambda a: np.maximum(a, 0.0), lambda z: (z > 0).astype(z.dtype))


def affine(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("nd,dm->nm", x, W) + b


def softmax(a: np.ndarray) -> np.ndarray:
    e = np.exp(a - a.max())
    return e / np.einsum("nk->n", e)[:, None]


def backprop(inputs, delta, weights, activations):
    """Go down from the top: the gradients of every affine layer."""
    grads = {}
    for i in range(len(weights), 0, -1):
        grads[f"W{i}"] = np.einsum("nd,nm->dm", inputs[i - 1], delta)
        grads[f"b{i}"] = np.einsum("nm->m", delta)
        if i > 1:
            delta = np.einsum("nm,dm->nd", delta, weights[i - 1]) * activations[i - 2].slope(inputs[i - 1])
    return grads
