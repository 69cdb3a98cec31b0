"""Hyperbolic tangent."""

import numpy as np

from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array) -> tuple[Array, Array]:
    r"""Squash to (-1, 1).

    $$y = \tanh x = (e^x - e^{-x}) / (e^x + e^{-x})$$

    Args:
        x: Input, any shape; large values do not overflow.

    Returns:
        out: Shape and dtype of x.
        cache: The output itself.

    Source: same as torch.tanh.
    """
    out = np.tanh(x)
    return out, out


def backward(dout: Array, cache: Array) -> tuple[Array]:
    r"""Return $dx = dy\,(1 - y^2)$: the derivative at the output, not at the input."""
    return (dout * (1 - cache * cache),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """Return 1: by exponentials tanh is a difference of numbers between 0 and 2, and so is 1 - y*y, however small they are."""
    ones = np.ones_like(arrays["x"])
    return Magnitude(ones, () if dout is None else (np.abs(dout),))


SPEC = LayerSpec(
    name="tanh",
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=(Argument(name="x", axes="N D", gradient="dx"),),
    axes={"N": (1, 5), "D": (1, 6)},
    traits=Traits(out="N D", permutable=("D",), out_range=(-1, 1)),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE),
        Scenario(title="any sizes", count=3),
        Scenario(title="near zero", axes={"N": (3, 4), "D": (4, 5)}, values=Values.NEAR_ZERO),
        Scenario(title="negative inputs", values=Values.NEGATIVE),
        Scenario(title="one sample", axes={"N": (1, 1), "D": (3, 6)}),
        Scenario(title="large inputs", axes={"N": (3, 4), "D": (4, 5)}, values=Values.HUGE),
        Scenario(title="float32", axes={"N": (3, 3), "D": (4, 5)}, single=True),
    ),
)
