"""Classes as in "Deep Learning from Scratch", played through their adapters."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Unusable
from tests.worker.conventions import scratch_code
from tests.worker.examples import assert_right, example, play

NETS = ("two_layer_net", "three_layer_net")
DEEP = ("fully_connected_net", "three_layer_conv_net")
BY_DEFAULT = {"adam": {"beta1": 0.9, "beta2": 0.999, "eps_is": "uncorrected"}}


@pytest.mark.parametrize("task", CONVENTIONS["deep_learning_from_scratch"])
def test_a_right_answer_agrees_with_the_reference(task):
    given = example(task, **({"reg": 0.0} if task in (*NETS, *DEEP) else BY_DEFAULT.get(task, {})))

    got = play("deep_learning_from_scratch", task, scratch_code, given)

    assert_right(got, given.right)


@pytest.mark.parametrize("name", ["Relu", "ReLU"])
def test_relu_goes_by_both_its_names(name):
    given = example("relu")

    got = play("deep_learning_from_scratch", "relu", SimpleNamespace(**{name: scratch_code.Relu}), given)

    assert_right(got, given.right)


@pytest.mark.parametrize("task", ["max_pool2d", "avg_pool2d"])
def test_a_pooling_constructor_may_do_without_padding(task):
    base = {"max_pool2d": scratch_code.Pooling, "avg_pool2d": scratch_code.AveragePooling}[task]

    class Pooling(base):
        def __init__(self, pool_h, pool_w, stride):
            super().__init__(pool_h, pool_w, stride)

    given = example(task)

    got = play("deep_learning_from_scratch", task, SimpleNamespace(Pooling=Pooling, AveragePooling=Pooling), given)

    assert_right(got, given.right)


@pytest.mark.parametrize("task", ["max_pool2d", "avg_pool2d"])
def test_pooling_is_asked_to_pad_where_its_constructor_takes_a_padding(task):
    class AveragePooling(scratch_code.AveragePooling):
        def __init__(self, pool_h, pool_w, stride=1, pad=0):
            super().__init__(pool_h, pool_w, stride)
            self.window["padding"] = pad

    given = example(task, padding=1)

    got = play("deep_learning_from_scratch", task, SimpleNamespace(Pooling=scratch_code.Pooling, AveragePooling=AveragePooling), given)

    assert_right(got, given.right)


def test_a_pooling_constructor_must_take_a_stride_that_is_not_zero():
    class Pooling(scratch_code.Pooling):
        def __init__(self, pool_h, pool_w):
            super().__init__(pool_h, pool_w)

    with pytest.raises(TypeError, match="takes 3 positional arguments but 5 were given"):
        play("deep_learning_from_scratch", "max_pool2d", SimpleNamespace(Pooling=Pooling), example("max_pool2d"))


@pytest.mark.parametrize("missing", ["dW", "db"])
def test_a_gradient_that_backward_does_not_keep_is_named(missing):
    class Affine(scratch_code.Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            setattr(self, missing, None)
            return dx

    with pytest.raises(Unusable, match=f"backward left no {missing} behind: self.{missing} is not set"):
        play("deep_learning_from_scratch", "affine", SimpleNamespace(Affine=Affine), example("affine"))


def test_a_loss_gets_its_upstream_gradient_where_it_takes_one():
    seen = []

    class SoftmaxWithLoss(scratch_code.SoftmaxWithLoss):
        def backward(self, dout):
            seen.append(dout)
            return self.dx * dout

    given = example("softmax_loss")

    got = play("deep_learning_from_scratch", "softmax_loss", SimpleNamespace(SoftmaxWithLoss=SoftmaxWithLoss), given)

    assert_right(got, given.right)
    assert seen == [1.0]


def test_the_books_net_uses_float32_parameters_though_its_layers_hold_float64():
    given = example("two_layer_net", dtype=np.float32, reg=0.0)

    got = play("deep_learning_from_scratch", "two_layer_net", scratch_code, given)

    for name, value in given.right.items():
        np.testing.assert_allclose(got[name], value, rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_net_whose_biases_are_rows_uses_the_parameters_it_is_given():
    class TwoLayerNet(scratch_code.TwoLayerNet):
        def bias(self, size):
            return np.zeros((1, size))

    given = example("two_layer_net", reg=0.0)

    got = play("deep_learning_from_scratch", "two_layer_net", SimpleNamespace(TwoLayerNet=TwoLayerNet), given)

    assert_right(got, given.right)


def test_a_net_that_returns_a_list_of_gradients_is_told_what_is_wanted():
    class TwoLayerNet(scratch_code.TwoLayerNet):
        def gradient(self, x, t):
            return list(super().gradient(x, t).values())

    with pytest.raises(Unusable, match="one value of type list was returned instead of a dictionary with W1, b1, W2, b2"):
        play("deep_learning_from_scratch", "two_layer_net", SimpleNamespace(TwoLayerNet=TwoLayerNet), example("two_layer_net", reg=0.0))


def test_nets_are_asked_without_regularisation_only():
    adapters = [CONVENTIONS["deep_learning_from_scratch"][task] for task in NETS]

    fixed = [adapter.fixed for adapter in adapters]

    assert fixed == [{"reg": 0.0}] * 2


@pytest.mark.parametrize("takes", [2, 3, 5])
def test_batch_normalisation_gets_the_running_statistics_however_little_its_constructor_takes(takes):
    class BatchNormalization(scratch_code.BatchNormalization):
        if takes == 2:

            def __init__(self, gamma, beta):
                super().__init__(gamma, beta)

        if takes == 3:

            def __init__(self, gamma, beta, momentum):
                super().__init__(gamma, beta, momentum)

    given = example("batch_norm")

    got = play("deep_learning_from_scratch", "batch_norm", SimpleNamespace(BatchNormalization=BatchNormalization), given)

    assert_right(got, given.right)


def test_batch_normalisation_is_told_of_test_mode():
    given = example("batch_norm", training=False)
    adapter = CONVENTIONS["deep_learning_from_scratch"]["batch_norm"]

    values, _ = adapter.forward({"forward": scratch_code.BatchNormalization}, given.arrays, given.options)

    assert_right(values, {name: given.right[name] for name in ("out", "running_mean", "running_var")})


def by_rows(y, t):
    return -np.sum(t * np.log(y)) / len(y)


def by_labels(y, t):
    return -np.mean(np.log(y[np.arange(len(y)), t]))


@pytest.mark.parametrize("function", [by_rows, by_labels])
def test_a_cross_entropy_gets_its_targets_as_rows_or_where_that_cannot_be_as_labels(function):
    given = example("cross_entropy_error")

    got = play("deep_learning_from_scratch", "cross_entropy_error", SimpleNamespace(cross_entropy_error=function), given)

    assert_right(got, given.right)


@pytest.mark.parametrize("task", ["two_layer_net", "training"])
def test_a_net_may_take_labels_where_the_book_takes_rows(task):
    class TwoLayerNet:
        def __init__(self, *sizes):
            self.book = scratch_code.TwoLayerNet(*sizes)
            self.params = self.book.params

        def loss(self, x, t):
            return self.book.loss(x, self.rows(x, t))

        def gradient(self, x, t):
            return self.book.gradient(x, self.rows(x, t))

        def rows(self, x, t):
            return np.eye(len(self.params["b2"]), dtype=x.dtype)[t]

    given = example(task, reg=0.0) if task in NETS else example(task)

    assert_right(play("deep_learning_from_scratch", task, SimpleNamespace(TwoLayerNet=TwoLayerNet), given), given.right)


def test_a_net_that_fails_on_rows_and_labels_is_told_of_the_rows():
    class TwoLayerNet(scratch_code.TwoLayerNet):
        def loss(self, x, t):
            raise ValueError(f"targets of {t.ndim} axes")

    with pytest.raises(ValueError, match="targets of 2 axes"):
        play("deep_learning_from_scratch", "two_layer_net", SimpleNamespace(TwoLayerNet=TwoLayerNet), example("two_layer_net", reg=0.0))


def test_gradients_may_stand_in_a_list_as_in_the_second_book():
    class Affine(scratch_code.Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            self.grads = [self.dW, self.db]
            self.dW = self.db = None
            return dx

    given = example("affine")

    assert_right(play("deep_learning_from_scratch", "affine", SimpleNamespace(Affine=Affine), given), given.right)


class Momentum:
    """As in the second book: parameters, gradients and velocities are lists."""

    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = [np.zeros_like(p) for p in params]
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]
            params[i] += self.v[i]


def test_an_optimiser_may_take_lists_as_in_the_second_book():
    given = example("momentum")

    assert_right(play("deep_learning_from_scratch", "momentum", SimpleNamespace(Momentum=Momentum), given), given.right)


def test_an_optimiser_that_fails_with_either_is_told_of_the_dictionary():
    class SGD:
        def __init__(self, lr):
            pass

        def update(self, params, grads):
            params["W1"] -= grads["W1"]

    with pytest.raises(KeyError, match="W1"):
        play("deep_learning_from_scratch", "sgd", SimpleNamespace(SGD=SGD), example("sgd"))
