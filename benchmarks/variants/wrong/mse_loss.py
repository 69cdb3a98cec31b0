"""Wrong mean squared errors."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

MSE = layer("mse_loss")


def _sized(dx: Array) -> Any:
    return dx.dtype.type(dx.size)


WRONG = (
    MSE.wrong_out("root of the mean", lambda out, x, y: np.sqrt(out)),
    MSE.wrong_out("absolute differences", lambda out, x, y: np.abs(x - y).mean()),
    MSE.wrong_out("summed", lambda out, x, y: ((x - y) ** 2).sum()),
    MSE.wrong_out("averaged twice", lambda out, x, y: out / x.dtype.type(len(x))),
    MSE.wrong_out("square of the mean difference", lambda out, x, y: (x - y).mean() ** 2),
    MSE.wrong_out("of the first sample", lambda out, x, y: ((x[0] - y[0]) ** 2).mean()),
    MSE.wrong_gradient("dx", "without 2/N", lambda dx, dout, cache: dout * cache.difference),
    MSE.wrong_gradient("dx", "without the 2", lambda dx, dout, cache: dx / 2),
    MSE.wrong_gradient("dx", "not averaged", lambda dx, dout, cache: dx * _sized(dx)),
    MSE.wrong_gradient("dx", "over N, not N D", lambda dx, dout, cache: dx * dx.dtype.type(dx.shape[1])),
    MSE.wrong_gradient("dx", "of the wrong sign", lambda dx, dout, cache: -dx),
    MSE.wrong_gradient("dx", "the sign of the difference", lambda dx, dout, cache: np.sign(cache.difference) / _sized(dx)),
    *MSE.slightly("dx"),
)
