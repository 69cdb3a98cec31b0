"""How a wrong value stands to the right one, where no known misconception explains it: N times it, transposed, wrong only where ...

What is said is an observation, confirmed on every input that was looked at.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations, permutations
from typing import Any

import numpy as np

from grader.diagnosis.conditions import TELLING, Relation, only_where
from grader.diagnosis.misconceptions import Row
from grader.model import Array

PLAIN = (2.0, 0.5, -1.0, -2.0, -0.5, 3.0, 1 / 3, 4.0, 0.25)  # factors that are numbers and not sizes


def relation(found: Sequence[Row]) -> Relation | None:
    """Return how the student's value stands to the right one; None where nothing holds on every input."""
    wrong = [row for row in found if not row.right]
    if len(wrong) < TELLING:
        return None
    return next((r for r in (look(found, wrong) for look in LOOKS) if r), None)


def _factor(found: Sequence[Row], wrong: Sequence[Row]) -> Relation | None:
    """The right value times a number, or times a size of the input."""
    factors = []
    for row in found:
        right, got = row.expected.value, row.got
        if got is None or got.shape != right.shape or not np.isfinite(got).all():
            return None
        if not right.any():
            if got.any():
                return None
            continue
        factor = float(np.vdot(right, got) / np.vdot(right, right))
        if not row.near(factor * right, got):
            return None
        factors.append((row, factor))
    if len(factors) < TELLING or any(factor == 0 for _, factor in factors):
        return None
    first, told = factors[0][1], {"everywhere": len(wrong) == len(found), "counted": False}
    for plain in PLAIN:
        if all(_same(factor, plain) for _, factor in factors):
            return Relation("factor", {**told, "factor": "1/3" if plain == 1 / 3 else f"{plain:g}"})
    for quantities in (_sizes, _products):
        fitting = [
            text
            for name in quantities(factors[0][0])
            for power, text in ((1, name), (-1, f"1/({name})" if "*" in name else f"1/{name}"), (2, f"{name}²"), (-2, f"1/{name}²"))
            if all(_same(factor, quantities(row).get(name, math.nan) ** power) for row, factor in factors)
        ]
        if fitting:
            counted = not any(name in fitting[0] for name in factors[0][0].case.options)  # so many samples, channels, places
            return Relation("factor", {**told, "factor": fitting[0], "counted": counted}) if len(fitting) == 1 else None
    return Relation("factor", {**told, "factor": f"{first:.6g}"}) if all(_same(factor, first) for _, factor in factors) else None


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-5)


def _sizes(row: Row) -> dict[str, float]:
    """Return the sizes and options of an input by the names that a student knows them by."""
    sizes = {axis: float(size) for axis, size in row.given.sizes.items()}
    return sizes | {n: float(v) for n, v in row.case.options.items() if isinstance(v, int | float) and not isinstance(v, bool) and v}


def _products(row: Row) -> dict[str, float]:
    """Return products of two sizes, and the number of windows."""
    sizes, out = row.given.sizes, np.shape(row.given.out)
    planes = {"out_h*out_w": float(out[2] * out[3])} if len(out) == 4 else {}
    return planes | {f"{a}*{b}": float(sizes[a] * sizes[b]) for a, b in combinations(sizes, 2)}


def _rearranged(found: Sequence[Row], _: Sequence[Row]) -> Relation | None:
    """The right value with its axes in another order, turned round, or moved by one."""
    if any(row.got is None for row in found):
        return None
    axes = found[0].expected.value.ndim
    for order in permutations(range(axes)):
        if order != tuple(range(axes)) and _everywhere(found, partial(np.transpose, axes=order)):
            return Relation("transposed", {"order": order})
    for count in (1, 2):
        for some in combinations(range(axes), count):
            if _everywhere(found, partial(np.flip, axis=some)):
                return Relation("flipped", {"axes": some})
    for axis in range(axes):
        for step in (1, -1):
            if _everywhere(found, partial(np.roll, shift=step, axis=axis)):
                return Relation("shifted", {"axis": axis, "step": step})
            if _everywhere(found, partial(_moved, step=step, axis=axis)):
                return Relation("shifted", {"axis": axis, "step": step})
    return None


def _everywhere(found: Sequence[Row], change: Callable[[Array], Array]) -> bool:
    telling = 0
    for row in found:
        assert row.got is not None
        changed = change(row.expected.value)
        if not row.near(changed, row.got):
            return False
        telling += not row.near(changed, row.expected.value)
    return telling >= TELLING


def _moved(a: Array, step: int, axis: int) -> Array:
    moved = np.roll(a, step, axis)
    index: list[Any] = [slice(None)] * a.ndim
    index[axis] = 0 if step > 0 else -1
    moved[tuple(index)] = 0
    return moved


def _summand(found: Sequence[Row], _: Sequence[Row]) -> Relation | None:
    """The right value plus one and the same number."""
    offsets = []
    for row in found:
        if row.got is None or row.got.shape != row.expected.value.shape or row.got.size < 2:
            continue
        with np.errstate(all="ignore"):
            offset = float(np.mean(row.got - row.expected.value))
        if not math.isfinite(offset) or not row.near(row.expected.value + offset, row.got):
            return None
        offsets.append(offset)
    if len(offsets) < TELLING:
        return None
    same = all(math.isclose(o, offsets[0], rel_tol=1e-5, abs_tol=1e-12) for o in offsets)
    return Relation("summand", {"offset": f"{offsets[0]:.6g}"}) if same and offsets[0] else None


def _overflown(found: Sequence[Row], wrong: Sequence[Row]) -> Relation | None:
    """No number where the input is large, and right elsewhere."""
    if any(row.got is None or np.isfinite(row.got).all() for row in wrong):
        return None
    largest = {id(row): float(np.abs(next(iter(row.case.arrays.values()))).max(initial=0)) for row in found}
    fine = [largest[id(row)] for row in found if row.right]
    least = min(largest[id(row)] for row in wrong)
    return Relation("overflown", {"least": f"{least:.4g}"}) if fine and least > max(fine) else None


def _places(found: Sequence[Row], wrong: Sequence[Row]) -> Relation | None:
    """Wrong at certain places of the array only."""
    masks = []
    for row in wrong:
        if row.got is None or row.got.shape != row.expected.value.shape:
            return None
        masks.append(row.differing)
    batched = found[0].given.axes[:1] == ("N",)
    for kind, inside in PLACES.items():
        if kind in SAMPLES and not batched:
            continue
        regions = [inside(mask) for mask in masks]
        telling = [
            (mask, region) for mask, region in zip(masks, regions, strict=True) if region is not None and region.any() and not region.all()
        ]
        fits = all(region is not None and not (mask & ~region).any() for mask, region in zip(masks, regions, strict=True))
        if fits and len(telling) >= TELLING and all((mask & region).sum() * 2 > region.sum() for mask, region in telling):
            return Relation(kind, {"axes": masks[0].ndim})
    return None


def _border(mask: Array) -> Array | None:
    if mask.ndim < 3:
        return None
    region: Array = np.ones(mask.shape, bool)
    region[..., 1:-1, 1:-1] = False
    return region


def _at(axis: int, index: slice) -> Callable[[Array], Array | None]:
    def region(mask: Array) -> Array | None:
        if mask.ndim <= axis:
            return None
        chosen: Array = np.zeros(mask.shape, bool)
        chosen[(slice(None),) * axis + (index,)] = True
        return chosen

    return region


def _off_diagonal(mask: Array) -> Array | None:
    return np.eye(*mask.shape) == 0 if mask.ndim == 2 else None


SAMPLES = ("first_sample", "last_sample", "later_samples")
# The smaller a place is, the more it says.
PLACES: Mapping[str, Callable[[Array], Array | None]] = {
    "first_sample": _at(0, slice(0, 1)),
    "last_sample": _at(0, slice(-1, None)),
    "later_samples": _at(0, slice(1, None)),
    "first_channel": _at(1, slice(0, 1)),
    "later_channels": _at(1, slice(1, None)),
    "off_diagonal": _off_diagonal,
    "border": _border,
}
LOOKS = (_factor, _rearranged, _summand, _overflown, only_where, _places)
