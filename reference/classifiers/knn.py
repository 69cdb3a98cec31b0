"""k nearest neighbours: the distances of all pairs, and the vote of the nearest."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference import labels
from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception
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


def magnitude(arrays: Mapping[str, Array], _: Mapping[str, Any], __: Array | None) -> Magnitude:
    """The errors of |a|^2 - 2 a.b + |b|^2, which cancels, through the root; a class is exact."""
    a, b = np.abs(arrays["x"]), np.abs(arrays["x_train"])
    square = ((a[:, None] + b) ** 2).sum(axis=2)
    d, classes = forward(arrays["x"], arrays["x_train"], arrays["y_train"], arrays["dists"])[0]
    return Magnitude(d + square / (2 * np.maximum(d, NEAR)), (), beside=(np.zeros(classes.shape),))


def kinks(x: Array, x_train: Array, y_train: Array, dists: Array, *, k: int) -> Array:
    """Whether points nearly coincide, or the k-th and the next neighbour are so near that rounding could change them."""
    (d, _), _ = forward(x, x_train, y_train, dists)
    ranked = np.sort(np.abs(dists), axis=1)
    return np.asarray(bool(d.min() < NEAR) or bool((ranked[:, k : k + 1] - ranked[:, k - 1 : k] < APART).any()))


def votes(sizes: Sizes) -> bool:
    """Whether there are k neighbours."""
    return bool(sizes["k"] <= sizes["T"])


def _by(distance: Callable[[Array], Array]) -> Callable[[Given], Array]:
    """Return other distances, made of the differences of all pairs, (M, T, D)."""
    return lambda g: distance(g.x[:, None] - g.x_train)


def _elected(elect: Callable[[Array, Given], int]) -> Callable[[Given], Array]:
    """Return another vote, by `elect(training points from the nearest on, g)` for each point."""
    return lambda g: np.array([elect(row, g) for row in np.argsort(np.abs(g.dists), axis=1)])


def _most(classes: Array) -> int:
    """Return the most frequent class, of several the smallest."""
    return int(np.bincount(classes).argmax())


def _largest_of_ties(row: Array, g: Given) -> int:
    """Return the largest of the classes with the most votes."""
    counts = np.bincount(g.y_train[row[: g.k]])
    return len(counts) - 1 - int(counts[::-1].argmax())


MISCONCEPTIONS = (
    Misconception(
        id="root_forgotten",
        cause="The distances are squared.",
        advice="Take the root of the sum of squares.",
        wrong=_by(lambda d: (d * d).sum(axis=2)),
    ),
    Misconception(
        id="sums_of_absolute_differences",
        cause="The distances are sums of absolute differences; Euclidean ones are asked for.",
        advice="Take the root of the sum of squares.",
        wrong=_by(lambda d: np.abs(d).sum(axis=2)),
    ),
    Misconception(
        id="mean_of_squares",
        cause="The distances are roots of the mean of squares; they must be of the sum.",
        advice="Sum the squares over the features, without dividing.",
        wrong=_by(lambda d: np.sqrt((d * d).mean(axis=2))),
    ),
    Misconception(
        id="ties_go_to_the_nearest",
        of=("labels",),
        cause="Of classes with as many votes, the one met first among the neighbours is chosen.",
        advice="Of several choose the smallest class, as np.bincount(...).argmax() does.",
        wrong=_elected(lambda row, g: Counter(g.y_train[row[: g.k]].tolist()).most_common(1)[0][0]),
    ),
    Misconception(
        id="ties_go_to_the_largest",
        of=("labels",),
        cause="Of classes with as many votes, the largest is chosen.",
        advice="Of several choose the smallest class, as np.bincount(...).argmax() does.",
        wrong=_elected(_largest_of_ties),
    ),
    Misconception(
        id="nearest_decides_alone",
        of=("labels",),
        cause="The nearest neighbour decides alone, whatever k is.",
        advice="Count the classes of the k nearest, and choose the most frequent.",
        wrong=_elected(lambda row, g: g.y_train[row[0]]),
    ),
    Misconception(
        id="nearest_left_out",
        of=("labels",),
        cause="The nearest neighbour is left out, and the k after it vote.",
        advice="Take the first k of np.argsort(dists[i]): the point itself is not among the training points.",
        wrong=_elected(lambda row, g: _most(g.y_train[row[1 : g.k + 1]])),
    ),
    Misconception(
        id="farthest_vote",
        of=("labels",),
        cause="The k farthest vote.",
        advice="np.argsort puts the smallest distance first: take the first k.",
        wrong=_elected(lambda row, g: _most(g.y_train[row[-g.k :]])),
    ),
    Misconception(
        id="classes_not_looked_up",
        of=("labels",),
        cause="The vote is among the numbers of the neighbours, not among their classes.",
        advice="np.argsort gives places in the training set: look their classes up with y_train[nearest].",
        wrong=_elected(lambda row, g: _most(row[: g.k])),
    ),
)
SPEC = LayerSpec(
    name="knn",
    formula={
        "forward": (
            "out[m, t] = sqrt(sum over d of (x[m, d] - x_train[t, d])**2)",
            "labels[m] = the most frequent y_train[t] among the k smallest dists[m, t]; of several the smallest",
        ),
    },
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
    misconceptions=MISCONCEPTIONS,
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
        Scenario(title="more classes than points", axes={"T": (2, 2), "K": (9, 9)}, options={"k": (1,)}),
    ),
)
