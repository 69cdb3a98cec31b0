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


def _unshifted(x: Array, y: Array) -> tuple[Any, Any]:
    _, cache = SOFTMAX.forward(x, y)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(x)
        p = e / e.sum(axis=1, keepdims=True)
    return _from_p(p, y), cache._replace(p=p)


def _shifted_as_one(out: Any, x: Array, y: Array) -> Any:
    """The largest score of the batch subtracted from every row."""
    e = np.exp(x - x.max())
    with np.errstate(invalid="ignore"):
        return _from_p(e / e.sum(axis=1, keepdims=True), y)


def _over_samples(out: Any, x: Array, y: Array) -> Any:
    e = np.exp(x - x.max(axis=0))
    return _from_p(e / e.sum(axis=0), y)


def _with(epsilon: float) -> Any:
    """The loss with another number inside the logarithm, or one too large to pass for a guard."""
    return lambda out, x, y: SOFTMAX.forward(x, y, log_epsilon=epsilon)[0]


def _diagonal(dx: Array, dout: Array, cache: Any) -> Array:
    """Only the diagonal of the softmax's Jacobian: nothing reaches the other classes."""
    return _hot(cache) * dx


def _bits(out: Any, x: Array, y: Array) -> Any:
    return out / x.dtype.type(np.log(2))


WRONG = (
    SOFTMAX.wrong_forward("no maximum subtracted", _unshifted),
    SOFTMAX.wrong_out("one maximum for the whole batch", _shifted_as_one),
    SOFTMAX.wrong_out("softmax over the samples", _over_samples),
    SOFTMAX.wrong_out("summed over the batch", lambda out, x, y: out * x.dtype.type(len(y))),
    SOFTMAX.wrong_out("averaged over samples and classes", lambda out, x, y: out / x.dtype.type(x.shape[1])),
    SOFTMAX.wrong_out("logarithm to base 2", _bits),
    SOFTMAX.wrong_out("1e-3 inside the logarithm", _with(1e-3)),
    SOFTMAX.wrong_out("loss of the predicted class", lambda out, x, y: SOFTMAX.forward(x, x.argmax(axis=1))[0]),
    SOFTMAX.wrong_given("labels off by one", lambda x, y: {"y": (y + 1) % x.shape[1]}),
    SOFTMAX.wrong_given("label of the first sample for all", lambda x, y: {"y": np.full_like(y, y[0])}),
    SOFTMAX.wrong_gradient("dx", "without 1/N", lambda dx, dout, cache: dx * dx.dtype.type(len(dx))),
    SOFTMAX.wrong_gradient("dx", "over K, not N", lambda dx, dout, cache: dx * dx.dtype.type(len(dx) / dx.shape[1])),
    SOFTMAX.wrong_gradient("dx", "without the -1", lambda dx, dout, cache: dout * cache.p / dx.dtype.type(len(dx))),
    SOFTMAX.wrong_gradient("dx", "with the -1 not divided by N", lambda dx, dout, cache: dout * (cache.p / len(dx) - _hot(cache))),
    SOFTMAX.wrong_gradient(
        "dx", "with the -1 in the last sample only", lambda dx, dout, cache: dout * (cache.p - last_only(_hot(cache))) / len(dx)
    ),
    SOFTMAX.wrong_gradient("dx", "of the wrong sign", lambda dx, dout, cache: -dx),
    SOFTMAX.wrong_gradient("dx", "0 but for the right class", _diagonal),
    SOFTMAX.wrong_gradient("dx", "times p (1 - p)", lambda dx, dout, cache: dx * cache.p * (1 - cache.p)),
    *SOFTMAX.slightly("dx"),
)
