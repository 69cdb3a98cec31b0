"""The direction in which a gradient is wrong is halved until the wrong element is left."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Array
from grader.numerics.agreement import Agreement, Along, agreements
from grader.numerics.derivative import POINTS, Inputs
from grader.numerics.localise import Element, localise

SHAPES = st.lists(st.integers(1, 8), min_size=0, max_size=4).map(tuple)


def search(x: Array, added: Array) -> tuple[Element | None, Array, int]:
    """Return what is found in the gradient of x**2 with something added, the right gradient, and the number of forwards."""
    calls = 0

    def evaluate(several: Sequence[Inputs]) -> list[Array]:
        nonlocal calls
        calls += len(several)
        return [inputs["x"] ** 2 for inputs in several]

    def pullback(v: Array) -> dict[str, Array]:
        return {"x": 2 * x * v + added}

    wrong = agreements(evaluate, pullback, {"x": x}, ["x"], x**2, 0)["x"]
    assert wrong.agreement is Agreement.WRONG
    calls = 0
    found = localise(evaluate, {"x": x}, "x", x**2, wrong, pullback(wrong.weights)["x"])
    return found, 2 * x * wrong.weights, calls


@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1), size=st.sampled_from([1e-6, 1.0, -1e3]), data=st.data())
def test_the_one_wrong_element_is_found(shape: tuple[int, ...], seed: int, size: float, data: st.DataObject):
    x = np.random.default_rng(seed).standard_normal(shape)
    index = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    added = np.zeros(shape)
    added[index] = size

    found, right, _ = search(x, added)

    assert found is not None
    assert (found.argument, found.index) == ("x", index)
    assert abs(found.numeric - right[index]) <= found.bound
    assert found.analytic == pytest.approx(right[index] + size)
    assert 0 < found.step < 1


@given(n=st.integers(1, 300), data=st.data())
def test_each_halving_costs_one_derivative(n: int, data: st.DataObject):
    added = np.zeros(n)
    added[data.draw(st.integers(0, n - 1))] = 1

    _, _, calls = search(np.linspace(1, 2, n), added)

    rungs = 2  # smooth; a kink would need up to six
    assert calls <= len(POINTS) * rungs * (math.ceil(math.log2(n)) + 2)


def test_the_largest_of_several_wrong_elements_is_found_where_it_outweighs_the_others():
    added = np.zeros((4, 5))
    added[1, 2], added[3, 4] = 1e-6, 1

    found, _, _ = search(np.ones((4, 5)), added)

    assert found is not None
    assert found.index == (3, 4)


def test_what_the_other_half_errs_is_left_out_of_what_the_kept_one_does():
    gradient, all_alike = 2 * np.ones(8), np.ones(8)
    gradient[1] += 2
    gradient[4] += 3
    wrong = Along(along={"x": all_alike}, weights=all_alike, analytic=21, numeric=16, bound=1e-9, telling=True, sure=True, step=1e-3)

    found = localise(lambda several: [inputs["x"] ** 2 for inputs in several], {"x": all_alike}, "x", all_alike, wrong, gradient)

    assert found is not None
    assert found.index == (4,)


def test_an_error_spread_over_all_elements_is_not_pinned_on_one():
    x = np.linspace(1, 2, 4096).reshape(64, 64)
    evaluate = lambda several: [inputs["x"] ** 2 for inputs in several]  # noqa: E731
    wrong = agreements(evaluate, lambda v: {"x": 2 * x * v + 1e-13}, {"x": x}, ["x"], x**2, 0)["x"]

    found = localise(evaluate, {"x": x}, "x", x**2, wrong, 2 * x * wrong.weights + 1e-13)

    assert found is None


def test_an_element_reads_as_a_sentence():
    element = Element("w", (1, 2), 0.5, 0.25, 1e-12, 2.0**-7)

    assert str(element) == "gradient of w[1, 2] is 0.5; it should be 0.25 (+- 1e-12)"
    assert str(Element("b", (), 1, 2, 3e-9, 1)) == "gradient of b is 1; it should be 2 (+- 3e-09)"
