"""Shapes that do not go together are refused with a ShapeError that shows the numbers, never with a wrong answer."""

import re

import numpy as np
import pytest

from reference import LabelError, ShapeError
from reference.layers import (
    affine,
    avg_pool2d,
    batch_norm,
    conv2d,
    conv2d_dilated,
    conv2d_general,
    conv2d_grouped,
    conv_single_step,
    dropout,
    global_pool,
    group_norm,
    im2col,
    layer_norm,
    max_pool2d,
    spatial_batch_norm,
    zero_pad,
)
from reference.losses import mse_loss, softmax_loss, svm_loss
from reference.nets import convnet, three_layer_net, two_layer_net
from reference.shapes import output_size, parameter_count_grouped

POOLS = pytest.mark.parametrize("layer", [avg_pool2d, im2col, max_pool2d], ids=lambda layer: layer.SPEC.name)


def zeros(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    return [np.zeros(shape) for shape in shapes]


@pytest.mark.parametrize(
    ("x", "w", "b"),
    [
        ((2, 3), (4, 5), (5,)),
        ((2, 3), (3, 5), (4,)),
        ((2, 3), (3, 5), (1, 5)),
        ((2, 3), (3, 5), ()),
        ((2, 3), (3,), (3,)),
        ((2, 3), (3, 5, 1), (5,)),
        ((2, 3, 4), (4, 5), (5,)),
    ],
)
def test_affine_refuses_sizes_that_do_not_agree_and_shows_them(x, w, b):
    sentence = f"affine: x {x} @ w {w} + b {b}: x needs {w[0]} features, b {w[-1]}."

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        affine.forward(*zeros(x, w, b))


def test_affine_flattens_each_sample():
    x = np.arange(12.0).reshape(2, 3, 2)

    out, cache = affine.forward(x, np.eye(6), np.ones(6))
    dx, _, _ = affine.backward(np.ones((2, 6)), cache)

    np.testing.assert_array_equal(out, x.reshape(2, 6) + 1)
    assert dx.shape == x.shape


@pytest.mark.parametrize(
    ("x", "w", "b"),
    [
        ((2, 3, 5, 5), (4, 2, 3, 3), (4,)),
        ((2, 3, 5, 5), (4, 3, 3, 3), (3,)),
        ((2, 3, 5, 5), (4, 3, 3, 3), (4, 1)),
        ((2, 3, 5, 5), (3, 3, 3), (3,)),
        ((3, 5, 5), (4, 3, 3, 3), (4,)),
        ((2, 3, 5, 5, 1), (4, 3, 3, 3), (4,)),
    ],
)
def test_conv2d_refuses_sizes_that_do_not_agree_and_shows_them(x, w, b):
    sentence = f"conv2d: x {x}, w {w}, b {b} must be (N, C, H, W), (F, C, KH, KW), (F,)."

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        conv2d.forward(*zeros(x, w, b))


@pytest.mark.parametrize(
    ("x", "gamma", "beta"),
    [((4,), (4,), (4,)), ((4, 3), (4,), (3,)), ((4, 3), (3,), (1, 3)), ((4, 3), (3,), ()), ((4, 3, 2), (3, 2), (3, 2))],
)
def test_batch_norm_refuses_sizes_that_do_not_agree_and_shows_them(x, gamma, beta):
    sentence = f"batch_norm: x {x}, gamma {gamma}, beta {beta}, running (3,) and (3,) must be (N, D) and (D,)."

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        batch_norm.forward(*zeros(x, gamma, beta, (3,), (3,)))


@pytest.mark.parametrize(("mean", "var"), [((4,), (3,)), ((3,), (1, 3))])
def test_batch_norm_refuses_running_statistics_that_do_not_agree(mean, var):
    with pytest.raises(ShapeError, match=re.escape(f"running {mean} and {var} must be")):
        batch_norm.forward(*zeros((4, 3), (3,), (3,), mean, var))


def test_spatial_batch_norm_refuses_what_is_no_plane():
    with pytest.raises(ShapeError, match=re.escape("spatial_batch_norm: x (4, 3) must be (N, C, H, W).")):
        spatial_batch_norm.forward(*zeros((4, 3), (3,), (3,), (3,), (3,)))


def test_layer_norm_refuses_sizes_that_do_not_agree():
    with pytest.raises(ShapeError, match=re.escape("layer_norm: x (4, 3), gamma (4,), beta (3,) must be (N, D), (D,), (D,).")):
        layer_norm.forward(*zeros((4, 3), (4,), (3,)))


@pytest.mark.parametrize(("shapes", "groups", "says"), [
    (((2, 4, 3), (4,), (4,)), 2, "must be (N, C, H, W), (C,), (C,)."),
    (((2, 4, 3, 3), (1, 4, 1, 1), (4,)), 2, "must be (N, C, H, W), (C,), (C,)."),
    (((2, 4, 3, 3), (4,), (4,)), 3, "4 channels cannot be divided into 3 groups."),
])  # fmt: skip
def test_group_norm_refuses_sizes_that_do_not_agree_and_groups_that_do_not_divide(shapes, groups, says):
    with pytest.raises(ShapeError, match=re.escape(says)):
        group_norm.forward(*zeros(*shapes), num_groups=groups)


def test_dropout_refuses_a_mask_of_another_shape():
    with pytest.raises(ShapeError, match=re.escape("dropout: the mask (3,) must have the shape of x (2, 3).")):
        dropout.forward(*zeros((2, 3), (3,)))


@pytest.mark.parametrize(("x", "y"), [((3, 1), (3,)), ((3,), (3,)), ((2, 3), (3, 2))])
def test_the_mean_squared_error_refuses_what_would_broadcast(x, y):
    with pytest.raises(ShapeError, match=re.escape(f"mse_loss: predictions {x} and targets {y} must have one shape (N, D).")):
        mse_loss.forward(*zeros(x, y))


@pytest.mark.parametrize(
    ("plane", "options", "says"),
    [
        (
            (5, 6),
            {"stride": 2},
            "Output width: (size + 2*padding - kernel) / stride + 1 = (6 + 2*0 - 3) / 2 + 1 = 2.5 is not",
        ),
        (
            (6, 5),
            {"stride": 2},
            "Output height: (size + 2*padding - kernel) / stride + 1 = (6 + 2*0 - 3) / 2 + 1 = 2.5 is not",
        ),
        ((7, 7), {"stride": 3}, "= (7 + 2*0 - 3) / 3 + 1 = 2.333 is not a whole number; the filter does not fit."),
        (
            (2, 5),
            {},
            "Output height: (size + 2*padding - kernel) / stride + 1 = (2 + 2*0 - 3) / 1 + 1: the window (3) is longer",
        ),
        ((5, 5), {"stride": 0}, "kernel=3 and stride=0 must be at least 1"),
        ((5, 5), {"padding": -1}, "padding=-1 at least 0"),
    ],
)
def test_conv2d_refuses_a_filter_that_does_not_fit_and_shows_the_formula(plane, options, says):
    x, w, b = zeros((1, 1, *plane), (1, 1, 3, 3), (1,))

    with pytest.raises(ShapeError, match=re.escape(says)):
        conv2d.forward(x, w, b, **options)


@POOLS
@pytest.mark.parametrize(
    ("height", "width", "stride", "says"),
    [
        (2, 2, 2, "Output height: (size + 2*padding - kernel) / stride + 1 = (5 + 2*0 - 2) / 2 + 1 = 2.5 is not"),
        (3, 3, 2, "Output width: (size + 2*padding - kernel) / stride + 1 = (6 + 2*0 - 3) / 2 + 1 = 2.5 is not"),
        (6, 1, 1, "(5 + 2*0 - 6) / 1 + 1: the window (6) is longer than the padded input (5)."),
        (0, 1, 1, "size=5, kernel=0 and stride=1 must be at least 1"),
    ],
)
def test_pooling_and_im2col_refuse_a_window_that_does_not_fit_and_show_the_formula(layer, height, width, stride, says):
    with pytest.raises(ShapeError, match=re.escape(says)):
        layer.forward(np.zeros((1, 1, 5, 6)), kernel_h=height, kernel_w=width, stride=stride)


@POOLS
@pytest.mark.parametrize("shape", [(5, 5), (1, 5, 5), (1, 1, 5, 5, 5)])
def test_pooling_and_im2col_refuse_an_input_that_has_not_four_axes(layer, shape):
    with pytest.raises(ShapeError, match=re.escape(f"x {shape} must be (N, C, H, W)")):
        layer.forward(np.zeros(shape), kernel_h=2, kernel_w=2, stride=1)


@pytest.mark.parametrize("rule", ["error", "floor"])
def test_output_size_refuses_a_kernel_longer_than_the_padded_input(rule):
    says = "(3 + 2*1 - 6) / 1 + 1: the window (6) is longer than the padded input (5)."

    with pytest.raises(ShapeError, match=re.escape(says)):
        output_size.forward(size=3, kernel=6, stride=1, padding=1, inexact_output_size=rule)


@pytest.mark.parametrize(
    ("net", "shapes"),
    [
        (two_layer_net, [(2, 3), (2,), (4, 5), (5,), (5, 3), (3,)]),
        (two_layer_net, [(2, 3), (2,), (3, 5), (5,), (4, 3), (3,)]),
        (three_layer_net, [(2, 3), (2,), (3, 5), (5,), (5, 4), (3,), (4, 3), (3,)]),
        (convnet, [(2, 1, 4, 6), (2,), (2, 1, 3, 3), (2,), (11, 3), (3,)]),
    ],
)
def test_a_net_refuses_parameters_whose_sizes_do_not_chain(net, shapes):
    arrays = zeros(*shapes)
    arrays[1] = arrays[1].astype(int)

    with pytest.raises(ShapeError, match="affine: x "):
        net.forward(*arrays)


def test_the_convnet_refuses_a_plane_that_its_pooling_does_not_tile():
    x, W1, b1, W2, b2 = zeros((1, 1, 5, 4), (1, 1, 3, 3), (1,), (4, 2), (2,))
    says = "Output height: (size + 2*padding - kernel) / stride + 1 = (5 + 2*0 - 2) / 2 + 1 = 2.5 is not"

    with pytest.raises(ShapeError, match=re.escape(says)):
        convnet.forward(x, np.array([0]), W1, b1, W2, b2)


LOSSES = pytest.mark.parametrize("loss", [softmax_loss, svm_loss], ids=lambda loss: loss.SPEC.name)


@LOSSES
@pytest.mark.parametrize(("x", "y"), [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((2, 3), (1,)), ((2, 3), (2, 3)), ((3,), (3,))])
def test_a_loss_refuses_labels_that_are_not_one_for_each_row(loss, x, y):
    sentence = f"{loss.SPEC.name}: scores {x} and labels {y} must be (N, K) and (N,)."

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        loss.forward(np.zeros(x), np.zeros(y, int))


@LOSSES
@pytest.mark.parametrize("dtype", [float, np.float32, bool, object])
def test_a_loss_refuses_labels_that_are_not_whole_numbers(loss, dtype):
    y = np.array([0, 1], dtype)

    with pytest.raises(LabelError, match=f"^{loss.SPEC.name}: labels must be whole numbers; their dtype is {y.dtype}.$"):
        loss.forward(np.zeros((2, 3)), y)


@LOSSES
@pytest.mark.parametrize(("labels", "first"), [([0, 3, 4], 1), ([-1, 0, 1], 0), ([0, 1, -3], 2), ([0, 1, 2**40], 2)])
def test_a_loss_refuses_labels_that_are_no_class_and_shows_the_first(loss, labels, first):
    sentence = f"{loss.SPEC.name}: label {labels[first]} of sample {first} is none of the 3 classes, 0 to 2."

    with pytest.raises(LabelError, match=f"^{re.escape(sentence)}$"):
        loss.forward(np.zeros((3, 3)), np.array(labels))


@LOSSES
@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_a_loss_takes_labels_of_every_class_in_any_whole_dtype(loss, dtype):
    x, y = np.arange(9.0).reshape(3, 3), np.array([2, 0, 1])

    expected, got = (loss.forward(x, labels)[0] for labels in (y, y.astype(dtype)))

    assert got == expected


@pytest.mark.parametrize("net", [two_layer_net, three_layer_net, convnet], ids=lambda net: net.SPEC.name)
def test_a_net_refuses_the_labels_that_its_loss_refuses(net):
    sizes = {"N": 2, "C": 1, "F": 2, "H": 4, "W": 6, "KH": 3, "KW": 3, "D": 12, "H1": 3, "H2": 4, "K": 3}
    arrays = {a.name: np.zeros([sizes[axis] for axis in a.axes.split()]) for a in net.SPEC.arguments}

    with pytest.raises(LabelError, match=r"^softmax_loss: label 3 of sample 1 is none of the 3 classes, 0 to 2\.$"):
        net.forward(**arrays | {"y": np.array([0, 3])})
    with pytest.raises(ShapeError, match=r"^softmax_loss: scores \(2, 3\) and labels \(1,\) must be"):
        net.forward(**arrays | {"y": np.array([0])})


GROUPS = re.escape("must be (N, C, H, W), (F, C / G, KH, KW), (F,), with C and F multiples of G = 2.")


@pytest.mark.parametrize("layer", [conv2d_general, conv2d_grouped], ids=lambda layer: layer.SPEC.name)
@pytest.mark.parametrize(
    ("x", "w", "b"), [((1, 4, 5, 5), (4, 4, 2, 2), (4,)), ((1, 4, 5, 5), (3, 2, 2, 2), (3,)), ((1, 4, 5, 5), (4, 2, 2, 2), (2,))]
)
def test_groups_that_do_not_come_out_even_are_refused(layer, x, w, b):
    with pytest.raises(ShapeError, match=GROUPS):
        layer.forward(*zeros(x, w, b), groups=2)


def test_a_dilated_convolution_refuses_sizes_that_do_not_agree():
    with pytest.raises(ShapeError, match=r"conv2d_dilated: x \(2, 3, 5, 5\)"):
        conv2d_dilated.forward(*zeros((2, 3, 5, 5), (4, 2, 3, 3), (4,)))


@pytest.mark.parametrize(
    "call", [lambda x: zero_pad.forward(x, padding=1), lambda x: global_pool.forward(x, mode="max")], ids=["zero_pad", "global_pool"]
)
def test_a_plane_alone_is_refused(call):
    with pytest.raises(ShapeError, match=re.escape("x (2, 2) must be (N, C, H, W).")):
        call(np.zeros((2, 2)))


@pytest.mark.parametrize(("x", "w", "b"), [((1, 2, 2), (1, 2, 3), ()), ((1, 2, 2), (1, 2, 2), (1,))])
def test_a_single_step_refuses_a_filter_of_another_shape_and_more_than_one_bias(x, w, b):
    with pytest.raises(ShapeError, match=r"must be \(C, KH, KW\) twice and \(\)."):
        conv_single_step.forward(*zeros(x, w, b))


def test_a_parameter_count_refuses_groups_that_do_not_come_out_even():
    with pytest.raises(ShapeError, match="in_channels=3 and out_channels=4 must be multiples of groups=2"):
        parameter_count_grouped.forward(in_channels=3, out_channels=4, kernel_size=1, groups=2, bias=True)
