"""The lecture's `gradient(...)`, and the functions that every course spells alike."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.plan import stands_for
from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Unusable
from grader.worker.survey import survey
from reference.layers import (
    avg_pool2d,
    conv2d_dilated,
    conv2d_general,
    conv2d_grouped,
    conv_single_step,
    global_pool,
    im2col,
    max_pool2d,
    zero_pad,
)
from tests.worker.conventions.cs231n_code import net_loss
from tests.worker.examples import assert_right, example, play


def gradient(x, t, *params):
    """Answer for nets of any depth; t is one-hot."""
    return _net(x, t, params)[1]


def loss(x, t, *params):
    return _net(x, t, params)[0]


def _net(x, t, params):
    names = [f"{kind}{n}" for n in range(1, len(params) // 2 + 1) for kind in "Wb"]
    return net_loss(dict(zip(names, params, strict=True)), x, t.argmax(axis=1), 0.0)


@pytest.mark.parametrize("task", ["two_layer_net", "three_layer_net"])
def test_a_right_gradient_needs_no_forward_function(task):
    given = example(task, reg=0.0)

    got = play("lecture", task, SimpleNamespace(gradient=gradient), given)

    right = {name: value for name, value in given.right.items() if name != "out"}
    assert_right(got, right)


def test_a_loss_function_beside_it_gives_the_value():
    given = example("two_layer_net", reg=0.0)

    got = play("lecture", "two_layer_net", SimpleNamespace(gradient=gradient, loss=loss), given)

    assert_right(got, given.right)


def test_a_loss_that_writes_into_its_arguments_does_not_spoil_the_gradient():
    def spoiling(x, *rest):
        x[...] = 0
        return 0.0

    given = example("two_layer_net", reg=0.0)

    got = play("lecture", "two_layer_net", SimpleNamespace(gradient=gradient, loss=spoiling), given)

    np.testing.assert_allclose(got["W1"], given.right["W1"])


def test_a_gradient_dictionary_without_a_bias_is_unusable():
    def forgetful(*arguments):
        return {name: g for name, g in gradient(*arguments).items() if name != "b2"}

    with pytest.raises(Unusable, match="lacks b2"):
        play("lecture", "two_layer_net", SimpleNamespace(gradient=forgetful), example("two_layer_net", reg=0.0))


def test_the_number_of_arguments_tells_the_nets_apart():
    arities = {task: adapter.wants["backward"].arity for task, adapter in CONVENTIONS["lecture"].items()}

    assert arities == {"two_layer_net": 6, "three_layer_net": 8}


def test_im2col_and_col2im_of_the_books_agree_with_the_reference():
    def forward(x, filter_h, filter_w, stride=1, pad=0):
        return im2col.forward(x, kernel_h=filter_h, kernel_w=filter_w, stride=stride, padding=pad)[0]

    def backward(col, input_shape, filter_h, filter_w, stride=1, pad=0):
        _, cache = im2col.forward(np.zeros(input_shape), kernel_h=filter_h, kernel_w=filter_w, stride=stride, padding=pad)
        return im2col.backward(col, cache)[0]

    given = example("im2col")

    got = play("functions", "im2col", SimpleNamespace(im2col=forward, col2im=backward), given)

    assert_right(got, given.right)


@pytest.mark.parametrize(
    ("task", "function"),
    [
        ("output_size", lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride + 1),
        ("parameter_count", lambda inputs, outputs, kernel, bias: outputs * (inputs * kernel**2 + bias)),
        ("output_size_dilated", lambda size, kernel, stride, padding, d: (size + 2 * padding - d * (kernel - 1) - 1) // stride + 1),
        ("parameter_count_grouped", lambda inputs, outputs, kernel, groups, bias: outputs * (inputs // groups * kernel**2 + bias)),
        ("receptive_field", lambda kernels, strides, dilations: 1 + (kernels[0] - 1) + strides[0] * dilations[1] * (kernels[1] - 1)),
    ],
)
def test_a_shape_question_is_asked_with_its_numbers_in_order(task, function):
    given = example(task)

    got = play("functions", task, SimpleNamespace(**{task: function}), given)

    assert got == given.right


@pytest.mark.parametrize(
    ("task", "function"),
    [
        ("output_size", lambda n, f, p=0, s=1: (n + 2 * p - f) // s + 1),
        ("output_size", lambda W, F, S, P: (W + 2 * P - F) // S + 1),
        ("parameter_count", lambda k, c_in, c_out, bias=True: (k * k * c_in + bias) * c_out),
    ],
    ids=["padding first", "capitals", "kernel first"],
)
def test_names_of_parameters_tell_their_order(task, function):
    given = example(task, size=9, kernel=3, stride=2, padding=1) if task == "output_size" else example(task)

    assert play("functions", task, SimpleNamespace(**{task: function}), given) == given.right


def test_where_names_leave_a_doubt_the_order_counts():
    given = example("output_size", size=9, kernel=3, stride=2, padding=1)

    got = play("functions", "output_size", SimpleNamespace(output_size=lambda s, f, st, p: (s + 2 * p - f) // st + 1), given)

    assert got == given.right


@pytest.mark.parametrize(("parameters", "lacks"), [("kernels, strides", ["dilations"]), ("k, s, dilation_rates=None", None)])
def test_a_receptive_field_is_asked_for_dilations_where_it_has_a_parameter_for_them(parameters, lacks):
    source = f"def receptive_field({parameters}): return sum(k)"

    assert survey({"a.py": source}, {"t": ("receptive_field", ["functions"])})["tasks"]["t"].get("lacks") == lacks
    neutral, _ = CONVENTIONS["functions"]["receptive_field"].neutral["dilations"]
    assert [stands_for({"dilations": neutral}, {"dilations": d}) for d in ((1,), (1, 1), (1, 2))] == [True, True, False]


def test_a_shape_question_has_no_backward():
    with pytest.raises(Unusable, match="no backward"):
        CONVENTIONS["functions"]["output_size"].backward({}, np.ones(()), None)


def test_dilations_of_one_may_be_left_out_of_a_receptive_field_and_no_others():
    def receptive_field(kernels, strides):
        assert (kernels, strides) == ([3, 2], [2, 1])
        return 5

    code = SimpleNamespace(receptive_field=receptive_field)

    assert play("functions", "receptive_field", code, example("receptive_field", dilations=(1, 1))) == {"out": 5}
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        play("functions", "receptive_field", code, example("receptive_field"))


def general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    pairs = {"stride": stride, "padding": padding, "dilation": dilation}
    by_axis = {f"{name}_{axis}": each for name, pair in pairs.items() for axis, each in zip("hw", pair, strict=True)}
    return conv2d_general.forward(x, w, b, groups=groups, padding_mode=padding_mode, **by_axis)


LAYERS = SimpleNamespace(
    max_pool2d_forward=lambda x, kernel, stride, pad: max_pool2d.forward(x, kernel_h=kernel, kernel_w=kernel, stride=stride, padding=pad),
    max_pool2d_backward=max_pool2d.backward,
    avg_pool2d_forward=lambda x, kernel, stride: avg_pool2d.forward(x, kernel_h=kernel, kernel_w=kernel, stride=stride),
    avg_pool2d_backward=avg_pool2d.backward,
    conv2d_dilated_forward=lambda x, w, b, s, p, d: conv2d_dilated.forward(x, w, b, stride=s, padding=p, dilation=d),
    conv2d_dilated_backward=conv2d_dilated.backward,
    conv2d_grouped_forward=lambda x, w, b, s, p, groups: conv2d_grouped.forward(x, w, b, stride=s, padding=p, groups=groups),
    conv2d_grouped_backward=conv2d_grouped.backward,
    conv2d_general_forward=general_forward,
    conv2d_general_backward=conv2d_general.backward,
    global_pool_forward=lambda x, mode: global_pool.forward(x, mode=mode),
    global_pool_backward=global_pool.backward,
    zero_pad=lambda x, pad: zero_pad.forward(x, padding=pad)[0],
    zero_pad_backward=lambda dout, x, pad: zero_pad.backward(dout, pad),
    conv_single_step=lambda x, w, b: conv_single_step.forward(x, w, b)[0],
    conv_single_step_backward=lambda dout, x, w, b: (dout * w, dout * x, dout),
)


@pytest.mark.parametrize("task", ["conv2d_dilated", "conv2d_grouped", "conv2d_general", "global_pool", "zero_pad", "conv_single_step"])
def test_a_layer_gets_its_options_one_by_one(task):
    given = example(task)

    got = play("functions", task, LAYERS, given)

    assert_right(got, given.right)


@pytest.mark.parametrize(("task", "padding"), [("max_pool2d", 0), ("max_pool2d", 1), ("avg_pool2d", 0)])
def test_a_pooling_gets_its_padding_where_it_takes_one(task, padding):
    given = example(task, kernel_h=2, stride=1, padding=padding)

    got = play("functions", task, LAYERS, given)

    assert_right(got, given.right)


def test_a_pooling_without_a_parameter_for_padding_refuses_it():
    given = example("avg_pool2d", kernel_h=2, stride=1, padding=1)

    with pytest.raises(TypeError, match="takes 3 positional arguments but 4 were given"):
        play("functions", "avg_pool2d", LAYERS, given)


def last_two_zero_pad(X, pad):
    return zero_pad.forward(X, padding=pad)[0]


def channels_last_zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def channels_last_zero_pad_backward(dout, X, pad):
    return dout[:, pad : pad + X.shape[1], pad : pad + X.shape[2]]


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize(
    "code",
    [
        SimpleNamespace(zero_pad=channels_last_zero_pad, zero_pad_backward=channels_last_zero_pad_backward),
        SimpleNamespace(zero_pad=last_two_zero_pad, zero_pad_backward=lambda dout, X, pad: zero_pad.backward(dout, pad)),
    ],
    ids=["channels last", "channels first"],
)
def test_the_padding_of_a_notebook_is_asked_in_its_own_order_of_axes(code, padding):
    given = example("zero_pad", padding=padding)

    got = play("deeplearning_ai", "zero_pad", code, given)

    assert_right(got, given.right)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_a_global_pooling_that_keeps_the_axes_is_asked_back_in_its_own_shape(mode):
    def forward(x, mode):
        out, cache = global_pool.forward(x, mode=mode)
        return out[..., None, None], cache

    def backward(dout, cache):
        assert dout.ndim == 4
        return global_pool.backward(dout[..., 0, 0], cache)

    given = example("global_pool", mode=mode)

    got = play("functions", "global_pool", SimpleNamespace(global_pool_forward=forward, global_pool_backward=backward), given)

    assert_right(got, given.right)
