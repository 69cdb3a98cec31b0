"""One step of a convolution: one window, one filter, one number."""

from typing import NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.spec import Argument, Array, LayerSpec, Scenario, Traits, Values, multilinear


class Cache(NamedTuple):
    """What backward needs of forward."""

    x: Array
    w: Array


def forward(x: Array, w: Array, b: Array) -> tuple[Array, Cache]:
    r"""Multiply a window with a filter entry by entry, add up, and add the bias.

    $$y = b + \sum_{c,k,l} x_{ckl}\,w_{ckl}$$

    Args:
        x: Window of the input, shape (C, KH, KW).
        w: Filter, shape (C, KH, KW).
        b: Bias, shape ().

    Returns:
        out: Shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: Window and filter are not of one shape.

    Source: deeplearning.ai, Convolutional Neural Networks, week 1. Same as one entry of torch.nn.functional.conv2d.
    """
    if x.shape != w.shape or np.shape(b):
        raise ShapeError(f"conv_single_step: x {x.shape}, w {w.shape}, b {np.shape(b)} must be (C, KH, KW) twice and ().")
    return np.asarray(np.vdot(x, w) + b), Cache(x, w)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dw, db) for dout of shape (): $dx = dy\,w$, $dw = dy\,x$, $db = dy$."""
    return dout * cache.w, dout * cache.x, np.array(dout)


SPEC = LayerSpec(
    name="conv_single_step",
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(
        Argument(name="x", axes="C KH KW", gradient="dx"),
        Argument(name="w", axes="C KH KW", gradient="dw"),
        Argument(name="b", axes="", gradient="db"),
    ),
    axes={"C": (1, 4), "KH": (1, 4), "KW": (1, 4)},
    traits=Traits(out="", linear=("x", "w", "b"), permutable=("C", "KH", "KW")),
    scenarios=(
        Scenario(title="small whole numbers", axes={"C": (1, 1), "KH": (2, 2), "KW": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"C": (4, 4), "KH": (2, 2), "KW": (3, 3)}, count=2),
        Scenario(title="square", axes={"C": (3, 3), "KH": (3, 3), "KW": (3, 3)}),
        Scenario(title="one entry", axes={"C": (1, 1), "KH": (1, 1), "KW": (1, 1)}),
        Scenario(title="negative inputs", values=Values.NEGATIVE),
        Scenario(title="float32", axes={"C": (2, 4), "KH": (2, 3)}, single=True),
    ),
)
