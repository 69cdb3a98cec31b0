"""Wrong softmax losses."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import last_only, layer
from reference import Array

SOFTMAX = layer("softmax_loss")


def _hot(cache: Any) -> Array:
    """The labels as rows of 0 and 1."""
    return np.asarray(np.eye(cache.p.shape[1], dtype=cache.p.dtype)[cache.y])


def _from_p(p: Array, y: Array) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.log(p[np.arange(len(y)), y]).mean()


def _shifted_as_one(out: Any, x: Array, y: Array) -> Any:
    """The largest score of the batch subtracted from every row."""
    e = np.exp(x - x.max())
    with np.errstate(invalid="ignore"):
        return _from_p(e / e.sum(axis=1, keepdims=True), y)


def _with(epsilon: float) -> Any:
    """The loss with another number inside the logarithm, or one too large to pass for a guard."""
    return lambda out, x, y: SOFTMAX.forward(x, y, log_epsilon=epsilon)[0]


def _bits(out: Any, x: Array, y: Array) -> Any:
    return out / x.dtype.type(np.log(2))


WRONG = (
    SOFTMAX.wrong_out("one maximum for the whole batch", _shifted_as_one),
    SOFTMAX.wrong_out("logarithm to base 2", _bits),
    SOFTMAX.wrong_out("1e-3 inside the logarithm", _with(1e-3)),
    SOFTMAX.wrong_out("loss of the predicted class", lambda out, x, y: SOFTMAX.forward(x, x.argmax(axis=1))[0]),
    SOFTMAX.wrong_given("labels off by one", lambda x, y: {"y": (y + 1) % x.shape[1]}),
    SOFTMAX.wrong_given("label of the first sample for all", lambda x, y: {"y": np.full_like(y, y[0])}),
    SOFTMAX.wrong_gradient(
        "dx", "with the -1 in the last sample only", lambda dx, dout, cache: dout * (cache.p - last_only(_hot(cache))) / len(dx)
    ),
    *SOFTMAX.slightly("dx"),
)
