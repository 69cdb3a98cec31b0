"""Wrong layer normalisation."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Forward, layer
from reference import Array

NORM = layer("layer_norm")


def _by(std: Any, axis: int = 1) -> Forward:
    """A forward pass by `std(x, eps)` in the place of the deviation, about the mean along an axis."""

    def forward(x: Array, gamma: Array, beta: Array, *, eps: float) -> tuple[Array, Any]:
        with np.errstate(divide="ignore", invalid="ignore"):
            out = gamma * (x - x.mean(axis=axis, keepdims=True)) / std(x, x.dtype.type(eps)) + beta
        return out, NORM.forward(x, gamma, beta, eps=eps)[1]

    return forward


def _rows(x: Array, eps: Any) -> Array:
    return np.asarray(np.sqrt(x.var(axis=1, keepdims=True) + eps))


def _back(dx: Array, dout: Array, cache: Any, *, gamma: float = 1, mean: float = 1, along: float = 1, axis: int = 1) -> Array:
    (h, inverse), weights = cache
    g = dout * weights if gamma else dout
    means = (a.mean(axis=axis, keepdims=True) for a in (g, g * h))
    plain, through = means
    return np.asarray(inverse * (g - mean * plain - along * h * through))


WRONG = (
    NORM.wrong_forward("mean and variance over the batch", _by(lambda x, eps: np.sqrt(x.var(axis=0) + eps), axis=0)),
    NORM.wrong_forward("variance over D - 1", _by(lambda x, eps: np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps))),
    NORM.wrong_forward("eps outside the root", _by(lambda x, eps: np.sqrt(x.var(axis=1, keepdims=True)) + eps)),
    NORM.wrong_forward("divided by the variance", _by(lambda x, eps: x.var(axis=1, keepdims=True) + eps)),
    NORM.wrong_forward("one variance for the whole batch", _by(lambda x, eps: np.sqrt(x.var() + eps))),
    NORM.wrong_forward("mean of the batch, variance of the sample", _by(_rows, axis=0)),
    NORM.wrong_out("beta forgotten", lambda out, beta, **_: out - beta),
    NORM.wrong_given("gamma forgotten", lambda gamma, **_: {"gamma": np.ones_like(gamma)}),
    NORM.wrong_gradient("dx", "with the means over the batch", lambda *given: _back(*given, axis=0)),
    NORM.wrong_gradient("dx", "without gamma", lambda *given: _back(*given, gamma=0)),
    NORM.wrong_gradient("dx", "without the mean", lambda *given: _back(*given, mean=0)),
    NORM.wrong_gradient("dx", "without the variance", lambda *given: _back(*given, along=0)),
    NORM.wrong_gradient("dx", "with gamma outside the means", lambda dx, dout, cache: _back(dx, dout, cache, gamma=0) * cache.gamma),
    NORM.wrong_gradient("dgamma", "averaged over the batch", lambda d, dout, cache: d / d.dtype.type(len(dout))),
    NORM.wrong_gradient("dgamma", "of the first sample", lambda d, dout, cache: (dout * cache.normalised.h)[0]),
    NORM.wrong_gradient("dbeta", "averaged over the batch", lambda d, dout, cache: d / d.dtype.type(len(dout))),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)
