"""Wrong batch normalisation, of rows and of planes: spelt out here, each mistake by a change of the right one."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Forward, Gradients, Layer
from reference import Array


class Cache(NamedTuple):
    """What backward needs of forward."""

    x: Array
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
    return (gamma * (x - mean) / std + beta, *running), Cache(x, x - mean, std, gamma)


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
    """A forward pass by `change(x, eps)` in the place of the standard deviation, in training."""

    def forward(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **options: Any) -> tuple[Any, Cache]:
        (out, *running), cache = _forward(x, gamma, beta, running_mean, running_var, **options)
        if options["training"]:
            with np.errstate(divide="ignore", invalid="ignore"):  # a constant feature has a deviation of 0
                out = gamma * cache.centred / change(x, x.dtype.type(options["eps"])) + beta
        return (out, *running), cache

    return forward


def _unbiased(x: Array, eps: Any) -> Array:
    return np.asarray(np.sqrt(x.var(axis=0) * (len(x) / max(len(x) - 1, 1)) + eps))


def _over_features(out: Array, *, x: Array, gamma: Array, beta: Array, eps: float, training: bool, **_: Any) -> Array:
    """Mean and variance of every sample: layer normalisation."""
    std = np.sqrt(x.var(axis=1, keepdims=True) + x.dtype.type(eps))
    return np.asarray(gamma * (x - x.mean(axis=1, keepdims=True)) / std + beta) if training else out


def _in_test_mode(change: Callable[..., Array]) -> Callable[..., Array]:
    """Another output in test mode alone."""
    return lambda out, **given: out if given["training"] else np.asarray(change(out, **given))


def _new_share(change: Callable[..., Array]) -> Callable[..., Array]:
    """Another statistic of the batch, from `change(x, eps)`, of which the running one takes its share."""

    def running(value: Array, *, x: Array, running_var: Array, eps: float, momentum: float, training: bool, **_: Any) -> Array:
        if not training:
            return value
        return np.asarray(momentum * running_var + (1 - momentum) * change(x, x.dtype.type(eps)))

    return running


def _of(name: str, change: Callable[..., Any]) -> Callable[..., Array]:
    """Another running statistic in training, from `change(old, new, momentum)`."""

    def running(value: Array, *, momentum: float, training: bool, **given: Any) -> Array:
        old = given[name]
        new = given["x"].mean(axis=0) if name == "running_mean" else given["x"].var(axis=0)
        return np.asarray(change(old, new, momentum)) if training else value

    return running


def _statistics() -> Iterator[Wrong]:
    """Yield mistakes of the running statistics."""
    yield NORM.wrong_beside("running variance stores the deviation", 1, _new_share(lambda x, eps: x.std(axis=0)))
    yield NORM.wrong_beside("running variance includes eps", 1, _new_share(lambda x, eps: x.var(axis=0) + eps))
    yield NORM.wrong_beside("running variance of the whole batch", 1, _new_share(lambda x, eps: np.full(x.shape[1], x.var())))
    yield NORM.wrong_beside("running mean not updated", 0, _of("running_mean", lambda old, new, m: old))
    yield NORM.wrong_beside("running mean that of the batch alone", 0, _of("running_mean", lambda old, new, m: new))
    yield NORM.wrong_beside("running mean without 1 - momentum", 0, _of("running_mean", lambda old, new, m: m * old + new))
    yield NORM.wrong_beside("running variance with a momentum of 0.95", 1, _of("running_var", lambda old, new, m: 0.95 * old + 0.05 * new))
    yield NORM.wrong_beside("momentum of both kinds", 1, _of("running_var", lambda old, new, m: m * old + m * new))


WRONG = (
    NORM.wrong_forward("variance over N - 1", _std(_unbiased)),
    NORM.wrong_forward("eps omitted", _std(lambda x, eps: np.sqrt(x.var(axis=0)))),
    NORM.wrong_forward("eps outside the root", _std(lambda x, eps: np.sqrt(x.var(axis=0)) + eps)),
    NORM.wrong_forward("divided by the variance", _std(lambda x, eps: x.var(axis=0) + eps)),
    NORM.wrong_out("mean and variance over the features", _over_features),
    NORM.wrong_forward("one variance for all features", _std(lambda x, eps: np.sqrt(np.full(x.shape[1], x.var(axis=0).mean()) + eps))),
    NORM.wrong_out("beta forgotten", lambda out, beta, **_: out - beta),
    NORM.wrong_given("gamma forgotten", lambda gamma, **_: {"gamma": np.ones_like(gamma)}),
    NORM.wrong_out(
        "test mode without gamma and beta", _in_test_mode(lambda out, gamma, beta, **_: (out - beta) / np.where(gamma == 0, 1, gamma))
    ),
    NORM.wrong_out(
        "test mode by the batch",
        _in_test_mode(lambda out, x, gamma, beta, eps, **_: gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta),
    ),
    NORM.wrong_out(
        "test mode divided by the running variance",
        _in_test_mode(lambda out, x, gamma, beta, running_mean, running_var, **_: gamma * (x - running_mean) / running_var + beta),
    ),
    *_statistics(),
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
