"""Rectified linear unit."""

import math

import numpy as np

from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array) -> tuple[Array, Array]:
    r"""Keep what is positive.

    $$y = \max(x, 0)$$

    Args:
        x: Input, any shape.

    Returns:
        out: Shape and dtype of x.
        cache: The mask of the positive entries.

    Source: Nair and Hinton (2010). Same as torch.nn.functional.relu.
    """
    mask = x > 0
    return np.where(mask, x, x.dtype.type(0)), mask


def backward(dout: Array, cache: Array) -> tuple[Array]:
    """Return $dx = dy$ where x > 0 and 0 elsewhere; at 0 any number in between is a subgradient."""
    return (np.where(cache, dout, dout.dtype.type(0)),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """Nothing is added or multiplied: the values themselves."""
    return Magnitude(np.abs(arrays["x"]), () if dout is None else (np.abs(dout),))


SPEC = LayerSpec(
    name="relu",
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    kinks=lambda x: x == 0,
    arguments=(Argument(name="x", axes="N D", gradient="dx"),),
    axes={"N": (1, 5), "D": (1, 6)},
    traits=Traits(out="N D", homogeneous="x", permutable=("D",), out_range=(0, math.inf)),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE),
        Scenario(title="any sizes", count=2),
        Scenario(title="near the kink", axes={"N": (4, 5), "D": (5, 6)}, values=Values.NEAR_ZERO, count=2),
        Scenario(title="zeros", axes={"N": (2, 3), "D": (3, 4)}, values=Values.TIED),
        Scenario(title="negative inputs", axes={"N": (2, 3)}, values=Values.NEGATIVE),
        Scenario(title="one sample", axes={"N": (1, 1), "D": (3, 6)}),
        Scenario(title="large inputs", axes={"N": (3, 4), "D": (4, 5)}, values=Values.HUGE),
        Scenario(title="float32", axes={"N": (3, 3), "D": (4, 5)}, values=Values.NEAR_ZERO, single=True),
    ),
)
