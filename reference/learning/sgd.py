"""Steps of (stochastic) gradient descent."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import steps
from reference.misconception import Misconception
from reference.spec import Array, LayerSpec, Magnitude, Traits


def forward(w: Array, dw: Array, *, learning_rate: float = 0.01) -> tuple[Array, None]:
    r"""Go down a sequence of gradients, one step each.

    $$w \leftarrow w - \eta\,dw_s$$

    Args:
        w: Parameters, shape (D, M).
        dw: Their gradient at each step, shape (S, D, M).
        learning_rate: Length of a step, eta.

    Returns:
        out: The parameters after all steps, shape (D, M).
        cache: None; nothing is differentiated.

    Raises:
        ShapeError: The gradients are not of the shape of w.

    Source: torch.optim.SGD.
    """
    steps.check("sgd", w, dw)
    for gradient in dw:
        w = w - w.dtype.type(learning_rate) * gradient
    return w, None


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], _: Array | None) -> Magnitude:
    """The sum over absolute values."""
    return Magnitude(np.abs(arrays["w"]) + 2 * options["learning_rate"] * np.abs(arrays["dw"]).sum(axis=0), ())


MISCONCEPTIONS = (
    Misconception(
        id="up_the_gradient",
        cause="The step is added; it must be subtracted, for the gradient points to where the loss grows.",
        advice="w = w - learning_rate * dw.",
        wrong=lambda g: 2 * g.w - g.right,
    ),
    Misconception(
        id="never_stepped",
        cause="The parameters come back as they were.",
        advice="Hand back the new ones, or write into the array itself with w -= learning_rate * dw.",
        wrong=lambda g: g.w,
    ),
    Misconception(
        id="rate_forgotten",
        cause="The gradient is subtracted without the learning rate.",
        advice="w = w - learning_rate * dw.",
        wrong=lambda g: g.w + (g.right - g.w) / g.learning_rate,
    ),
    Misconception(
        id="averaged",
        cause="The gradient is divided by the number of its rows.",
        advice="Use dw as it is: the loss has divided by the size of the batch already, and the rows of dw are no samples.",
        wrong=lambda g: g.w + (g.right - g.w) / g.D,
    ),
)
SPEC = LayerSpec(
    name="sgd",
    formula={
        "forward": ("w = w - learning_rate * dw",),
    },
    forward=forward,
    magnitude=magnitude,
    arguments=steps.ARGUMENTS,
    axes=steps.AXES,
    options={"learning_rate": steps.RATES},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(coupled=True),
    scenarios=steps.scenarios(),
)
