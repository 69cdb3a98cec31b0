"""Adjoint: <dout, f(a + d) - f(a)> = <gradient of a, d>, exactly and for d of any size, where f is linear in a.

Source: the dot-product test of Claerbout, Earth Soundings Analysis (1992), chapter 5.
"""

from collections.abc import Iterable, Sequence

from grader.model import Case
from grader.properties.laws.law import Equation, Law, LawText, Run, draw, varied
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Move one argument after the other."""
    return [varied(case, **{name: case.arrays[name] + draw(case, case.arrays[name].shape, i)}) for i, name in enumerate(spec.traits.linear)]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each argument in which the layer is linear."""
    plain, *moved = runs
    assert plain.case.dout is not None
    for name, run in zip(spec.traits.linear, moved, strict=True):
        d = run.case.arrays[name] - plain.case.arrays[name]
        yield Equation(f"<d{name}, d>", plain.gradients[name].dot(d), (run.out - plain.out).dot(plain.case.dout))


LAW = Law(
    name="adjoint",
    says=LawText(
        "a change of an argument changes the output as its gradient says",
        "Changing an argument by d changes the output by other than its gradient says: {name} is not what forward shows.",
    ),
    parts=("backward",),
    holds=lambda spec: bool(spec.traits.linear),
    vary=vary,
    equations=equations,
)
