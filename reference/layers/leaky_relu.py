"""Leaky rectified linear unit."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.elementwise import ARGUMENTS, AXES, KINKED
from reference.misconception import of_both, of_dx
from reference.mistakes import without_dout
from reference.spec import Array, LayerSpec, Magnitude, Traits


class Cache(NamedTuple):
    """What backward needs of forward."""

    mask: Array
    negative_slope: Any


def forward(x: Array, *, negative_slope: float = 0.01) -> tuple[Array, Cache]:
    r"""Keep what is positive, and a small share of the rest.

    $$y = \max(x, 0) + \alpha \min(x, 0)$$

    Args:
        x: Input, any shape.
        negative_slope: What the negative entries are multiplied by.

    Returns:
        out: Shape and dtype of x.
        cache: What `backward` needs.

    Source: Maas, Hannun, Ng (2013). Same as torch.nn.functional.leaky_relu.
    """
    cache = Cache(x > 0, x.dtype.type(negative_slope))
    return np.where(cache.mask, x, cache.negative_slope * x), cache


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return $dx = dy$ where x > 0 and $\alpha dy$ elsewhere; at 0 any number in between is a subgradient."""
    return (np.where(cache.mask, dout, cache.negative_slope * dout),)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """One multiplication at most: the values themselves."""
    out, cache = forward(arrays["x"], **options)
    return Magnitude(np.abs(out), () if dout is None else (np.abs(backward(dout, cache)[0]),))


MISCONCEPTIONS = (
    of_both(
        id="leak_forgotten",
        cause="{name} is 0 where x is negative, as for a ReLU without a leak.",
        advice="Where x is negative, multiply by negative_slope instead of 0.",
        wrong=lambda g: np.where(g.x > 0, g.right, 0),
    ),
    of_dx(
        id="masked_by_dout",
        cause="dx is scaled where dout is negative; it must be scaled where x is negative.",
        advice="Keep x or its mask from forward: dx = dout * np.where(x > 0, 1, negative_slope).",
        wrong=lambda g: np.where(g.dout > 0, 1, g.negative_slope) * g.dout,
    ),
    of_dx(
        id="slope_for_gradient",
        cause="dx is negative_slope where x is negative, without dout.",
        advice="Where x is negative, dx = negative_slope * dout.",
        wrong=lambda g: np.where(g.x > 0, g.dout, g.negative_slope),
    ),
    of_both(
        id="slope_fixed",
        cause="{name} has a slope of 0.01 where x is negative, whatever negative_slope is.",
        advice="Use the argument negative_slope.",
        wrong=lambda g: np.where(g.x > 0, g.right, g.right * (0.01 / g.negative_slope)),
    ),
    of_dx(
        id="not_masked",
        cause="dx is dout everywhere; where x is negative, the slope is missing.",
        advice="dx = dout * np.where(x > 0, 1, negative_slope).",
        wrong=lambda g: g.dout,
    ),
    of_both(
        id="sides_exchanged",
        cause="{name} has the slope where x is positive, and none where x is negative.",
        advice="Keep positive entries as they are, and multiply negative ones by negative_slope.",
        wrong=lambda g: g.right * np.where(g.x > 0, g.negative_slope, 1 / g.negative_slope),
    ),
    without_dout("dx"),
)


SPEC = LayerSpec(
    name="leaky_relu",
    torch="functional.leaky_relu(x, negative_slope)",
    formula={
        "forward": ("out = where(x > 0, x, negative_slope * x)",),
        "backward": ("dx = where(x > 0, dout, negative_slope * dout)",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=lambda x, negative_slope: x == 0,
    arguments=ARGUMENTS,
    axes=AXES,
    options={"negative_slope": (0.01, 0.2)},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", homogeneous="x", permutable=("D",)),
    scenarios=KINKED,
)
