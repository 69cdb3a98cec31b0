"""Nets of the pattern [(conv - relu)*N - pool]*M - (affine - relu)*K - affine - softmax, for any N, M and K.

Filters are padded so that they keep the size of a plane, which odd ones can, unless another stride or padding is given; pooling halves it.

Source: CS231n, "Convolutional Neural Networks", layer patterns.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from reference import dense
from reference.layers import conv2d, max_pool2d, relu
from reference.spec import Argument, Array, Magnitude
from reference.windows import windows

POOL = 2  # side and stride of the pooling window
WINDOW: dict[str, Any] = {"kernel_h": POOL, "kernel_w": POOL, "stride": POOL}
Params = Sequence[tuple[Array, Array]]


def laid(w: Array, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return stride and padding of a convolution with filters w: the given ones, or those that keep the size of a plane."""
    return {"stride": options.get("stride", 1), "padding": options.get("padding", len(w[0, 0]) // 2)}


class Cache(NamedTuple):
    """What backward needs of forward: of each block the caches of its convolutions and of its pooling; of the rest that of `dense`."""

    blocks: list[tuple[list[tuple[conv2d.Cache, Array]], max_pool2d.Cache]]
    shape: tuple[int, ...]  # of what the affine layers flatten
    dense: dense.Cache
    weights: list[Array]  # of the convolutions


def forward(
    x: Array,
    y: Array,
    blocks: Sequence[Params],
    affine: Params,
    *,
    reg: float = 0.0,
    reg_factor: float = 1.0,
    log_epsilon: float = 0.0,
    **lying: int,
) -> tuple[Array, Cache]:
    """Return the loss of the net on x (N, C, H, W) with classes y (N,), plus reg_factor * reg * the sum of squared weights.

    `lying` are stride and padding of the convolutions, where they are given.
    """
    h, kept = x, []
    for block in blocks:
        convs = []
        for w, b in block:
            h, conv_cache = conv2d.forward(h, w, b, **laid(w, lying))
            h, relu_cache = relu.forward(h)
            convs.append((conv_cache, relu_cache))
        h, pool_cache = max_pool2d.forward(h, **WINDOW)
        kept.append((convs, pool_cache))
    shape, hidden = h.shape, ("relu",) * (len(affine) - 1)
    rows = h.reshape(len(x), -1)
    loss, rest = dense.forward(rows, y, list(affine), hidden, reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon)
    weights = [w for block in blocks for w, _ in block]
    return loss + reg_factor * reg * sum(np.vdot(w, w) for w in weights), Cache(kept, shape, rest, weights)


def backward(dout: Array, cache: Cache) -> tuple[Array, ...]:
    """Return the gradients of all weights and biases in order, by the chain rule."""
    dx, last = dense.passed_back(dout, cache.dense)
    dh, grads = dx.reshape(cache.shape), list[Array]()
    decay, weights = dout * 2 * cache.dense.reg_factor * cache.dense.reg, list(cache.weights)
    for convs, pool_cache in reversed(cache.blocks):
        (dh,) = max_pool2d.backward(dh, pool_cache)
        for conv_cache, relu_cache in reversed(convs):
            (da,) = relu.backward(dh, relu_cache)
            dh, dw, db = conv2d.backward(da, conv_cache)
            grads[:0] = [dw + decay * weights.pop(), db]
    return (*grads, *last)


def magnitude(x: Array, y: Array, blocks: Sequence[Params], affine: Params, options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Carry values and the sizes of their errors, as `dense.magnitude`; pooling and ReLU hand them on or drop them."""
    h, size, kept = x, np.abs(x), []
    for block in blocks:
        convs = []
        for w, b in block:
            lying = laid(w, options)
            exact = conv2d.forward(np.abs(h), np.abs(w), np.abs(b), **lying)[1]
            h, value_cache = conv2d.forward(h, w, b, **lying)
            size, size_cache = conv2d.forward(size, np.abs(w), np.abs(b), **lying)
            h, mask = relu.forward(h)
            size = size * mask
            convs.append((value_cache, exact, size_cache, mask))
        h, pool_cache = max_pool2d.forward(h, **WINDOW)
        view = windows(size, (POOL, POOL), POOL, 0, "error")
        size = np.take_along_axis(view.reshape(*view.shape[:4], POOL * POOL), pool_cache.argmax[..., None], axis=-1)[..., 0]
        kept.append((convs, pool_cache))
    hidden = ("relu",) * (len(affine) - 1)
    found = dense.sized(h.reshape(len(x), -1), size.reshape(len(x), -1), y, list(affine), hidden, options, dout)
    weights = [w for block in blocks for w, _ in block]
    reg = options.get("reg", 0.0)
    loss = found.magnitude.out + 2 * reg * sum(np.sum(w * w) for w in weights)
    if found.dx is None or found.dsize is None:
        return Magnitude(loss, ())
    dh, dsize, grads = found.dx.reshape(h.shape), found.dsize.reshape(h.shape), list[Array]()
    for convs, pool_cache in reversed(kept):
        (dh,), (dsize,) = max_pool2d.backward(dh, pool_cache), max_pool2d.backward(dsize, pool_cache)
        for value_cache, exact, size_cache, mask in reversed(convs):
            dh, dsize = dh * mask, dsize * mask
            backed, dw, db = conv2d.backward(dsize, exact)
            _, more, _ = conv2d.backward(np.abs(dh), size_cache)
            dh, _, _ = conv2d.backward(dh, value_cache)
            grads[:0] = [dw + more + 2 * reg * np.abs(weights.pop()), db]
            dsize = backed
    return Magnitude(loss, (*grads, *found.magnitude.gradients))


def kinks(x: Array, blocks: Sequence[Params], affine: Params, **lying: int) -> Array:
    """Whether an input of a ReLU, or the two largest entries of a pooling window, come so near that rounding could decide."""
    h, near = x, False
    for block in blocks:
        for w, b in block:
            a, _ = conv2d.forward(h, w, b, **laid(w, lying))
            near |= bool(np.abs(a).min() < 1e-3)
            h, _ = relu.forward(a)
        view = windows(h, (POOL, POOL), POOL, 0, "error")
        ranked = np.sort(view.reshape(*view.shape[:4], POOL * POOL), axis=-1)
        # The sums behind two entries may be far larger than these.
        near |= bool(((ranked[..., -1] > 0) & (ranked[..., -1] - ranked[..., -2] < 1e-3)).any())
        h, _ = max_pool2d.forward(h, **WINDOW)
    return np.asarray(near or bool(dense.kinks(h.reshape(len(x), -1), list(affine), ("relu",) * (len(affine) - 1))))


def arguments(convs: int, hidden: int) -> tuple[Argument, ...]:
    """Return x, y and the parameters of so many convolutions and hidden affine layers."""
    channels = ["C", *(f"F{i}" for i in range(1, convs)), "F"]
    widths = ["D", *(f"H{i}" for i in range(1, hidden + 1)), "K"]
    filters = [(f"{made} {seen} KH KH", made) for seen, made in pairwise(channels)]
    matrices = [(f"{rows} {columns}", columns) for rows, columns in pairwise(widths)]
    params = [
        Argument(name=f"{kind}{i}", axes=axes, gradient=f"{kind}{i}")
        for i, (weights, biases) in enumerate((*filters, *matrices), start=1)
        for kind, axes in (("W", weights), ("b", biases))
    ]
    return (Argument(name="x", axes="N C H W"), Argument(name="y", axes="N", labels=True), *params)
