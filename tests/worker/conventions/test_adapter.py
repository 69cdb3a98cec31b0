"""What all conventions share: taking results apart, calling with what a function takes, filling a net."""

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Unusable, called, fill, keyed, one_hot, several, widths
from tests.worker.examples import example


@pytest.mark.parametrize("returned", [5, (5,), [5]])
def test_one_expected_value_may_stand_alone(returned):
    assert several(returned, ("out",)) == {"out": 5}


@pytest.mark.parametrize("returned", [(1, 2), [1, 2]])
def test_one_expected_value_is_not_picked_out_of_two(returned):
    assert several(returned, ("out",)) == {"out": returned}


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (None, "None was returned instead of 2 values: out, cache"),
        (np.ones(2), "one value of type ndarray was returned instead of 2 values"),
        ({"out": 1, "cache": 2}, "one value of type dict was returned instead of 2 values"),
        ((), "0 values were returned instead of 2"),
        ((1, 2, 3), "3 values were returned instead of 2"),
        ((value for value in (1, 2)), "one value of type generator was returned instead of 2"),
        (type("x" * 500, (), {})(), f"one value of type {'x' * 60} was returned"),
    ],
)
def test_anything_but_the_values_asked_for_is_described(returned, sentence):
    with pytest.raises(Unusable, match=sentence):
        several(returned, ("out", "cache"))


def test_more_gradients_than_asked_for_are_left_aside():
    assert keyed({"W1": 1, "b1": 2, "loss": 3}, ("W1", "b1")) == {"W1": 1, "b1": 2}


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (None, "None was returned instead of a dictionary with W1, b1"),
        ({}, "lacks W1, b1; it holds nothing"),
        ({"dW1": 0, 5: 0}, "lacks W1, b1; it holds dW1, 5$"),
        ({"k" * 99: 0} | dict.fromkeys(range(50)), f"it holds {'k' * 30}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10$"),
    ],
)
def test_a_dictionary_without_the_gradients_is_described_briefly(returned, sentence):
    with pytest.raises(Unusable, match=sentence):
        keyed(returned, ("W1", "b1"))


def test_a_zero_that_the_function_does_not_know_is_left_out():
    def without_padding(kernel, stride):
        return kernel, stride

    assert called(without_padding, (3, 2, 0)) == (3, 2)


def test_anything_else_that_the_function_does_not_know_is_its_mistake():
    def without_padding(kernel, stride):
        return kernel, stride

    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        called(without_padding, (3, 2, 1))


def test_an_array_that_the_function_does_not_know_is_its_mistake_too():
    def loss(x):
        return x

    with pytest.raises(TypeError, match="takes 1 positional argument but 3 were given"):
        called(loss, (np.zeros(3), np.array([0, 1, 2]), 0.0))


def test_only_the_neutral_value_may_be_left_out():
    assert called(lambda: "called", (1.0,), neutral=1) == "called"


def test_a_function_of_any_number_of_arguments_gets_them_all():
    assert called(lambda *values: values, (3, 2, 0)) == (3, 2, 0)


def test_a_keyword_only_option_is_not_counted():
    assert called(lambda kernel, *, stride=1: (kernel, stride), (3, 0)) == (3, 1)


def test_a_callable_without_a_signature_gets_all_values():
    assert called(max, (3, 7)) == 7


def test_one_hot_has_a_single_one_in_every_row():
    t = one_hot(np.array([2, 0]), 3, np.float32)

    np.testing.assert_array_equal(t, np.array([[0, 0, 1], [1, 0, 0]], np.float32), strict=True)


@pytest.mark.parametrize("held", [np.zeros(3), np.zeros((1, 3)), np.zeros(3, np.longdouble)])
def test_a_parameter_of_the_right_shape_is_filled_in_place(held):
    params = {"b1": held}

    fill(params, {"b1": np.array([1.0, 2, 3])})

    assert params["b1"] is held
    np.testing.assert_array_equal(held.ravel(), [1, 2, 3])


@pytest.mark.parametrize("held", [None, [0, 0, 0], np.zeros(4), np.zeros((3, 1)), np.zeros(3, np.float32), np.zeros(3, int)])
def test_a_parameter_that_cannot_hold_the_values_is_replaced(held):
    params, given = {"b1": held}, np.array([0.1, 0.2, 0.3])

    fill(params, {"b1": given})

    assert params["b1"] is given


def test_only_weights_and_biases_are_parameters():
    params = {}

    fill(params, {"x": np.zeros(2), "y": np.zeros(2), "W1": np.ones(2), "b1": np.ones(2)})

    assert set(params) == {"W1", "b1"}


def test_the_sizes_of_a_net_are_those_of_its_weights():
    arrays = {"x": np.zeros((9, 5)), "W1": np.zeros((5, 6)), "b1": np.zeros(6), "W2": np.zeros((6, 3)), "b2": np.zeros(3)}

    assert widths(arrays) == (5, 6, 3)


def test_a_named_tuple_is_taken_by_its_names_where_it_has_them():
    gradients = namedtuple("gradients", ["db", "dw", "dx"])
    others = namedtuple("others", ["a", "b", "c"])

    assert several(gradients(1, 2, 3), ("dx", "dw", "db")) == {"dx": 3, "dw": 2, "db": 1}
    assert several(others(1, 2, 3), ("dx", "dw", "db")) == {"dx": 1, "dw": 2, "db": 3}


USUAL = [(c, task) for c, tasks in CONVENTIONS.items() for task, adapter in tasks.items() if adapter.usual_cache]


@pytest.mark.parametrize(("convention", "task"), USUAL)
def test_the_usual_cache_holds_the_arguments_that_forward_gets(convention: str, task: str):
    adapter, given = CONVENTIONS[convention][task], example(task)
    got: list[Any] = []

    def forward(*arguments: Any) -> None:
        got.extend(arguments)
        raise Unusable("seen")

    with pytest.raises(Unusable, match="seen"):
        adapter.forward({"forward": forward}, given.arrays, given.options)
    usual = adapter.usual_cache(given.arrays, given.options)

    assert kept(usual)
    assert kept(got)[: len(kept(usual))] == kept(usual)


def kept(value: Any) -> list[Any]:
    """Return the arrays, as lists, and the dictionaries in nested tuples; single options may stand outside of a cache."""
    if isinstance(value, tuple | list):
        return [each for v in value for each in kept(v)]
    return [value.tolist()] if isinstance(value, np.ndarray) else [value] if isinstance(value, dict) else []
