"""Wrong group normalisation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Forward, layer
from reference import Array

NORM = layer("group_norm")


def _statistics(groups: Callable[[Array, int], Array], axes: tuple[int, ...], std: Callable[[Array, Any], Array] | None = None) -> Forward:
    """Mean and variance over `axes` of another layout, which reshapes back to that of x."""

    def forward(x: Array, gamma: Array, beta: Array, *, num_groups: int, eps: float) -> tuple[Array, Any]:
        laid = groups(x, num_groups)
        var, small = laid.var(axis=axes, keepdims=True), x.dtype.type(eps)
        with np.errstate(divide="ignore", invalid="ignore"):
            h = (laid - laid.mean(axis=axes, keepdims=True)) / (std(var, small) if std else np.sqrt(var + small))
        out = h.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None]
        return out, NORM.forward(x, gamma, beta, num_groups=num_groups, eps=eps)[1]

    return forward


def _five(x: Array, groups: int) -> Array:
    return x.reshape(len(x), groups, -1, *x.shape[2:])


def _flipped(x: Array, groups: int) -> Array:
    """Groups of channels as many as a group should have."""
    return x.reshape(len(x), -1, groups, *x.shape[2:])


def _per_group(values: Array, num_groups: int) -> Array:
    """The first entry of every group for all of its channels."""
    return np.repeat(values.reshape(num_groups, -1)[:, 0], len(values) // num_groups)


def _interleaved(out: Array, **given: Any) -> Array:
    """Channels c, c + G, c + 2 G, ... together."""
    C, groups = given["x"].shape[1], given["num_groups"]
    order = np.arange(C).reshape(-1, groups).T.ravel()
    turned = {name: given[name][:, order] if name == "x" else given[name][order] for name in ("x", "gamma", "beta")}
    return np.asarray(NORM.forward(**{**given, **turned})[0][:, np.argsort(order)])


WRONG = (
    NORM.wrong_given("one group", lambda **_: {"num_groups": 1}),
    NORM.wrong_given("every channel a group", lambda x, **_: {"num_groups": x.shape[1]}),
    NORM.wrong_out("channels of a group interleaved", _interleaved),
    NORM.wrong_forward("as many channels to a group as there should be groups", _statistics(_flipped, (2, 3, 4))),
    NORM.wrong_forward("mean and variance over the batch, too", _statistics(_five, (0, 2, 3, 4))),
    NORM.wrong_forward("mean and variance of a plane's rows", _statistics(_five, (2, 4))),
    NORM.wrong_forward("eps outside the root", _statistics(_five, (2, 3, 4), lambda var, eps: np.sqrt(var) + eps)),
    NORM.wrong_given(
        "gamma per group",
        lambda gamma, beta, num_groups, **_: {"gamma": _per_group(gamma, num_groups), "beta": _per_group(beta, num_groups)},
    ),
    NORM.wrong_out("beta forgotten", lambda out, beta, **_: out - beta[:, None, None]),
    NORM.wrong_gradient("dx", "without the terms of the statistics", lambda dx, dout, cache: _constant(dout, cache)),
    NORM.wrong_gradient(
        "dx", "without gamma", lambda dx, dout, cache: NORM.backward(dout, cache._replace(gamma=np.ones_like(cache.gamma)))[0]
    ),
    NORM.wrong_gradient("dgamma", "averaged over the planes", lambda d, dout, cache: d / d.dtype.type(dout[0, 0].size)),
    NORM.wrong_gradient("dbeta", "of the first sample", lambda d, dout, cache: dout[0].sum(axis=(1, 2))),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)


def _constant(dout: Array, cache: Any) -> Array:
    dh = (dout * cache.gamma[:, None, None]).reshape(cache.normalised.h.shape)
    return np.asarray((dh * cache.normalised.inverse).reshape(dout.shape))
