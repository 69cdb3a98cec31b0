"""Under what condition a value is wrong: where N > 1, where windows overlap, ..."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.diagnosis.misconceptions import Row
from grader.language import say

TELLING = 2  # inputs that must show a relation, and of those where something goes wrong and where it does not, each


@dataclass(frozen=True, slots=True)
class Relation:
    """An observation: what kind it is, and its slots."""

    kind: str
    slots: Mapping[str, Any]


def only_where(found: Sequence[Row], wrong: Sequence[Row]) -> Relation | None:
    """Wrong on exactly the inputs of which something is so.

    An input on which next to no known mistake would be seen is right whatever is wrong, and says nothing of a condition: a running mean
    without training, say.
    """
    telling = [row for row in found if not row.right or row.shows_mistakes]
    if len(wrong) < TELLING or len(telling) - len(wrong) < TELLING:
        return None
    traits = [_traits(row) for row in telling]
    fitting = [
        text for text in sorted(set().union(*traits)) if all((text in of) != row.right for of, row in zip(traits, telling, strict=True))
    ]
    if not 1 <= len(fitting) <= 2:
        return None
    return Relation("only_where", {"where": fitting, "wrong": len(wrong), "of": len(found)})


def _traits(row: Row) -> set[str]:
    """Return what is so of an input, in a student's words."""
    given, options = row.given, row.case.options
    sizes = given.sizes
    # Of a net, the widths of its layers: how many there are is what differs, and a width of 1 says nothing of it.
    telling = {"N": sizes["N"]} if given.spec.scalar and "N" in sizes else sizes
    said = {f"{axis} > 1" for axis, size in telling.items() if size > 1}
    said |= {
        say("{one} differs from {other}", one=a, other=b)
        for a, b in (("H", "W"), ("KH", "KW"), ("N", "D"))
        if a in sizes and b in sizes and sizes[a] != sizes[b]
    }
    for name, value in options.items():
        if name.startswith("kernel_"):  # of a single number every pooling makes the same
            continue
        if isinstance(value, bool | str):
            said.add(f"{name} = {value}")
        elif isinstance(value, int | float):
            said.add(f"{name} > 1" if value > 1 else f"{name} = {value:g}")
            if value > 0:
                said.add(f"{name} > 0")
    if row.case.dtype == np.float32:
        said.add(say("the input is float32"))
    first = next(iter(row.case.arrays.values()), np.zeros(1))
    if first.dtype.kind == "f" and (first < 0).all():
        said.add(say("all inputs are negative"))
    said |= set(_windows(options, sizes))
    return said


def _windows(options: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[str]:
    stride, padding = options.get("stride"), options.get("padding", 0)
    kernels = [options.get(f"kernel_{side}", sizes.get(axis)) for side, axis in (("h", "KH"), ("w", "KW"))]
    if not isinstance(stride, int) or not isinstance(padding, int) or not all(isinstance(k, int) for k in kernels):
        return
    if any(stride < k for k in kernels if k):
        yield say("windows overlap")
    if any(stride > k for k in kernels if k):
        yield say("the stride is larger than the window")
    if any((sizes[axis] + 2 * padding - k) % stride for axis, k in zip(("H", "W"), kernels, strict=True) if axis in sizes and k):
        yield say("the stride leaves a rest")
    if kernels[0] != kernels[1]:
        yield say("the window is not square")
