"""Steps of gradient descent with momentum."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import steps
from reference.given import Given
from reference.misconception import Misconception
from reference.spec import Array, LayerSpec, Magnitude, Traits

# What the velocity is: the step itself, what is subtracted, or, as in torch, the running sum of gradients without the rate.
VELOCITIES = ("step", "descent", "gradient")


def forward(
    w: Array, dw: Array, *, learning_rate: float = 0.01, momentum: float = 0.9, velocity_is: str = "step"
) -> tuple[tuple[Array, Array], None]:
    r"""Go down a sequence of gradients with a velocity that starts at 0.

    $$v \leftarrow \mu v - \eta\,dw_s, \quad w \leftarrow w + v$$

    Args:
        w: Parameters, shape (D, M).
        dw: Their gradient at each step, shape (S, D, M).
        learning_rate: eta.
        momentum: Share of the velocity that is kept, mu.
        velocity_is: "step" as above; "descent", v = mu v + eta dw and w - v; "gradient", v = mu v + dw and w - eta v. While the rate is
            constant, the parameters are the same.

    Returns:
        (out, velocity): The parameters and the velocity after all steps, each of shape (D, M).
        cache: None; nothing is differentiated.

    Raises:
        ShapeError: The gradients are not of the shape of w.

    Source: Polyak (1964); torch.optim.SGD(momentum=mu, dampening=0) with "gradient".
    """
    steps.check("momentum", w, dw)
    rate, kept = w.dtype.type(learning_rate), w.dtype.type(momentum)
    v = np.zeros_like(w)
    for gradient in dw:
        v = kept * v - rate * gradient
        w = w + v
    return (w, v if velocity_is == "step" else -v if velocity_is == "descent" else -v / rate), None


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], _: Array | None) -> Magnitude:
    """The same on absolute values, of gradients that lead up."""
    up = -np.abs(arrays["dw"])
    (w, v), _ = forward(np.abs(arrays["w"]), up, learning_rate=options["learning_rate"], momentum=options["momentum"])
    scale = 1 / options["learning_rate"] if options.get("velocity_is") == "gradient" else 1
    return Magnitude(2 * w, (), beside=(2 * scale * v,))


def _late(g: Given) -> Array:
    """Return the parameters where each step goes by the velocity of the step before."""
    if g.S == 1:
        return np.array(g.w)
    return np.asarray(g.but(dw=g.dw[:-1]).out)


MISCONCEPTIONS = (
    Misconception(
        id="velocity_forgotten",
        of=("out", "velocity"),
        cause="{name} is that of a velocity that begins at 0 in every step.",
        advice="Keep the velocity from step to step: store it where the next call finds it.",
        wrong=lambda g: g.but(momentum=0.0).right,
    ),
    Misconception(
        id="up_the_gradient",
        cause="The velocity goes into w with the wrong sign, so that w moves up the gradient.",
        advice="With v = momentum * v - learning_rate * dw it is w = w + v; with v = momentum * v + learning_rate * dw it is w = w - v.",
        wrong=lambda g: 2 * g.w - g.right,
    ),
    Misconception(
        id="dampened",
        of=("out", "velocity"),
        cause="{name} is that of a gradient weighed with 1 - momentum.",
        advice="The velocity is no average: v = momentum * v - learning_rate * dw.",
        wrong=lambda g: g.but(dw=(1 - g.momentum) * g.dw).right,
    ),
    Misconception(
        id="rate_twice",
        cause="The learning rate is multiplied in twice, into the velocity and again into the step.",
        advice="Where v = momentum * v - learning_rate * dw, the step is v: w = w + v.",
        wrong=lambda g: g.w + g.learning_rate * (g.right - g.w),
    ),
    Misconception(
        id="velocity_of_the_step_before",
        cause="The parameters move by the velocity of the step before.",
        advice="First v = momentum * v - learning_rate * dw, then w = w + v.",
        wrong=_late,
    ),
    Misconception(
        id="nesterov",
        cause="The step is that of Nesterov's momentum.",
        advice="Move by the velocity alone: w = w + v.",
        wrong=lambda g: g.w + g.momentum * (g.right - g.w) - g.learning_rate * g.dw.sum(axis=0),
    ),
    Misconception(
        id="velocity_never_stored",
        of=("velocity",),
        cause="The velocity stays 0.",
        advice="Store the new velocity where the next call finds it.",
        wrong=lambda g: np.zeros_like(g.w),
    ),
)
SPEC = LayerSpec(
    name="momentum",
    formula={
        "forward": (
            "velocity = momentum * velocity - learning_rate * dw",
            "w = w + velocity",
        ),
    },
    forward=forward,
    magnitude=magnitude,
    arguments=steps.ARGUMENTS,
    axes=steps.AXES,
    options={"learning_rate": steps.RATES, "momentum": (0.9, 0.5, 0.99)},
    readings={"velocity_is": VELOCITIES},
    beside=("velocity",),
    misconceptions=MISCONCEPTIONS,
    traits=Traits(coupled=True),
    scenarios=steps.scenarios(),
)
