"""Softmax followed by the cross entropy, averaged over the batch."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference import labels
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values

# What courses add inside the logarithm. All are legal; they matter only where a probability is as small. Most code that adds one
# leaves it out of the gradient; a negative one is in the gradient, too. So these are five readings more, and not twice as many,
# each of which costs an answer to every case.
DIFFERENTIATED = (-1e-7, -1e-8, -1e-10, -1e-12, -1e-15)
LOG_EPSILONS = (0.0, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-9, 1e-6, 1e-5, 1e-11, 1e-13, 1e-14, 1e-16, 2.0**-52, *DIFFERENTIATED)


class Cache(NamedTuple):
    """What backward needs of forward: p (N, K), y (N,), and the factor of each sample's gradient (N, 1), 1 but for an epsilon."""

    p: Array
    y: Array
    factors: Array


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
        log_epsilon: Added to the probability inside the logarithm, as many course codes do, which then take the gradient of
            the plain logarithm. Of a negative number the absolute value is added, and the gradient is that of the result.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: x is not (N, K), or y not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: same as torch.nn.functional.cross_entropy (log_epsilon = 0).
    """
    labels.check("softmax_loss", x, y)
    rows = np.arange(len(y))
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1)
    cache = remember(e / total[:, None], y, log_epsilon)
    if log_epsilon:
        return -np.log(cache.p[rows, y] + x.dtype.type(abs(log_epsilon))).mean(), cache
    return (np.log(total) - shifted[rows, y]).mean(), cache


def remember(p: Array, y: Array, log_epsilon: float) -> Cache:
    r"""Return the cache of `forward`: its factors are $p_y / (p_y + \epsilon)$ where the epsilon is differentiated, else 1."""
    if log_epsilon >= 0:
        return Cache(p, y, np.ones((len(y), 1), p.dtype))
    right = p[np.arange(len(y)), y][:, None]
    return Cache(p, y, right / (right - p.dtype.type(log_epsilon)))


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return $dx = dy\,(p - t) / N$, t one-hot; times $p_y / (p_y + \epsilon)$ where an epsilon is differentiated."""
    p, y, factors = cache
    dx = p.copy()
    dx[np.arange(len(y)), y] -= 1
    return (dx * factors * (dout / len(y)),)


def magnitude(arrays: Mapping[str, Array], reading: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `sized`; the scores are exact, and their rounding counts as theirs."""
    x = arrays["x"]
    return sized(remember(softmax(x), arrays["y"], reading.get("log_epsilon", 0.0)), np.abs(x), dout)


def sized(cache: Cache, size: Array, dout: Array | None) -> Magnitude:
    """Return the magnitude for scores with errors of `size` (N, K).

    The exponential turns an absolute error of its argument, u max(size), into a relative one.
    """
    p, y, factors = cache
    largest = size.max(axis=1)
    loss = np.asarray((2 * largest + np.log(p.shape[1]) + 1).mean())
    if dout is None:
        return Magnitude(loss, ())
    relative = 2 + 2 * largest[:, None]
    dx = p * relative
    dx[np.arange(len(y)), y] += 1
    # p / (p + epsilon) is off by what p is off by, times epsilon / (p + epsilon)
    return Magnitude(loss, (dx * (factors * (1 + (1 - factors) * relative) * (abs(dout) / len(y))),))


SPEC = LayerSpec(
    name="softmax_loss",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", gradient="dx"), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    readings={"log_epsilon": LOG_EPSILONS},
    traits=Traits(out="", coupled=True, invariant_along="K", out_range=(0, math.inf)),
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
