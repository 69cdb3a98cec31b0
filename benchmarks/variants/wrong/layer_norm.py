"""Wrong layer normalisation."""

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

NORM = layer("layer_norm")


def _one_variance(out: Array, *, x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """The variance of the whole batch for every sample."""
    return np.asarray(gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var() + x.dtype.type(eps)) + beta)


def _two_axes(out: Array, *, x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """The mean of the batch, but the variance of the sample."""
    return np.asarray(gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=1, keepdims=True) + x.dtype.type(eps)) + beta)


WRONG = (
    NORM.wrong_out("one variance for the whole batch", _one_variance),
    NORM.wrong_out("mean of the batch, variance of the sample", _two_axes),
    NORM.wrong_gradient("dgamma", "of the first sample", lambda d, dout, cache: (dout * cache.normalised.h)[0]),
    *NORM.slightly("dx", "dgamma", "dbeta"),
)
