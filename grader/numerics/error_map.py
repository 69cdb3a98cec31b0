"""Where all of an array is wrong: planes of marks, and what the wrong entries have in common."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from grader.model import Array

SIDE = 32  # entries of a plane that are drawn, in rows and in columns
PLANES = 6


class Common(NamedTuple):
    """What wrong entries share: the "row" or "column" `at`, that index of another "axis", or that they are at the "border" of planes."""

    kind: str
    at: int = 0
    last: bool = False  # of several
    axis: int = 0


def planes(name: str, wrong: Array, worst: tuple[int, ...]) -> tuple[list[Mapping[str, Any]], int]:
    """Return planes {label, top, left, rows} of a mask, a row being text like "0110", and how many more there are.

    Of many planes those with wrong entries are taken, of large ones the part around the worst entry.
    """
    whole = wrong.reshape((1,) * (2 - wrong.ndim) + wrong.shape)
    leads = list(np.ndindex(*whole.shape[:-2]))
    taken = leads if len(leads) <= PLANES else [lead for lead in leads if whole[lead].any()][:PLANES]
    top, left = (max(0, min(at - SIDE // 2, n - SIDE)) for at, n in zip((0, *worst)[-2:], whole.shape[-2:], strict=True))
    drawn: list[Mapping[str, Any]] = []
    for lead in taken:
        part = whole[lead][top : top + SIDE, left : left + SIDE]
        label = f"{name}[{', '.join(map(str, lead))}]" if lead else name
        drawn.append({"label": label, "top": top, "left": left, "rows": ["".join("01"[int(w)] for w in row) for row in part]})
    return drawn, len(leads) - len(taken)


def common(wrong: Array) -> Common | None:
    """Return what the wrong entries of a mask share and others do not."""
    at = np.argwhere(wrong)
    names = {wrong.ndim - 1: "column", wrong.ndim - 2: "row"} if wrong.ndim > 1 else {}
    for axis in sorted(range(wrong.ndim), reverse=True):
        n, index = wrong.shape[axis], int(at[0, axis])
        if n > 1 and (at[:, axis] == index).all():
            return Common(names.get(axis, "axis"), index, index == n - 1, axis)
    if wrong.ndim > 1 and min(wrong.shape[-2:]) > 2:
        rows, columns = at[:, -2], at[:, -1]
        edge = (rows == 0) | (rows == wrong.shape[-2] - 1) | (columns == 0) | (columns == wrong.shape[-1] - 1)
        return Common("border") if edge.all() else None
    return None
