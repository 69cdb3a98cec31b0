"""Wrong group normalisation."""

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

NORM = layer("group_norm")


def _of_rows(out: Array, *, x: Array, gamma: Array, beta: Array, num_groups: int, eps: float) -> Array:
    """Mean and variance over the channels of a group and one axis of the plane."""
    laid = x.reshape(len(x), num_groups, -1, *x.shape[2:])
    std = np.sqrt(laid.var(axis=(2, 4), keepdims=True) + x.dtype.type(eps))
    h = (laid - laid.mean(axis=(2, 4), keepdims=True)) / std
    return np.asarray(h.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None])


def _per_group(values: Array, num_groups: int) -> Array:
    """The first entry of every group for all of its channels."""
    return np.repeat(values.reshape(num_groups, -1)[:, 0], len(values) // num_groups)


WRONG = (
    NORM.wrong_out("mean and variance of a plane's rows", _of_rows),
    NORM.wrong_given(
        "gamma per group",
        lambda gamma, beta, num_groups, **_: {"gamma": _per_group(gamma, num_groups), "beta": _per_group(beta, num_groups)},
    ),
    NORM.wrong_gradient("dgamma", "averaged over the planes", lambda d, dout, cache: d / d.dtype.type(dout[0, 0].size)),
    NORM.wrong_gradient("dbeta", "of the first sample", lambda d, dout, cache: dout[0].sum(axis=(1, 2))),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)
