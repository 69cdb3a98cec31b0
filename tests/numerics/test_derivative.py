"""Directional derivatives come with a bound that holds, for smooth functions a small one, and cost few calls."""

from collections.abc import Callable, Sequence
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Array
from grader.numerics import derivative
from grader.numerics.derivative import POINTS, STEPS, Derivative, Inputs, direction, directional, known

SEEDS = st.integers(0, 2**32 - 1)
Function = Callable[[Array], Array]


class Counted:
    """A function of one array, as `directional` takes it, that counts its calls."""

    def __init__(self, f: Function) -> None:
        self.f, self.calls = f, 0

    def __call__(self, several: Sequence[Inputs]) -> list[Array]:
        self.calls += len(several)
        with np.errstate(all="ignore"):
            return [np.asarray(self.f(inputs["x"])) for inputs in several]


def slope(f: Function, x: Array, u: Array, steps: Sequence[float] = STEPS) -> Derivative:
    """Return the derivative of f at x along u, by this ladder of steps."""
    evaluate = Counted(f)
    with mock.patch.object(derivative, "STEPS", steps):
        return directional(evaluate, {"x": x}, {"x": u}, evaluate([{"x": x}])[0])


def drawn(seed: int, size: int = 20) -> tuple[Array, Array]:
    """Return a point and a direction."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(size), direction(rng, (size,))


def assert_covered(found: Derivative, right: Array) -> None:
    """The error is within the bound, but for the rounding of what is held to be right."""
    assert (np.abs(found.value - right) <= found.bound + 1e-15 * np.abs(right)).all()


@given(seed=SEEDS, degree=st.integers(0, 6))
def test_polynomials_up_to_the_sixth_degree_have_no_error_but_rounding(seed: int, degree: int):
    x, u = drawn(seed)

    found = slope(lambda x: x**degree, x, u, steps=[2.0**-4])

    right = degree * x ** max(0, degree - 1) * u
    assert np.abs(found.value - right).max() <= 1e-13 * max(1, np.abs(u).max() * np.abs(x).max() ** degree)


def test_the_seventh_degree_has_an_error_and_the_bound_covers_it():
    x, u = np.zeros(1), np.ones(1)

    found = slope(lambda x: x**7 / 3, x, u, steps=[2.0**-2])

    assert found.value.item() == pytest.approx(12 * 2.0**-12)
    assert_covered(found, np.zeros(1))


SMOOTH: dict[str, tuple[Function, Function]] = {
    "sin": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
    "swish": (
        lambda x: x / (1 + np.exp(-x)),
        lambda x: 1 / (1 + np.exp(-x)) * (1 + x * (1 - 1 / (1 + np.exp(-x)))),
    ),
    "gauss": (lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x)),
    "logarithm": (lambda x: np.log(2 + x * x), lambda x: 2 * x / (2 + x * x)),
}


@pytest.mark.parametrize("name", SMOOTH)
@given(seed=SEEDS)
def test_smooth_functions_have_small_errors_and_bounds_and_cost_18_calls(name: str, seed: int):
    f, df = SMOOTH[name]
    x, u = drawn(seed)
    evaluate = Counted(f)

    found = directional(evaluate, {"x": x}, {"x": u}, f(x))

    right = df(x) * u
    assert_covered(found, right)
    size = np.linalg.norm(df(x)) * np.linalg.norm(u)
    assert np.linalg.norm(found.value - right) <= 1e-12 * size
    assert found.bound.max() <= 1e-10 * size
    assert evaluate.calls <= 3 * len(POINTS)
    assert known(found).all()


def test_outputs_of_a_smooth_function_keep_the_largest_step_though_a_smaller_one_bounds_them_closer():
    found = slope(np.sin, *drawn(0))

    assert set(found.step) == {STEPS[0]}


def test_a_linear_function_of_many_outputs_is_called_six_times():
    x, u = drawn(0)
    evaluate = Counted(lambda x: 3 * x)

    directional(evaluate, {"x": x}, {"x": u}, 3 * x)

    assert evaluate.calls == len(POINTS)


def test_a_single_output_is_looked_at_twice():
    x, u = drawn(0)
    evaluate = Counted(lambda x: np.sin(x).sum())

    directional(evaluate, {"x": x}, {"x": u}, np.sin(x).sum())

    assert evaluate.calls == 2 * len(POINTS)


def test_a_kink_at_the_point_is_not_known_whatever_the_step():
    x, u = np.zeros(20), drawn(0)[1]

    found = slope(np.abs, x, u)

    assert not known(found).any()
    assert_covered(found, u)  # as from the right
    assert_covered(found, -u)  # as from the left


@given(seed=SEEDS, distance=st.floats(-4, -1))
def test_a_kink_nearby_costs_smaller_steps_and_nothing_else(seed: int, distance: float):
    rng = np.random.default_rng(seed)
    x = rng.choice([-1.0, 1.0], 20) * 10**distance
    u = np.clip(direction(rng, (20,)), -2, 2)

    found = slope(lambda x: np.maximum(x, 0), x, u)

    assert known(found).all()
    assert_covered(found, (x > 0) * u)
    assert found.step.max() <= max(10.0 ** (distance - 1), STEPS[0] / 3) * 64


def test_a_kink_of_one_output_leaves_the_steps_of_the_others_large():
    x = np.array([1e-4, *np.linspace(1, 2, 19)])

    found = slope(lambda x: np.maximum(x, 0) ** 2, x, np.ones(20))

    assert found.step[0] < 1e-4 < STEPS[1] <= found.step[1:].min()
    assert_covered(found, 2 * x)


@given(seed=SEEDS, noise=st.floats(-14, -5))
def test_the_bound_of_a_noisy_function_covers_its_noise(seed: int, noise: float):
    x, u = drawn(seed)
    rng = np.random.default_rng(seed)

    found = slope(lambda x: np.sin(x) + 10**noise * rng.standard_normal(x.shape), x, u)

    assert_covered(found, np.cos(x) * u)


def test_noise_costs_no_more_than_it_does_at_the_largest_step():
    x, u = drawn(0)
    rng = np.random.default_rng(0)

    found = slope(lambda x: np.sin(x) + 1e-9 * rng.standard_normal(x.shape), x, u)

    assert_covered(found, np.cos(x) * u)
    assert found.bound.max() <= 20 * 1e-9 / STEPS[0]


def test_a_slope_that_a_large_step_knows_is_not_denied_by_one_below_the_grain():
    x, u = np.zeros(20), np.ones(20)

    found = slope(lambda x: np.round(np.sin(180 * x) * 256) / 256, x, u, steps=[2.0**-7, 2.0**-19])

    assert not known(found).any()
    assert found.bound.min() > 180 / 2


def test_the_bound_of_a_value_reaches_as_far_as_what_the_surest_step_says():
    # The constant is noise to the small step, the cube makes the large one promise more than it holds.
    found = slope(lambda x: 2.0**36 + 1000 * x**3 + x**7, np.zeros(1), np.ones(1), steps=[2.0**-2, 2.0**-5])

    assert found.step.item() == 2.0**-2
    assert found.value.item() == pytest.approx(36 * 2.0**-12, rel=0.1)
    assert_covered(found, np.zeros(1))


@given(seed=SEEDS, hidden=st.booleans())
def test_functions_that_compute_in_float32_have_bounds_of_float32(seed: int, hidden: bool):
    x, u = drawn(seed)

    found = slope(lambda x: np.tanh(x.astype(np.float32)).astype(np.float64 if hidden else np.float32), x, u)

    right = (1 - np.tanh(x) ** 2) * u
    assert found.unit == np.finfo(np.float32).eps
    assert_covered(found, right)
    assert found.bound.max() <= 1e-3 * np.abs(right).max()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_output_that_is_not_finite_has_an_infinite_bound_and_spoils_no_other(bad: float):
    x, u = drawn(0)

    found = slope(lambda x: np.where(np.arange(20) == 3, bad, np.sin(x)), x, u)

    assert np.isinf(found.bound[3])
    assert known(found).tolist() == [i != 3 for i in range(20)]
    assert_covered(Derivative(*(a[4:] for a in found[:3]), *found[3:]), (np.cos(x) * u)[4:])


@pytest.mark.parametrize("infinite", [1, 20])
def test_beside_an_infinite_input_nothing_is_known(infinite: int):
    x, u = drawn(0)
    x[:infinite] = np.inf

    found = slope(np.sin, x, u)

    assert np.isinf(found.bound[:infinite]).all()
    assert not known(found).any()


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_steps_follow_inputs_of_another_size(size: float):
    x, u = drawn(0)

    found = slope(lambda x: np.sin(x / size), size * x, u)

    assert known(found).all()
    assert_covered(found, np.cos(x) * u / size)


@pytest.mark.parametrize("value", [0.0, 1.0, 1e8])
def test_that_a_constant_has_no_slope_is_known(value: float):
    x, u = drawn(0)

    found = slope(lambda x: np.full(5, value), x, u)

    assert known(found).all()
    assert_covered(found, np.zeros(5))


def test_of_steps_that_tell_the_same_the_largest_is_named():
    found = slope(lambda x: np.zeros(1), *drawn(0))

    assert found.step.item() == STEPS[0]


@given(seed=SEEDS)
def test_waves_shorter_than_the_steps_do_not_fool_the_bound(seed: int):
    x, u = drawn(seed)

    found = slope(lambda x: np.sin(1000 * x), x, u)

    assert_covered(found, 1000 * np.cos(1000 * x) * u)


def test_directions_have_few_bits_and_no_zeros():
    drawn = direction(np.random.default_rng(0), (100_000,))

    assert (drawn * 4096 == np.round(drawn * 4096)).all()
    assert drawn.all()
    assert abs(drawn.std() - 1) < 0.01
