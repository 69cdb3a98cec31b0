"""Softplus: a ReLU without a kink."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.elementwise import ARGUMENTS, AXES, ONE_SAMPLE
from reference.layers import sigmoid
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import without_dout
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array, *, beta: float = 1.0) -> tuple[Array, tuple[Array, float]]:
    r"""Smooth the ReLU.

    $$y = \frac{1}{\beta} \log(1 + e^{\beta x})$$

    The exponential is taken of $-|\beta x|$ alone, so that it cannot overflow.

    Args:
        x: Input, any shape.
        beta: How sharp the bend at 0 is.

    Returns:
        out: Shape and dtype of x.
        cache: What `backward` needs.

    Source: Dugas, Bengio, Belisle, Nadeau, Garcia (2001). Same as torch.nn.functional.softplus without its threshold.
    """
    z = x.dtype.type(beta) * x
    return (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / x.dtype.type(beta), (x, beta)


def backward(dout: Array, cache: tuple[Array, float]) -> tuple[Array]:
    r"""Return $dx = dy\, \sigma(\beta x)$."""
    x, beta = cache
    return (dout * sigmoid.forward(x.dtype.type(beta) * x)[0],)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """A product that is off by a unit changes its exponential by as many units as it is large; the rest is a few roundings of the values."""
    x = np.abs(arrays["x"])
    out, cache = forward(arrays["x"], **options)
    steep = 1 + abs(options["beta"]) * x
    return Magnitude(np.abs(out) * 2 + x, () if dout is None else (np.abs(backward(dout, cache)[0]) * steep,))


MISCONCEPTIONS = (
    Misconception(
        id="relu_instead",
        cause="out is that of a ReLU; softplus is above it everywhere, most at 0, where it is log(2) / beta.",
        advice="out = log(1 + exp(beta * x)) / beta.",
        wrong=lambda g: np.maximum(g.x, 0),
    ),
    of_dx(
        id="step_for_gradient",
        cause="dx is the gradient of a ReLU: dout where x is positive, and 0 elsewhere.",
        advice="The slope of softplus is the sigmoid of beta * x, which is between 0 and 1 everywhere.",
        wrong=lambda g: g.dout * (g.x > 0),
    ),
    Misconception(
        id="not_divided_by_beta",
        cause="out is log(1 + exp(beta * x)); the division by beta is missing.",
        advice="Divide by beta: out = log(1 + exp(beta * x)) / beta.",
        wrong=lambda g: g.right * g.beta,
    ),
    of_both(
        id="beta_forgotten",
        cause="{name} is that of beta = 1, whatever beta is.",
        advice="Use the argument beta: multiply x by it in the exponential.",
        wrong=lambda g: g.but(beta=1.0).right,
    ),
    of_dx(
        id="multiplied_by_beta",
        cause="dx is beta times too large: the inner derivative beta and the division by beta cancel.",
        advice="dx = dout * sigmoid(beta * x), without another beta.",
        wrong=lambda g: g.right * g.beta,
    ),
    of_dx(
        id="sigmoid_of_minus_x",
        cause="dx has the sigmoid of -beta * x; the slope must be near 1 where x is large and near 0 where it is far below 0.",
        advice="d/dx log(1 + exp(beta * x)) / beta = exp(beta * x) / (1 + exp(beta * x)) = sigmoid(beta * x).",
        wrong=lambda g: g.dout - g.right,
    ),
    of_dx(
        id="slope_of_a_sigmoid",
        cause="dx has the slope of a sigmoid, s * (1 - s); that of softplus is the sigmoid itself.",
        advice="dx = dout * s with s = sigmoid(beta * x).",
        wrong=lambda g: g.right * (1 - sigmoid.forward(g.beta * g.x)[0]),
    ),
    without_dout("dx"),
)


SPEC = LayerSpec(
    name="softplus",
    torch="functional.softplus(x, beta, threshold=40)",
    formula={
        "forward": ("out = log(1 + exp(beta * x)) / beta",),
        "backward": ("dx = dout / (1 + exp(-beta * x))",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=ARGUMENTS,
    axes=AXES,
    options={"beta": (1.0, 2.0, 0.5)},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", permutable=("D",), out_range=(0.0, np.inf)),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, options={"beta": (1.0,)}, values=Values.WHOLE),
        Scenario(title="any sizes", count=2),
        Scenario(title="another beta", axes={"N": (2, 3), "D": (3, 4)}, options={"beta": (2.0, 0.5)}, count=2),
        Scenario(title="zeros", axes={"N": (2, 3), "D": (3, 4)}, values=Values.TIED),
        Scenario(title="negative inputs", axes={"N": (2, 3)}, values=Values.NEGATIVE),
        ONE_SAMPLE,
        Scenario(title="large inputs", axes={"N": (3, 4), "D": (4, 5)}, values=Values.HUGE),
        Scenario(title="float32", axes={"N": (3, 3), "D": (4, 5)}, single=True),
    ),
)
