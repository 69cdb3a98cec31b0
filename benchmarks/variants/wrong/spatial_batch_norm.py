"""Wrong batch normalisation of planes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Forward, layer
from reference import Array

SPATIAL = layer("spatial_batch_norm")
PLANES = (0, 2, 3)


def _over(axes: tuple[int, ...]) -> Forward:
    """Mean and variance over other axes, in training."""

    def forward(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **options: Any) -> tuple[Any, Any]:
        (out, *running), cache = SPATIAL.forward(x, gamma, beta, running_mean, running_var, **options)
        if options["training"]:
            std = np.sqrt(x.var(axis=axes, keepdims=True) + x.dtype.type(options["eps"]))
            out = gamma[:, None, None] * (x - x.mean(axis=axes, keepdims=True)) / std + beta[:, None, None]
        return (out, *running), cache

    return forward


def _not_moved(out: Array, **given: Any) -> Array:
    """Reshaped to rows without moving the channel axis last."""
    x = given["x"]
    rows = x.reshape(-1, 1, 1, x.shape[1]).transpose(0, 3, 1, 2)
    return np.asarray(SPATIAL.forward(**{**given, "x": rows})[0][0].transpose(0, 2, 3, 1).reshape(x.shape))


def _back_not_moved(dx: Array, dout: Array, cache: Any) -> Array:
    return np.asarray(dx.transpose(0, 2, 3, 1).reshape(dx.shape))


def _test_mode(change: Callable[..., Array]) -> Callable[..., Array]:
    return lambda out, **given: out if given["training"] else np.asarray(change(out, **given))


WRONG = (
    SPATIAL.wrong_out("channel axis not moved last", _not_moved),
    SPATIAL.wrong_forward("mean and variance over the batch alone", _over((0,))),
    SPATIAL.wrong_forward("mean and variance of every plane", _over((2, 3))),
    SPATIAL.wrong_forward("mean and variance over all channels", _over((0, 1, 2, 3))),
    SPATIAL.wrong_out(
        "test mode without gamma and beta",
        _test_mode(lambda out, gamma, beta, **_: (out - beta[:, None, None]) / np.where(gamma == 0, 1, gamma)[:, None, None]),
    ),
    SPATIAL.wrong_beside(
        "running variance stores the deviation",
        1,
        lambda value, x, running_var, momentum, training, **_: (
            momentum * running_var + (1 - momentum) * x.std(axis=PLANES) if training else value
        ),
    ),
    SPATIAL.wrong_beside("running mean not updated", 0, lambda value, running_mean, **_: running_mean),
    SPATIAL.wrong_gradient("dx", "with the channel axis not moved back", _back_not_moved),
    SPATIAL.wrong_gradient("dgamma", "averaged over the batch", lambda d, dout, cache: d / d.dtype.type(len(dout))),
    SPATIAL.wrong_gradient("dbeta", "of the first sample", lambda d, dout, cache: dout[0].sum(axis=(1, 2))),
    SPATIAL.wrong_gradient("dbeta", "averaged over planes", lambda d, dout, cache: dout.mean(axis=(2, 3)).sum(axis=0)),
    *SPATIAL.slightly("dx", "dgamma", "dbeta"),
)
