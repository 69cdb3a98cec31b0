"""Wrong classifiers: linear ones with the hinge and the softmax loss."""

from collections.abc import Iterator

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Layer, layer


def _linear(it: Layer) -> Iterator[Wrong]:
    """Yield what goes wrong, whatever the loss."""
    yield it.wrong_given("labels off by one", lambda y, w, **_: {"y": (y + 1) % w.shape[1]})
    yield it.wrong_gradient("dw", "of the wrong sign", lambda g, dout, cache: -g)
    yield from it.slightly("dw")


WRONG = (
    *_linear(layer("svm_classifier")),
    *_linear(layer("softmax_classifier")),
)
