"""Convolution, ReLU, max pooling, affine, and the softmax loss."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.layers import affine, conv2d, max_pool2d, relu
from reference.losses import softmax_loss
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Sizes, Traits, Values
from reference.windows import windows

POOL = 2  # side and stride of the pooling window


class Cache(NamedTuple):
    """What backward needs of forward: the caches of the five layers, and how the weights are regularised."""

    conv: conv2d.Cache
    relu: Array
    pool: max_pool2d.Cache
    pooled_shape: tuple[int, ...]
    affine: affine.Cache
    loss: softmax_loss.Cache
    weights: tuple[Array, Array]
    reg: float
    reg_factor: float


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    *,
    stride: int = 1,
    padding: int = 1,
    reg: float = 0.0,
    reg_factor: float = 1.0,
    log_epsilon: float = 0.0,
) -> tuple[Array, Cache]:
    r"""Return the loss of conv - relu - 2x2 max pool - affine - softmax.

    Args:
        x: Input, shape (N, C, H, W).
        y: Right classes, shape (N,).
        W1: Filters, shape (F, C, KH, KW).
        b1: Shape (F,).
        W2: Shape (F * pooled height * pooled width, K).
        b2: Shape (K,).
        stride: Step of the convolution.
        padding: Zeros around the input.
        reg: Strength of the regularisation.
        reg_factor: 1 or 0.5; courses differ.
        log_epsilon: See `softmax_loss`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: the layer pattern of LeNet-5, LeCun et al. (1998), with ReLU and max pooling.
    """
    a, conv_cache = conv2d.forward(x, W1, b1, stride=stride, padding=padding)
    h, relu_cache = relu.forward(a)
    pooled, pool_cache = max_pool2d.forward(h, kernel_h=POOL, kernel_w=POOL, stride=POOL)
    scores, affine_cache = affine.forward(pooled, W2, b2)
    loss, loss_cache = softmax_loss.forward(scores, y, log_epsilon=log_epsilon)
    loss = loss + reg_factor * reg * (np.vdot(W1, W1) + np.vdot(W2, W2))
    return loss, Cache(conv_cache, relu_cache, pool_cache, pooled.shape, affine_cache, loss_cache, (W1, W2), reg, reg_factor)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array, Array]:
    """Return the gradients (W1, b1, W2, b2) by the chain rule."""
    (dscores,) = softmax_loss.backward(dout, cache.loss)
    dpooled, dW2, db2 = affine.backward(dscores, cache.affine)
    (dh,) = max_pool2d.backward(dpooled.reshape(cache.pooled_shape), cache.pool)
    (da,) = relu.backward(dh, cache.relu)
    _, dW1, db1 = conv2d.backward(da, cache.conv)
    decay = dout * 2 * cache.reg_factor * cache.reg
    return dW1 + decay * cache.weights[0], db1, dW2 + decay * cache.weights[1], db2


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Carry values and the sizes of their errors, as `dense.magnitude`; pooling and ReLU hand them on or drop them."""
    x, W1, b1, W2, b2 = (np.abs(arrays[name]) for name in ("x", "W1", "b1", "W2", "b2"))
    everything: dict[str, Any] = {**arrays, **options}
    _, cache = forward(**everything)
    size, conv_cache = conv2d.forward(x, W1, b1, stride=options["stride"], padding=options["padding"])
    view = windows(size * cache.relu, (POOL, POOL), POOL, 0, "error")
    pooled = np.take_along_axis(view.reshape(*view.shape[:4], POOL * POOL), cache.pool.argmax[..., None], axis=-1)
    rows = pooled.reshape(len(x), -1)
    reg = options.get("reg", 0.0)
    loss, gradients, *_ = softmax_loss.sized(cache.loss, rows @ W2 + b2, dout)
    loss = loss + 2 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    if dout is None:
        return Magnitude(loss, ())
    (dsize,) = gradients
    (ds,) = softmax_loss.backward(dout, cache.loss)
    (dh,) = max_pool2d.backward((dsize @ W2.T).reshape(cache.pooled_shape), cache.pool)
    (da,) = relu.backward(dh, cache.relu)
    _, dW1, db1 = conv2d.backward(da, conv_cache)
    dW2 = cache.affine.x.reshape(len(x), -1).T @ dsize + rows.T @ np.abs(ds)
    return Magnitude(loss, (dW1 + 2 * reg * W1, db1, dW2 + 2 * reg * W2, dsize.sum(axis=0)))


def kinks(x: Array, W1: Array, b1: Array, *, stride: int, padding: int, **_: object) -> Array:
    """Whether a pre-activation, or the two largest entries of a pooling window, come so near that rounding could decide."""
    a, _cache = conv2d.forward(x, W1, b1, stride=stride, padding=padding)
    h, _mask = relu.forward(a)
    view = windows(h, (POOL, POOL), POOL, 0, "error")
    ranked = np.sort(view.reshape(*view.shape[:4], POOL * POOL), axis=-1)
    tied = (ranked[..., -1] > 0) & (ranked[..., -1] - ranked[..., -2] < 1e-3)  # the sums behind them may be far larger
    return np.asarray(bool(np.abs(a).min() < 1e-3) or bool(tied.any()))


def fits(sizes: Sizes) -> bool:
    """Whether the convolution and the pooling tile their inputs, and W2 has as many rows as there are pooled entries."""

    def pooled(size: int, kernel: int) -> int:
        span = size + 2 * sizes["padding"] - kernel
        return (
            (span // sizes["stride"] + 1) // POOL
            if span >= 0 and not span % sizes["stride"] and not (span // sizes["stride"] + 1) % POOL
            else 0
        )

    features = sizes["F"] * pooled(sizes["H"], sizes["KH"]) * pooled(sizes["W"], sizes["KW"])
    return bool(features and features == sizes["D"])  # fmt: skip


NET = {"N": (2, 2), "C": (1, 2), "F": (2, 2), "H": (4, 4), "W": (6, 6), "KH": (3, 3), "KW": (3, 3), "D": (12, 12)}
SPEC = LayerSpec(
    name="convnet",
    formula={
        "forward": (
            "pooled = max_pool2d(maximum(conv2d(x, W1, b1, stride, padding), 0), 2, stride=2)",
            "p = softmax(pooled.reshape(N, -1) @ W2 + b2)",
            "out = -log(p[arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N",
            "dpooled = (dscores @ W2.T).reshape(pooled.shape), back through max_pool2d, ReLU and conv2d to dW1, db1",
            "dW2, db2 = pooled.reshape(N, -1).T @ dscores + 2 * reg * W2, dscores.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b2",
    arguments=(
        Argument(name="x", axes="N C H W"),
        Argument(name="y", axes="N", labels=True),
        Argument(name="W1", axes="F C KH KW", gradient="W1"),
        Argument(name="b1", axes="F", gradient="b1"),
        Argument(name="W2", axes="D K", gradient="W2"),
        Argument(name="b2", axes="K", gradient="b2"),
    ),
    axes={**NET, "N": (1, 3), "K": (2, 3)},
    options={"stride": (1,), "padding": (1,), "reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    where=fits,
    traits=Traits(out="", coupled=True, permutable=("C",)),
    scenarios=(
        Scenario(title="any sizes", values=Values.FRACTIONS, count=3),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}, values=Values.FRACTIONS),
        Scenario(title="no padding", axes={"H": (4, 4), "W": (8, 8), "F": (2, 2), "D": (6, 6)}, options={"padding": (0,)}, values=Values.FRACTIONS),
        Scenario(title="regularised", options={"reg": (0.1, 0.5)}, values=Values.FRACTIONS),
        Scenario(title="float32", values=Values.FRACTIONS, single=True),
    ),
)  # fmt: skip
