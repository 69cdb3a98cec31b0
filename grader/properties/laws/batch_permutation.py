"""Samples that change places change nothing else: out and dx have theirs exchanged alike, a loss and other gradients stay.

Proof: samples meet in sums and means alone, which do not depend on an order.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.model import PARTS, Case
from grader.properties.laws.axes import case_at, results, results_at, sizes
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Put the last sample first."""
    samples = sizes(spec, case)["N"]
    return [case_at(spec, case, "N", np.roll(np.arange(samples), 1))] if samples > 1 else None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each result."""
    plain, moved = runs
    wanted = results_at(spec, plain, "N", np.roll(np.arange(sizes(spec, plain.case)["N"]), 1))
    for name, got in results(spec, moved).items():
        yield Equation(name, got, wanted[name])


def holds(spec: LayerSpec) -> bool:
    """Whether there is a batch."""
    return any("N" in a.axes.split() for a in spec.arguments)


LAW = Law(
    name="batch_permutation",
    says=LawText(
        "the order of the samples makes no difference",
        "With the samples in another order {name} is not the same in that order.",
    ),
    parts=PARTS,
    holds=holds,
    vary=vary,
    equations=equations,
)
