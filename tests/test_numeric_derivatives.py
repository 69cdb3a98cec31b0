"""`numeric_jvp` and `numeric_jacobian` differentiate any function, with a bound on every number."""

from typing import Any

import numpy as np
import pytest

from grader import numeric_jacobian, numeric_jvp
from grader.model import Array

RNG = np.random.default_rng(0)
X, W, B = RNG.standard_normal((3, 4)), RNG.standard_normal((4, 2)), RNG.standard_normal(2)


def affine(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    return x @ w + b, (x, w)


def test_a_jacobian_has_a_column_for_each_element():
    found = numeric_jacobian(lambda x: np.sin(x).sum(axis=0), X)

    right = np.eye(4)[:, None, :] * np.cos(X)[None]
    assert found.value.shape == found.bound.shape == found.step.shape == (4, 3, 4)
    assert (np.abs(found.value - right) <= found.bound).all()
    assert found.bound.max() < 1e-10


def test_the_jacobian_of_a_function_of_nothing_is_empty():
    found = numeric_jacobian(lambda x: np.array([x.sum(), 1.0]), np.zeros((0, 3)))

    assert found.value.shape == found.bound.shape == (2, 0, 3)


@pytest.mark.parametrize("direction", [(X, W, None), {"x": X, "w": W}, [X.tolist(), W, None]])
def test_a_derivative_along_a_direction_moves_what_is_named(direction: Any):
    found = numeric_jvp(affine, (X, W, B), direction)

    assert np.abs(found.value - 2 * X @ W).max() <= found.bound.max() < 1e-10


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        ((X, W, X), r"the direction of b has shape \(3, 4\); it must have the argument's, \(2,\)"),
        ((X,), "there are 1 directions for 3 arguments; use None"),
        ((None, None, None), "every direction is None"),
        ({"y": X}, "there is a direction for y; those that can move are x, w, b"),
    ],
)
def test_a_direction_that_does_not_fit_is_a_value_error(direction: Any, said: str):
    with pytest.raises(ValueError, match=said):
        numeric_jvp(affine, (X, W, B), direction)
