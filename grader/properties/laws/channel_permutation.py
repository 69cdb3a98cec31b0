"""Channels, features or units that change places in all arguments alike change places in the results, and nothing else.

Proof: they meet in sums alone, or not at all.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from grader.model import PARTS, Array, Case
from grader.properties.laws.axes import case_at, results, results_at, sizes
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def _moves(spec: LayerSpec, case: Case) -> Iterator[tuple[str, Array]]:
    """Yield every axis that allows it, with its last entry first."""
    lengths = sizes(spec, case)
    for axis in spec.traits.permutable:
        if lengths[axis] > 1:
            yield axis, np.roll(np.arange(lengths[axis]), 1)


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Move one axis after the other: a mistake that favours a diagonal would not show if all moved at once."""
    return [case_at(spec, case, axis, order) for axis, order in _moves(spec, case)] or None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each axis and each result."""
    plain, *moved = runs
    for (axis, order), run in zip(_moves(spec, plain.case), moved, strict=True):
        wanted = results_at(spec, plain, axis, order)
        for name, got in results(spec, run).items():
            yield Equation(name, got, wanted[name])


LAW = Law(
    name="channel_permutation",
    says=LawText(
        "the order of channels, features or units makes no difference",
        "With channels, features or units in another order, in all arguments alike, {name} is not the same in that order.",
    ),
    parts=PARTS,
    holds=lambda spec: bool(spec.traits.permutable),
    vary=vary,
    equations=equations,
)
