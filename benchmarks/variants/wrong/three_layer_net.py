"""Wrong nets of three affine layers, a sigmoid after the first and a ReLU after the second."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.nets import Kept, before, chained, common, dense_net, right_slope
from reference import Array

NET = dense_net("three_layer_net")


def _slopes(sigmoid: Any = None, relu: Any = None) -> Any:
    """The chain rule with another derivative of the sigmoid or of the ReLU: `(dh, its input, its cache)`."""

    def slope(i: int, dh: Array, kept: Kept) -> Array:
        other = (sigmoid, relu)[i]
        changed: Array = other(dh, before(i, kept), kept.net.activation[i]) if other else right_slope(i, dh, kept)
        return changed

    return lambda dout, kept: chained(dout, kept, slope)


def _exchanged(i: int, dh: Array, kept: Kept) -> Array:
    """The mask of a ReLU at the sigmoid, and y (1 - y) at the ReLU."""
    a = before(i, kept)
    return dh * np.maximum(a, 0) * (1 - np.maximum(a, 0)) if i else dh * (a > 0)


WRONG = (
    NET.wrong_backward("derivative of the ReLU forgotten", _slopes(relu=lambda dh, a, mask: dh)),
    NET.wrong_backward("ReLU masked by its gradient", _slopes(relu=lambda dh, a, mask: dh * (dh > 0))),
    NET.wrong_backward("leak of 0.01 in the ReLU's gradient", _slopes(relu=lambda dh, a, mask: dh * (0.01 + 0.99 * mask))),
    NET.wrong_backward("derivative of the sigmoid forgotten", _slopes(sigmoid=lambda dh, a, y: dh)),
    NET.wrong_backward("derivative of the sigmoid at its input", _slopes(sigmoid=lambda dh, a, y: dh * a * (1 - a))),
    NET.wrong_backward("derivative of the sigmoid without 1 - y", _slopes(sigmoid=lambda dh, a, y: dh * y)),
    NET.wrong_backward("derivatives of sigmoid and ReLU exchanged", lambda dout, kept: chained(dout, kept, _exchanged)),
    *common(NET),
    *NET.slightly("W1", "b2", "W3"),
)
