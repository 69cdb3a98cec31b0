"""Samples do not influence each other: of a batch, out and dx of each part are those of that part by itself.

Proof: row n of the output is a function of row n of the input alone.
"""

from collections.abc import Iterable, Sequence

from grader.model import PARTS, Case
from grader.properties.laws.axes import case_at, owners, results, results_at, sizes
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec

CUT = (slice(0, 1), slice(1, None))  # one sample alone, and the others


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Cut the batch in two."""
    return [case_at(spec, case, "N", part) for part in CUT] if sizes(spec, case)["N"] > 1 else None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each part, and each result that has rows for samples."""
    batch, *parts = runs
    for cut, part in zip(CUT, parts, strict=True):
        alone = results(spec, part)
        for name, rows in results_at(spec, batch, "N", cut).items():
            if name in owners(spec, "N"):
                yield Equation(name, rows, alone[name])


def holds(spec: LayerSpec) -> bool:
    """Whether there is a batch, of samples apart."""
    return any("N" in a.axes.split() for a in spec.arguments) and not spec.traits.coupled


LAW = Law(
    name="sample_independence",
    says=LawText(
        "samples of a batch do not influence each other",
        "A sample of a batch gives something else than it does without the others: {name} differs.",
    ),
    parts=PARTS,
    holds=holds,
    vary=vary,
    equations=equations,
)
