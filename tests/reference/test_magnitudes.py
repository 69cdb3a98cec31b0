"""`magnitude` by hand, on cases small enough for it: a bound that is too loose would let wrong answers pass."""

import numpy as np
import pytest

from reference.layers import (
    batch_norm,
    dropout,
    flatten,
    group_norm,
    layer_norm,
    leaky_relu,
    max_pool2d,
    relu,
    sigmoid,
    spatial_batch_norm,
    tanh,
)
from reference.losses import mse_loss, softmax_loss, svm_loss
from reference.nets import convnet, three_layer_net, two_layer_net

ONE = np.ones(())
LOG2 = np.log(2)


def assert_all_close(got, expected):
    for g, e in zip(got, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-13)


def scores(*row: float) -> np.ndarray:
    """Return the class probabilities of one row."""
    e = np.exp(row)
    return e / e.sum()


@pytest.mark.parametrize(
    ("layer", "out", "dx"),
    [
        (relu, [[2, 3, 0]], [[5, 6, 7]]),
        (flatten, [[2, 3, 0]], [[5, 6, 7]]),
        (
            sigmoid,
            [sigmoid.forward(np.array([-2.0, 3.0, 0.0]))[0]],
            [sigmoid.forward(np.array([-2.0, 3.0, 0.0]))[0] * [5, 6, 7]],
        ),
    ],
    ids=["relu", "flatten", "sigmoid"],
)
def test_elementwise_layers_pass_on_what_they_read(layer, out, dx):
    arrays, dout = {"x": np.array([[-2.0, 3, 0]])}, np.array([[-5.0, 6, -7]])

    got = layer.magnitude(arrays, {}, dout)

    np.testing.assert_array_equal(got.out, out)
    np.testing.assert_array_equal(got.gradients, [dx])


def test_max_pooling_adds_up_the_absolute_dout_of_overlapping_windows():
    arrays, options = {"x": np.array([[-3.0, -1, -2]])[None, None]}, {"kernel_h": 1, "kernel_w": 2, "stride": 1}

    got = max_pool2d.magnitude(arrays, options, np.array([[[[2.0, -5.0]]]]))

    np.testing.assert_array_equal(got.out, [[[[1, 1]]]])
    np.testing.assert_array_equal(got.gradients, [[[[[0, 7, 0]]]]])


def test_batch_norm_is_as_exact_as_its_input_is_large_beside_the_deviation():
    arrays = {"x": np.array([[9.0], [11.0]]), "gamma": np.array([-3.0]), "beta": np.array([-5.0])}
    arrays |= {"running_mean": np.array([-4.0]), "running_var": np.array([6.0])}

    got = batch_norm.magnitude(arrays, {"eps": 3.0, "momentum": 0.75}, np.array([[1.0], [-2.0]]))

    # The deviation is sqrt(1 + 3) = 2, the normalised input -1/2 and 1/2; (|x| + |mu|) / 2 is 9.5 and 10.5.
    relative = 1 + (0.5 * (0.5 + 19) + 0.5 * (0.5 + 21)) / 2 / 2
    first, second = 9.5 + relative / 2, 10.5 + relative / 2
    np.testing.assert_allclose(got.out, [[3 * first + 5], [3 * second + 5]], rtol=1e-14)
    along, errors = (1 / 2 + 2 / 2) / 2, (first + 2 * second) / 2
    dx = [[(d + 1.5 + along / 2) * relative + size * along + errors / 2] for d, size in ((1, first), (2, second))]
    assert_all_close(got.gradients, (1.5 * np.array(dx), [first + 2 * second], [3]))
    variance = ((1 + 2 * (9 + 10)) + (1 + 2 * (11 + 10))) / 2
    assert_all_close(got.beside, ([0.75 * 4 + 0.25 * 10], [0.75 * 6 + 0.25 * variance]))


def test_layer_norm_weighs_the_terms_of_its_means_with_gamma():
    arrays = {"x": np.array([[9.0, 11.0]]), "gamma": np.array([-3.0, 1.0]), "beta": np.array([-5.0, 0.0])}

    got = layer_norm.magnitude(arrays, {"eps": 3.0}, np.array([[1.0, -2.0]]))

    # As above; g = |gamma dout| is 3 and 2
    relative = 1 + (0.5 * (0.5 + 19) + 0.5 * (0.5 + 21)) / 2 / 2
    first, second = 9.5 + relative / 2, 10.5 + relative / 2
    np.testing.assert_allclose(got.out, [[3 * first + 5, second]], rtol=1e-14)
    along, errors = (3 / 2 + 2 / 2) / 2, (3 * first + 2 * second) / 2
    dx = [[((g + 2.5 + along / 2) * relative + size * along + errors / 2) / 2 for g, size in ((3, first), (2, second))]]
    assert_all_close(got.gradients, (dx, [first, 2 * second], [1, 2]))


def test_group_norm_is_layer_norm_of_every_group():
    x = np.array([9.0, 11.0, -2.0, 7.0]).reshape(1, 4, 1, 1)
    arrays = {"x": x, "gamma": np.array([-3.0, 1.0, 2.0, -1.0]), "beta": np.array([-5.0, 0.0, 1.0, 2.0])}
    dout = np.array([1.0, -2.0, 3.0, 4.0]).reshape(1, 4, 1, 1)

    got = group_norm.magnitude(arrays, {"eps": 3.0, "num_groups": 2}, dout)

    for half in (slice(0, 2), slice(2, 4)):
        own = {name: a[:, half, 0, 0] if name == "x" else a[half] for name, a in arrays.items()}
        alone = layer_norm.magnitude(own, {"eps": 3.0}, dout[:, half, 0, 0])
        np.testing.assert_allclose(got.out[:, half, 0, 0], alone.out, rtol=1e-14)
        dx, dgamma, dbeta = got.gradients
        assert_all_close((dx[:, half, 0, 0], dgamma[half], dbeta[half]), alone.gradients)


def test_spatial_batch_norm_is_batch_norm_of_the_places_of_all_planes():
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(2, 3, 2, 1)), **{n: rng.uniform(1, 2, 3) for n in ("gamma", "beta", "running_mean", "running_var")}}
    dout, options = rng.normal(size=(2, 3, 2, 1)), {"eps": 1e-3, "momentum": 0.9, "training": True}

    got = spatial_batch_norm.magnitude(arrays, options, dout)

    rows = {**arrays, "x": arrays["x"].transpose(0, 2, 3, 1).reshape(-1, 3)}
    alone = batch_norm.magnitude(rows, options, dout.transpose(0, 2, 3, 1).reshape(-1, 3))
    np.testing.assert_array_equal(got.out.transpose(0, 2, 3, 1).reshape(-1, 3), alone.out)
    assert_all_close(got.gradients[1:] + got.beside, alone.gradients[1:] + alone.beside)


def test_test_mode_is_as_exact_as_input_and_running_mean_are_large_beside_the_running_deviation():
    arrays = {"x": np.array([[-9.0]]), "gamma": np.array([-3.0]), "beta": np.array([-5.0])}
    arrays |= {"running_mean": np.array([-4.0]), "running_var": np.array([1.0])}

    got = batch_norm.magnitude(arrays, {"eps": 3.0, "momentum": 0.75, "training": False}, np.array([[-2.0]]))

    np.testing.assert_allclose(got.out, [[3 * (9 + 4) / 2 + 5]], rtol=1e-14)
    assert_all_close(got.gradients, ([[2 * 3 / 2]], [2 * 13 / 2], [2]))
    assert_all_close(got.beside, ([4], [1]))


def test_the_squared_error_may_be_multiplied_out_and_its_gradient_not():
    arrays = {"x": np.array([[1.0, -2.0]]), "y": np.array([[3.0, 4.0]])}

    got = mse_loss.magnitude(arrays, {"mean_over": "elements", "half": False}, np.asarray(-5.0))

    assert got.out == (4**2 + 6**2) / 2
    np.testing.assert_allclose(got.gradients, [[[5 * 2, 5 * 6]]], rtol=1e-14)


def test_tanh_is_a_difference_of_exponentials_however_small_it_is():
    got = tanh.magnitude({"x": np.array([[1e-9, 50.0]])}, {}, np.array([[-3.0, 4.0]]))

    np.testing.assert_array_equal(got.out, [[1, 1]])
    np.testing.assert_array_equal(got.gradients, [[[3, 4]]])


def test_a_leaky_relu_and_dropout_pass_on_what_they_multiply():
    x, dout = np.array([[-2.0, 4.0]]), np.array([[-3.0, 6.0]])

    leaky = leaky_relu.magnitude({"x": x}, {"negative_slope": 0.25}, dout)
    dropped = dropout.magnitude({"x": x, "mask": np.array([[1, 0]])}, {"p": 0.5}, dout)

    np.testing.assert_array_equal([leaky.out, *leaky.gradients], [[[0.5, 4]], [[0.75, 6]]])
    np.testing.assert_array_equal([dropped.out, *dropped.gradients], [[[4, 0]], [[6, 0]]])
    assert dropped.beside == (0.5, 0)


def test_softmax_loss_is_as_exact_as_the_largest_score_of_a_row():
    arrays = {"x": np.array([[4.0, 4], [-1, -1]]), "y": np.array([0, 1])}

    got = softmax_loss.magnitude(arrays, {}, np.asarray(-2.0))

    np.testing.assert_allclose(got.out, (2 * 4 + 2 * 1) / 2 + LOG2 + 1, rtol=1e-14)
    # p is 1/2 everywhere, its error 2 + 2 max|x| of that; t is 1; |dout| / N is 1
    np.testing.assert_allclose(got.gradients, [[[5 + 1, 5], [2, 2 + 1]]], rtol=1e-14)


def test_an_epsilon_that_is_differentiated_makes_the_gradient_smaller_and_its_relative_error_larger():
    arrays = {"x": np.array([[4.0, 4]]), "y": np.array([0])}

    got = softmax_loss.magnitude(arrays, {"log_epsilon": -1.5}, ONE)

    # p is 1/2, off by 2 + 2 * 4 of that; p / (p + 1.5) is 1/4, off by 3/4 of that
    np.testing.assert_allclose(got.gradients, [[[(5 + 1) / 4 * (1 + 7.5), 5 / 4 * (1 + 7.5)]]], rtol=1e-14)


def test_hinge_loss_sums_absolute_scores():
    arrays = {"x": np.array([[1.0, -2, 0], [3, 4, 0]]), "y": np.array([0, 1])}

    got = svm_loss.magnitude(arrays, {}, np.asarray(-2.0))

    assert got.out == ((1 + 2 + 3 + 4) + 3 * (1 + 1 + 4 + 1)) / 2
    np.testing.assert_array_equal(got.gradients, [np.full((2, 3), 3.0)])


def test_a_net_carries_values_and_the_sizes_of_their_errors_forward_and_backward():
    W1, b1, W2, b2 = np.array([[2.0]]), np.array([-1.0]), np.array([[1.0, -3.0]]), np.array([0.0, 0.5])
    arrays = {"x": np.array([[-1.0]]), "y": np.array([1]), "W1": W1, "b1": b1, "W2": W2, "b2": b2}

    got = two_layer_net.magnitude(arrays, {"activation": "sigmoid", "reg": 0.5}, ONE)

    h = 1 / (1 + np.exp(3))  # the pre-activation is -2 - 1, its size 3
    slope = h * (1 - h)
    size = h + 3 * slope  # of h, and of the slope
    largest = 3 * size + 0.5
    p = scores(h, -3 * h + 0.5)
    ds, off = p - [0, 1], p * (2 + 2 * largest) + [0, 1]
    dh, dh_off = ds[0] - 3 * ds[1], off[0] + 3 * off[1]
    da, da_off = dh * slope, dh_off * slope + abs(dh) * size
    np.testing.assert_allclose(got.out, 2 * largest + LOG2 + 1 + 2 * 0.5 * (2**2 + 1**2 + 3**2), rtol=1e-14)
    assert_all_close(got.gradients, ([[da_off + abs(da) + 2]], [da_off], [h * off + size * np.abs(ds) + [1, 3]], off))


def test_three_layers_carry_them_on():
    W1, W2, W3 = np.array([[1.0]]), np.array([[-4.0]]), np.array([[1.0, -1.0]])
    zero = np.zeros(1)
    arrays = {"x": np.array([[0.0]]), "y": np.array([0]), "W1": W1, "b1": zero, "W2": W2, "b2": zero + 5}

    got = three_layer_net.magnitude({**arrays, "W3": W3, "b3": np.zeros(2)}, {}, ONE)

    # x = 0, sigmoid 1/2 of size 1/2, with a slope of 1/4 of size 1/2; ReLU of -2 + 5, of size 2 + 5
    ds, off = scores(3, -3) - [1, 0], scores(3, -3) * (2 + 2 * 7) + [1, 0]
    da2, da2_off = ds[0] - ds[1], off.sum()
    da1_off = 4 * da2_off / 4 + 4 * abs(da2) / 2
    np.testing.assert_allclose(got.out, 2 * 7 + LOG2 + 1, rtol=1e-14)
    W2_off = [[0.5 * da2_off + 0.5 * abs(da2)]]
    assert_all_close(got.gradients, ([[0]], [da1_off], W2_off, [da2_off], [3 * off + 7 * np.abs(ds)], off))


def test_the_convnet_takes_the_largest_entry_of_a_window_with_its_error():
    x, W1, b1 = np.array([[[[1.0, 2], [3, -4]]]]), np.array([[[[3.0]]]]), np.array([-1.0])
    arrays = {"x": x, "y": np.array([0]), "W1": W1, "b1": b1, "W2": np.array([[1.0, -3.0]]), "b2": np.array([0.0, 0.5])}

    got = convnet.magnitude(arrays, {"stride": 1, "padding": 0, "reg": 0.5}, ONE)

    # pre-activations 2, 5, 8, -13 of sizes 4, 7, 10, 13; the window takes the 8, and its size
    largest = 10 * 3 + 0.5
    ds, off = scores(8, -24 + 0.5) - [1, 0], scores(8, -24 + 0.5) * (2 + 2 * largest) + [1, 0]
    dh, dh_off = ds[0] - 3 * ds[1], off[0] + 3 * off[1]
    np.testing.assert_allclose(got.out, 2 * largest + LOG2 + 1 + 2 * 0.5 * (3**2 + 1**2 + 3**2), rtol=1e-14)
    assert_all_close(got.gradients, ([[[[3 * dh_off + 3 * abs(dh) + 3]]]], [dh_off], [8 * off + 10 * np.abs(ds) + [1, 3]], off))


def batch(net) -> dict[str, np.ndarray]:
    """Return two samples and parameters for any of the nets."""
    rng = np.random.default_rng(1)
    sizes = {"N": 2, "C": 1, "F": 2, "H": 4, "W": 6, "KH": 3, "KW": 3, "D": 12, "H1": 3, "H2": 4, "K": 3}
    arrays = {a.name: rng.uniform(-1, 1, [sizes[axis] for axis in a.axes.split()]) for a in net.SPEC.arguments}
    return arrays | {"y": np.array([0, 2])}


EVERY_NET = pytest.mark.parametrize("net", [convnet, three_layer_net, two_layer_net], ids=lambda net: net.SPEC.name)
OPTIONS = {"stride": 1, "padding": 1}


def test_a_net_with_one_sample_of_large_scores_is_as_exact_on_the_others_as_without_it():
    small = {"x": np.zeros((1, 1)), "y": np.array([1]), "W1": np.ones((1, 1)), "b1": np.ones(1), "W2": np.ones((1, 2)), "b2": np.zeros(2)}
    mixed = small | {"x": np.array([[0.0], [1000.0]]), "y": np.array([1, 1])}
    large = mixed | {"x": mixed["x"][1:], "y": mixed["y"][1:]}

    one, other, both = (two_layer_net.magnitude(a, {"activation": "relu"}, ONE) for a in (small, large, mixed))

    np.testing.assert_allclose(both.out, (one.out + other.out) / 2, rtol=1e-14)
    assert_all_close(both.gradients, [(a + b) / 2 for a, b in zip(one.gradients, other.gradients, strict=True)])


@EVERY_NET
def test_the_sign_of_dout_does_not_matter(net):
    arrays = batch(net)

    up, down = (net.magnitude(arrays, OPTIONS, dout).gradients for dout in (ONE, -ONE))

    assert_all_close(down, up)


@EVERY_NET
def test_a_batch_with_every_sample_twice_is_as_exact_as_with_each_once(net):
    arrays = batch(net)
    twice = arrays | {name: np.repeat(arrays[name], 2, axis=0) for name in ("x", "y")}

    one, two = (net.magnitude(a, OPTIONS, ONE) for a in (arrays, twice))

    np.testing.assert_allclose(two.out, one.out, rtol=1e-14)
    assert_all_close(two.gradients, one.gradients)
