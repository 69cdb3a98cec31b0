"""Softmax followed by the cross entropy, averaged over the batch."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from reference import labels
from reference.given import Given
from reference.misconception import of_both, of_dx
from reference.mistakes import AVERAGED_TWICE, NOT_AVERAGED, OVER_ELEMENTS
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


def one_hot(g: Given) -> Array:
    """Return the labels as rows of 0 and 1, (N, K)."""
    return np.asarray(np.eye(g.K, dtype=g.x.dtype)[g.y])


def normalised(shift: Callable[[Array], Any], axis: int | None) -> Callable[[Given], Any]:
    """Return what is asked about, of exponentials that are shifted and normalised in another way."""

    def wrong(g: Given) -> Any:
        with np.errstate(all="ignore"):
            e = np.exp(g.x - shift(g.x))
            p = e / e.sum(axis=axis, keepdims=True)
            if g.of == "out":
                return -np.log(p[np.arange(g.N), g.y] + g.x.dtype.type(abs(g.log_epsilon))).mean()
            return g.dout * (p - one_hot(g)) / g.N

    return wrong


MISCONCEPTIONS = (
    NOT_AVERAGED,
    AVERAGED_TWICE,
    of_both(
        id="row_maximum_not_subtracted",
        cause="{name} is no number for large scores, whose exponentials overflow or vanish: a row's own maximum is not subtracted.",
        advice="Subtract each row's maximum first, scores - scores.max(axis=1, keepdims=True); the softmax stays the same.",
        wrong=normalised(lambda x: 0, 1),
    ),
    of_dx(
        id="one_maximum",  # the loss is no number then, as it is without any maximum
        cause="The largest score of the whole batch is subtracted from every row; rows far below it underflow to 0 / 0.",
        advice="Subtract each row's own maximum: scores.max(axis=1, keepdims=True).",
        wrong=normalised(np.max, 1),
    ),
    of_dx(
        id="label_not_subtracted",
        cause="The gradient of the scores is made of the probabilities alone: the 1 at the right class is not subtracted.",
        advice="The gradient of the scores is (p - t) / N, t one-hot: p[np.arange(N), y] -= 1 before the division.",
        wrong=lambda g: g.right + g.dout * one_hot(g) / g.N,
    ),
    of_dx(
        id="label_subtracted_in_every_row",
        cause="In the gradient of the scores 1 is subtracted in every row for the right classes of all samples.",
        advice="p[:, y] takes whole columns: p[np.arange(N), y] -= 1 takes one entry of each row.",
        wrong=lambda g: g.right + g.dout * (one_hot(g) - one_hot(g).max(axis=0)) / g.N,
    ),
    of_dx(
        id="label_not_averaged",
        cause="In the gradient of the scores, p is divided by N and the 1 at the right class is not.",
        advice="Subtract first and divide then: (p - t) / N.",
        wrong=lambda g: g.right - g.dout * one_hot(g) * (1 - 1 / g.N),
    ),
    of_both(
        id="sign",
        cause="{name} has the wrong sign.",
        advice="The loss is minus the logarithm, and the gradient of the scores (p - t) / N, not (t - p) / N.",
        wrong=lambda g: -g.right,
    ),
    of_both(
        id="over_the_batch",
        cause="The exponentials are divided by their sum over the whole batch; each row must add up to 1 by itself.",
        advice="Divide by the sum of each row: e.sum(axis=1, keepdims=True).",
        wrong=normalised(np.max, None),
    ),
    of_both(
        id="over_the_samples",
        cause="The softmax is taken along axis 0, over the samples; it must be taken over the classes of each sample.",
        advice="Maximum and sum go along axis=1, with keepdims=True.",
        wrong=normalised(lambda x: x.max(axis=0), 0),
    ),
    OVER_ELEMENTS,
    of_both(
        id="over_classes",
        cause="{name} is divided by the number of classes; the loss is averaged over the samples.",
        advice="Divide by N, which is len(scores), not scores.shape[1].",
        wrong=lambda g: g.right * (g.N / g.K),
    ),
    of_dx(
        id="slope_twice",
        cause="The gradient of the scores is multiplied by p * (1 - p); p - t has the derivative of the softmax in it already.",
        advice="The gradient of the scores is (p - t) / N, and nothing else.",
        wrong=lambda g: g.right * softmax(g.x) * (1 - softmax(g.x)),
    ),
    of_dx(
        id="right_class_alone",
        cause="The gradient of the scores is 0 but at the right class; raising the score of any other class raises the loss, too.",
        advice="Start from all probabilities and subtract 1 at the right class: (p - t) / N.",
        wrong=lambda g: g.right * one_hot(g),
    ),
)

SPEC = LayerSpec(
    name="softmax_loss",
    formula={
        "forward": (
            "p = exp(x - x.max(axis=1, keepdims=True))",
            "p = p / p.sum(axis=1, keepdims=True)",
            "out = -log(p[arange(N), y]).mean()",
        ),
        "backward": ("dx = (p - one_hot(y)) / N",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", gradient="dx"), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    readings={"log_epsilon": LOG_EPSILONS},
    traits=Traits(out="", coupled=True, invariant_along="K", out_range=(0, math.inf)),
    misconceptions=MISCONCEPTIONS,
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
