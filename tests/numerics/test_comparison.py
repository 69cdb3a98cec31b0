"""Arrays are compared element by element, and what is wrong is found where it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.numerics.comparison import TABLE_SIDE, Mismatch, compare, fitted, table
from tests.support import case_of, expected

CASE = case_of(x=np.ones(16))
SHAPES = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple)


@given(shape=SHAPES, data=st.data())
def test_one_wrong_element_of_many_is_located_exactly(shape: tuple[int, ...], data: st.DataObject):
    right = np.random.default_rng(0).standard_normal(shape)
    index = tuple(data.draw(st.integers(0, n - 1)) for n in shape)
    got = right.copy()
    got[index] += 0.5

    mismatch = compare(CASE, got, expected(right))

    assert mismatch is not None
    assert (mismatch.index, mismatch.count) == (index, 1)
    assert np.argwhere(mismatch.wrong).tolist() == [list(index)]
    assert mismatch.excess > 1


@given(shape=SHAPES)
def test_equal_arrays_do_not_differ(shape: tuple[int, ...]):
    right = np.random.default_rng(1).standard_normal(shape)

    assert compare(CASE, right.copy(), expected(right)) is None


def test_the_element_farthest_outside_its_bound_is_named():
    right = np.array([1.0, 1000.0, 1.0])
    got = np.array([1.1, 1000.2, 1.3])

    mismatch = compare(CASE, got, expected(right))

    assert mismatch is not None
    assert (mismatch.index, mismatch.count) == ((2,), 3)


@pytest.mark.parametrize("word", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_passes(word: float):
    got = np.array([1.0, word])

    mismatch = compare(CASE, got, expected([1.0, 2.0], units=[1e300, 1e300]))

    assert mismatch is not None
    assert (mismatch.index, mismatch.excess) == ((1,), np.inf)


def test_zeros_are_exact_where_nothing_is_added_up():
    right = expected([0.0, 0.0])

    assert compare(CASE, np.array([0.0, -0.0]), right) is None
    assert compare(CASE, np.array([0.0, 1e-300]), right) is not None


@pytest.mark.parametrize(
    ("got", "wanted"),
    [((3,), (3,)), ((1, 3), (3,)), ((1, 1, 3), (3,)), ((1, 1), ()), ((1,), ()), ((1, 2, 3), (2, 3)), ((1, 1, 3), (1, 3))],
)
def test_leading_axes_of_length_one_are_accepted(got: tuple[int, ...], wanted: tuple[int, ...]):
    array = np.arange(np.prod(got)).reshape(got)

    fits = fitted(array, wanted)

    assert fits is not None
    assert fits.shape == wanted
    assert fits.ravel().tolist() == array.ravel().tolist()


@pytest.mark.parametrize(
    ("got", "wanted"), [((3, 1), (3,)), ((), (1,)), ((3,), (1, 3)), ((2, 3), (3, 2)), ((2, 3), (6,)), ((1, 3), (1, 1, 3)), ((0,), ())]
)
def test_other_shapes_are_not_made_to_fit(got: tuple[int, ...], wanted: tuple[int, ...]):
    assert fitted(np.zeros(got), wanted) is None


def shown(right: np.ndarray, index: tuple[int, ...]) -> dict[str, object]:
    """Return the table of an array that is wrong at one place."""
    got = right.copy()
    got[index] = -1
    return table("dx", got, right, Mismatch(index, got != right, 2.0))


@pytest.mark.parametrize(
    ("shape", "index", "label"),
    [
        ((3,), (1,), "dx[:]"),
        ((8,), (7,), "dx[:]"),
        ((8, 8), (7, 7), "dx[:, :]"),
        ((12,), (11,), "dx[4:12]"),
        ((2, 3), (1, 2), "dx[:, :]"),
        ((20, 3), (0, 2), "dx[0:8, 0:8]"),
        ((3, 20), (0, 10), "dx[0:8, 6:14]"),
        ((2, 3, 4, 5), (1, 2, 0, 4), "dx[1, 2, :, :]"),
        ((2, 3, 9, 9), (1, 0, 8, 8), "dx[1, 0, 1:9, 1:9]"),
    ],
)
def test_a_table_shows_the_plane_around_the_element(shape: tuple[int, ...], index: tuple[int, ...], label: str):
    right = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)

    found = shown(right, index)

    assert found["label"] == label
    got, wanted, wrong = (np.array(found[key]) for key in ("got", "expected", "wrong"))
    assert got.shape == wanted.shape == wrong.shape
    assert max(got.shape) <= TABLE_SIDE
    assert wrong.sum() == 1
    assert (got[wrong].item(), wanted[wrong].item()) == (-1, right[index])


@given(shape=SHAPES, data=st.data())
def test_a_table_holds_the_element_wherever_it_is(shape: tuple[int, ...], data: st.DataObject):
    right = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    index = tuple(data.draw(st.integers(0, n - 1)) for n in shape)

    found = shown(right, index)

    wanted = np.array(found["expected"])[np.array(found["wrong"])]
    assert wanted.tolist() == [right[index]]
    assert np.array(found["wrong"]).shape == tuple(min(n, TABLE_SIDE) for n in (1, *shape)[-2:])


def test_a_single_number_is_its_own_table():
    found = table("loss", np.array(2.0), np.array(1.0), Mismatch((), np.array(True), 9.0))

    assert found == {"label": "loss", "got": [[2.0]], "expected": [[1.0]], "wrong": [[True]]}
