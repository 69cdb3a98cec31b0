"""Mass: the gradient of every plane of the input adds up to that of its output.

Proof: every window hands out all of its dout, to one entry or in shares that add up to 1; without padding all entries are the input's.
"""

from collections.abc import Iterable, Sequence

from grader.model import Case
from grader.numerics.ball import Ball
from grader.properties.laws.axes import names
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def vary(_: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Nothing more, where windows overlap, since there mass is lost most easily; or where there is one for each plane."""
    sides = [size for name, size in case.options.items() if name.startswith("kernel")]
    return [] if (not sides or case.options["stride"] < max(sides)) and not case.options.get("padding") else None


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, with an entry for every plane."""
    (plain,) = runs
    x = spec.arguments[0]
    inside = tuple(i for i, axis in enumerate(x.axes.split()) if axis not in names(spec))
    outside = tuple(i for i, axis in enumerate(names(spec)) if axis not in x.axes.split())
    yield Equation(f"sum of {x.gradient}", plain.gradients[x.name].sum(inside), Ball.exact(plain.case.dout).sum(outside))


LAW = Law(
    name="gradient_mass",
    says=LawText(
        "pooling hands all of dout on",
        "In every channel dx must have the same sum as dout, since every window hands all of it on: {name} is another number.",
    ),
    parts=("backward",),
    holds=lambda spec: spec.traits.keeps_mass,
    vary=vary,
    equations=equations,
)
