"""Multiclass hinge loss, averaged over the batch."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from reference import labels
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


SPEC = LayerSpec(
    name="svm_loss",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", gradient="dx"), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    traits=Traits(out="", coupled=True, invariant_along="K", out_range=(0, math.inf)),
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
