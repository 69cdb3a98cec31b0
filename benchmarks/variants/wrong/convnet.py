"""Wrong nets of convolution, ReLU, max pooling, affine layer and softmax."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Gradients, layer
from reference import Array, dense
from reference.convolutional import POOL
from reference.layers import affine, avg_pool2d, conv2d, max_pool2d, relu
from reference.losses import softmax_loss

NET = layer("convnet")


def _chained(dout: Array, cache: Any, *, pool: Any = max_pool2d.backward, mask: Any = relu.backward) -> Gradients:
    """The chain rule with another way back through the pooling or the ReLU."""
    (((conv, positive),), pooled), *_ = cache.blocks
    dx, last = dense.passed_back(dout, cache.dense)
    (dh,) = pool(dx.reshape(cache.shape), pooled)
    (da,) = mask(dh, positive)
    _, dW1, db1 = conv2d.backward(da, conv)
    return dW1 + dout * 2 * cache.dense.reg_factor * cache.dense.reg * cache.weights[0], db1, *last


def _to_all(share: float) -> Any:
    """A way back through the pooling that gives a share of dout to every entry of a window."""

    def backward(dout: Array, kept: Any) -> Gradients:
        dx = np.zeros(kept.shape, dout.dtype)
        dx[:, :, : dout.shape[2] * POOL, : dout.shape[3] * POOL] = dout.repeat(POOL, axis=2).repeat(POOL, axis=3) * dout.dtype.type(share)
        return (dx,)

    return backward


def _ending(cache: Any, **fields: Any) -> Any:
    """The cache with other things in that of the affine layer and the loss, which has how the weights are regularised."""
    return cache._replace(dense=cache.dense._replace(**fields))


def _summed(dout: Array, cache: Any) -> Gradients:
    """The gradients of the sum over the batch; of the regularisation there is one share still."""
    N = len(cache.dense.loss.y)
    return NET.backward(dout * N, _ending(cache, reg=cache.dense.reg / N))


def _penalty(given: dict[str, Any]) -> Any:
    return given["reg"] * (np.sum(given["W1"] ** 2) + np.sum(given["W2"] ** 2))


def _averaging(out: Any, x: Array, y: Array, stride: int, padding: int, **given: Any) -> Any:
    """Average pooling in the forward pass."""
    a, _ = conv2d.forward(x, given["W1"], given["b1"], stride=stride, padding=padding)
    pooled, _ = avg_pool2d.forward(relu.forward(a)[0], kernel_h=POOL, kernel_w=POOL, stride=POOL)
    scores, _ = affine.forward(pooled, given["W2"], given["b2"])
    return softmax_loss.forward(scores, y)[0] + _penalty(given)


def _channels_last(W2: Array, W1: Array, **_: Any) -> dict[str, Any]:
    """The pooled planes flattened with their channels last."""
    F = len(W1)
    return {"W2": W2.reshape(-1, F, W2.shape[1]).swapaxes(0, 1).reshape(W2.shape)}


WRONG = (
    NET.wrong_given("filters flipped", lambda W1, **_: {"W1": W1[:, :, ::-1, ::-1]}),
    NET.wrong_given("pooled planes flattened with channels last", _channels_last),
    NET.wrong_given("bias of the convolution forgotten", lambda b1, **_: {"b1": 0 * b1}),
    NET.wrong_out("average pooling", _averaging),
    NET.wrong_out("loss without regularisation", lambda out, **given: out - _penalty(given)),
    NET.wrong_out("loss summed over the batch", lambda out, **given: _penalty(given) + (out - _penalty(given)) * len(given["y"])),
    NET.wrong_backward("pooling hands its gradient to the whole window", lambda dout, cache: _chained(dout, cache, pool=_to_all(1))),
    NET.wrong_backward("pooling shares its gradient", lambda dout, cache: _chained(dout, cache, pool=_to_all(1 / POOL**2))),
    NET.wrong_backward("derivative of the ReLU forgotten", lambda dout, cache: _chained(dout, cache, mask=lambda dh, _: (dh,))),
    NET.wrong_backward("ReLU masked by its gradient", lambda dout, cache: _chained(dout, cache, mask=lambda dh, _: (dh * (dh > 0),))),
    NET.wrong_backward("gradients without regularisation", lambda dout, cache: NET.backward(dout, _ending(cache, reg=0.0))),
    NET.wrong_backward(
        "W1 not regularised in the gradients",
        lambda dout, cache: NET.backward(dout, cache._replace(weights=[0 * w for w in cache.weights])),
    ),
    NET.wrong_backward(
        "W2 not regularised in the gradients",
        lambda dout, cache: NET.backward(dout, _ending(cache, weights=[0 * w for w in cache.dense.weights])),
    ),
    NET.wrong_backward(
        "regularisation without its factor 2", lambda dout, cache: NET.backward(dout, _ending(cache, reg_factor=cache.dense.reg_factor / 2))
    ),
    NET.wrong_backward("gradients not averaged over the batch", _summed),
    NET.wrong_gradient("W1", "flipped", lambda g, dout, cache: g[:, :, ::-1, ::-1]),
    NET.wrong_gradient("b1", "averaged over the batch", lambda g, dout, cache: g / len(cache.dense.loss.y)),
    *NET.slightly("W1", "b1", "W2"),
)
