"""Wrong batch normalisation: spelt out here, each mistake by a change of the right one."""

from typing import Any, NamedTuple

import numpy as np

from benchmarks.variants.wrong.making import Forward, Gradients, Layer
from reference import Array


class Cache(NamedTuple):
    """What backward needs of forward."""

    x: Array
    centred: Array
    std: Array
    gamma: Array


def _forward(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Cache]:
    return _from_std(x, gamma, beta, np.sqrt(x.var(axis=0) + x.dtype.type(eps)))


def _from_std(x: Array, gamma: Array, beta: Array, std: Array) -> tuple[Array, Cache]:
    centred = x - x.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):  # a constant feature has a deviation of 0
        return gamma * centred / std + beta, Cache(x, centred, std, gamma)


def _dx(dout: Array, cache: Cache, *, mean: float = 1, variance: float = 1, samples: int = 0) -> Array:
    """The gradient of the input from its three terms; `samples` is what the variance's term is divided by."""
    xhat = cache.centred / cache.std
    through_mean = dout.mean(axis=0)
    through_variance = xhat * (dout * xhat).sum(axis=0) / (samples or len(dout))
    return np.asarray(cache.gamma / cache.std * (dout - mean * through_mean - variance * through_variance))


def _backward(dout: Array, cache: Cache) -> Gradients:
    return _dx(dout, cache), (dout * cache.centred / cache.std).sum(axis=0), dout.sum(axis=0)


NORM = Layer("batch_norm", _forward, _backward)


def _std(change: Any) -> Forward:
    """A forward pass by `change(x, eps)` in the place of the standard deviation."""

    def forward(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Cache]:
        out, _ = _from_std(x, gamma, beta, change(x, x.dtype.type(eps)))
        return out, _forward(x, gamma, beta, eps=eps)[1]

    return forward


def _unbiased(x: Array, eps: Any) -> Array:
    return np.asarray(np.sqrt(x.var(axis=0) * (len(x) / max(len(x) - 1, 1)) + eps))


def _over_features(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Cache]:
    """Mean and variance of every sample: layer normalisation."""
    _, cache = _forward(x, gamma, beta, eps=eps)
    std = np.sqrt(x.var(axis=1, keepdims=True) + x.dtype.type(eps))
    return gamma * (x - x.mean(axis=1, keepdims=True)) / std + beta, cache


WRONG = (
    NORM.wrong_forward("variance over N - 1", _std(_unbiased)),
    NORM.wrong_forward("eps omitted", _std(lambda x, eps: np.sqrt(x.var(axis=0)))),
    NORM.wrong_forward("eps outside the root", _std(lambda x, eps: np.sqrt(x.var(axis=0)) + eps)),
    NORM.wrong_forward("divided by the variance", _std(lambda x, eps: x.var(axis=0) + eps)),
    NORM.wrong_forward("mean and variance over the features", _over_features),
    NORM.wrong_forward("one variance for all features", _std(lambda x, eps: np.sqrt(np.full(x.shape[1], x.var(axis=0).mean()) + eps))),
    NORM.wrong_out("beta forgotten", lambda out, beta, **_: out - beta),
    NORM.wrong_out("gamma forgotten", lambda out, x, beta, **_: _forward(x, np.ones_like(beta), beta)[0]),
    NORM.wrong_gradient("dx", "without the batch mean", lambda dx, dout, cache: _dx(dout, cache, mean=0)),
    NORM.wrong_gradient("dx", "without the variance", lambda dx, dout, cache: _dx(dout, cache, variance=0)),
    NORM.wrong_gradient("dx", "with both statistics held constant", lambda dx, dout, cache: _dx(dout, cache, mean=0, variance=0)),
    NORM.wrong_gradient("dx", "with N - 1 in the variance", lambda dx, dout, cache: _dx(dout, cache, samples=max(len(dout) - 1, 1))),
    NORM.wrong_gradient("dx", "with half the variance's term", lambda dx, dout, cache: _dx(dout, cache, variance=0.5)),
    NORM.wrong_gradient("dx", "without gamma", lambda dx, dout, cache: _dx(dout, cache._replace(gamma=np.ones_like(cache.gamma)))),
    NORM.wrong_gradient("dgamma", "from x - mean, not divided", lambda d, dout, cache: (dout * cache.centred).sum(axis=0)),
    NORM.wrong_gradient("dgamma", "from x", lambda d, dout, cache: (dout * cache.x).sum(axis=0)),
    NORM.wrong_gradient("dgamma", "averaged over the batch", lambda d, dout, cache: d / len(dout)),
    NORM.wrong_gradient("dbeta", "averaged over the batch", lambda d, dout, cache: d / len(dout)),
    NORM.wrong_gradient("dbeta", "times gamma", lambda d, dout, cache: d * cache.gamma),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)
