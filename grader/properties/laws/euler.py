"""Euler: <dout, f(x)> = <dx, x>, where c times x gives c times f(x) for every c > 0.

Source: Euler's theorem on homogeneous functions: differentiate f(cx) = c f(x) with respect to c at c = 1.
"""

from collections.abc import Iterable, Sequence

from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, of the plain call: dout is 0 where the layer has a kink."""
    (plain,) = runs
    name = spec.traits.homogeneous
    assert name is not None
    assert plain.case.dout is not None
    yield Equation(f"<d{name}, {name}>", plain.gradients[name].dot(plain.case.arrays[name]), plain.out.dot(plain.case.dout))


LAW = Law(
    name="euler",
    says=LawText(
        "the gradient fits a layer whose output grows in proportion to x",
        "Twice the input gives twice the output, so dout * out and dx * x must have the same sum: {name} is another number.",
    ),
    parts=("backward",),
    holds=lambda spec: bool(spec.traits.homogeneous),
    equations=equations,
)
