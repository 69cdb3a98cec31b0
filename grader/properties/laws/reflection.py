"""Reflection: a plane that is mirrored gives the mirrored output, where a layer has no weights and its windows cover the plane exactly.

Proof: the windows of the mirrored plane are those of the plane in opposite order, each mirrored, and no order within a window matters to a
maximum or a mean; the padding is the same on both sides.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from grader.model import Case
from grader.properties.laws.axes import PLANE, names, sizes, window, windowed
from grader.properties.laws.law import Equation, Law, LawText, Run, varied
from reference import LayerSpec


def _exact(spec: LayerSpec, case: Case) -> Iterator[str]:
    """Yield H and W, where no rest of the plane is left over."""
    for axis in PLANE:
        size, kernel, stride, padding = window(sizes(spec, case), axis)
        if (size + 2 * padding - kernel) % stride == 0:
            yield axis


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Mirror the plane along H and along W."""
    x = spec.arguments[0]
    axes = [x.axes.split().index(axis) for axis in _exact(spec, case)]
    return [varied(case, **{x.name: np.flip(case.arrays[x.name], axis)}) for axis in axes] or None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each direction."""
    plain, *mirrored = runs
    for axis, run in zip(_exact(spec, plain.case), mirrored, strict=True):
        backwards = (slice(None),) * names(spec).index(PLANE[axis]) + (slice(None, None, -1),)
        yield Equation("out", run.out[backwards], plain.out)


LAW = Law(
    name="reflection",
    says=LawText(
        "a mirrored plane gives the mirrored output",
        "With the plane mirrored, {name} is not the same mirrored.",
    ),
    parts=("forward",),
    holds=lambda spec: windowed(spec) and len(spec.arguments) == 1,
    vary=vary,
    equations=equations,
)
