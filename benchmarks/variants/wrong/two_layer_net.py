"""Wrong nets of two affine layers with a sigmoid between them."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Gradients
from benchmarks.variants.wrong.nets import Kept, before, chained, changed, common, dense_net
from reference import Array
from reference.losses import softmax_loss

NET = dense_net("two_layer_net")


def _at_input(i: int, dh: Array, kept: Kept) -> Array:
    """The derivative of the sigmoid as if its input were its output."""
    a = before(i, kept)
    return np.asarray(dh * a * (1 - a))


def _w2_from_input(dout: Array, kept: Kept) -> Gradients:
    """The gradient of W2 from the input of the activation instead of its output."""
    W1, b1, _, b2 = NET.backward(dout, kept)
    first, second = kept.net.affine
    return W1, b1, changed(dout, kept, affine=[first, second._replace(x=before(0, kept))])[2], b2


def _b1_before_slope(dout: Array, kept: Kept) -> Gradients:
    W1, _, W2, b2 = NET.backward(dout, kept)
    return W1, chained(dout, kept, lambda i, dh, _: dh)[1], W2, b2


def _linear(out: Any, *, x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, reg: float) -> Any:
    scores = (x @ W1 + b1) @ W2 + b2
    return softmax_loss.forward(scores, y)[0] + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))


WRONG = (
    NET.wrong_out("no activation", _linear),
    NET.wrong_backward("derivative of the activation forgotten", lambda dout, kept: chained(dout, kept, lambda i, dh, _: dh)),
    NET.wrong_backward("derivative of the sigmoid at its input", lambda dout, kept: chained(dout, kept, _at_input)),
    NET.wrong_backward(
        "derivative of a ReLU for the sigmoid's", lambda dout, kept: chained(dout, kept, lambda i, dh, c: dh * (before(i, c) > 0))
    ),
    NET.wrong_backward("W2 from the input of the activation", _w2_from_input),
    NET.wrong_backward("b1 without the derivative of the activation", _b1_before_slope),
    *common(NET),
    *NET.slightly("W1", "b1", "W2", "b2"),
)
