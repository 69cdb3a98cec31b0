"""Shift: a constant added along one axis of the input changes nothing (the scores of a sample, the batch of a feature).

Proof: the layer sees differences along that axis alone: from a maximum, from the right class, from a mean.
"""

from collections.abc import Iterable, Sequence

from grader.model import Array, Case
from grader.properties.laws.law import Equation, Law, LawText, Run, draw, varied
from reference import LayerSpec


def constants(spec: LayerSpec, case: Case) -> Array:
    """Draw a constant for every line along the axis."""
    x = spec.arguments[0]
    shape = [1 if axis == spec.traits.invariant_along else n for axis, n in zip(x.axes.split(), case.arrays[x.name].shape, strict=True)]
    return draw(case, tuple(shape))


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Add the constants."""
    name = spec.arguments[0].name
    return [varied(case, **{name: case.arrays[name] + constants(spec, case)})]


def equations(_: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, of the output."""
    plain, moved = runs
    yield Equation("out", moved.out, plain.out)


LAW = Law(
    name="shift_invariance",
    says=LawText(
        "adding a constant to all scores of a sample, or to a feature of all samples, changes nothing",
        "With a constant added to all scores of a sample, or to a feature of all samples, {name} changes.",
    ),
    parts=("forward",),
    holds=lambda spec: spec.traits.invariant_along is not None,
    vary=vary,
    equations=equations,
)
