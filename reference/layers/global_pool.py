"""Pooling over the whole plane."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """What backward needs of forward: the largest entry of each plane, flattened, or None for the mean."""

    argmax: Array | None
    shape: tuple[int, ...]


def forward(x: Array, *, mode: str) -> tuple[Array, Cache]:
    r"""Take one number of every plane: its largest entry or its mean.

    $$y_{nc} = \max_{i,j} x_{ncij} \quad \text{or} \quad y_{nc} = \frac{1}{HW} \sum_{i,j} x_{ncij}$$

    Args:
        x: Input, shape (N, C, H, W).
        mode: "max" or "average".

    Returns:
        out: Shape (N, C).
        cache: What `backward` needs.

    Raises:
        ShapeError: x has not four axes.

    Source: Lin, Chen, Yan, Network in network (2014), section 3.2. Same as torch.nn.functional.adaptive_max_pool2d and adaptive_avg_pool2d to 1x1, without these axes.
    """
    if x.ndim != 4:
        raise ShapeError(f"x {x.shape} must be (N, C, H, W).")
    planes = x.reshape(*x.shape[:2], -1)
    if mode == "max":
        return planes.max(axis=2), Cache(planes.argmax(axis=2), x.shape)
    return planes.mean(axis=2), Cache(None, x.shape)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    """Return (dx,) for dout of shape (N, C): all of it at the first largest entry of the plane, or an equal share everywhere."""
    N, C, H, W = cache.shape
    if cache.argmax is None:
        return (np.broadcast_to((dout / dout.dtype.type(H * W))[..., None, None], cache.shape).copy(),)
    dx = np.zeros((N, C, H * W), dout.dtype)
    np.put_along_axis(dx, cache.argmax[..., None], dout[..., None], axis=2)
    return (dx.reshape(cache.shape),)


def kinks(x: Array, *, mode: str) -> Array:
    """Mark the planes whose two largest entries are equal, or so close that rounding could swap them."""
    if mode != "max" or x[0, 0].size == 1:
        return np.zeros(x.shape[:2], bool)
    second, first = np.moveaxis(np.sort(x.reshape(*x.shape[:2], -1), axis=2)[..., -2:], 2, 0)
    return np.asarray(first - second <= 1e-5 * np.abs(first))


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """The mean of absolute values; of a maximum, nothing is computed."""
    out, cache = forward(arrays["x"], mode=options["mode"])
    size = np.abs(out) if cache.argmax is not None else np.abs(arrays["x"]).mean(axis=(2, 3))
    return Magnitude(size, () if dout is None else backward(np.abs(dout), cache))


def _pooled(g: Given, axes: tuple[int, ...]) -> Any:
    """Return the maximum or the mean over these axes."""
    return g.x.max(axis=axes) if g.mode == "max" else g.x.mean(axis=axes)


MISCONCEPTIONS = (
    of_both(
        id="not_divided",
        cause="{name} is not divided by the number of entries where the mean is asked for.",
        advice="The mean is the sum divided by H * W, and each entry has a share of 1 / (H * W) in it.",
        wrong=lambda g: g.right * (g.H * g.W if g.mode == "average" else 1),
    ),
    of_dx(
        id="maximum_everywhere",
        cause="dx is dout at every entry where the maximum is asked for.",
        advice="Only the largest entry of a plane has an influence on the maximum: elsewhere dx is 0.",
        wrong=lambda g: np.broadcast_to(g.dout[..., None, None], g.x.shape) if g.mode == "max" else g.right,
    ),
    of_both(
        id="always_the_mean",
        cause="{name} is that of the mean whatever mode is.",
        advice="Where mode is max, take the largest entry of each plane, and give all of dout to it.",
        wrong=lambda g: g.but(mode="average").right,
    ),
    of_both(
        id="always_the_maximum",
        cause="{name} is that of the maximum whatever mode is.",
        advice="Where mode is average, take the mean of each plane, and share dout equally.",
        wrong=lambda g: g.but(mode="max").right,
    ),
    Misconception(
        id="maximum_from_zero",
        cause="out is 0 where all entries of a plane are negative and the maximum is asked for.",
        advice="Begin the search with the first entry or with -np.inf instead of 0.",
        wrong=lambda g: np.maximum(g.right, 0) if g.mode == "max" else g.right,
    ),
    Misconception(
        id="channels_last",
        cause="out is pooled over channels and height, and has the shape (N, W).",
        advice="x is (N, C, H, W): pool over the axes (2, 3).",
        wrong=lambda g: _pooled(g, (1, 2)),
    ),
    Misconception(
        id="channels_pooled",
        cause="out is pooled over the channels, too, and has one number for each sample.",
        advice="Every channel keeps a number of its own: pool over the axes (2, 3).",
        wrong=lambda g: _pooled(g, (1, 2, 3)),
    ),
)


MAX, AVERAGE = {"mode": ("max",)}, {"mode": ("average",)}
SPEC = LayerSpec(
    name="global_pool",
    formula={
        "forward": ("out = x.max(axis=(2, 3)) if mode == 'max' else x.mean(axis=(2, 3))",),
        "backward": ("dx = dout at the maximum of each plane if mode == 'max' else dout[:, :, None, None] / (H * W) everywhere",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (1, 5), "W": (1, 5)},
    options={"mode": ("max", "average")},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N C", homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (1, 1), "C": (1, 1), "H": (2, 2), "W": (2, 2)}, options=AVERAGE, values=Values.WHOLE),
        Scenario(title="small whole numbers, max", axes={"N": (1, 1), "C": (1, 1), "H": (2, 2), "W": (2, 2)}, options=MAX, values=Values.WHOLE),
        Scenario(title="average, all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (4, 4), "W": (5, 5)}, options=AVERAGE),
        Scenario(title="max, all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (5, 5), "W": (4, 4)}, options=MAX, count=2),
        Scenario(title="square", axes={"N": (3, 3), "C": (3, 3), "H": (3, 3), "W": (3, 3)}, count=2),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}, options=AVERAGE),  # of max, a tie would leave nothing
        Scenario(title="planes of one entry", axes={"H": (1, 1), "W": (1, 1)}),
        Scenario(title="max of negative inputs", options=MAX, values=Values.NEGATIVE, count=2),
        Scenario(title="average of negative inputs", options=AVERAGE, values=Values.NEGATIVE),
        Scenario(title="ties", options=MAX, values=Values.TIED),
        Scenario(title="float32", axes={"H": (2, 5), "W": (2, 5)}, single=True, count=2),
    ),
)  # fmt: skip
