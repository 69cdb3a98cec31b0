"""Logistic sigmoid."""

import numpy as np

from reference.elementwise import ARGUMENTS, AXES, SATURATING
from reference.given import Given
from reference.misconception import Misconception, of_dx
from reference.mistakes import without_dout
from reference.spec import Array, LayerSpec, Magnitude, Traits


def forward(x: Array) -> tuple[Array, Array]:
    r"""Squash to (0, 1).

    $$y = 1 / (1 + e^{-x})$$

    Args:
        x: Input, any shape; large values do not overflow.

    Returns:
        out: Shape and dtype of x.
        cache: The output itself.

    Source: same as torch.sigmoid; the two branches keep the exponent negative.
    """
    small = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, small) / (1 + small)
    return out, out


def backward(dout: Array, cache: Array) -> tuple[Array]:
    r"""Return $dx = dy\,y\,(1 - y)$: the derivative at the output, not at the input."""
    return (dout * cache * (1 - cache),)


def magnitude(arrays: dict[str, Array], _: object, dout: Array | None) -> Magnitude:
    """An error of u in y close to 1 is an error of u in 1 - y, however small that is."""
    out, _cache = forward(arrays["x"])
    return Magnitude(out, () if dout is None else (np.abs(dout) * out,))


def _unparenthesised(g: Given) -> Array:
    """Return 1 / 1 + exp(-x)."""
    with np.errstate(over="ignore"):
        return np.asarray(1 + np.exp(-g.x))


def _overflowing(g: Given) -> Array:
    """Return exp(x) / (1 + exp(x))."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.exp(g.x) / (1 + np.exp(g.x)))


MISCONCEPTIONS = (
    of_dx(
        id="derivative_at_x",
        cause="dx is dout * x * (1 - x); it must be taken at the output.",
        advice="dx = dout * y * (1 - y) holds for y = sigmoid(x): let forward keep y.",
        wrong=lambda g: g.dout * g.x * (1 - g.x),
    ),
    of_dx(
        id="sigmoid_twice",
        cause="dx is the derivative at y; the sigmoid is applied to its own output.",
        advice="Where forward keeps y = sigmoid(x), dx = dout * y * (1 - y) needs no further sigmoid.",
        wrong=lambda g: g.dout * forward(g.out)[0] * (1 - forward(g.out)[0]),
    ),
    without_dout("dx"),
    of_dx(
        id="one_minus_y_forgotten",
        cause="dx is dout * y, without the factor 1 - y.",
        advice="dx = dout * y * (1 - y).",
        wrong=lambda g: g.dout * g.out,
    ),
    of_dx(
        id="y_forgotten",
        cause="dx is dout * (1 - y), without the factor y.",
        advice="dx = dout * y * (1 - y).",
        wrong=lambda g: g.dout * (1 - g.out),
    ),
    of_dx(
        id="derivative_of_tanh",
        cause="dx is dout * (1 - y * y), the derivative of tanh.",
        advice="That of the sigmoid is y * (1 - y).",
        wrong=lambda g: g.dout * (1 - g.out**2),
    ),
    Misconception(
        id="sign_of_the_exponent",
        cause="out is 1 / (1 + exp(x)): the exponent has the wrong sign.",
        advice="out = 1 / (1 + exp(-x)), which grows with x.",
        wrong=lambda g: 1 - g.right,
    ),
    Misconception(
        id="parentheses_forgotten",
        cause="out is 1 + exp(-x): 1 / 1 is worked out first.",
        advice="Put the denominator in parentheses: 1 / (1 + exp(-x)).",
        wrong=_unparenthesised,
    ),
    Misconception(
        id="overflows",
        cause="out is nan for large x: exp overflows, and inf / inf is nan.",
        advice="1 / (1 + exp(-x)) ends in 0 or 1 where exp overflows.",
        wrong=_overflowing,
    ),
)


SPEC = LayerSpec(
    name="sigmoid",
    torch="torch.sigmoid(x)",
    formula={
        "forward": ("out = 1 / (1 + exp(-x))",),
        "backward": ("dx = dout * out * (1 - out)",),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    arguments=ARGUMENTS,
    axes=AXES,
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", permutable=("D",), out_range=(0, 1)),
    scenarios=SATURATING,
)
