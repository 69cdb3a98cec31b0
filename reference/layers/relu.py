"""Rectified linear unit."""

import math

import numpy as np

from reference.elementwise import ARGUMENTS, AXES, KINKED
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import without_dout
from reference.spec import Array, LayerSpec, Magnitude, Traits


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


MISCONCEPTIONS = (
    of_dx(
        id="masked_by_dout",
        cause="dx is dout where dout is positive; it must be dout where x is positive.",
        advice="Keep x or its mask from forward: dx = dout * (x > 0).",
        wrong=lambda g: np.maximum(g.dout, 0),
    ),
    of_dx(
        id="not_masked",
        cause="dx is dout everywhere; it must be 0 where x is negative.",
        advice="Keep x or its mask from forward: dx = dout * (x > 0).",
        wrong=lambda g: g.dout,
    ),
    of_both(
        id="mask_inverted",
        cause="{name} keeps the entries of negative x, and those of positive x are 0.",
        advice="Set to 0 where x <= 0, and keep the rest.",
        wrong=lambda g: (g.x if g.of == "out" else g.dout) - g.right,
    ),
    without_dout("dx"),
    of_dx(
        id="multiplied_by_out",
        cause="dx is dout * out; it must be dout where x is positive.",
        advice="The derivative is 1 where x > 0, whatever x is: dx = dout * (x > 0).",
        wrong=lambda g: g.right * g.out,
    ),
    of_both(
        id="leaky",
        cause="{name} lets a hundredth of the negative side through, as a leaky ReLU does.",
        advice="A ReLU lets nothing through where x is negative: the slope there is 0.",
        wrong=lambda g: 0.99 * g.right + 0.01 * (g.x if g.of == "out" else g.dout),
    ),
    Misconception(
        id="max_for_maximum",
        cause="out is np.max(x, 0), the largest entry of each column.",
        advice="np.maximum(x, 0) compares every entry with 0; the 0 of np.max is an axis.",
        wrong=lambda g: g.x.max(axis=0),
    ),
    Misconception(
        id="absolute_value",
        cause="out is the absolute value of x.",
        advice="Where x is negative, out is 0: np.maximum(x, 0).",
        wrong=lambda g: np.abs(g.x),
    ),
)


SPEC = LayerSpec(
    name="relu",
    torch="functional.relu(x)",
    formula={
        "forward": ("out = maximum(x, 0)",),
        "backward": ("dx = dout * (x > 0)",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    kinks=lambda x: x == 0,
    arguments=ARGUMENTS,
    axes=AXES,
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", homogeneous="x", permutable=("D",), out_range=(0, math.inf)),
    scenarios=KINKED,
)
