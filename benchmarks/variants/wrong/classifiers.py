"""Wrong classifiers: linear ones with the hinge and the softmax loss."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Layer, layer


def _penalty(given: dict[str, Any]) -> Any:
    return given["reg"] * np.sum(given["w"] ** 2)


def _linear(it: Layer) -> Iterator[Wrong]:
    """Yield the mistakes of batch and regularisation, whatever the loss."""
    backward = it.backward
    yield it.wrong_out("loss without regularisation", lambda out, **given: out - _penalty(given))
    yield it.wrong_out("loss summed over the batch", lambda out, **given: _penalty(given) + (out - _penalty(given)) * len(given["y"]))
    yield it.wrong_given("labels off by one", lambda y, w, **_: {"y": (y + 1) % w.shape[1]})
    yield it.wrong_backward("dw without regularisation", lambda dout, cache: backward(dout, cache._replace(reg=0.0)))
    yield it.wrong_backward(
        "regularisation without its factor 2", lambda dout, cache: backward(dout, cache._replace(reg_factor=cache.reg_factor / 2))
    )
    yield it.wrong_backward(
        "dw not averaged over the batch",
        lambda dout, cache: backward(dout * len(cache.x), cache._replace(reg=cache.reg / len(cache.x))),
    )
    yield it.wrong_gradient("dw", "of the wrong sign", lambda g, dout, cache: -g)
    yield from it.slightly("dw")


WRONG = (
    *_linear(layer("svm_classifier")),
    *_linear(layer("softmax_classifier")),
)
