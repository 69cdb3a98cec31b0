"""Mistakes that every fully connected net can have."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Gradients, Layer
from reference import Array
from reference.layers import affine, relu
from reference.losses import softmax_loss


def chained(dout: Array, cache: Any, slope: Any) -> Gradients:
    """Return the gradients by the chain rule, with `slope(i, dh, cache)` for the derivative of the i-th activation."""
    (dh,) = softmax_loss.backward(dout, cache.loss)
    grads: list[Array] = []
    for i in reversed(range(len(cache.affine))):
        dh, dw, db = affine.backward(dh, cache.affine[i])
        grads[:0] = [dw + dout * 2 * cache.reg_factor * cache.reg * cache.weights[i], db]
        if i:
            dh = slope(i - 1, dh, cache)
    return tuple(grads)


def right_slope(i: int, dh: Array, cache: Any) -> Array:
    """The derivative of the i-th activation."""
    kept = cache.activation[i]
    return relu.backward(dh, kept)[0] if cache.activations[i] == "relu" else dh * kept * (1 - kept)


def before(i: int, cache: Any) -> Array:
    """The input of the i-th activation."""
    x, w = cache.affine[i]
    return np.asarray(x @ w)


def _regularised(dout: Array, cache: Any, kind: int) -> list[Array]:
    """What the regularisation adds to the weights (kind 0) or would add to the biases (kind 1), one for each layer."""
    scale = dout * 2 * cache.reg_factor * cache.reg
    return [scale * w if kind == 0 else scale * w.sum(axis=0) for w in cache.weights]


def common(net: Layer) -> Iterator[Wrong]:
    """Yield the mistakes of loss, regularisation and batch, whatever the layers."""

    def biases(dout: Array, cache: Any) -> Gradients:
        grads = list(net.backward(dout, cache))
        for i, extra in enumerate(_regularised(dout, cache, 1)):
            grads[2 * i + 1] = grads[2 * i + 1] + extra
        return tuple(grads)

    def first_weight_only(dout: Array, cache: Any) -> Gradients:
        return net.backward(dout, cache._replace(weights=[cache.weights[0], *(0 * w for w in cache.weights[1:])]))

    def penalty(given: dict[str, Any]) -> Any:
        return given["reg"] * sum(np.sum(a * a) for name, a in given.items() if name[0] == "W")

    def norms(given: dict[str, Any]) -> Any:
        return given["reg"] * sum(np.sqrt(np.sum(a * a)) for name, a in given.items() if name[0] == "W")

    def biases_too(out: Any, **given: Any) -> Any:
        return out + given["reg"] * sum(np.sum(a * a) for name, a in given.items() if name[0] == "b")

    yield net.wrong_out("loss without regularisation", lambda out, **given: out - penalty(given))
    yield net.wrong_out("norms of the weights not squared", lambda out, **given: out - penalty(given) + norms(given))
    yield net.wrong_out("biases regularised in the loss", biases_too)
    yield net.wrong_out("loss summed over the batch", lambda out, **given: penalty(given) + (out - penalty(given)) * len(given["y"]))
    yield net.wrong_backward("gradients without regularisation", lambda dout, cache: net.backward(dout, cache._replace(reg=0.0)))
    yield net.wrong_backward(
        "regularisation without its factor 2", lambda dout, cache: net.backward(dout, cache._replace(reg_factor=cache.reg_factor / 2))
    )
    yield net.wrong_backward("sums of the weights added to the biases' gradients", biases)
    yield net.wrong_backward("only W1 regularised in the gradients", first_weight_only)
    yield net.wrong_backward("gradients not averaged over the batch", lambda dout, cache: net.backward(dout * len(cache.loss.y), cache))
    yield net.wrong_backward(
        "dscores without the -1", lambda dout, cache: net.backward(dout, cache._replace(loss=cache.loss._replace(p=_kept(cache.loss))))
    )
    yield net.wrong_gradient("b1", "averaged over the batch", lambda g, dout, cache: g / len(cache.loss.y))
    yield net.wrong_gradient("W2", "averaged over the batch again", lambda g, dout, cache: g / len(cache.loss.y))


def _kept(loss: Any) -> Array:
    """Probabilities from which subtracting 1 at the right class gives the right ones."""
    p: Array = loss.p.copy()
    p[np.arange(len(loss.y)), loss.y] += 1
    return p
