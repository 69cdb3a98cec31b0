"""Wrong nets of two affine layers with a sigmoid between them."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Gradients, layer
from benchmarks.variants.wrong.nets import before, chained, common
from reference import Array

NET = layer("two_layer_net")


def _at_input(i: int, dh: Array, cache: Any) -> Array:
    """The derivative of the sigmoid as if its input were its output."""
    a = before(i, cache)
    return dh * a * (1 - a)


def _w2_from_input(dout: Array, cache: Any) -> Gradients:
    """dW2 from the activation's input."""
    W1, b1, _, b2 = NET.backward(dout, cache)
    wrong = cache.affine[1]._replace(x=before(0, cache))
    return W1, b1, NET.backward(dout, cache._replace(affine=[cache.affine[0], wrong]))[2], b2


def _b1_before_slope(dout: Array, cache: Any) -> Gradients:
    W1, _, W2, b2 = NET.backward(dout, cache)
    return W1, chained(dout, cache, lambda i, dh, _: dh)[1], W2, b2


WRONG = (
    NET.wrong_out("no activation", lambda out, x, W1, b1, **rest: _linear(x, W1, b1, **rest)),
    NET.wrong_backward("derivative of the activation forgotten", lambda dout, cache: chained(dout, cache, lambda i, dh, _: dh)),
    NET.wrong_backward("derivative of the sigmoid at its input", lambda dout, cache: chained(dout, cache, _at_input)),
    NET.wrong_backward("derivative of a ReLU for the sigmoid's", lambda dout, cache: chained(dout, cache, lambda i, dh, c: dh * (before(i, c) > 0))),
    NET.wrong_backward("W2 from the input of the activation", _w2_from_input),
    NET.wrong_backward("b1 without the derivative of the activation", _b1_before_slope),
    *common(NET),
    *NET.slightly("W1", "b1", "W2", "b2"),
)  # fmt: skip


def _linear(x: Array, W1: Array, b1: Array, *, y: Array, W2: Array, b2: Array, reg: float) -> Any:
    scores = (x @ W1 + b1) @ W2 + b2
    log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return -log_p[np.arange(len(y)), y].mean() + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
