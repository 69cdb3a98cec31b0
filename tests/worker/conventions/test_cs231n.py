"""Functions and nets as in CS231n, played through their adapters."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Unusable
from reference import catalogue
from tests.worker.conventions import cs231n_code
from tests.worker.examples import assert_right, example, play


@pytest.mark.parametrize("task", [task for task in CONVENTIONS["cs231n"] if task in catalogue()])
def test_a_right_answer_agrees_with_the_reference(task):
    given = example(task)

    got = play("cs231n", task, cs231n_code, given)

    assert_right(got, given.right)


def test_a_forward_that_forgets_its_cache_is_told_how_many_values_it_owes():
    code = SimpleNamespace(relu_forward=lambda x: np.maximum(0, x), relu_backward=cs231n_code.relu_backward)

    with pytest.raises(Unusable, match="one value of type ndarray was returned instead of 2 values: out, cache"):
        play("cs231n", "relu", code, example("relu"))


def test_a_backward_with_a_gradient_too_few_is_told_how_many_it_owes():
    code = SimpleNamespace(affine_forward=cs231n_code.affine_forward, affine_backward=lambda dout, cache: (dout, cache[1]))

    with pytest.raises(Unusable, match="2 values were returned instead of 3: dx, dw, db"):
        play("cs231n", "affine", code, example("affine"))


def test_a_single_gradient_may_come_bare_or_in_a_tuple_of_one():
    given = example("relu")
    bare = SimpleNamespace(relu_forward=cs231n_code.relu_forward, relu_backward=lambda dout, x: dout * (x > 0))
    boxed = SimpleNamespace(relu_forward=cs231n_code.relu_forward, relu_backward=lambda dout, x: (dout * (x > 0),))

    got = [play("cs231n", "relu", code, given) for code in (bare, boxed)]

    for values in got:
        assert_right(values, given.right)


def test_a_loss_without_its_gradient_is_unusable():
    code = SimpleNamespace(svm_loss=lambda x, y: 0.0)

    with pytest.raises(Unusable, match="one value of type float was returned instead of 2 values: loss, dx"):
        play("cs231n", "svm_loss", code, example("svm_loss"))


def test_a_net_that_forgets_a_gradient_is_told_which_and_what_it_has():
    class Net(cs231n_code.TwoLayerNet):
        def loss(self, X, y=None, reg=0.0):
            loss, grads = super().loss(X, y, reg)
            return loss, {"W1": grads["W1"], "W2": grads["W2"], "b2": grads["b2"]}

    with pytest.raises(Unusable, match=r"lacks b1; it holds W1, W2, b2"):
        play("cs231n", "two_layer_net", SimpleNamespace(TwoLayerNet=Net), example("two_layer_net"))


def test_a_net_whose_loss_takes_too_little_fails_with_its_own_signature():
    class Net(cs231n_code.TwoLayerNet):
        def loss(self, X):
            return 0.0, {}

    with pytest.raises(TypeError, match=r"loss\(\) takes 2 positional arguments but 4 were given"):
        play("cs231n", "two_layer_net", SimpleNamespace(TwoLayerNet=Net), example("two_layer_net"))


@pytest.mark.parametrize("regularised_by", ["loss", "constructor"])
def test_the_regularisation_reaches_the_net_once(regularised_by):
    net = cs231n_code.TwoLayerNet if regularised_by == "loss" else type("Net", (cs231n_code.TwoLayerNet,), {"reg": 0.0, "loss": _own_reg})
    given = example("two_layer_net", reg=0.25)

    got = play("cs231n", "two_layer_net", SimpleNamespace(TwoLayerNet=net), given)

    assert_right(got, given.right)


def _own_reg(self, X, y=None, reg=0.0):
    """Add both, as a net that was moved from the first assignment to the second might."""
    return cs231n_code.net_loss(self.params, X, y, self.reg + reg)


@pytest.mark.parametrize(
    "signature",
    ["X, y=None, weight_decay_lambda=0.0", "X, y, strength", "X, y=None, strength=1e-3", "X, y, verbose=False, reg=0.0", "X, y, *, l2=1"],
)
def test_a_parameter_that_may_be_the_regularisation_gets_it(signature):
    name = signature.split(", ")[-1].split("=")[0]
    namespace = {"net_loss": cs231n_code.net_loss}
    exec(f"def loss(self, {signature}): return net_loss(self.params, X, y, {name})", namespace)  # noqa: S102
    net = type("Net", (cs231n_code.TwoLayerNet,), {"loss": namespace["loss"]})
    given = example("two_layer_net", reg=0.25)

    got = play("cs231n", "two_layer_net", SimpleNamespace(TwoLayerNet=net), given)

    assert_right(got, given.right)


@pytest.mark.parametrize("third", ["relu=lambda a: np.maximum(a, 0)", "mode='train'", "shuffle=True", "eps=1e-8", "cache=None"])
def test_a_third_parameter_that_is_no_regularisation_keeps_its_default(third):
    name = third.split("=")[0]
    namespace = {"net_loss": cs231n_code.net_loss, "np": np}
    body = f"assert self.loss.__func__.__defaults__[-1] is {name}; return net_loss(self.params, X, y, self.reg)"
    exec(f"def loss(self, X, y=None, {third}): {body}", namespace)  # noqa: S102
    net = type("Net", (cs231n_code.TwoLayerNet,), {"reg": 0.0, "loss": namespace["loss"]})

    for task, options in (("two_layer_net", {"reg": 0.25}), ("training", {})):
        given = example(task, **options)
        assert_right(play("cs231n", task, SimpleNamespace(TwoLayerNet=net), given), given.right)


def test_batch_normalisation_gets_a_parameter_of_its_own_for_each_call_and_is_told_to_train():
    seen = []

    def forward(x, gamma, beta, bn_param):
        seen.append(dict(bn_param))
        return cs231n_code.batchnorm_forward(x, gamma, beta, bn_param)

    code = SimpleNamespace(batchnorm_forward=forward, batchnorm_backward=cs231n_code.batchnorm_backward)
    for _ in range(2):
        play("cs231n", "batch_norm", code, example("batch_norm", eps=0.5))

    running = example("batch_norm").arrays
    for bn_param in seen:
        for name in ("running_mean", "running_var"):
            np.testing.assert_array_equal(bn_param.pop(name), running[name])
    assert seen == [{"mode": "train", "eps": 0.5, "momentum": 0.75}] * 2


def test_an_alternative_backward_of_batch_normalisation_serves_where_the_first_is_missing():
    code = SimpleNamespace(batchnorm_forward=cs231n_code.batchnorm_forward, batchnorm_backward_alt=cs231n_code.batchnorm_backward)
    given = example("batch_norm")

    got = play("cs231n", "batch_norm", code, given)

    assert_right(got, given.right)
    assert CONVENTIONS["cs231n"]["batch_norm"].wants["backward"].names == ("batchnorm_backward", "batchnorm_backward_alt")


@pytest.mark.parametrize("task", ["batch_norm", "spatial_batch_norm"])
def test_batch_normalisation_in_test_mode_leaves_its_statistics(task):
    given = example(task, training=False)
    forward = cs231n_code.batchnorm_forward if task == "batch_norm" else cs231n_code.spatial_batchnorm_forward

    values, _ = CONVENTIONS["cs231n"][task].forward({"forward": forward}, given.arrays, given.options)

    assert_right(values, {name: given.right[name] for name in ("out", "running_mean", "running_var")})


def test_group_normalisation_may_return_its_gradients_without_the_further_axes():
    def backward(dout, cache):
        dx, dgamma, dbeta = cs231n_code.spatial_groupnorm_backward(dout, cache)
        return dx, dgamma.ravel(), dbeta.ravel()

    given = example("group_norm")
    code = SimpleNamespace(spatial_groupnorm_forward=cs231n_code.spatial_groupnorm_forward, spatial_groupnorm_backward=backward)

    assert_right(play("cs231n", "group_norm", code, given), given.right)


def test_columns_of_a_wrong_shape_are_handed_on_as_they_are():
    code = SimpleNamespace(im2col_indices=lambda x, *window: np.zeros(5))
    given = example("im2col")

    values, _ = CONVENTIONS["cs231n"]["im2col"].forward({"forward": code.im2col_indices}, given.arrays, given.options)

    assert values["out"].shape == (5,)


def test_every_suffix_of_the_course_names_a_convolution():
    wanted = CONVENTIONS["cs231n"]["conv2d"].wants

    names = wanted["forward"].names, wanted["backward"].names

    assert names[0][:2] == ("conv_forward_naive", "conv_forward")
    assert names[1] == tuple(name.replace("forward", "backward") for name in names[0])


class OwnNet:
    """A net whose parameters have names and shapes of its own."""

    def __init__(self, input_size, num_classes, *, scale=1.0):
        self.held = np.full((input_size, num_classes), scale)
        self.params = {"w": self.held, 7: np.zeros(())}

    def loss(self, X, y):
        scores = X @ self.held + self.params[7]
        return scores.sum(), {"w": np.tile(X.sum(axis=0)[:, None], self.held.shape[1]), 7: scores.size}


def run_own(net, **params):
    arrays = {"x": np.ones((2, 3)), "y": np.array([0, 1]), **params}
    adapter = CONVENTIONS["cs231n"]["own_net"]
    found = {"forward": net, "backward": net}
    values, cache = adapter.forward(found, arrays, {"num_classes": 4})
    return values, adapter.backward(found, np.ones(()), cache)


def test_a_net_of_any_design_tells_its_parameters_where_none_are_given():
    values, grads = run_own(OwnNet)

    assert list(values) == ["out", "params['w']", "params[7]"]
    assert values["params['w']"].shape == (3, 4)
    assert (values["out"], grads["grads[7]"]) == (24, 8)


def test_given_parameters_reach_a_net_of_any_design_in_place():
    values, _ = run_own(OwnNet, **{"params['w']": np.full((3, 4), 2.0), "params[7]": np.array(1.0)})

    assert values == {"out": 2 * 24 + 8}


def test_a_missing_gradient_of_a_net_of_any_design_is_left_to_the_grader():
    class Net(OwnNet):
        def loss(self, X, y):
            return 0.0, {"w": 1.0, "other": 2.0}

    assert run_own(Net)[1] == {"grads['w']": 1.0}


@pytest.mark.parametrize(
    ("params", "grads", "said"),
    [
        ([np.ones(3)], {}, "OwnNet.params must be a dictionary of arrays"),
        ({}, {}, "OwnNet.params must be a dictionary of arrays"),
        ({str(i): np.ones(1) for i in range(61)}, {}, "holds 61 arrays; at most 60 are graded"),
        ({"w": np.ones(1)}, [np.ones(1)], "grads is of type list, not a dictionary"),
    ],
)
def test_a_net_of_any_design_without_dictionaries_is_told_so(params, grads, said):
    class Net:
        def __init__(self, input_size, num_classes):
            self.params = params

        def loss(self, X, y):
            return 0.0, grads

    with pytest.raises(Unusable, match=said):
        run_own(Net)


def test_a_two_layer_net_of_the_second_assignment_is_taken_with_its_names_and_its_reg():
    class Net(cs231n_code.TwoLayerNet):
        def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
            super().__init__(input_dim, hidden_dim, num_classes)
            self.reg = reg

        def loss(self, X, y=None):
            return super().loss(X, y, self.reg)

    for task in ("two_layer_net", "training"):
        given = example(task)

        got = play("cs231n", task, SimpleNamespace(TwoLayerNet=Net), given)

        assert_right(got, given.right)


def test_the_naive_version_is_found_beside_the_one_that_decides_and_its_absence_is_no_failure():
    namespace = {"np": np}
    exec("def svm_loss_naive(W, X, y, reg): return 1.0, W\ndef svm_loss_vectorized(W, X, y, reg): return 2.0, W", namespace)  # noqa: S102
    adapter, given = CONVENTIONS["cs231n"]["svm_classifier"], example("svm_classifier")

    def forward(function, **options):
        return adapter.forward({"forward": function}, given.arrays, {**given.options, **options})[0]

    assert forward(namespace["svm_loss_vectorized"]) == {"out": 2.0}
    assert forward(namespace["svm_loss_vectorized"], version="naive") == {"out": 1.0}
    assert forward(cs231n_code.svm_loss_vectorized, version="naive") == {}


def test_a_config_that_lacks_its_state_is_told_so():
    code = SimpleNamespace(sgd_momentum=lambda w, dw, config: (w, {}))

    with pytest.raises(Unusable, match="the config lacks velocity; it holds nothing"):
        play("cs231n", "momentum", code, example("momentum"))


def test_of_the_distances_the_version_with_the_fewest_loops_decides():
    class Nearest(cs231n_code.KNearestNeighbor):
        def compute_distances_one_loop(self, X):
            return np.zeros((len(X), len(self.X)))

    adapter, given = CONVENTIONS["cs231n"]["knn"], example("knn")

    plain, _ = adapter.forward({"forward": Nearest}, given.arrays, dict(given.options))
    one, _ = adapter.forward({"forward": Nearest}, given.arrays, {**given.options, "version": "one_loop"})
    two, _ = adapter.forward({"forward": Nearest}, given.arrays, {**given.options, "version": "two_loops"})

    np.testing.assert_allclose(plain["out"], given.right["out"])
    assert not one["out"].any()
    assert two == {}


def test_a_net_that_trains_in_float32_has_losses_in_float32_and_a_gradient_of_another_shape_is_named():
    class Single(cs231n_code.TwoLayerNet):
        def loss(self, X, y=None, reg=0.0):
            loss, grads = super().loss(X, y, reg)
            return float(loss), {name: g.astype(np.float32) for name, g in grads.items()}

    class Flat(cs231n_code.TwoLayerNet):
        def loss(self, X, y=None, reg=0.0):
            loss, grads = super().loss(X, y, reg)
            return loss, {**grads, "W2": grads["W2"][:1]}

    got = play("cs231n", "training", SimpleNamespace(TwoLayerNet=Single), example("training"))

    assert got["out"].dtype == np.float32
    with pytest.raises(Unusable, match=r"the gradient of W2 is not of its shape, \(6, 4\)"):
        play("cs231n", "training", SimpleNamespace(TwoLayerNet=Flat), example("training"))
