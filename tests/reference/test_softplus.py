"""What the misconceptions of softplus make is what students who have them write."""

from collections.abc import Callable

import numpy as np
import pytest

from reference import Array, Given, catalogue

SOFTPLUS = catalogue()["softplus"]
X = np.array([[-2.5, -0.75, 0.5], [0.25, 1.5, 3.0]])
DOUT = np.array([[1.0, -2.0, 0.5], [-1.5, 3.0, 0.75]])
BETA = 2.0


def s(x: Array) -> Array:
    """The sigmoid, as students write it."""
    return 1 / (1 + np.exp(-x))


WRITTEN: dict[tuple[str, str], Callable[[], Array]] = {
    ("out", "relu_instead"): lambda: X * (X > 0),
    ("dx", "step_for_gradient"): lambda: np.where(X > 0, DOUT, 0),
    ("out", "not_divided_by_beta"): lambda: np.log(1 + np.exp(BETA * X)),
    ("out", "beta_forgotten"): lambda: np.log(1 + np.exp(X)),
    ("dx", "beta_forgotten"): lambda: DOUT * s(X),
    ("dx", "multiplied_by_beta"): lambda: DOUT * BETA * s(BETA * X),
    ("dx", "sigmoid_of_minus_x"): lambda: DOUT * s(-BETA * X),
    ("dx", "slope_of_a_sigmoid"): lambda: DOUT * s(BETA * X) * (1 - s(BETA * X)),
    ("dx", "without_dout"): lambda: s(BETA * X),
}
KNOWN = {(name, one.id): one for one in SOFTPLUS.misconceptions for name in one.of}


def test_every_misconception_is_written_here():
    assert WRITTEN.keys() == KNOWN.keys()


@pytest.mark.parametrize(("name", "id"), WRITTEN)
def test_a_misconception_makes_what_students_write(name: str, id: str):
    given = Given(SOFTPLUS, {"x": X, "beta": BETA}, DOUT, name)

    np.testing.assert_allclose(given.made(KNOWN[name, id].wrong), WRITTEN[name, id](), rtol=1e-12)
