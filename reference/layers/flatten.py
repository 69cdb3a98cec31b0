"""Flatten every sample to one row."""

import numpy as np

from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array) -> tuple[Array, tuple[int, ...]]:
    """Return x (N, ...) as (N, D), D the product of the other axes, and its shape as the cache.

    Source: same as torch.flatten(x, 1).
    """
    return x.reshape(len(x), -1), x.shape


def backward(dout: Array, cache: tuple[int, ...]) -> tuple[Array]:
    """Return dout (N, D) in the shape of x."""
    return (dout.reshape(cache),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """Nothing is computed: the values themselves."""
    x = np.abs(arrays["x"])
    return Magnitude(x.reshape(len(x), -1), () if dout is None else (np.abs(dout).reshape(x.shape),))


SPEC = LayerSpec(
    name="flatten",
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (1, 4), "W": (1, 4)},
    traits=Traits(linear=("x",), homogeneous="x", copies=True),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "C": (1, 1), "H": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (4, 4), "W": (5, 5)}),
        Scenario(title="any sizes", count=2),
        Scenario(title="float32", single=True),
    ),
)
