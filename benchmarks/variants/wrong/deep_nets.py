"""Wrong nets of several layers: fully connected, and with a convolution in front."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Layer, layer
from reference import Array


def _without_reg(place: int) -> Any:
    """The gradient of one weight without its share of the regularisation."""

    def change(g: Array, dout: Array, cache: Any) -> Array:
        inner = getattr(cache, "dense", cache)
        weights = [*getattr(cache, "weights", []), *(inner.weights if inner is not cache else [])]
        return np.asarray(g - dout * 2 * inner.reg_factor * inner.reg * weights[place])

    return change


def _common(net: Layer, depth: int) -> Iterator[Wrong]:
    yield net.wrong_given("first bias forgotten", lambda b1, **_: {"b1": 0 * b1})
    yield net.wrong_gradient("W1", "not regularised", _without_reg(0))
    yield net.wrong_gradient(f"W{depth}", "not regularised", _without_reg(depth - 1))
    yield net.wrong_gradient("b2", "doubled", lambda g, dout, cache: 2 * g)
    yield from net.slightly("W1", f"W{depth}")


_PATTERN = layer("deep_conv_net")


def _let_through(dout: Array, cache: Any) -> tuple[Array, ...]:
    """The gradients where the first ReLU of every block has no part in them."""
    blocks = [([(conv, np.ones_like(mask)), *rest], pool) for ((conv, mask), *rest), pool in cache.blocks]
    return _PATTERN.backward(dout, cache._replace(blocks=blocks))


WRONG = (
    *_common(layer("fully_connected_net"), 5),
    *_common(layer("three_layer_conv_net"), 3),
    *_common(_PATTERN, 4),
    _PATTERN.wrong_backward("first ReLU of every block without a part in the gradient", _let_through),
)
