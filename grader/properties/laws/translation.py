"""Translation: an input moved by one stride gives an output moved by one window, where no border and no padding comes in.

Proof: window i of the moved input holds what window i - 1 of the input holds.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from grader.model import Case
from grader.properties.laws.axes import PLANE, names, sizes, window, windowed
from grader.properties.laws.law import Equation, Law, LawText, Run, varied
from reference import LayerSpec


def _inside(spec: LayerSpec, case: Case) -> Iterator[tuple[str, int, int]]:
    """Yield H and W, with the first and the last window that neither holds padding nor what came in at the border."""
    for axis in PLANE:
        size, kernel, stride, padding = window(sizes(spec, case), axis)
        first, last = 1 - -padding // stride, (size + padding - kernel) // stride
        if first <= last:
            yield axis, first, last


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Move the first argument along H and along W."""
    x = spec.arguments[0]
    axes = [x.axes.split().index(axis) for axis, _, _ in _inside(spec, case)]
    return [varied(case, **{x.name: np.roll(case.arrays[x.name], case.options["stride"], axis)}) for axis in axes] or None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each direction."""
    plain, *moved = runs
    for (axis, first, last), run in zip(_inside(spec, plain.case), moved, strict=True):
        before = (slice(None),) * names(spec).index(PLANE[axis])
        yield Equation("out", run.out[*before, first : last + 1], plain.out[*before, first - 1 : last])


LAW = Law(
    name="translation",
    says=LawText(
        "an input moved by one stride gives an output moved by one window",
        "With the input moved by one stride, {name} is not the same moved by one window, away from the border.",
    ),
    parts=("forward",),
    holds=windowed,
    vary=vary,
    equations=equations,
)
