"""Dropout, for a mask that is given: what a draw of chance makes of the input can then be told exactly."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import without_dout
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(
    x: Array, mask: Array, *, p: float = 0.5, training: bool = True, p_of: str = "dropped", inverted: bool = True
) -> tuple[tuple[Array, Array, Array], Array]:
    r"""Let through what the mask keeps, divided by the probability of being kept; in test mode let everything through.

    $$y = x m / q, \quad q = 1 - p$$

    Args:
        x: Input, any shape.
        mask: 1 where an entry is kept and 0 where it is dropped, shape of x.
        p: The probability of being dropped.
        training: Whether anything is dropped.
        p_of: What p is the probability of: "dropped" as in torch, or "kept" as in CS231n's later years; then q = p.
        inverted: Whether it is training that divides by q, as in torch; if not, test mode multiplies by q instead.

    Returns:
        outputs: The output, shape of x; the share of entries that is kept on average, shape (); and the number of entries that have
            their draw of chance in common with another entry, shape (): none.
        cache: What every entry was multiplied by, shape of x.

    Raises:
        ShapeError: The mask has not the shape of x.

    Source: Srivastava et al. (2014), section 4. Same as torch.nn.functional.dropout.
    """
    if mask.shape != x.shape:
        raise ShapeError(f"dropout: the mask {mask.shape} must have the shape of x {x.shape}.")
    q = 1 - p if p_of == "dropped" else p
    scale = 1 / q if training and inverted else 1 if training or inverted else q
    factor: Array = (mask if training else np.ones(x.shape)).astype(x.dtype) * x.dtype.type(scale)
    return (x * factor, np.asarray(q if training else 1, x.dtype), np.zeros((), x.dtype)), factor


def backward(dout: Array, cache: Array) -> tuple[Array]:
    r"""Return $dx = dy\,m / q$: the mask of forward, and its factor."""
    return (dout * cache,)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Nothing is added: the values themselves."""
    (out, *beside), cache = forward(arrays["x"], arrays["mask"], **options)
    return Magnitude(np.abs(out), () if dout is None else (np.abs(dout) * cache,), beside=tuple(beside))


def _tied(g: Given, axis: int) -> Array:
    """Return how many entries are dropped together with another along an axis; of zeros nobody can tell."""
    counts = np.count_nonzero(g.x, axis=axis)
    return np.asarray(counts[counts > 1].sum() * g.training, g.x.dtype)


MISCONCEPTIONS = (
    of_both(
        id="not_scaled",
        cause="{name} is not divided by the probability of being kept.",
        advice="Divide what is kept by that probability in training (and let all through in test mode).",
        wrong=lambda g: g.but(inverted=not g.training).right,
    ),
    Misconception(
        id="scaled_in_test_mode",
        cause="out is scaled in test mode, too, where training has divided already.",
        advice="Dividing in training makes up for what is dropped: in test mode out is x itself.",
        wrong=lambda g: g.but(inverted=g.training).right,
    ),
    of_dx(
        id="not_masked",
        cause="dx is dout everywhere; it must be 0 where forward dropped an entry.",
        advice="Keep the mask of forward in the cache, and multiply dout by it.",
        wrong=lambda g: g.dout,
    ),
    of_both(
        id="multiplied",
        cause="{name} is multiplied by the probability of being kept, instead of divided.",
        advice="Divide what is kept by the probability of being kept: on average that leaves x as it is.",
        wrong=lambda g: g.but(inverted=not g.training).right * g.keep_rate,
    ),
    of_both(
        id="scaled_twice",
        cause="{name} is divided by the probability of being kept twice.",
        advice="Where the mask holds the division already, multiply by it and no more.",
        wrong=lambda g: g.but(inverted=True).right / g.keep_rate,
    ),
    without_dout("dx"),
    Misconception(
        id="drops_with_the_other_probability",
        of=("keep_rate",),
        cause="An entry is kept with the probability with which it must be dropped.",
        advice="np.random.rand(*x.shape) < q is true with the probability q: q must be that of being kept.",
        wrong=lambda g: 1 - g.right if g.training else g.right,
    ),
    Misconception(
        id="one_draw_for_each_sample",
        of=("tied",),
        cause="The entries of a sample are all kept or all dropped: each sample has one draw of chance.",
        advice="Draw for every entry: np.random.rand(*x.shape).",
        wrong=lambda g: _tied(g, axis=1),
    ),
    Misconception(
        id="one_draw_for_each_feature",
        of=("tied",),
        cause="All samples keep and drop the same features: each feature has one draw of chance.",
        advice="Draw for every entry: np.random.rand(*x.shape).",
        wrong=lambda g: _tied(g, axis=0),
    ),
)


SPEC = LayerSpec(
    name="dropout",
    formula={
        "forward": ("q = 1 - p, or p where p is the probability of being kept", "out = x * mask / q in training, and x in test mode"),
        "backward": ("dx = dout * mask / q",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=(Argument(name="x", axes="N D", gradient="dx"), Argument(name="mask", axes="N D", labels=True)),
    axes={"N": (1, 4), "D": (1, 5), "K": (2, 2)},
    options={"p": (0.4, 0.3), "training": (True,)},
    misconceptions=MISCONCEPTIONS,
    readings={"p_of": ("dropped", "kept"), "inverted": (True, False)},
    beside=("keep_rate", "tied"),
    forward_only=lambda sizes: not sizes["training"],
    traits=Traits(out="N D", linear=("x",), homogeneous="x", permutable=("D",)),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (3, 3), "D": (5, 5)}, count=2),
        Scenario(title="square", axes={"N": (4, 4), "D": (4, 4)}),
        Scenario(title="zeros", axes={"N": (3, 4), "D": (4, 5)}, values=Values.TIED),
        Scenario(title="one sample", axes={"N": (1, 1), "D": (3, 5)}),
        Scenario(title="negative inputs", axes={"N": (2, 3), "D": (2, 4)}, values=Values.NEGATIVE),
        Scenario(title="any sizes", axes={"D": (2, 5)}),
        Scenario(title="test mode", axes={"N": (2, 4), "D": (3, 5)}, options={"training": (False,)}, count=2),
        Scenario(title="float32", axes={"N": (2, 3), "D": (4, 5)}, single=True),
    ),
)
