"""Logistic sigmoid."""

import numpy as np

from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array) -> tuple[Array, Array]:
    r"""Squash to (0, 1).

    $$y = 1 / (1 + e^{-x})$$

    Args:
        x: Input, any shape; large values do not overflow.

    Returns:
        out: Shape and dtype of x.
        cache: The output itself.

    Source: same as torch.sigmoid; the two branches keep the exponent negative.
    """
    small = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, small) / (1 + small)
    return out, out


def backward(dout: Array, cache: Array) -> tuple[Array]:
    r"""Return $dx = dy\,y\,(1 - y)$: the derivative at the output, not at the input."""
    return (dout * cache * (1 - cache),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """An error of u in y close to 1 is an error of u in 1 - y, however small that is."""
    out, _cache = forward(arrays["x"])
    return Magnitude(out, () if dout is None else (np.abs(dout) * out,))


SPEC = LayerSpec(
    name="sigmoid",
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=(Argument(name="x", axes="N D", gradient="dx"),),
    axes={"N": (1, 5), "D": (1, 6)},
    traits=Traits(out="N D", permutable=("D",), out_range=(0, 1)),
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
