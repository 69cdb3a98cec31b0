"""Wrong classifiers: linear ones with the hinge and the softmax loss, and nearest neighbours."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.variants import Wrong
from benchmarks.variants.wrong.making import Layer, layer
from reference import Array

KNN = layer("knn")


def _linear(it: Layer) -> Iterator[Wrong]:
    """Yield what goes wrong, whatever the loss."""
    yield it.wrong_given("labels off by one", lambda y, w, **_: {"y": (y + 1) % w.shape[1]})
    yield it.wrong_gradient("dw", "of the wrong sign", lambda g, dout, cache: -g)
    yield from it.slightly("dw")


def _distances(change: Any) -> Any:
    """Other distances, of the differences of all pairs (M, T, D)."""
    return lambda out, x, x_train, **_: change(x[:, None] - x_train)


def _elected(change: Any) -> Any:
    """Another vote, of the classes of the k nearest (M, k)."""

    def vote(labels: Array, y_train: Array, dists: Array, k: int, **_: Any) -> Any:
        nearest = y_train[np.argsort(np.abs(dists), axis=1)]
        return np.array([change(row, k) for row in nearest], labels.dtype)

    return vote


def _last_of_ties(row: Array, k: int) -> Any:
    counts = np.bincount(row[:k])
    return len(counts) - 1 - counts[::-1].argmax()


WRONG = (
    *_linear(layer("svm_classifier")),
    *_linear(layer("softmax_classifier")),
    KNN.wrong_out("distances squared", _distances(lambda d: (d * d).sum(axis=2))),
    KNN.wrong_out("sums of absolute differences", _distances(lambda d: np.abs(d).sum(axis=2))),
    KNN.wrong_out("the mean of the squares", _distances(lambda d: np.sqrt((d * d).mean(axis=2)))),
    KNN.wrong_beside("ties go to the largest class", 0, _elected(_last_of_ties)),
    KNN.wrong_beside("the nearest decides alone", 0, _elected(lambda row, k: row[0])),
    KNN.wrong_beside("the farthest vote", 0, _elected(lambda row, k: np.bincount(row[-k:]).argmax())),
)
