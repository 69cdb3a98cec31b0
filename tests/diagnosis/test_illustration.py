"""What failed is shown on the smallest input that shows it, with numbers that can be worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Student
from grader.diagnosis import shrinking
from grader.diagnosis.shrinking import FOUND, TITLE
from grader.model import Array, Finding
from grader.properties.property import SHOWN_ENTRIES
from reference import catalogue
from tests.diagnosis.test_diagnose import diagnosed

SPEC = catalogue()
AFFINE, CONV = SPEC["affine"], SPEC["conv2d"]


def shown(name: str, student: Student, check: str) -> Finding:
    """Return the finding that takes the place of a check's."""
    return diagnosed(SPEC[name], student)[0].smaller[check]


def transposed(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    return AFFINE.forward(x, w, b)[0].T, (x, w, b)


def counts_rows(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    if len(x) > 1:
        raise IndexError(f"no row {len(x)}")
    if w.shape[1] > 1:
        raise ValueError("too wide")
    return AFFINE.forward(x, w, b)


def in_whole_numbers(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    return AFFINE.forward(x, w, b)[0].astype(int), None


def overflowing(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    out, cache = AFFINE.forward(x, w, b)
    return np.where(np.arange(len(b)) > 1, np.nan, out), cache


@pytest.mark.parametrize(
    ("forward", "what", "shapes"),
    [
        (transposed, "out has shape (2, 1); it must have shape (1, 2).", {"x": [1, 1], "w": [1, 2], "b": [2], "dout": [1, 2]}),
        (in_whole_numbers, "out has dtype int64", {"x": [1, 1], "w": [1, 1], "b": [1], "dout": [1, 1]}),
        (overflowing, "out is not a finite number at an entry", {"x": [1, 1], "w": [1, 3], "b": [3], "dout": [1, 3]}),
    ],
    ids=["shape", "dtype", "nan"],
)
def test_a_broken_contract_is_shown_on_the_smallest_input_that_breaks_it(
    forward: Callable[..., Any], what: str, shapes: dict[str, list[int]]
):
    found = shown("affine", Student(forward, AFFINE.backward), "forward.contract")

    assert found.what.startswith(what)
    assert found.case["shapes"] == shapes
    assert (found.case["title"], "number" in found.case) == (TITLE, False)


def test_an_error_is_shown_on_the_smallest_input_that_raises_it_and_no_other_error_takes_its_place():
    found = shown("affine", Student(counts_rows, AFFINE.backward), "forward.contract")

    assert found.what == "forward raised IndexError: no row 2."
    assert found.case["shapes"] == {"x": [2, 1], "w": [1, 1], "b": [1], "dout": [2, 1]}


def test_a_gradient_of_a_wrong_shape_is_shown_where_that_is_not_the_right_one_by_chance():
    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        dx, dw, db = AFFINE.backward(dout, cache)
        return dx, dw.T, db

    found = shown("affine", Student(AFFINE.forward, backward), "backward.contract")

    assert (found.where, found.got, found.expected) in [("dw.shape", "(1, 2)", "(2, 1)"), ("dw.shape", "(2, 1)", "(1, 2)")]


def test_a_layer_that_breaks_no_contract_is_not_called_for_one():
    averaged = Student(AFFINE.forward, lambda dout, cache: (*AFFINE.backward(dout, cache)[:2], dout.mean(axis=0)))

    assert list(diagnosed(AFFINE, averaged)[0].smaller) == ["backward.db"]


@pytest.mark.parametrize("layer", ["batch_norm", "layer_norm", "group_norm", "spatial_batch_norm"])
def test_the_gradient_of_a_normalisation_is_shown_on_small_whole_numbers_with_the_usual_eps(layer: str):
    spec = SPEC[layer]
    student = Student(spec.forward, lambda dout, cache: (spec.backward(dout, cache)[0] / 2, *spec.backward(dout, cache)[1:]))

    found = shown(layer, student, "backward.dx")

    assert found.case["options"]["eps"] == 1e-5
    assert all(value in range(-4, 10) for array in found.case["arrays"].values() for value in np.ravel(array))
    assert 3 <= np.size(found.case["arrays"]["x"]) <= 8
    assert abs(found.expected) > 0.05
    assert found.worked


def test_two_gradients_are_shown_on_one_input_where_it_shows_both():
    doubled = Student(CONV.forward, lambda dout, cache: tuple(2 * g for g in CONV.backward(dout, cache)))

    smaller = diagnosed(CONV, doubled)[0].smaller

    assert [name for name in smaller if name.startswith("backward")] == ["backward.dx", "backward.dw"]
    assert smaller["backward.dx"].case == smaller["backward.dw"].case


def test_an_input_that_is_shown_is_never_too_large_to_be_printed():
    found = shown("conv2d", Student(lambda **given: (CONV.forward(**given)[0][..., :-1], None), CONV.backward), "forward.contract")

    assert 0 < sum(map(np.size, found.case["arrays"].values())) <= SHOWN_ENTRIES


def test_another_sign_is_tried_before_a_longer_axis():
    """Of 1, 2, 3, ... only the second entry shows it."""
    relu = SPEC["relu"]
    squared = Student(relu.forward, lambda dout, cache: (relu.backward(dout, cache)[0] * dout,))

    found = shown("relu", squared, "backward.dx")

    assert (found.case["shapes"], found.case["title"]) == ({"x": [1, 1], "dout": [1, 1]}, TITLE)


def flattened_by_columns(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
    return AFFINE.forward(x.reshape(len(x), -1, order="F") if x.ndim == 3 else x, w, b)[0], None


def test_an_input_is_called_as_small_as_may_be_only_where_no_limit_ended_the_search(monkeypatch: pytest.MonkeyPatch):
    student = Student(flattened_by_columns, AFFINE.backward)
    whole = shown("affine", student, "forward.value")
    monkeypatch.setattr(shrinking, "TRIALS", 8)

    cut = shown("affine", student, "forward.value")

    assert (whole.case["shapes"]["x"], whole.case["title"]) == ([1, 2, 2], TITLE)
    assert (cut.case["title"], "number" in cut.case) == (FOUND, False)
