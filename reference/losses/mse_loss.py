"""Mean squared error."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """What backward needs of forward: x - y, and what each of its squares is multiplied by."""

    difference: Array
    factor: float


def forward(x: Array, y: Array, *, mean_over: str = "elements", half: bool = False) -> tuple[Array, Cache]:
    r"""Average the squares of the differences.

    $$L = \frac{1}{N D} \sum_{nd} (x_{nd} - y_{nd})^2$$

    Args:
        x: Predictions, shape (N, D).
        y: Targets, shape (N, D).
        mean_over: "elements" divides by N D, as torch does; "samples" by N, as lectures do.
        half: Whether a factor of 1/2 cancels the 2 of the derivative.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: x and y have not one shape (N, D).

    Source: same as torch.nn.functional.mse_loss.
    """
    if x.ndim != 2 or y.shape != x.shape:  # (N,) and (N, 1) would broadcast to (N, N)
        raise ShapeError(f"mse_loss: predictions {x.shape} and targets {y.shape} must have one shape (N, D).")
    difference = x - y
    factor = (0.5 if half else 1) / (x.size if mean_over == "elements" else len(x))
    return (difference * difference).sum() * x.dtype.type(factor), Cache(difference, factor)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    r"""Return $dx = dy\,2 (x - y) / (N D)$, or with the factor of its forward."""
    difference, factor = cache
    return (difference * (2 * difference.dtype.type(factor) * dout),)


def magnitude(arrays: Mapping[str, Array], reading: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """The difference has errors of its size alone, but squares may be multiplied out: x*x - 2*x*y + y*y."""
    x, y = np.abs(arrays["x"]), np.abs(arrays["y"])
    _, (difference, factor) = forward(arrays["x"], arrays["y"], **reading)
    loss = np.asarray(((x + y) ** 2).sum() * factor)
    return Magnitude(loss, () if dout is None else (np.abs(difference) * (2 * factor * abs(dout)),))


def total(g: Given) -> Any:
    """Return what is asked about before it is averaged."""
    return g.right * (g.N * (g.D if g.mean_over == "elements" else 1))


def absolute(g: Given) -> Any:
    """Return the mean of the absolute differences, or its gradient."""
    return np.abs(g.x - g.y).mean() if g.of == "out" else g.dout * np.sign(g.x - g.y) / g.x.size


MISCONCEPTIONS = (
    of_dx(
        id="factor_2_forgotten",
        cause="{name} is half of what it must be: the derivative of a square brings a factor 2, and the loss has no 1/2 to cancel it.",
        advice="{name} = 2 * (x - y) / (N * D), or take half the mean for the loss, too.",
        wrong=lambda g: g.right / (1 if g.half else 2),
    ),
    of_both(
        id="summed",
        cause="{name} is that of the sum over all elements; it must be averaged.",
        advice="Divide by N * D, the loss and its gradient alike.",
        wrong=total,
    ),
    of_dx(
        id="difference_alone",
        cause="{name} is the bare difference x - y.",
        advice="The derivative of a mean of squares is 2 * (x - y) / (N * D).",
        wrong=lambda g: g.dout * (g.x - g.y),
    ),
    of_dx(
        id="over_samples",
        cause="{name} is divided by N alone; the loss is divided by N * D.",
        advice="Divide the loss and its gradient by the same number.",
        wrong=lambda g: total(g) / g.N,
    ),
    of_both(
        id="over_features",
        cause="{name} is averaged over the D outputs of each sample and summed over the samples; it must be averaged over them, too.",
        advice="Divide by N * D.",
        wrong=lambda g: total(g) / g.D,
    ),
    of_both(
        id="absolute",
        cause="{name} is that of the mean absolute difference; the differences must be squared.",
        advice="The loss is np.mean((x - y) ** 2), and its gradient 2 * (x - y) / (N * D).",
        wrong=absolute,
    ),
    of_dx(
        id="sign",
        cause="{name} has the wrong sign: it is made of y - x.",
        advice="The derivative of (x - y)**2 by x is 2 * (x - y), whichever way round the loss takes the difference.",
        wrong=lambda g: -g.right,
    ),
    Misconception(
        id="root",
        cause="The loss is the root of the mean squared error.",
        advice="Leave out the square root.",
        wrong=lambda g: np.sqrt(g.right),
    ),
    Misconception(
        id="averaged_before_squaring",
        cause="The differences are averaged and the mean is squared; each must be squared first.",
        advice="The loss is np.mean((x - y) ** 2), not np.mean(x - y) ** 2.",
        wrong=lambda g: np.square((g.x - g.y).mean()),
    ),
)

SPEC = LayerSpec(
    name="mse_loss",
    formula={
        "forward": ("out = ((x - y)**2).mean(), or ((x - y)**2).sum() / N, or half of either",),
        "backward": ("dx = 2 * (x - y) / (N * D), or with N in place of N * D, or without the 2, as out has it",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    scalar=True,
    arguments=(Argument(name="x", axes="N D", gradient="dx"), Argument(name="y", axes="N D")),
    axes={"N": (1, 5), "D": (1, 5)},
    readings={"mean_over": ("elements", "samples"), "half": (False, True)},
    traits=Traits(out="", coupled=True, permutable=("D",), out_range=(0, math.inf)),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (3, 3), "D": (4, 5)}, count=2),
        Scenario(title="square", axes={"N": (4, 4), "D": (4, 4)}),
        Scenario(title="one sample", axes={"N": (1, 1), "D": (2, 5)}),
        Scenario(title="one output", axes={"N": (3, 5), "D": (1, 1)}),
        Scenario(title="negative predictions", axes={"N": (2, 4), "D": (2, 4)}, values=Values.NEGATIVE),
        Scenario(title="any sizes", count=2),
        Scenario(title="float32", axes={"N": (3, 4), "D": (2, 5)}, single=True, count=2),
    ),
)
