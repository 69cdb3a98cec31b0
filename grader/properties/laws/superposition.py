"""Superposition: f(x + d) - f(x) = f(z + d) - f(z) for the first argument in which the layer is linear, up to a constant.

Proof: f(x) = Ax + c, so that both sides are Ad. An ordinary z, not 0: a law asks for nothing that a layer may refuse.
"""

from collections.abc import Iterable, Sequence

from grader.model import Case
from grader.properties.laws.law import Equation, Law, LawText, Run, draw, varied
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """The argument moved, another one, and that moved alike."""
    name = spec.traits.linear[0]
    x = case.arrays[name]
    d, z = draw(case, x.shape), draw(case, x.shape, 1)
    return [varied(case, **{name: other}) for other in (x + d, z, z + d)]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, of the output."""
    name = spec.traits.linear[0]
    one, moved, other, other_moved = (run.out for run in runs)
    yield Equation(f"f({name} + d) - f({name})", moved - one, other_moved - other)


LAW = Law(
    name="superposition",
    says=LawText(
        "forward is linear: adding d to the input changes the output alike, whatever the input was",
        "Adding d to the input changes the output in one way here and in another way there: {name} is not f(z + d) - f(z).",
    ),
    parts=("forward",),
    holds=lambda spec: bool(spec.traits.linear),
    vary=vary,
    equations=equations,
)
