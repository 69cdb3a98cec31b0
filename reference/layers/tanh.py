"""Hyperbolic tangent."""

import numpy as np

from reference.elementwise import ARGUMENTS, AXES, SATURATING
from reference.given import Given
from reference.misconception import Misconception, of_dx
from reference.mistakes import without_dout
from reference.spec import Array, LayerSpec, Magnitude, Traits


def forward(x: Array) -> tuple[Array, Array]:
    r"""Squash to (-1, 1).

    $$y = \tanh x = (e^x - e^{-x}) / (e^x + e^{-x})$$

    Args:
        x: Input, any shape; large values do not overflow.

    Returns:
        out: Shape and dtype of x.
        cache: The output itself.

    Source: same as torch.tanh.
    """
    out = np.tanh(x)
    return out, out


def backward(dout: Array, cache: Array) -> tuple[Array]:
    r"""Return $dx = dy\,(1 - y^2)$: the derivative at the output, not at the input."""
    return (dout * (1 - cache * cache),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """Return 1: by exponentials tanh is a difference of numbers between 0 and 2, and so is 1 - y*y, however small they are."""
    ones = np.ones_like(arrays["x"])
    return Magnitude(ones, () if dout is None else (np.abs(dout),))


def _overflowing(g: Given) -> Array:
    """Return (exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((np.exp(g.x) - np.exp(-g.x)) / (np.exp(g.x) + np.exp(-g.x)))


MISCONCEPTIONS = (
    of_dx(
        id="derivative_at_x",
        cause="dx is dout * (1 - x * x); it must be taken at the output.",
        advice="dx = dout * (1 - y * y) holds for y = tanh(x): let forward keep y.",
        wrong=lambda g: g.dout * (1 - g.x**2),
    ),
    of_dx(
        id="square_forgotten",
        cause="dx is dout * (1 - y), where y must be squared.",
        advice="dx = dout * (1 - y * y).",
        wrong=lambda g: g.dout * (1 - g.out),
    ),
    without_dout("dx"),
    of_dx(
        id="derivative_of_sigmoid",
        cause="dx is dout * y * (1 - y), the derivative of the sigmoid.",
        advice="That of tanh is 1 - y * y.",
        wrong=lambda g: g.dout * g.out * (1 - g.out),
    ),
    of_dx(
        id="tanh_twice",
        cause="dx is the derivative at y; tanh is applied to its own output.",
        advice="Where forward keeps y = tanh(x), dx = dout * (1 - y * y) needs no further tanh.",
        wrong=lambda g: g.dout * (1 - np.tanh(g.out) ** 2),
    ),
    Misconception(
        id="exponent_not_doubled",
        cause="out is tanh of x / 2.",
        advice="By exponentials tanh(x) = (1 - exp(-2x)) / (1 + exp(-2x)), and by the sigmoid 2 * sigmoid(2x) - 1: mind the 2.",
        wrong=lambda g: np.tanh(g.x / 2),
    ),
    Misconception(
        id="sigmoid_for_tanh",
        cause="out is the sigmoid of x.",
        advice="tanh lies between -1 and 1: np.tanh(x).",
        wrong=lambda g: (1 + np.tanh(g.x / 2)) / 2,
    ),
    Misconception(
        id="overflows",
        cause="out is nan for large x: exp overflows, and inf / inf is nan.",
        advice="np.tanh(x) holds for every x.",
        wrong=_overflowing,
    ),
)


SPEC = LayerSpec(
    name="tanh",
    torch="torch.tanh(x)",
    formula={
        "forward": ("out = (exp(x) - exp(-x)) / (exp(x) + exp(-x))",),
        "backward": ("dx = dout * (1 - out**2)",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=ARGUMENTS,
    axes=AXES,
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", permutable=("D",), out_range=(-1, 1)),
    scenarios=SATURATING,
)
