"""Dropout: what code that draws its own masks would have given for a mask that somebody else drew.

A layer that draws cannot be asked for a mask. So it is called again and again; what it made of an entry shows whether that was kept
(an input of 0 shows it in the gradient), and every entry of the result is taken from a draw in which it was kept or dropped as the given
mask has it. All numbers are the student's, and an entry that is never dropped, or never kept, stays as it is and is wrong.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.adapter import Unusable
from grader.worker.wire import Array

DRAWS = 48  # an entry that is kept with a probability of 0.7 is kept in all of them once in 3e7
RARE = 1e-6  # how probable it may be that chance ties entries: 20 of them, kept with a probability of 0.7, are tied once in 1e9
SIGMAS = 5.0  # of the share of kept entries: once in 2e6 it is farther off by chance


class Draws(NamedTuple):
    """What several calls of forward kept, shape (DRAWS, ...), of which input and for which mask, and their caches."""

    kept: Array
    x: Array
    mask: Array
    caches: list[Any]


def forward(run: Callable[[Array, int], tuple[Any, Any]], x: Array, mask: Array, p: float) -> tuple[dict[str, Any], Any]:
    """Call `run(x, seed) -> (out, cache)` with many seeds; return the output for the mask, and what the draws show of chance itself.

    That is `keep_rate`, the share of entries that was kept: p or 1 - p where it is one of them as nearly as chance allows; and `tied`, the
    number of entries that fared like another one in every draw, left out where chance may well have made them. Where an output is not
    an array of the shape of x, it is returned alone: nothing else can be said.
    """
    given = x.copy()
    outs: list[Array] = []
    caches: list[Any] = []
    for seed in range(DRAWS):
        np.random.seed(seed)  # noqa: NPY002 - where students draw who forget about the seed
        out, cache = run(given.copy() if outs else x, seed)
        outs.append(out)
        caches.append(cache)
        if not _fits(out, given):
            return {"out": out}, None
    drawn = np.stack(outs)
    draws = Draws(drawn != 0, given, mask, caches)
    values: dict[str, Any] = {"out": _taken(drawn, draws.kept, mask)}
    shown = draws.kept[:, given != 0]
    if not shown.size:
        return values, draws
    share = float(shown.mean())
    pairs = shown.shape[1] * (shown.shape[1] - 1) / 2
    if pairs * (share**2 + (1 - share) ** 2) ** DRAWS < RARE:
        values["tied"] = _tied(shown)
    return values | {"keep_rate": _rate(share, shown.size, p)}, draws


def backward(run: Callable[[Array, Any], Any], dout: Array, draws: Draws | None) -> Any:
    """Call `run(dout, cache) -> dx` for every draw; return the gradient for the mask.

    Raises:
        Unusable: Forward gave no output of the shape of its input.
    """
    if draws is None:
        raise Unusable("forward gave no output of the shape of x, so there is no mask to go by")
    given = dout.copy()
    found: list[Array] = []
    for cache in draws.caches:
        dx = run(given.copy() if found else dout, cache)
        found.append(dx)
        if not _fits(dx, given):
            return dx
    drawn = np.stack(found)
    return _taken(drawn, np.where(draws.x == 0, drawn != 0, draws.kept), draws.mask)


def _fits(value: Any, like: Array) -> bool:
    return type(value) is np.ndarray and value.shape == like.shape and value.dtype.kind == "f"


def _taken(drawn: Array, kept: Array, mask: Array) -> Array:
    """Return each entry of the first draw that treats it as the mask does, else of the first."""
    first = (kept == (mask != 0)).argmax(axis=0)
    taken: Array = np.take_along_axis(drawn, first[None], axis=0)[0]
    return taken


def _tied(shown: Array) -> float:
    """Return how many columns, shape (DRAWS, entries), are equal to another; one that never changes shows no draw at all."""
    drawn = shown[:, shown.any(axis=0) & ~shown.all(axis=0)]
    _, counts = np.unique(drawn, axis=1, return_counts=True)
    return float(counts[counts > 1].sum())


def _rate(share: float, count: int, p: float) -> float:
    nearest = min((p, 1 - p), key=lambda q: abs(share - q))
    return nearest if abs(share - nearest) <= SIGMAS * float(np.sqrt(p * (1 - p) / count)) else share
