"""Steps of (stochastic) gradient descent."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import steps
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


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """The sum over absolute values."""
    del dout
    return Magnitude(np.abs(arrays["w"]) + 2 * options["learning_rate"] * np.abs(arrays["dw"]).sum(axis=0), ())


SPEC = LayerSpec(
    name="sgd",
    forward=forward,
    magnitude=magnitude,
    arguments=steps.ARGUMENTS,
    axes=steps.AXES,
    options={"learning_rate": steps.RATES},
    traits=Traits(coupled=True),
    scenarios=steps.scenarios(),
)
