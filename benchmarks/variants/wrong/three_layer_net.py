"""Wrong nets of three affine layers, a sigmoid after the first and a ReLU after the second."""

from typing import Any

from benchmarks.variants.wrong.making import layer
from benchmarks.variants.wrong.nets import before, chained, common, right_slope
from reference import Array, dense

NET = layer("three_layer_net")


def _activations(*kinds: str) -> Any:
    """The net with other activations, and the gradients that belong to them."""

    def forward(x: Array, y: Array, *, reg: float, **params: Array) -> tuple[Any, Any]:
        return dense.forward(x, y, dense.pairs(params), kinds, reg=reg)

    return forward


def _slopes(sigmoid: Any = None, relu: Any = None) -> Any:
    """The chain rule with another derivative of the sigmoid or of the ReLU: `(dh, its input, its cache)`."""

    def slope(i: int, dh: Array, cache: Any) -> Array:
        other = (sigmoid, relu)[i]
        changed: Array = other(dh, before(i, cache), cache.activation[i]) if other else right_slope(i, dh, cache)
        return changed

    return lambda dout, cache: chained(dout, cache, slope)


def _exchanged(i: int, dh: Array, cache: Any) -> Array:
    """The mask of a ReLU at the sigmoid, and y (1 - y) at the ReLU."""
    a = before(i, cache)
    y = a * cache.activation[i]
    return dh * y * (1 - y) if i else dh * (a > 0)


WRONG = (
    NET.wrong_forward("sigmoid after both", _activations("sigmoid", "sigmoid")),
    NET.wrong_forward("ReLU after both", _activations("relu", "relu")),
    NET.wrong_forward("ReLU before the sigmoid", _activations("relu", "sigmoid")),
    NET.wrong_backward("derivative of the ReLU forgotten", _slopes(relu=lambda dh, a, kept: dh)),
    NET.wrong_backward("ReLU masked by its gradient", _slopes(relu=lambda dh, a, kept: dh * (dh > 0))),
    NET.wrong_backward("leak of 0.01 in the ReLU's gradient", _slopes(relu=lambda dh, a, kept: dh * (0.01 + 0.99 * kept))),
    NET.wrong_backward("derivative of the sigmoid forgotten", _slopes(sigmoid=lambda dh, a, y: dh)),
    NET.wrong_backward("derivative of the sigmoid at its input", _slopes(sigmoid=lambda dh, a, y: dh * a * (1 - a))),
    NET.wrong_backward("derivative of the sigmoid without 1 - y", _slopes(sigmoid=lambda dh, a, y: dh * y)),
    NET.wrong_backward("derivatives of sigmoid and ReLU exchanged", lambda dout, cache: chained(dout, cache, _exchanged)),
    *common(NET),
    *NET.slightly("W1", "b2", "W3"),
)
