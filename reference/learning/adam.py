"""Steps of Adam: running means of the gradient and of its square, both corrected for their start at 0."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference import steps
from reference.given import Given
from reference.misconception import Misconception
from reference.spec import Array, LayerSpec, Magnitude, Traits

# Where eps stands: beside the root of the corrected mean, or beside the root of the mean before it is corrected.
PLACES = ("corrected", "uncorrected")
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
        eps_is: "corrected" as above; "uncorrected", $\sqrt{v} + \epsilon$ with the correction of both in the rate.

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
    else:
        direction = m / number(first) / (np.sqrt(v / number(second)) + number(eps))
    return direction


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], _: Array | None) -> Magnitude:
    """First order: each step is off by the means' errors, and by those of 1 - beta^t, which cancels."""
    w, dw, beta1, beta2 = np.abs(arrays["w"]), np.abs(arrays["dw"]), options["beta1"], options["beta2"]
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t, gradient in enumerate(dw, start=1):
        m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2
        first, second = 1 - beta1**t, 1 - beta2**t
        relative = 4 + 1 / first + 1 / second + 1 / (1 - beta1) + 1 / (1 - beta2)
        w = w + relative * options["learning_rate"] * _direction(m, v, first, second, options["eps"], options.get("eps_is", PLACES[0]))
    return Magnitude(w, (), beside=(m * (2 + 1 / (1 - beta1)), v * (3 + 1 / (1 - beta2))))


def _stepping(
    *,
    first: Callable[[int], int] = lambda t: t,
    second: Callable[[int], int] = lambda t: t,
    keeps: bool = False,
    squares: bool = True,
    weighs: bool = True,
    guarded: bool = True,
    direction: Callable[..., Array] = _direction,
) -> Callable[[Given], Array]:
    """Return Adam with other exponents of its corrections, or whose means stay corrected, do not square, do not weigh; or another direction.

    An exponent of 0 is no correction; unguarded, it is a division by 0.
    """

    def wrong(g: Given) -> Array:
        w, m, v = g.w, np.zeros_like(g.w), np.zeros_like(g.w)
        shares = (1 - g.beta1, 1 - g.beta2) if weighs else (1, 1)
        for t, gradient in enumerate(g.dw, start=1):
            m = g.beta1 * m + shares[0] * gradient
            v = g.beta2 * v + shares[1] * (gradient**2 if squares else gradient)
            of_m, of_v = (1.0 if guarded and not n else 1 - beta**n for beta, n in ((g.beta1, first(t)), (g.beta2, second(t))))
            with np.errstate(invalid="ignore", divide="ignore"):  # what is not squared may have no root
                w = w - g.learning_rate * direction(m, v, of_m, of_v, g.eps, g.eps_is)
            if keeps:
                m, v = m / of_m, v / of_v
        return np.asarray({"out": w, "m": m, "v": v}[g.of])

    return wrong


MISCONCEPTIONS = (
    Misconception(
        id="never_corrected",
        cause="m and v are not corrected for their start at 0.",
        advice="Divide m by 1 - beta1**t and v by 1 - beta2**t; t is 1 in the first step.",
        wrong=_stepping(first=lambda t: 0, second=lambda t: 0),
    ),
    Misconception(
        id="second_mean_not_corrected",
        cause="m is corrected for its start at 0, and v is not.",
        advice="Divide v by 1 - beta2**t, too.",
        wrong=_stepping(second=lambda t: 0),
    ),
    Misconception(
        id="first_mean_not_corrected",
        cause="v is corrected for its start at 0, and m is not.",
        advice="Divide m by 1 - beta1**t, too.",
        wrong=_stepping(first=lambda t: 0),
    ),
    Misconception(
        id="counted_from_two",
        cause="The first step counts as the second.",
        advice="t is 1 in the first step: begin at 0, and add 1 once before it is used.",
        wrong=_stepping(first=lambda t: t + 1, second=lambda t: t + 1),
    ),
    Misconception(
        id="counted_from_zero",
        cause="The first step counts as step 0: 1 - beta1**0 and 1 - beta2**0 are 0, and m and v are divided by them.",
        advice="t is 1 in the first step: add 1 to it before it is used.",
        wrong=_stepping(first=lambda t: t - 1, second=lambda t: t - 1, guarded=False),
    ),
    Misconception(
        id="first_step_not_corrected",
        cause="The first step counts as step 0 and is not corrected, and the second counts as the first.",
        advice="t is 1 in the first step: add 1 to it before it is used, and correct every step.",
        wrong=_stepping(first=lambda t: t - 1, second=lambda t: t - 1),
    ),
    Misconception(
        id="first_count_twice",
        cause="The first two steps both count as the first: t is one behind from the second step on.",
        advice="t is 1 in the first step and 2 in the second: add 1 in each step, once and before it is used.",
        wrong=_stepping(first=lambda t: max(t - 1, 1), second=lambda t: max(t - 1, 1)),
    ),
    Misconception(
        id="count_stays_at_one",
        cause="Every step counts as the first.",
        advice="Add 1 to t in each step, and store it where the next call finds it.",
        wrong=_stepping(first=lambda t: 1, second=lambda t: 1),
    ),
    Misconception(
        id="corrected_means_kept",
        of=("m", "v", "out"),
        cause="{name} is that of means which stay corrected, so that the next step corrects them once more.",
        advice="Correct into other names, m_hat and v_hat, and keep m and v as they are.",
        wrong=_stepping(keeps=True),
    ),
    Misconception(
        id="gradient_not_squared",
        of=("v", "out"),
        cause="{name} is that of a mean of gradients where v is a mean of their squares.",
        advice="v = beta2 * v + (1 - beta2) * dw**2.",
        wrong=_stepping(squares=False),
    ),
    Misconception(
        id="weight_forgotten",
        of=("m", "v", "out"),
        cause="{name} is that of means to which the new is added without its weight.",
        advice="m = beta1 * m + (1 - beta1) * dw, and v likewise with beta2 and dw**2.",
        wrong=_stepping(weighs=False),
    ),
    Misconception(
        id="betas_exchanged",
        of=("m", "v", "out"),
        cause="{name} is that of beta1 and beta2 exchanged.",
        advice="beta1 belongs to m, the mean of the gradients, beta2 to v, the mean of their squares.",
        wrong=lambda g: g.but(beta1=g.beta2, beta2=g.beta1).right,
    ),
    Misconception(
        id="root_forgotten",
        cause="The step is divided by the mean of squares; it must be divided by the root of it.",
        advice="w = w - learning_rate * m_hat / (np.sqrt(v_hat) + eps).",
        wrong=_stepping(direction=lambda m, v, first, second, eps, _: m / first / (v / second + eps)),
    ),
    Misconception(
        id="eps_under_the_root",
        cause="eps is added under the root; it belongs beside it.",
        advice="w = w - learning_rate * m_hat / (np.sqrt(v_hat) + eps).",
        wrong=_stepping(direction=lambda m, v, first, second, eps, _: m / first / np.sqrt(v / second + eps)),
    ),
    Misconception(
        id="up_the_gradient",
        cause="The step is added; it must be subtracted, for the gradient points to where the loss grows.",
        advice="w = w - learning_rate * m_hat / (np.sqrt(v_hat) + eps).",
        wrong=lambda g: 2 * g.w - g.right,
    ),
)
SPEC = LayerSpec(
    name="adam",
    formula={
        "forward": (
            "t = t + 1",
            "m = beta1 * m + (1 - beta1) * dw",
            "v = beta2 * v + (1 - beta2) * dw**2",
            "w = w - learning_rate * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)",
        ),
    },
    forward=forward,
    magnitude=magnitude,
    arguments=steps.ARGUMENTS,
    axes=steps.AXES,
    options={"learning_rate": (0.1, 0.01, 0.001), "beta1": (0.9, 0.5), "beta2": (0.999, 0.9), "eps": (1e-8, 1e-3, 0.1)},
    readings={"eps_is": PLACES},
    beside=("m", "v"),
    misconceptions=MISCONCEPTIONS,
    traits=Traits(coupled=True),
    scenarios=steps.scenarios(**PLAIN),
)
