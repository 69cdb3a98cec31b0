"""Softmax followed by the cross entropy, averaged over the batch."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Values

# What courses add inside the logarithm. All are legal; they matter only where a probability is as small.
LOG_EPSILONS = (0.0, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-9, 1e-6, 1e-5, 1e-11, 1e-13, 1e-14, 1e-16, 2.0**-52)


class Cache(NamedTuple):
    """What backward needs of forward."""

    p: Array
    y: Array


def softmax(x: Array) -> Array:
    """Return the class probabilities of every row of x (N, K); the row's maximum is subtracted first."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def forward(x: Array, y: Array, *, log_epsilon: float = 0.0) -> tuple[Array, Cache]:
    r"""Average the negative log-probability of the right class.

    $$L = -\frac{1}{N} \sum_n \log \frac{e^{x_{n,y_n}}}{\sum_k e^{x_{nk}}}$$

    Args:
        x: Scores, shape (N, K).
        y: Right classes, whole numbers in [0, K), shape (N,).
        log_epsilon: Added to the probability inside the logarithm, as many course codes do.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Source: same as torch.nn.functional.cross_entropy (log_epsilon = 0).
    """
    p = softmax(x)
    rows = np.arange(len(y))
    if log_epsilon:
        return -np.log(p[rows, y] + x.dtype.type(log_epsilon)).mean(), Cache(p, y)
    shifted = x - x.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, y]).mean(), Cache(p, y)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return $dx = dy\,(p - t) / N$, t one-hot."""
    p, y = cache
    dx = p.copy()
    dx[np.arange(len(y)), y] -= 1
    return (dx * (dout / len(y)),)


def magnitude(arrays: Mapping[str, Array], reading: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """The exponential turns an absolute error of its argument, u max|x|, into a relative one."""
    return sized(arrays["x"], arrays["y"], np.abs(arrays["x"]), dout)


def sized(x: Array, y: Array, size: Array, dout: Array | None) -> Magnitude:
    """Return the magnitude for scores x (N, K) that are themselves computed, with errors of `size` (N, K) units."""
    largest = size.max(axis=1)
    loss = (2 * largest + np.log(x.shape[1]) + 1).mean()
    dx = softmax(x) * (2 + 2 * largest[:, None])
    dx[np.arange(len(y)), y] += 1
    return Magnitude(np.asarray(loss), () if dout is None else (dx * np.abs(dout) / len(y),))


SPEC = LayerSpec(
    name="softmax_loss",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", gradient="dx"), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    readings={"log_epsilon": LOG_EPSILONS},
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "K": (3, 3)}, values=Values.WHOLE),
        Scenario(title="any sizes", axes={"N": (2, 5)}, count=3),
        Scenario(title="square", axes={"N": (4, 4), "K": (4, 4)}),
        Scenario(title="one sample", axes={"N": (1, 1)}),
        Scenario(title="two classes", axes={"K": (2, 2)}),
        Scenario(title="scores of 1e3 to 1e4", axes={"N": (2, 4), "K": (3, 5)}, values=Values.SHIFTED, count=2),
        Scenario(title="negative scores", values=Values.NEGATIVE),
        Scenario(title="float32", axes={"N": (3, 4), "K": (3, 5)}, single=True),
    ),
)
