"""Steps of Adam: running means of the gradient and of its square, both corrected for their start at 0."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import steps
from reference.spec import Array, LayerSpec, Magnitude, Traits

# Where eps stands: beside the root of the corrected mean, beside the root of the mean before it is corrected, or under the root.
PLACES = ("corrected", "uncorrected", "under the root")
PLAIN = {"beta1": (0.9,), "beta2": (0.999,), "eps": (1e-7,)}  # what classes that take no eps have in them


def forward(
    w: Array,
    dw: Array,
    *,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    eps_is: str = "corrected",
) -> tuple[tuple[Array, Array, Array], None]:
    r"""Go down a sequence of gradients; the first step has t = 1.

    $$m \leftarrow \beta_1 m + (1 - \beta_1)\,dw_t, \quad v \leftarrow \beta_2 v + (1 - \beta_2)\,dw_t^2$$
    $$w \leftarrow w - \eta\,\hat m / (\sqrt{\hat v} + \epsilon), \quad \hat m = m / (1 - \beta_1^t),\; \hat v = v / (1 - \beta_2^t)$$

    Args:
        w: Parameters, shape (D, M).
        dw: Their gradient at each step, shape (S, D, M).
        learning_rate: eta.
        beta1: Share of the running mean that is kept.
        beta2: The same for that of the squares.
        eps: Keeps the denominator from 0.
        eps_is: "corrected" as above; "uncorrected", $\sqrt{v} + \epsilon$ with the correction of both in the rate; "under the root",
            $\sqrt{\hat v + \epsilon}$.

    Returns:
        (out, m, v): The parameters and the two running means after all steps, each of shape (D, M).
        cache: None; nothing is differentiated.

    Raises:
        ShapeError: The gradients are not of the shape of w.

    Source: Kingma and Ba (2015), algorithm 1, and the end of section 2 for "uncorrected"; torch.optim.Adam.
    """
    steps.check("adam", w, dw)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, gradient in enumerate(dw, start=1):
        m = m.dtype.type(beta1) * m + m.dtype.type(1 - beta1) * gradient
        v = v.dtype.type(beta2) * v + v.dtype.type(1 - beta2) * gradient * gradient
        w = w - w.dtype.type(learning_rate) * _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps, eps_is)
    return (w, m, v), None


def _direction(m: Array, v: Array, first: float, second: float, eps: float, eps_is: str) -> Array:
    """Return the mean over the root, for the corrections of both."""
    number = m.dtype.type
    if eps_is == "uncorrected":
        direction: Array = m * number(np.sqrt(second) / first) / (np.sqrt(v) + number(eps))
    elif eps_is == "corrected":
        direction = m / number(first) / (np.sqrt(v / number(second)) + number(eps))
    else:
        direction = m / number(first) / np.sqrt(v / number(second) + number(eps))
    return direction


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """First order: each step is off by the means' errors, and by those of 1 - beta^t, which cancels."""
    del dout
    w, dw, beta1, beta2 = np.abs(arrays["w"]), np.abs(arrays["dw"]), options["beta1"], options["beta2"]
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, gradient in enumerate(dw, start=1):
        m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2
        first, second = 1 - beta1**t, 1 - beta2**t
        relative = 4 + 1 / first + 1 / second + 1 / (1 - beta1) + 1 / (1 - beta2)
        w = w + relative * options["learning_rate"] * _direction(m, v, first, second, options["eps"], options.get("eps_is", PLACES[0]))
    return Magnitude(w, (), beside=(m * (2 + 1 / (1 - beta1)), v * (3 + 1 / (1 - beta2))))


SPEC = LayerSpec(
    name="adam",
    forward=forward,
    magnitude=magnitude,
    arguments=steps.ARGUMENTS,
    axes=steps.AXES,
    options={"learning_rate": (0.1, 0.01, 0.001), "beta1": (0.9, 0.5), "beta2": (0.999, 0.9), "eps": (1e-8, 1e-3, 0.1)},
    readings={"eps_is": PLACES},
    beside=("m", "v"),
    traits=Traits(coupled=True),
    scenarios=steps.scenarios(**PLAIN),
)
