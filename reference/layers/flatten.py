"""Flatten every sample to one row."""

import numpy as np

from reference.given import Given
from reference.misconception import Misconception, of_both
from reference.mistakes import left_flat
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


def _channels_last(g: Given) -> Array:
    """Return rows in the order (h, w, c), or dx of such rows."""
    moved: Array = np.moveaxis(g.x, 1, -1).reshape(g.N, -1) if g.of == "out" else np.moveaxis(g.dout.reshape(g.N, g.H, g.W, g.C), -1, 1)
    return moved


MISCONCEPTIONS = (
    Misconception(
        id="batch_flattened",
        cause="out is one long vector: the samples are flattened into each other.",
        advice="Keep the axis of the samples: x.reshape(len(x), -1).",
        wrong=lambda g: g.x.reshape(-1),
    ),
    Misconception(
        id="batch_in_one_row",
        cause="out is one row with all samples in it.",
        advice="Keep the axis of the samples: x.reshape(len(x), -1).",
        wrong=lambda g: g.x.reshape(1, -1),
    ),
    Misconception(
        id="samples_as_columns",
        cause="out has the samples as its columns, (D, N).",
        advice="A sample is a row here, (N, D): leave out the transpose.",
        wrong=lambda g: g.right.T,
    ),
    left_flat(),
    of_both(
        id="channels_last",
        cause="{name} has the channels as the last axis of the planes instead of the first.",
        advice="Reshape x as it is, (N, C, H, W): no axis has to move.",
        wrong=_channels_last,
    ),
)


SPEC = LayerSpec(
    name="flatten",
    formula={
        "forward": ("out = x.reshape(N, -1)",),
        "backward": ("dx = dout.reshape(x.shape)",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (1, 4), "W": (1, 4)},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(linear=("x",), homogeneous="x", copies=True),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "C": (1, 1), "H": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (4, 4), "W": (5, 5)}),
        Scenario(title="any sizes", count=2),
        Scenario(title="float32", single=True),
    ),
)
