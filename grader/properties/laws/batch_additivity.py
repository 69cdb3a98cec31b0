"""The gradient of a parameter adds up over the batch: that of the batch is the sum of those of its parts.

Proof: <dout, f> is a sum over samples that do not influence each other, and derivatives of a sum add up.
"""

from collections.abc import Iterable, Sequence

from grader.properties.laws import sample_independence
from grader.properties.laws.axes import owners, results
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each gradient that has no axis of samples."""
    batch, one, others = (results(spec, run) for run in runs)
    for name in batch.keys() - owners(spec, "N"):
        yield Equation(name, batch[name], one[name] + others[name])


def holds(spec: LayerSpec) -> bool:
    """Whether there are parameters, and samples apart."""
    return sample_independence.holds(spec) and bool(set(spec.gradients) - owners(spec, "N"))


LAW = Law(
    name="batch_additivity",
    says=LawText(
        "gradients of the parameters are summed over the batch",
        "A batch cut in two gives two gradients that do not add up to that of the batch: {name} differs from their sum.",
    ),
    parts=("backward",),
    holds=holds,
    vary=sample_independence.vary,
    equations=equations,
)
