"""Wrong batch normalisation, of rows and of planes: spelt out here, each mistake by a change of the right one."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks.variants.wrong.making import Gradients, Layer
from reference import Array


class Cache(NamedTuple):
    """What backward needs of forward."""

    centred: Array
    std: Array
    gamma: Array


def _forward(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, *, eps: float, momentum: float, training: bool
) -> tuple[Any, Cache]:
    mean, var = (x.mean(axis=0), x.var(axis=0)) if training else (running_mean, running_var)
    std = np.sqrt(var + x.dtype.type(eps))
    keep = momentum if training else 1
    running = (keep * old + (1 - keep) * new for old, new in ((running_mean, mean), (running_var, var)))
    return (gamma * (x - mean) / std + beta, *running), Cache(x - mean, std, gamma)


def _dx(dout: Array, cache: Cache, *, samples: int) -> Array:
    """The gradient of the input from its three terms; `samples` is what the variance's term is divided by."""
    xhat = cache.centred / cache.std
    through_variance = xhat * (dout * xhat).sum(axis=0) / samples
    return np.asarray(cache.gamma / cache.std * (dout - dout.mean(axis=0) - through_variance))


def _backward(dout: Array, cache: Cache) -> Gradients:
    return _dx(dout, cache, samples=len(dout)), (dout * cache.centred / cache.std).sum(axis=0), dout.sum(axis=0)


NORM = Layer("batch_norm", _forward, _backward)


def _one_variance(out: Array, *, x: Array, gamma: Array, beta: Array, eps: float, training: bool, **_: Any) -> Array:
    """The mean of the features' variances for all of them, in training."""
    std = np.sqrt(x.var(axis=0).mean() + x.dtype.type(eps))
    return np.asarray(gamma * (x - x.mean(axis=0)) / std + beta) if training else out


def _test_mode_by_variance(
    out: Array, *, x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, training: bool, **_: Any
) -> Array:
    """Divided by the running variance itself, without eps, in test mode."""
    return out if training else np.asarray(gamma * (x - running_mean) / running_var + beta)


def _running_var(change: Callable[[Array, Array, float], Array]) -> Callable[..., Array]:
    """Another running variance in training, from `change(old, x, momentum)`."""

    def running(value: Array, *, x: Array, running_var: Array, momentum: float, training: bool, **_: Any) -> Array:
        return np.asarray(change(running_var, x, momentum)) if training else value

    return running


WRONG = (
    NORM.wrong_out("one variance for all features", _one_variance),
    NORM.wrong_out("test mode divided by the running variance", _test_mode_by_variance),
    NORM.wrong_beside("running variance of the whole batch", 1, _running_var(lambda old, x, m: m * old + (1 - m) * x.var())),
    NORM.wrong_beside("running variance with a momentum of 0.95", 1, _running_var(lambda old, x, m: 0.95 * old + 0.05 * x.var(axis=0))),
    NORM.wrong_beside("momentum of both kinds", 1, _running_var(lambda old, x, m: m * old + m * x.var(axis=0))),
    NORM.wrong_gradient("dx", "with N - 1 in the variance", lambda dx, dout, cache: _dx(dout, cache, samples=max(len(dout) - 1, 1))),
    NORM.wrong_gradient("dbeta", "times gamma", lambda d, dout, cache: d * cache.gamma),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)
