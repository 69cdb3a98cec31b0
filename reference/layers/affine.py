"""The affine layer, also called fully connected (torch: Linear)."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception, of_dx
from reference.mistakes import averaged, left_flat, overwritten
from reference.spec import Argument, Array, LayerSpec, Scenario, Sizes, Traits, Values, multilinear


class Cache(NamedTuple):
    """What backward needs of forward."""

    x: Array
    w: Array


def forward(x: Array, w: Array, b: Array, *, flattens: bool = True) -> tuple[Array, Cache]:
    r"""Multiply by a matrix and add a bias.

    $$y = x W + b$$

    Args:
        x: Input, shape (N, ...), flattened to (N, D).
        w: Weights, shape (D, M).
        b: Bias, shape (M,).
        flattens: Whether x may have more than two axes; courses differ.

    Returns:
        out: Shape (N, M).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, w and b do not agree, or x is to be flattened and that is not done.

    Source: torch.nn.functional.linear, with w transposed; the flattening as in CS231n, assignment 1, and Deep Learning from Scratch,
        whose chapter 5 begins without it.
    """
    if x.ndim != 2 and not flattens:
        raise ShapeError(f"affine: x {x.shape} must be (N, D).")
    rows = x.reshape(len(x), -1)
    if w.ndim != 2 or rows.shape[1] != w.shape[0] or b.shape != w.shape[1:]:
        raise ShapeError(f"affine: x {x.shape} @ w {w.shape} + b {b.shape}: x needs {w.shape[0]} features, b {w.shape[-1]}.")
    return rows @ w + b, Cache(x, w)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return $dx = dy\,W^T$ in the shape of x, $dW = x^T dy$ and $db = \sum_n dy_n$, for dout of shape (N, M)."""
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


MISCONCEPTIONS = (
    averaged("dw", "db", "dx"),
    Misconception(
        id="bias_gradient_over_features",
        of=("db",),
        cause="db is summed over the outputs of each sample; it must be summed over the samples.",
        advice="b is added to every sample, so db = dout.sum(axis=0), of shape (M,).",
        wrong=lambda g: g.dout.sum(axis=1),
    ),
    Misconception(
        id="bias_gradient_not_summed",
        of=("db",),
        cause="db is dout itself, with a row for every sample.",
        advice="b is added to every sample, so db = dout.sum(axis=0), of shape (M,).",
        wrong=lambda g: g.dout,
    ),
    Misconception(
        id="bias_gradient_total",
        of=("db",),
        cause="db is the sum of all of dout; every output has a bias of its own.",
        advice="Sum over the samples only: dout.sum(axis=0), of shape (M,).",
        wrong=lambda g: np.broadcast_to(g.dout.sum(), g.b.shape),
    ),
    Misconception(
        id="bias_forgotten",
        cause="The bias is not added.",
        advice="out = x @ w + b; NumPy adds b, of shape (M,), to every row.",
        wrong=lambda g: g.x.reshape(g.N, -1) @ g.w,
    ),
    Misconception(
        id="bias_twice",
        cause="The bias is added twice.",
        advice="out = x @ w + b: add b once.",
        wrong=lambda g: g.right + g.b,
    ),
    of_dx(
        id="w_not_transposed",
        cause="dx is dout @ w; it must be dout @ w.T.",
        advice="Follow the shapes: dout is (N, M) and w (D, M), so that dx of shape (N, D) needs w.T.",
        wrong=lambda g: (g.dout @ g.w).reshape(g.x.shape),
    ),
    Misconception(
        id="dw_transposed",
        of=("dw",),
        cause="dw is dout.T @ x, of shape (M, D).",
        advice="dw has the shape of w, (D, M): dw = x.T @ dout.",
        wrong=lambda g: g.right.T,
    ),
    Misconception(
        id="w_transposed",
        cause="out is x @ w.T + b, which fits a square w only.",
        advice="w is (D, M) here: out = x @ w + b, without a transpose.",
        wrong=lambda g: g.x.reshape(g.N, -1) @ g.w.T + g.b,
    ),
    left_flat(),
    overwritten("dw", "db"),
)


def planes(*axes: str) -> tuple[Argument, ...]:
    """Return the arguments where x has these axes after N."""
    return (
        Argument(name="x", axes=" ".join(("N", *axes)), gradient="dx"),
        Argument(name="w", axes="D M", gradient="dw"),
        Argument(name="b", axes="M", gradient="db"),
    )


def flat(*axes: str) -> Callable[[Sizes], bool]:
    """Return the condition that these axes flatten to D, and the last of them is not D already."""
    return lambda sizes: bool(math.prod(sizes[axis] for axis in axes) == sizes["D"] != sizes[axes[-1]])


SPEC = LayerSpec(
    name="affine",
    formula={
        "forward": ("out = x @ w + b",),
        "backward": (
            "dx = dout @ w.T",
            "dw = x.T @ dout",
            "db = dout.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=planes("D"),
    axes={"N": (1, 5), "D": (1, 5), "M": (1, 5), "C": (1, 1), "H": (1, 1), "W": (1, 1)},
    misconceptions=MISCONCEPTIONS,
    readings={"flattens": (True, False)},
    traits=Traits(out="N M", linear=("x", "w", "b"), permutable=("D", "M")),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (2, 2), "M": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "D": (5, 6), "M": (3, 4)}, count=2),
        Scenario(title="square", axes={"N": (3, 3), "D": (3, 3), "M": (3, 3)}, count=2),
        Scenario(title="one sample", axes={"N": (1, 1), "D": (2, 5)}),
        Scenario(title="one feature", axes={"D": (1, 1), "N": (2, 4)}),
        Scenario(title="one output", axes={"M": (1, 1), "N": (2, 4)}),
        Scenario(title="negative inputs", values=Values.NEGATIVE),
        Scenario(title="any sizes", count=2),
        Scenario(
            title="planes, to be flattened to (N, D)",
            arguments=planes("C", "H", "W"),
            axes={"N": (2, 4), "M": (2, 5), "C": (2, 2), "H": (2, 3), "W": (2, 4), "D": (8, 24)},
            where=flat("C", "H", "W"),
            count=2,
        ),
        Scenario(
            title="rows of rows, to be flattened to (N, D)",
            arguments=planes("H", "W"),
            axes={"N": (1, 3), "H": (2, 3), "W": (2, 4), "D": (4, 12)},
            where=flat("H", "W"),
            values=Values.WHOLE,
        ),
        Scenario(title="float32", axes={"N": (4, 4), "D": (5, 6), "M": (2, 3)}, single=True, count=2),
    ),
)
