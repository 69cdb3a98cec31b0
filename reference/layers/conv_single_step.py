"""One step of a convolution: one window, one filter, one number."""

from typing import NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception
from reference.mistakes import without_dout
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


MISCONCEPTIONS = (
    Misconception(
        id="bias_per_term",
        cause="The bias is added to every product, and so once for each entry of the window.",
        advice="Sum first and add b once: np.sum(x * w) + b.",
        wrong=lambda g: g.right + (g.x.size - 1) * g.b,
    ),
    Misconception(
        id="bias_forgotten",
        cause="The bias is not added.",
        advice="out = np.sum(x * w) + b.",
        wrong=lambda g: g.right - g.b,
    ),
    Misconception(
        id="not_summed",
        cause="out has an entry for each product; they must be summed to one number.",
        advice="out = np.sum(x * w) + b.",
        wrong=lambda g: g.x * g.w + g.b,
    ),
    Misconception(
        id="matrix_product",
        cause="The window is multiplied with the filter as a matrix; it must be entry by entry.",
        advice="x * w multiplies entry by entry; @ and np.dot do not.",
        wrong=lambda g: (g.x @ g.w).sum() + g.b,
    ),
    Misconception(
        id="factors_exchanged",
        of=("dx", "dw"),
        cause="{name} is multiplied by the wrong one of x and w.",
        advice="Of x * w the derivative with respect to one factor is the other: dx = dout * w, dw = dout * x.",
        wrong=lambda g: g.dw if g.of == "dx" else g.dx,
    ),
    Misconception(
        id="bias_gradient_per_term",
        of=("db",),
        cause="db counts dout once for each entry of the window.",
        advice="b is added once, so db = dout.",
        wrong=lambda g: g.right * g.x.size,
    ),
    without_dout("dx", "dw", "db"),
)


SPEC = LayerSpec(
    name="conv_single_step",
    formula={
        "forward": ("out = (x * w).sum() + b",),
        "backward": (
            "dx = dout * w",
            "dw = dout * x",
            "db = dout",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(
        Argument(name="x", axes="C KH KW", gradient="dx"),
        Argument(name="w", axes="C KH KW", gradient="dw"),
        Argument(name="b", axes="", gradient="db"),
    ),
    axes={"C": (1, 4), "KH": (1, 4), "KW": (1, 4)},
    misconceptions=MISCONCEPTIONS,
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
