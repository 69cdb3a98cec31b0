"""What single layers and losses promise beyond their agreement with torch."""

import numpy as np
import pytest

from reference.layers import avg_pool2d, batch_norm, dropout, flatten, global_pool, group_norm, im2col, max_pool2d, relu, sigmoid
from reference.losses import mse_loss, softmax_loss, svm_loss
from reference.nets import two_layer_net


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_of_huge_values_neither_overflows_nor_leaves_its_range(dtype):
    x = np.array([[-1e4, -800, 0, 800, 1e4]], dtype)

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        out, cache = sigmoid.forward(x)
        (dx,) = sigmoid.backward(np.ones_like(x), cache)

    np.testing.assert_array_equal(out, np.array([[0, 0, 0.5, 1, 1]], dtype), strict=True)
    np.testing.assert_array_equal(dx, np.array([[0, 0, 0.25, 0, 0]], dtype), strict=True)


def test_sigmoid_keeps_its_relative_accuracy_far_below_zero():
    out, _ = sigmoid.forward(np.array([[-50.0, -700.0]]))

    np.testing.assert_allclose(out, [[np.exp(-50.0), np.exp(-700.0)]], rtol=1e-13)


def test_relu_hands_nothing_on_at_zero():
    out, cache = relu.forward(np.array([[-1.0, -0.0, 0.0, 2.0]]))
    (dx,) = relu.backward(np.array([[3.0, 3.0, 3.0, 3.0]]), cache)

    np.testing.assert_array_equal(out, [[0, 0, 0, 2]])
    np.testing.assert_array_equal(dx, [[0, 0, 0, 3]])


def test_max_pooling_hands_a_tie_to_its_first_entry():
    x = np.array([[1.0, 7, 7], [7, 0, 7]])[None, None]

    _, cache = max_pool2d.forward(x, kernel_h=2, kernel_w=3, stride=1)
    (dx,) = max_pool2d.backward(np.full((1, 1, 1, 1), 5.0), cache)

    np.testing.assert_array_equal(dx[0, 0], [[0, 5, 0], [0, 0, 0]])


def test_max_pooling_adds_up_what_overlapping_windows_hand_to_one_entry():
    x = np.array([[0.0, 9, 1]])[None, None]

    _, cache = max_pool2d.forward(x, kernel_h=1, kernel_w=2, stride=1)
    (dx,) = max_pool2d.backward(np.array([[[[2.0, 3.0]]]]), cache)

    np.testing.assert_array_equal(dx[0, 0], [[0, 5, 0]])


def test_max_pooling_that_pads_with_zeros_hands_nothing_back_where_all_else_is_negative():
    x = np.array([[-1.0, -2], [-3, -4]])[None, None]
    window = {"kernel_h": 2, "kernel_w": 2, "stride": 2, "padding": 1}

    infinite, kept = max_pool2d.forward(x, **window)
    zero, dropped = max_pool2d.forward(x, **window, pads_with="zeros")

    np.testing.assert_array_equal(infinite, x)
    np.testing.assert_array_equal(max_pool2d.backward(np.ones_like(x), kept), [np.ones_like(x)])
    np.testing.assert_array_equal(zero, np.zeros_like(x))
    np.testing.assert_array_equal(max_pool2d.backward(np.ones_like(x), dropped), [np.zeros_like(x)])


@pytest.mark.parametrize(("counted", "mean"), [(True, 2.0), (False, 8.0)])
def test_an_average_may_count_its_padding_or_not(counted, mean):
    x = np.full((1, 1, 2, 2), 8.0)

    out, cache = avg_pool2d.forward(x, kernel_h=2, kernel_w=2, stride=2, padding=1, count_include_pad=counted)
    (dx,) = avg_pool2d.backward(np.ones_like(out), cache)

    np.testing.assert_array_equal(out, np.full((1, 1, 2, 2), mean))
    np.testing.assert_array_equal(dx, np.full((1, 1, 2, 2), mean / 8))


def test_a_global_maximum_hands_a_tie_to_its_first_entry():
    _, cache = global_pool.forward(np.array([[[[1.0, 7], [7, 7]]]]), mode="max")

    np.testing.assert_array_equal(global_pool.backward(np.array([[5.0]]), cache)[0], [[[[0, 5], [0, 0]]]])


def test_im2col_lays_rows_out_by_position_and_columns_by_channel():
    x = np.arange(16.0).reshape(2, 2, 2, 2)

    out, cache = im2col.forward(x, kernel_h=2, kernel_w=1)
    (dx,) = im2col.backward(np.ones_like(out), cache)

    np.testing.assert_array_equal(out, [[0, 2, 4, 6], [1, 3, 5, 7], [8, 10, 12, 14], [9, 11, 13, 15]])
    np.testing.assert_array_equal(dx, np.ones_like(x))


@pytest.mark.parametrize("kernel", [1, 2])
def test_im2col_gives_rows_of_its_own(kernel):
    x = np.arange(4.0).reshape(1, 1, 2, 2)

    out, _ = im2col.forward(x, kernel_h=kernel, kernel_w=kernel)

    assert out.flags.writeable
    assert not np.shares_memory(out, x)


def test_flatten_keeps_the_order_of_each_sample():
    x = np.arange(12.0).reshape(2, 3, 1, 2)

    out, cache = flatten.forward(x)
    (dx,) = flatten.backward(out, cache)

    np.testing.assert_array_equal(out, [np.arange(6), np.arange(6, 12)])
    np.testing.assert_array_equal(dx, x, strict=True)


def normalised(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, **options: float):
    """Batch normalisation from running statistics of 0 and 1."""
    (out, mean, var), cache = batch_norm.forward(x, gamma, beta, np.zeros(len(beta)), np.ones(len(beta)), **options)
    return out, mean, var, cache


def test_batch_norm_divides_by_the_root_of_the_variance_over_n_plus_eps():
    x, gamma, beta = np.array([[1.0], [3.0], [8.0]]), np.array([2.0]), np.array([10.0])

    out, *_, cache = normalised(x, gamma, beta, eps=16 - 26 / 3)  # the variance is (9 + 1 + 16) / 3
    dx, dgamma, dbeta = batch_norm.backward(np.array([[1.0], [0.0], [0.0]]), cache)

    np.testing.assert_allclose(out, [[8.5], [9.5], [12]], rtol=1e-14)
    np.testing.assert_allclose(dx, np.array([[2 - 9 / 16], [-1 - 3 / 16], [-1 + 12 / 16]]) / 6, rtol=1e-14)
    np.testing.assert_allclose([dgamma, dbeta], [[-0.75], [1]], rtol=1e-14)


def test_batch_norm_of_a_constant_feature_is_its_shift_and_its_gradient_is_centred():
    x = np.full((4, 1), 0.5)

    out, *_, cache = normalised(x, np.array([3.0]), np.array([7.0]), eps=1e-4)
    dx, dgamma, _ = batch_norm.backward(np.array([[4.0], [0.0], [0.0], [0.0]]), cache)

    np.testing.assert_array_equal(out, np.full((4, 1), 7.0))
    np.testing.assert_allclose(dx, [[900], [-300], [-300], [-300]], rtol=1e-14)
    assert dgamma == 0


def test_batch_norm_far_from_zero_stays_as_exact_as_its_input_allows():
    x = np.array([[1.0, -2.0], [0.25, 0.5], [-3.0, 4.0], [2.0, 0.0]])
    ones, zeros = np.ones(2), np.zeros(2)

    here = normalised(x, ones, zeros)[0]
    there = normalised(x + 2.0**30, ones, zeros)[0]  # exact: what is lost then is lost in the layer

    np.testing.assert_allclose(there, here, rtol=1e-12)


@pytest.mark.parametrize(
    ("reading", "mean", "variance"),
    [
        ({}, 0.25 * 4, 0.75 + 0.25 * 26 / 3),
        ({"momentum_of": "batch"}, 0.75 * 4, 0.25 + 0.75 * 26 / 3),
        ({"unbiased": True}, 0.25 * 4, 0.75 + 0.25 * 13),
    ],
)
def test_the_running_statistics_follow_those_of_the_batch(reading, mean, variance):
    x = np.array([[1.0], [3.0], [8.0]])  # mean 4, squares about it 26

    _, running_mean, running_var, _ = normalised(x, np.ones(1), np.ones(1), momentum=0.75, eps=100.0, **reading)

    np.testing.assert_allclose([running_mean, running_var], [[mean], [variance]], rtol=1e-14)


def test_test_mode_uses_the_running_statistics_and_leaves_them_alone():
    x, running = np.array([[7.0]]), (np.array([1.0]), np.array([8.0]))

    (out, *after), _ = batch_norm.forward(x, np.array([2.0]), np.array([5.0]), *running, eps=1.0, training=False)

    np.testing.assert_allclose(out, [[9.0]], rtol=1e-14)
    np.testing.assert_array_equal(after, running)


def test_group_norm_puts_neighbouring_channels_together():
    x = np.array([0.0, 2.0, 10.0, 14.0]).reshape(1, 4, 1, 1)

    out, _ = group_norm.forward(x, np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4), num_groups=2, eps=1e-30)

    np.testing.assert_allclose(out.ravel(), [-1, 2, -3, 4], rtol=1e-14)


@pytest.mark.parametrize(
    ("reading", "kept", "rate", "tested"),
    [
        ({}, 4.0, 0.75, 3.0),
        ({"p_of": "kept"}, 12.0, 0.25, 3.0),
        ({"inverted": False}, 3.0, 0.75, 2.25),
    ],
)
def test_dropout_divides_in_training_or_multiplies_in_test_mode(reading, kept, rate, tested):
    x, mask = np.array([[3.0, 3.0]]), np.array([[1, 0]])

    (out, share, _), cache = dropout.forward(x, mask, p=0.25, **reading)
    (calm, all_of_it, _), _ = dropout.forward(x, mask, p=0.25, training=False, **reading)

    np.testing.assert_allclose(out, [[kept, 0]], rtol=1e-14)
    np.testing.assert_allclose(dropout.backward(np.array([[6.0, 6.0]]), cache)[0], [[2 * kept, 0]], rtol=1e-14)
    np.testing.assert_allclose(calm, [[tested, tested]], rtol=1e-14)
    assert (share, all_of_it) == (rate, 1)


@pytest.mark.parametrize(
    ("reading", "loss"),
    [({}, 5.0), ({"mean_over": "samples"}, 10.0), ({"half": True}, 2.5), ({"mean_over": "samples", "half": True}, 5.0)],
)
def test_the_mean_squared_error_divides_by_what_its_reading_says(reading, loss):
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [0.0, 1.0]])
    squares = 1 + 0 + 9 + 9

    found, cache = mse_loss.forward(x, y, **reading)

    assert found == pytest.approx(loss * squares / 20)
    np.testing.assert_allclose(mse_loss.backward(np.ones(()), cache)[0], 2 * (x - y) * found / squares, rtol=1e-14)


@pytest.mark.parametrize("log_epsilon", [0.0, 1e-7])
@pytest.mark.parametrize("shift", [-1e4, 1e4])
def test_softmax_loss_is_the_same_for_shifted_scores(shift, log_epsilon):
    x, y = np.array([[1.0, 2.0, -3.0], [0.5, 0.0, 0.25]]), np.array([0, 2])

    here, _ = softmax_loss.forward(x, y, log_epsilon=log_epsilon)
    there, _ = softmax_loss.forward(x + shift, y, log_epsilon=log_epsilon)

    np.testing.assert_allclose(there, here, rtol=1e-11)


def test_softmax_loss_of_a_hopeless_class_is_its_distance_and_infinite_for_no_score():
    x, y = np.array([[0.0, 2000.0]]), np.array([0])

    loss, _ = softmax_loss.forward(x, y)
    with_epsilon, _ = softmax_loss.forward(x, y, log_epsilon=1e-7)

    assert loss == 2000
    assert with_epsilon == pytest.approx(-np.log(1e-7))


def test_softmax_loss_of_equal_scores_is_the_logarithm_of_the_number_of_classes():
    loss, cache = softmax_loss.forward(np.zeros((3, 4)), np.array([0, 1, 3]))
    (dx,) = softmax_loss.backward(np.ones(()), cache)

    assert loss == pytest.approx(np.log(4))
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-16)
    assert dx[0].tolist() == pytest.approx([-0.25, 1 / 12, 1 / 12, 1 / 12])


def test_hinge_loss_counts_violated_margins():
    x, y = np.array([[3.0, 2.5, 1.0, 4.0], [9.0, 0.0, 0.0, 0.0]]), np.array([0, 0])

    loss, cache = svm_loss.forward(x, y)
    (dx,) = svm_loss.backward(np.ones(()), cache)

    assert loss == (0.5 + 2.0) / 2
    np.testing.assert_array_equal(dx, [[-1, 0.5, 0, 0.5], [0, 0, 0, 0]])


def test_a_regularised_net_adds_the_squares_of_its_weights_and_not_of_its_biases():
    rng = np.random.default_rng(1)
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((3, 4), (4,), (4, 2), (2,)))
    x, y = rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])

    plain, _ = two_layer_net.forward(x, y, W1, b1, W2, b2)
    half, _ = two_layer_net.forward(x, y, W1, b1, W2, b2, reg=0.2, reg_factor=0.5)
    whole, _ = two_layer_net.forward(x, y, W1, b1, W2, b2, reg=0.2)

    squares = (W1**2).sum() + (W2**2).sum()
    assert half - plain == pytest.approx(0.1 * squares)
    assert whole - plain == pytest.approx(0.2 * squares)
