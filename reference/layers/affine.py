"""The affine layer, also called fully connected (torch: Linear)."""

from typing import NamedTuple

from reference.errors import ShapeError
from reference.spec import Argument, Array, LayerSpec, Scenario, Traits, Values, multilinear


class Cache(NamedTuple):
    """What backward needs of forward."""

    x: Array
    w: Array


def forward(x: Array, w: Array, b: Array) -> tuple[Array, Cache]:
    r"""Multiply by a matrix and add a bias.

    $$y = x W + b$$

    Args:
        x: Input, shape (N, ...), flattened to (N, D).
        w: Weights, shape (D, M).
        b: Bias, shape (M,).

    Returns:
        out: Shape (N, M).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, w and b do not agree.

    Source: torch.nn.functional.linear, with w transposed.
    """
    rows = x.reshape(len(x), -1)
    if w.ndim != 2 or rows.shape[1] != w.shape[0] or b.shape != w.shape[1:]:
        raise ShapeError(f"affine: x {x.shape} @ w {w.shape} + b {b.shape}: x needs {w.shape[0]} features, b {w.shape[-1]}.")
    return rows @ w + b, Cache(x, w)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return $dx = dy\,W^T$ in the shape of x, $dW = x^T dy$ and $db = \sum_n dy_n$, for dout of shape (N, M)."""
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


SPEC = LayerSpec(
    name="affine",
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(
        Argument(name="x", axes="N D", gradient="dx"),
        Argument(name="w", axes="D M", gradient="dw"),
        Argument(name="b", axes="M", gradient="db"),
    ),
    axes={"N": (1, 5), "D": (1, 5), "M": (1, 5)},
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
        Scenario(title="float32", axes={"N": (4, 4), "D": (5, 6), "M": (2, 3)}, single=True, count=2),
    ),
)
