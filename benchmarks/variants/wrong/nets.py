"""Mistakes that every fully connected net can have."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Gradients, Layer, layer
from reference import Array, dense
from reference.layers import affine
from reference.losses import softmax_loss


class Kept(NamedTuple):
    """What the right forward pass keeps, and the biases, which only mistakes need."""

    net: dense.Cache
    biases: list[Array]


def dense_net(name: str) -> Layer:
    """Return a right net that keeps its biases too."""
    right = layer(name)

    def forward(**given: Any) -> tuple[Any, Kept]:
        out, cache = right.forward(**given)
        return out, Kept(cache, [a for key, a in given.items() if key[0] == "b"])

    return Layer(name, forward, lambda dout, kept: right.backward(dout, kept.net))


def changed(dout: Array, kept: Kept, **fields: Any) -> Gradients:
    """Return the gradients after the right forward pass, but for other fields of its cache."""
    return dense.backward(dout, kept.net._replace(**fields))


def chained(dout: Array, kept: Kept, slope: Any) -> Gradients:
    """Return the gradients by the chain rule, with `slope(i, dh, kept)` for the derivative of the i-th activation."""
    net = kept.net
    (dh,) = softmax_loss.backward(dout, net.loss)
    grads: list[Array] = []
    for i in reversed(range(len(net.affine))):
        dh, dw, db = affine.backward(dh, net.affine[i])
        grads[:0] = [dw + dout * 2 * net.reg_factor * net.reg * net.weights[i], db]
        if i:
            dh = slope(i - 1, dh, kept)
    return tuple(grads)


def right_slope(i: int, dh: Array, kept: Kept) -> Array:
    """Carry a gradient back through the i-th activation."""
    return dense.ACTIVATIONS[kept.net.activations[i]].backward(dh, kept.net.activation[i])[0]  # type: ignore[no-any-return]


def before(i: int, kept: Kept) -> Array:
    """Return the input of the i-th activation."""
    x, w = kept.net.affine[i]
    return np.asarray(x @ w + kept.biases[i])


def common(net: Layer) -> Iterator[Wrong]:
    """Yield the mistakes of loss, regularisation and batch, whatever the layers."""

    def biases(dout: Array, kept: Kept) -> Gradients:
        grads = list(net.backward(dout, kept))
        for i, b in enumerate(kept.biases):
            grads[2 * i + 1] = grads[2 * i + 1] + dout * 2 * kept.net.reg * b
        return tuple(grads)

    def first_weight_only(dout: Array, kept: Kept) -> Gradients:
        first, *others = kept.net.weights
        return changed(dout, kept, weights=[first, *(0 * w for w in others)])

    def summed(dout: Array, kept: Kept) -> Gradients:
        N = len(kept.net.loss.y)
        return changed(dout * N, kept, reg=kept.net.reg / N)  # of the regularisation there is one share still

    yield net.wrong_backward("biases regularised in the gradients", biases)
    yield net.wrong_backward("only W1 regularised in the gradients", first_weight_only)
    yield net.wrong_backward("gradients not averaged over the batch", summed)
    yield net.wrong_backward("dscores without the -1", lambda dout, kept: changed(dout, kept, loss=_unsubtracted(kept.net.loss)))
    yield net.wrong_gradient("b1", "averaged over the batch", lambda g, dout, kept: g / len(kept.net.loss.y))
    yield net.wrong_gradient("W2", "averaged over the batch again", lambda g, dout, kept: g / len(kept.net.loss.y))


def _unsubtracted(loss: Any) -> Any:
    """A cache from which subtracting 1 at the right class gives the probabilities."""
    p: Array = loss.p.copy()
    p[np.arange(len(loss.y)), loss.y] += 1
    return loss._replace(p=p)
