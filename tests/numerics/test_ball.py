"""Numbers with bounds: each operation carries the bounds of its operands and adds its own rounding."""

import numpy as np

from grader.numerics.ball import EPS, Ball


def ball(mid: list[float], rad: list[float]) -> Ball:
    return Ball(np.array(mid), np.array(rad))


def test_exact_numbers_have_no_bound():
    assert Ball.exact([1, 2]).mid.tolist() == [1.0, 2.0]
    assert Ball.exact([1, 2]).rad.tolist() == [0.0, 0.0]
    assert Ball.exact([1, 2]).mid.dtype == Ball.exact(np.float32(1)).mid.dtype == np.float64


def test_bounds_add_up_in_sums_and_in_differences():
    a, b = ball([1.0, 2.0], [0.25, 0.0]), ball([3.0, -2.0], [0.5, 0.125])

    assert (a + b).mid.tolist() == [4.0, 0.0]
    assert (a + b).rad.tolist() == [0.75 + 4 * EPS, 0.125]
    assert (a - b).mid.tolist() == [-2.0, 4.0]
    assert np.allclose((a - b).rad, [0.75, 0.125], rtol=0, atol=8 * EPS)


def test_a_factor_scales_the_bound_by_its_size():
    scaled = ball([1.0, 2.0], [0.25, 0.5]) * np.array([-4.0, 0.0])

    assert scaled.mid.tolist() == [-4.0, 0.0]
    assert scaled.rad.tolist() == [1.0 + 4 * EPS, 0.0]


def test_a_sum_is_known_to_the_sum_of_the_bounds_and_its_own_rounding():
    rows = Ball(np.array([[1.0, -1.0], [2.0, 4.0]]), np.array([[0.5, 0.25], [0.0, 0.125]]))

    assert rows.sum().mid == 6.0
    assert rows.sum().rad == 0.875 + 4 * EPS * 8
    assert rows.sum(0).mid.tolist() == [3.0, 3.0]
    assert rows.sum(0).rad.tolist() == [0.5 + 2 * EPS * 3, 0.375 + 2 * EPS * 5]
    assert rows.sum((0, 1)).rad == rows.sum().rad


def test_a_sum_that_cancels_is_no_better_known_than_its_terms():
    assert ball([1e8, -1e8], [0.0, 0.0]).sum().rad == 2 * EPS * 2e8


def test_an_inner_product_weighs_the_bounds():
    product = ball([1.0, 2.0], [0.25, 0.5]).dot(np.array([2.0, -1.0]))

    assert product.mid == 0.0
    assert np.isclose(product.rad, 1.0, rtol=0, atol=16 * EPS)


def test_entries_and_shapes_are_taken_of_numbers_and_bounds_alike():
    four = ball([1.0, 2.0, 3.0, 4.0], [0.1, 0.2, 0.3, 0.4])

    assert (four[1].shape, four[1].mid, four[1].rad) == ((), 2.0, 0.2)
    assert four.reshape((2, 2))[1].rad.tolist() == [0.3, 0.4]
    assert four[::2].mid.tolist() == [1.0, 3.0]


def test_the_excess_is_the_distance_over_both_bounds():
    one, other = ball([1.0, 1.0, 1.0], [0.25, 0.25, 0.0]), ball([1.5, 2.0, 1.0], [0.25, 0.25, 0.0])

    assert one.excess(other).tolist() == [1.0, 2.0, 0.0]
    assert Ball.exact(1.0).excess(Ball.exact(1.0 + EPS)) > 1
    assert Ball.exact(1e300).excess(Ball.exact(-1e300)) == np.inf
