"""`kinks` marks where a layer has no derivative: ties, zeros, margins so near that rounding could decide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import catalogue
from reference.layers import max_pool2d, relu
from reference.losses import svm_loss
from reference.nets import convnet, three_layer_net, two_layer_net
from tests.reference.cases import DIFFERENTIABLE, FEW, WITH_ARRAYS, cases
from tests.support import bank_of

WITH_KINKS = [spec for spec in WITH_ARRAYS if spec.kinks and spec.backward]


STEP = 1e-6
JUMP = 0.01  # of slopes a step before and behind; those of smooth layers differ by 1e-4 at most, those at a kink by a half


@pytest.mark.parametrize("spec", [spec for spec in DIFFERENTIABLE if not spec.kinks], ids=lambda spec: spec.name)
def test_a_layer_without_kinks_has_one_slope_where_entries_are_zeros_and_equal(spec):
    bank = bank_of(spec.name)

    jumps = [jump_of(spec, case, bank.readings[0]) for case in bank.cases if case.dout is not None and case.dtype == np.float64]

    assert max(jumps) < JUMP


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "max_pool2d", "global_pool", "svm_loss", "fully_connected_net"])
def test_a_kink_is_seen_there(name):
    bank, spec = bank_of(name), catalogue()[name]

    assert max(jump_of(spec, case, bank.readings[0]) for case in bank.cases if case.dout is not None) > JUMP


def jump_of(spec, case, reading) -> float:
    """Return by how much the slope of a layer differs before and behind an input of -1, 0 and 1, along a direction."""
    rng = np.random.default_rng(case.number)
    moved = [a.name for a in spec.given(case.arrays) if a.gradient]
    at = {name: rng.integers(-1, 2, case.arrays[name].shape).astype(float) for name in moved}
    along = {name: rng.standard_normal(case.arrays[name].shape) for name in moved}

    def out(t: float):
        arrays = {**case.arrays, **{name: at[name] + t * along[name] for name in moved}}
        return spec.outputs(spec.forward(**arrays, **case.options, **reading)[0])["out"]

    before, behind = (out(0) - out(-STEP)) / STEP, (out(STEP) - out(0)) / STEP
    return np.max(np.abs(behind - before) / (1 + np.abs(before) + np.abs(behind)), initial=0)


@pytest.mark.parametrize("spec", WITH_KINKS, ids=lambda spec: spec.name)
@FEW
@given(data=st.data())
def test_kinks_are_marks_in_the_shape_of_the_output(spec, data):
    case = data.draw(cases(spec))
    out, _ = spec.forward(**case.arrays, **case.options)

    marked = spec.kinks(**case.arrays, **case.options)

    assert marked.dtype == bool
    assert marked.shape == np.shape(out)


def test_relu_marks_zeros_of_either_sign_and_nothing_else():
    x = np.array([[0.0, -0.0, 1e-300, -1e-300, 1.0]])

    marked = relu.SPEC.kinks(x)

    assert marked.tolist() == [[True, True, False, False, False]]


def pool_kinks(*window: float) -> bool:
    """Return the mark of one window of one row."""
    x = np.array(window)[None, None, None]
    return max_pool2d.kinks(x, kernel_h=1, kernel_w=len(window), stride=1).item()


@pytest.mark.parametrize("window", [(2, 2), (2, 2, 1), (1, 2, 2), (0, 0), (-2, -2, -3), (2, 2.000018), (-1, -1.000009)])
def test_max_pooling_marks_windows_whose_two_largest_entries_tie_or_nearly(window):
    marked = pool_kinks(*window)

    assert marked


@pytest.mark.parametrize("window", [(2,), (0,), (1, 1, 2), (2, 2.00004), (-1, -1.00002), (0, 1e-9)])
def test_max_pooling_does_not_mark_windows_with_one_largest_entry(window):
    marked = pool_kinks(*window)

    assert not marked


def test_max_pooling_marks_window_by_window():
    x = np.array([[1.0, 1, 5, 4], [0, 0, 3, 2]])[None, None]

    marked = max_pool2d.kinks(x, kernel_h=2, kernel_w=2, stride=2)

    assert marked.tolist() == [[[[True, False]]]]


@pytest.mark.parametrize(("largest", "marked"), [(0.0, True), (-1.0, False), (1.0, False)])
def test_max_pooling_marks_a_padded_window_where_zeros_around_it_tie_with_its_largest_entry(largest, marked):
    x = np.full((1, 1, 2, 2), -3.0)
    x[..., 0, 0] = largest

    corners = max_pool2d.kinks(x, kernel_h=2, kernel_w=2, stride=2, padding=1)

    assert corners.tolist() == [[[[marked, False], [False, False]]]]


@pytest.mark.parametrize("margin", [0, 9e-4, -9e-4])
def test_hinge_loss_marks_a_margin_near_zero(margin):
    x, y = np.array([[3.0, 2 + margin, -1], [0.0, 5, 0]]), np.array([0, 1])

    marked = svm_loss.kinks(x, y)

    assert marked


@pytest.mark.parametrize("margin", [1.1e-3, -1.1e-3, 1])
def test_hinge_loss_does_not_mark_a_margin_away_from_zero_nor_the_right_class(margin):
    x, y = np.array([[3.0, 2 + margin, -1], [0.0, 5, 0]]), np.array([0, 1])

    marked = svm_loss.kinks(x, y)

    assert not marked


def two_layers(hidden: float) -> dict[str, np.ndarray]:
    """Return a net with pre-activations 1 and `hidden`."""
    return {
        "x": np.array([[1.0, hidden]]), "y": np.array([0]),
        "W1": np.eye(2), "b1": np.zeros(2), "W2": np.ones((2, 2)), "b2": np.zeros(2),
    }  # fmt: skip


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize(("hidden", "near"), [(0, True), (9e-4, True), (-9e-4, True), (1.1e-3, False), (-2e-3, False)])
def test_the_two_layer_net_marks_a_hidden_unit_near_zero_whatever_its_activation(activation, hidden, near):
    marked = two_layer_net.kinks(**two_layers(hidden), activation=activation)

    assert marked == near


@pytest.mark.parametrize(("first", "second", "near"), [(0, 1, False), (1, 0, True), (1, -9e-4, True), (1, 2e-3, False)])
def test_the_three_layer_net_marks_units_of_its_relu_and_not_of_its_sigmoid(first, second, near):
    W2, W3 = np.zeros((2, 2)), np.ones((2, 2))
    arrays = {"x": np.array([[first, 2.0]]), "W1": np.eye(2), "b1": np.zeros(2), "W2": W2, "W3": W3, "b3": np.zeros(2)}

    marked = three_layer_net.kinks(**arrays, y=np.array([0]), b2=np.array([second, 1.0]))

    assert marked == near


def conv_kinks(*channels: list[list[float]]) -> bool:
    """Return the mark of a net whose one filter adds the channels of a 2x2 plane up, which one window then pools."""
    W1 = np.ones((1, len(channels), 1, 1))
    arrays = {
        "x": np.array([channels]),
        "y": np.array([0]),
        "W1": W1,
        "b1": np.zeros(1),
        "W2": np.ones((1, 2)),
        "b2": np.zeros(2),
    }
    return bool(convnet.kinks(**arrays, stride=1, padding=0, reg=0.0))


def test_the_convnet_marks_a_unit_near_zero():
    assert conv_kinks([[1, 2], [3, 9e-4]])
    assert conv_kinks([[1, 2], [3, -9e-4]])
    assert not conv_kinks([[1, 2], [3, -1.1e-3]])


def test_the_convnet_marks_ties_among_positive_units_and_not_where_all_are_dead():
    assert conv_kinks([[1, 3], [3, 2]])
    assert not conv_kinks([[1, 1], [3, 2]])
    assert not conv_kinks([[-1, -1], [-3, -3]])


@pytest.mark.parametrize(("difference", "near"), [(5e-7, True), (9e-4, True), (1.1e-3, False)])
def test_the_convnet_marks_units_so_close_that_the_rounding_of_larger_terms_could_swap_them(difference, near):
    terms = [[7.0, 7], [7, 7]], [[-6.99, -6.99 + difference], [-9, -9]]  # 0.01 and a little more: 5e-7 is 5e-5 of it

    assert conv_kinks(*terms) == near
