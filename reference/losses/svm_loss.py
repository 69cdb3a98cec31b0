"""Multiclass hinge loss, averaged over the batch."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from reference import labels
from reference.given import Given
from reference.misconception import of_both, of_dx
from reference.mistakes import AVERAGED_TWICE, NOT_AVERAGED, OVER_ELEMENTS
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """What backward needs of forward."""

    margins: Array
    y: Array


def margins(x: Array, y: Array) -> Array:
    r"""Return $x_{nk} - x_{n,y_n} + 1$ for every wrong class and 0 for the right one, shape (N, K)."""
    rows = np.arange(len(y))
    m: Array = x - x[rows, y][:, None] + x.dtype.type(1)
    m[rows, y] = 0
    return m


def forward(x: Array, y: Array) -> tuple[Array, Cache]:
    r"""Average the violations of a margin of 1.

    $$L = \frac{1}{N} \sum_n \sum_{k \ne y_n} \max(0, x_{nk} - x_{n,y_n} + 1)$$

    Args:
        x: Scores, shape (N, K).
        y: Right classes, whole numbers in [0, K), shape (N,).

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: x is not (N, K), or y not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: Weston and Watkins (1999). torch.nn.functional.multi_margin_loss is this divided by K.
    """
    labels.check("svm_loss", x, y)
    m = margins(x, y)
    return np.maximum(m, 0).sum() / x.dtype.type(len(y)), Cache(m, y)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    """Return (dx,): 1/N for every violated margin, minus their count over N for the right class, times dout."""
    dx = (cache.margins > 0).astype(cache.margins.dtype)
    dx[np.arange(len(cache.y)), cache.y] = -dx.sum(axis=1)
    return (dx * (dout / len(cache.y)),)


def magnitude(arrays: Mapping[str, Array], _: object, dout: Array | None) -> Magnitude:
    """Sums of the absolute values: of the scores forward, of the counts backward."""
    x = arrays["x"]
    return sized(Cache(x, arrays["y"]), np.abs(x), dout)


def sized(cache: Cache, size: Array, dout: Array | None) -> Magnitude:
    """Return the magnitude for scores with errors of `size` (N, K)."""
    N, K = size.shape
    loss = (size.sum() + K * (size[np.arange(N), cache.y] + 1).sum()) / N
    return Magnitude(np.asarray(loss), () if dout is None else (np.full(size.shape, K / N) * np.abs(dout),))


def kinks(x: Array, y: Array) -> Array:
    """Whether a margin is so near to 0 that rounding could decide its sign."""
    m = margins(x, y)
    m[np.arange(len(y)), y] = 1
    near: Array = np.abs(m).min() < 1e-3
    return near


def share(g: Given) -> Any:
    """Return what one violated margin contributes to a gradient."""
    return g.dout / g.N


def at_right_class(g: Given, value: Array) -> Array:
    """Return the right gradient with other values (N,) at the right classes."""
    dx: Array = g.right.copy()
    dx[np.arange(g.N), g.y] = value
    return dx


def weighed(loss: Callable[[Array], Any], slope: Callable[[Array], Array]) -> Callable[[Given], Any]:
    """Return what is asked about where margins (N, K), 0 at the right class, are taken in another way; both get them unclipped."""

    def wrong(g: Given) -> Any:
        m, rows = margins(g.x, g.y), np.arange(g.N)
        if g.of == "out":
            return loss(m) / g.N
        dx = slope(m).astype(m.dtype)
        dx[rows, g.y] = 0
        dx[rows, g.y] = -dx.sum(axis=1)
        return dx * share(g)

    return wrong


def without_margin(g: Given) -> Any:
    """Return what is asked about for a margin of 0."""
    m = margins(g.x, g.y) - 1
    m[np.arange(g.N), g.y] = 0
    return np.maximum(m, 0).sum() / g.N if g.of == "out" else backward(g.dout, Cache(m, g.y))[0]


MISCONCEPTIONS = (
    NOT_AVERAGED,
    AVERAGED_TWICE,
    of_both(
        id="right_class_counted",
        cause="The right class is counted among the violated margins: compared with itself, it always falls short by 1.",
        advice="Leave it out: margins[np.arange(N), y] = 0 before anything is added up.",
        wrong=lambda g: g.right + 1 if g.of == "out" else at_right_class(g, g.right[np.arange(g.N), g.y] - share(g)),
    ),
    of_dx(
        id="right_class_once",
        cause="The gradient of the right class's score is -1 / N as soon as a margin is violated, however many are.",
        advice="The right class's score is in every margin: its gradient is minus the number of violated ones, divided by N.",
        wrong=lambda g: at_right_class(g, -share(g) * (g.right[np.arange(g.N), g.y] < 0)),
    ),
    of_dx(
        id="right_class_once_always",
        cause="The gradient of the right class's score is -1 / N in every row, even where no margin is violated.",
        advice="Count the violated margins of each row: the gradient is minus their number, divided by N, and 0 where there are none.",
        wrong=lambda g: at_right_class(g, -share(g)),
    ),
    of_dx(
        id="right_class_forgotten",
        cause="The gradient of the right class's score is 0; it is in every margin.",
        advice="Subtract 1 / N at the right class for every violated margin.",
        wrong=lambda g: at_right_class(g, 0 * g.right[np.arange(g.N), g.y]),
    ),
    of_dx(
        id="right_class_added",
        cause="The gradient of the right class's score has the wrong sign.",
        advice="A larger score of the right class lowers the loss: subtract there.",
        wrong=lambda g: at_right_class(g, -g.right[np.arange(g.N), g.y]),
    ),
    of_both(
        id="margin_forgotten",
        cause="The 1 of the margin is missing: {name} counts a class only where its score is above that of the right one.",
        advice="The margins are scores - right_score + 1.",
        wrong=without_margin,
    ),
    of_both(
        id="not_clipped",
        cause="{name} counts all margins, also those below 0.",
        advice="Only violated margins count: np.maximum(margins, 0), and in the gradient margins > 0.",
        wrong=weighed(np.sum, np.ones_like),
    ),
    of_dx(
        id="margins_themselves",
        cause="The gradient of the scores is made of the margins themselves; every violated one counts with 1, however large.",
        advice="Take margins > 0 as numbers, 1 or 0.",
        wrong=weighed(np.sum, lambda m: np.maximum(m, 0)),
    ),
    of_both(
        id="squared",
        cause="{name} is that of the squared hinge loss.",
        advice="Add up the violated margins as they are; the gradient of each is 1.",
        wrong=weighed(lambda m: np.square(np.maximum(m, 0)).sum(), lambda m: 2 * np.maximum(m, 0)),
    ),
    of_both(
        id="largest_only",
        cause="{name} counts the largest violated margin of each sample; all of them count.",
        advice="Add up all violated margins of a row: np.maximum(margins, 0).sum(axis=1), not margins.max(axis=1).",
        wrong=weighed(lambda m: m.max(axis=1).sum(), lambda m: (m > 0) & (m == m.max(axis=1, keepdims=True))),
    ),
    OVER_ELEMENTS,
)

SPEC = LayerSpec(
    name="svm_loss",
    formula={
        "forward": (
            "margins = maximum(x - x[arange(N), y][:, None] + 1, 0) * (1 - one_hot(y))",
            "out = margins.sum() / N",
        ),
        "backward": (
            "over = margins > 0",
            "dx = (over - one_hot(y) * over.sum(axis=1, keepdims=True)) / N",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", gradient="dx"), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    traits=Traits(out="", coupled=True, invariant_along="K", out_range=(0, math.inf)),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="small", axes={"N": (2, 2), "K": (3, 3)}),
        Scenario(title="any sizes", axes={"N": (2, 5)}, count=3),
        Scenario(title="square", axes={"N": (4, 4), "K": (4, 4)}),
        Scenario(title="one sample", axes={"N": (1, 1)}),
        Scenario(title="two classes", axes={"K": (2, 2)}),
        Scenario(title="negative scores", values=Values.NEGATIVE, count=2),
        Scenario(title="margins near 1", axes={"N": (3, 5), "K": (3, 5)}, values=Values.FRACTIONS),
        Scenario(title="float32", axes={"N": (3, 4), "K": (3, 5)}, single=True),
    ),
)
