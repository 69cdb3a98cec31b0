"""For instructors: describe a layer that the grader does not come with, with a reference or without one.

A file of such descriptions stands beside `tasks.yaml`, whose tasks name it under `checks`. It is trusted: it runs in the grader's own
process, as the person who grades, and never where student code runs. See docs/authoring.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from reference import Argument, Array, Claim, Given, LayerSpec, Magnitude, Misconception, Scenario, ShapeError, Traits, Values, measured
from reference.spec import Option, Sizes, anything

__all__ = [
    "USUAL",
    "Argument",
    "Array",
    "Claim",
    "Given",
    "LayerSpec",
    "Magnitude",
    "Misconception",
    "Scenario",
    "ShapeError",
    "Traits",
    "Values",
    "claim",
    "layer",
    "layer_without_reference",
]

USUAL: tuple[Scenario, ...] = (
    Scenario(title="small whole numbers", values=Values.WHOLE),
    Scenario(title="any sizes", count=4),
    Scenario(title="near the kink", values=Values.NEAR_ZERO),
    Scenario(title="negative inputs", values=Values.NEGATIVE),
    Scenario(title="ties", values=Values.TIED),
    Scenario(title="float32", single=True),
)


def layer(
    name: str,
    forward: Callable[..., tuple[Any, Any]],
    backward: Callable[..., tuple[Array, ...]] | None = None,
    *,
    arguments: Sequence[Argument],
    axes: Mapping[str, tuple[int, int]],
    options: Mapping[str, tuple[Option, ...]] | None = None,
    where: Callable[[Sizes], bool] = anything,
    scenarios: Sequence[Scenario] = USUAL,
    traits: Traits = Traits(),  # noqa: B008 - frozen
    misconceptions: Sequence[Misconception] = (),
    claims: Sequence[Claim] = (),
    scalar: bool = False,
    magnitude: Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude] | None = None,
    kinks: Callable[..., Array] | None = None,
) -> LayerSpec:
    """Describe a layer by a reference, with which students' layers are compared.

    Args:
        name: What students call it: `softsign_forward` and `softsign_backward`, or `class Softsign`; in lower case, with underscores.
        forward: `forward(**arrays, **options) -> (out, cache)`, in NumPy. Raises ShapeError for what a student must refuse.
        backward: `backward(dout, cache) -> gradients`, a tuple in the order of the arguments that have one. None asks for no backward.
        arguments: The arrays, in the order in which students take them.
        axes: For each axis of an argument the smallest and the largest length of a case.
        options: For each option, taken after the arrays, the values of cases.
        where: Which sizes and options fit together.
        scenarios: Kinds of cases; by default `USUAL`. `Values.HUGE` is not among them: it asks that exp does not overflow.
        traits: What holds of the layer whatever the numbers are; laws rest on it.
        misconceptions: Ways in which students get it wrong.
        claims: Further checks: see `claim`.
        scalar: The output is one number, as a loss; its dout is 1.
        magnitude: What rounding errors are proportional to; by default measured (`reference.measured`).
        kinks: Marks the outputs where there is more than one right derivative; by default measured.
    """
    differentiated = tuple(a.name for a in arguments if a.gradient)
    return LayerSpec(
        name=name,
        forward=forward,
        backward=backward,
        arguments=tuple(arguments),
        axes=axes,
        options=options or {},
        where=where,
        scenarios=tuple(scenarios),
        traits=traits,
        misconceptions=tuple(misconceptions),
        claims=tuple(claims),
        scalar=scalar,
        magnitude=magnitude or measured.magnitude(forward, backward),
        kinks=kinks or (measured.kinks(forward, differentiated) if backward else None),
    )


def layer_without_reference(
    name: str,
    *,
    arguments: Sequence[Argument],
    out: str,
    axes: Mapping[str, tuple[int, int]],
    options: Mapping[str, tuple[Option, ...]] | None = None,
    where: Callable[[Sizes], bool] = anything,
    scenarios: Sequence[Scenario] = USUAL,
    claims: Sequence[Claim] = (),
) -> LayerSpec:
    """Describe a layer by what must hold of it: its output has the axes `out`, backward is the gradient of the student's own
    forward, and the claims hold.

    Args:
        name: As for `layer`.
        arguments: As for `layer`; the gradients of those that have one are asked for.
        out: The axes of the output, "N D"; "" for one number. `axes` gives the lengths of those that no argument has.
        axes: As for `layer`.
        options: As for `layer`.
        where: As for `layer`.
        scenarios: As for `layer`.
        claims: What else must hold: see `claim`. Without any, a forward is free to compute what it likes.
    """
    return LayerSpec(
        name=name,
        arguments=tuple(arguments),
        axes=axes,
        options=options or {},
        where=where,
        scenarios=tuple(scenarios),
        traits=Traits(out=out),
        claims=tuple(claims),
        scalar=not out,
    )


def claim(
    title: str, part: Literal["forward", "backward"] = "forward"
) -> Callable[[Callable[[Mapping[str, Any], Mapping[str, Array]], Array | bool]], Claim]:
    """Return what turns a function into a claim, named like it.

    The function gets the inputs (arguments and options by name, and `dout`) and the student's outputs (`out` and, for a claim about
    backward, the gradients), and returns whether it holds: one truth value, or one for each entry of one of the outputs.

    Args:
        title: The claim as a clause without a stop, which students read.
        part: The part that earns points by it.
    """

    def made(holds: Callable[[Mapping[str, Any], Mapping[str, Array]], Array | bool]) -> Claim:
        return Claim(name=holds.__name__, title=title, holds=holds, part=part)

    return made
