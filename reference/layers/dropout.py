"""Dropout, for a mask that is given: what a draw of chance makes of the input can then be told exactly."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.errors import ShapeError
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


SPEC = LayerSpec(
    name="dropout",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=(Argument(name="x", axes="N D", gradient="dx"), Argument(name="mask", axes="N D", labels=True)),
    axes={"N": (1, 4), "D": (1, 5), "K": (2, 2)},
    options={"p": (0.4, 0.3), "training": (True,)},
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
