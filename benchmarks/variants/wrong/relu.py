"""Wrong ReLUs."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Layer, layer
from reference import Array

_SPEC = layer("relu")
RELU = Layer("relu", lambda x: (_SPEC.forward(x)[0], x), lambda dout, x: (np.where(x > 0, dout, 0),))  # x as its cache


def _threshold(x: Array) -> tuple[Any, Any]:
    return np.where(x > 0.02, x, 0), x


WRONG = (
    RELU.wrong_forward("threshold of 0.02", _threshold, lambda dout, x: (np.where(x > 0.02, dout, 0),)),
    RELU.wrong_out("clipped at 6", lambda out, x: np.minimum(out, 6)),
    RELU.wrong_gradient("dx", "masked at a threshold of 0.02", lambda dx, dout, x: np.where(x > 0.02, dout, 0)),
    *RELU.slightly("dx"),
)
