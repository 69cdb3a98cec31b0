"""k nearest neighbours: the distances of all pairs, and the vote of the nearest."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import labels
from reference.errors import ShapeError
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Sizes, Traits, Values

APART = 1e-3  # nearer than that, rounding could decide which of two neighbours is nearer
NEAR = 0.05  # below it, expanding (a - b)^2 leaves too few digits of the square


def forward(x: Array, x_train: Array, y_train: Array, dists: Array, *, k: int = 1) -> tuple[tuple[Array, Array], None]:
    r"""Return the Euclidean distances of all pairs, and the classes that given distances elect.

    $$d_{mt} = \sqrt{\sum_i (x_{mi} - z_{ti})^2}$$

    Distances and vote are separate questions, so that a wrong distance does not spoil the vote.

    Args:
        x: Points to classify, shape (M, D).
        x_train: Points whose classes are known, shape (T, D).
        y_train: Their classes, whole numbers, shape (T,).
        dists: Distances to vote by, shape (M, T); the absolute value of each counts.
        k: How many of the nearest vote, at most T.

    Returns:
        (out, labels): Distances, shape (M, T), and the class with the most votes, of several the smallest, shape (M,).
        cache: None; nothing is differentiated.

    Raises:
        ShapeError: The sizes do not agree.

    Source: CS231n, assignment 1, `KNearestNeighbor`; distances as torch.cdist.
    """
    if x.ndim != 2 or x_train.shape[1:] != x.shape[1:] or dists.shape != (len(x), len(x_train)) or not 1 <= k <= len(x_train):
        raise ShapeError(f"knn: x {x.shape}, x_train {x_train.shape}, dists {dists.shape}, k = {k} must be (M, D), (T, D), (M, T), k <= T.")
    labels.check("knn", np.zeros((len(y_train), int(y_train.max(initial=0)) + 1)), y_train)
    out = np.sqrt(((x[:, None] - x_train) ** 2).sum(axis=2))
    nearest = y_train[np.argsort(np.abs(dists), axis=1)[:, :k]]
    votes = (nearest[:, :, None] == np.arange(y_train.max() + 1)).sum(axis=1)
    return (out, votes.argmax(axis=1).astype(x.dtype)), None


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """The errors of |a|^2 - 2 a.b + |b|^2, which cancels, through the root; a class is exact."""
    del options, dout
    a, b = np.abs(arrays["x"]), np.abs(arrays["x_train"])
    square = ((a[:, None] + b) ** 2).sum(axis=2)
    (d, classes), _ = forward(arrays["x"], arrays["x_train"], arrays["y_train"], arrays["dists"])
    return Magnitude(d + square / (2 * np.maximum(d, NEAR)), (), beside=(np.zeros(classes.shape),))


def kinks(x: Array, x_train: Array, y_train: Array, dists: Array, *, k: int) -> Array:
    """Whether points nearly coincide, or the k-th and the next neighbour are so near that rounding could change them."""
    (d, _), _ = forward(x, x_train, y_train, dists)
    ranked = np.sort(np.abs(dists), axis=1)
    return np.asarray(bool(d.min() < NEAR) or bool((ranked[:, k : k + 1] - ranked[:, k - 1 : k] < APART).any()))


def votes(sizes: Sizes) -> bool:
    """Whether there are k neighbours."""
    return bool(sizes["k"] <= sizes["T"])


SPEC = LayerSpec(
    name="knn",
    forward=forward,
    magnitude=magnitude,
    kinks=kinks,
    arguments=(
        Argument(name="x", axes="M D"),
        Argument(name="x_train", axes="T D"),
        Argument(name="y_train", axes="T", labels=True),
        Argument(name="dists", axes="M T"),
    ),
    axes={"M": (1, 4), "T": (2, 8), "D": (2, 5), "K": (2, 4)},
    options={"k": (1, 2, 3, 5)},
    beside=("labels",),
    versions=("two_loops", "one_loop"),
    where=votes,
    traits=Traits(coupled=True),
    scenarios=(
        Scenario(title="small", axes={"M": (2, 2), "T": (3, 3), "D": (2, 2)}, options={"k": (1,)}),
        Scenario(title="the nearest alone", axes={"M": (3, 3), "T": (5, 6), "D": (4, 4)}, options={"k": (1,)}, count=2),
        Scenario(title="two vote, and may tie", axes={"M": (4, 4), "T": (6, 8), "K": (3, 4)}, options={"k": (2,)}, count=3),
        Scenario(title="five vote", axes={"M": (4, 4), "T": (7, 8), "K": (3, 4)}, options={"k": (5,)}, count=2),
        Scenario(title="all vote", axes={"T": (5, 5)}, options={"k": (5,)}),
        Scenario(title="one point", axes={"M": (1, 1)}),
        Scenario(title="one feature", axes={"D": (1, 1), "M": (1, 2), "T": (2, 3)}, options={"k": (1, 2)}),
        Scenario(title="negative inputs", values=Values.NEGATIVE),
        Scenario(title="float32", axes={"M": (3, 3), "T": (5, 5)}, single=True),
    ),
)
