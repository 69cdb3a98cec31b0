"""A chain of affine layers with activations in between, ending in the softmax loss: what the fully connected nets share."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.layers import affine, relu, sigmoid
from reference.losses import softmax_loss
from reference.spec import Argument, Array, Magnitude, Scenario, Values

ACTIVATIONS = {"sigmoid": sigmoid, "relu": relu}


class Cache(NamedTuple):
    """What backward needs of forward: the caches of the layers, the weights, and how they are regularised."""

    affine: list[affine.Cache]
    activation: list[Array]
    activations: tuple[str, ...]
    loss: softmax_loss.Cache
    weights: list[Array]
    reg: float
    reg_factor: float


def forward(
    x: Array,
    y: Array,
    params: list[tuple[Array, Array]],
    activations: tuple[str, ...],
    *,
    reg: float = 0.0,
    reg_factor: float = 1.0,
    log_epsilon: float = 0.0,
) -> tuple[Array, Cache]:
    """Return the loss of the net on x (N, D) with classes y (N,), plus reg_factor * reg * the sum of squared weights.

    `reg` is the strength of the regularisation; `reg_factor` is 1 or 0.5, since courses differ; for `log_epsilon` see `softmax_loss`.
    """
    h, affine_caches, activation_caches = x, [], []
    for i, (w, b) in enumerate(params):
        h, affine_cache = affine.forward(h, w, b)
        affine_caches.append(affine_cache)
        if i < len(activations):
            h, activation_cache = ACTIVATIONS[activations[i]].forward(h)
            activation_caches.append(activation_cache)
    loss, loss_cache = softmax_loss.forward(h, y, log_epsilon=log_epsilon)
    weights = [w for w, _ in params]
    loss = loss + reg_factor * reg * sum(np.vdot(w, w) for w in weights)
    return loss, Cache(affine_caches, activation_caches, activations, loss_cache, weights, reg, reg_factor)


def backward(dout: Array, cache: Cache) -> tuple[Array, ...]:
    """Return the gradients (W1, b1, W2, b2, ...) by the chain rule, layer by layer from the last."""
    return passed_back(dout, cache)[1]


def passed_back(dout: Array, cache: Cache) -> tuple[Array, tuple[Array, ...]]:
    """Return the gradient of the input x, and those that `backward` returns."""
    (dh,) = softmax_loss.backward(dout, cache.loss)
    grads: list[Array] = []
    for i in reversed(range(len(cache.affine))):
        dh, dw, db = affine.backward(dh, cache.affine[i])
        grads[:0] = [dw + dout * 2 * cache.reg_factor * cache.reg * cache.weights[i], db]
        if i:
            (dh,) = ACTIVATIONS[cache.activations[i - 1]].backward(dh, cache.activation[i - 1])
    return dh, tuple(grads)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], activations: tuple[str, ...], dout: Array | None) -> Magnitude:
    """Carry values and the sizes of their errors forward, then gradients and the sizes of theirs backward.

    A product a b is off by |a| times the error of b and |b| times that of a. No size is below its value, so rounding the product
    is included.
    """
    return sized(arrays["x"], np.abs(arrays["x"]), arrays["y"], pairs(arrays), activations, options, dout)[0]


class Sized(NamedTuple):
    """The magnitude of a net; the gradient of its input and the sizes of the errors of that, where there is a dout."""

    magnitude: Magnitude
    dx: Array | None = None
    dsize: Array | None = None


def sized(
    x: Array,
    size: Array,
    y: Array,
    params: list[tuple[Array, Array]],
    activations: tuple[str, ...],
    options: Mapping[str, Any],
    dout: Array | None,
) -> Sized:
    """See `magnitude`; the input has errors of `size`."""
    h, reg = x, options.get("reg", 0.0)
    hs, sizes, slopes = [], [], []
    for i, (w, b) in enumerate(params):
        hs.append(np.abs(h))
        sizes.append(size)
        h, size = h @ w + b, size @ np.abs(w) + np.abs(b)
        if i < len(activations):
            h, size, slope, slope_size = _activated(activations[i], h, size)
            slopes.append((slope, slope_size))
    cache = softmax_loss.remember(softmax_loss.softmax(h), y, options.get("log_epsilon", 0.0))
    loss, gradients, *_ = softmax_loss.sized(cache, size, dout)
    loss = loss + 2 * reg * sum(np.sum(w * w) for w, _ in params)
    if dout is None:
        return Sized(Magnitude(loss, ()))
    (dsize,) = gradients
    (dh,) = softmax_loss.backward(dout, cache)
    grads: list[Array] = []
    for i in reversed(range(len(params))):
        w = params[i][0]
        W = np.abs(w)
        grads[:0] = [hs[i].T @ dsize + sizes[i].T @ np.abs(dh) + 2 * reg * W, dsize.sum(axis=0)]
        dh, dsize = dh @ w.T, dsize @ W.T
        if i:
            slope, slope_size = slopes[i - 1]
            dh, dsize = dh * slope, dsize * slope + np.abs(dh) * slope_size
    return Sized(Magnitude(loss, tuple(grads)), dh, dsize)


def _activated(name: str, z: Array, size: Array) -> tuple[Array, Array, Array, Array]:
    """Return an activation and its derivative, each followed by the size of its error, for z with errors of `size`."""
    layer = ACTIVATIONS[name]
    h, cache = layer.forward(z)
    (slope,) = layer.backward(np.ones_like(h), cache)
    if name == "relu":  # away from its kink, neither ReLU nor its derivative is rounded
        return h, slope * size, slope, np.zeros_like(h)
    size = h + slope * size
    return h, size, slope, size  # the derivative is y (1 - y), off by |1 - 2 y| times the error of y and less than y


def kinks(x: Array, params: list[tuple[Array, Array]], activations: tuple[str, ...]) -> Array:
    """Whether an input of a ReLU is so near to 0 that rounding could decide its sign."""
    h, near = x, False
    for (w, b), activation in zip(params, activations, strict=False):
        h, _ = affine.forward(h, w, b)
        near |= activation == "relu" and bool(np.abs(h).min() < 1e-3)
        h, _ = ACTIVATIONS[activation].forward(h)
    return np.asarray(near)


def arguments(layers: int) -> tuple[Argument, ...]:
    """Return x, y and the parameters W1, b1, ... of a chain of so many affine layers."""
    widths = ["D", *(f"H{i}" for i in range(1, layers)), "K"]
    params = [
        Argument(name=f"{kind}{i + 1}", axes=axes, gradient=f"{kind}{i + 1}")
        for i in range(layers)
        for kind, axes in (("W", f"{widths[i]} {widths[i + 1]}"), ("b", widths[i + 1]))
    ]
    return (Argument(name="x", axes="N D"), Argument(name="y", axes="N", labels=True), *params)


def pairs(params: Mapping[str, Any]) -> list[tuple[Array, Array]]:
    """Return [(W1, b1), (W2, b2), ...] of the arrays by name."""
    return [(params[f"W{i}"], params[f"b{i}"]) for i in range(1, 1 + sum(name.startswith("W") for name in params))]


PLAIN: dict[str, tuple[int | float | bool | str, ...]] = {"reg": (0.0,)}
SCENARIOS = (
    Scenario(title="small", axes={"N": (2, 2), "D": (2, 2), "K": (2, 2)}, options=PLAIN, values=Values.FRACTIONS),
    Scenario(title="all axes differ", axes={"N": (2, 2), "D": (3, 3), "K": (4, 4)}, options=PLAIN, values=Values.FRACTIONS, count=2),
    Scenario(title="one sample", axes={"N": (1, 1)}, options=PLAIN, values=Values.FRACTIONS, count=2),
    Scenario(title="any sizes", options=PLAIN, values=Values.FRACTIONS, count=2),
    Scenario(title="larger inputs", options=PLAIN, axes={"N": (2, 4)}),
    Scenario(title="regularised", options={"reg": (0.05, 0.1, 0.5)}, values=Values.FRACTIONS, count=2),
    Scenario(title="float32", options=PLAIN, values=Values.FRACTIONS, single=True),
)
