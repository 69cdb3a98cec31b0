"""Classes of any design, played through their adapters: what is right is right however it is spelt, and what is wrong is wrong in its part."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest

from grader.plan import stands_for
from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Unknown, Unusable
from grader.worker.conventions.classes.losses import ASKED, DIFFERENTIATED
from grader.worker.survey import survey
from reference import catalogue
from tests.worker.conventions import classes_code as code
from tests.worker.conventions import classes_losses as more
from tests.worker.examples import Example, assert_right, example, play

EITHER = 0.5  # a momentum that weighs both sides alike
WINDOW = {"kernel_h": 2, "kernel_w": 2, "stride": 1}
OPTIONS = {
    "max_pool2d": {**WINDOW, "padding": 0},
    "batch_norm": {"momentum": EITHER},
    "spatial_batch_norm": {"momentum": EITHER},
    "two_layer_net": {"reg": 0.0},
    "three_layer_net": {"reg": 0.0},
}


def squared(task: str, **options: int) -> Example:
    """Return a case of a convolution with a square filter."""
    rng, spec = np.random.default_rng(7), catalogue()[task]
    arrays = {"x": rng.normal(size=(3, 4, 9, 7)), "w": rng.normal(size=(6, 4 // options.get("groups", 1), 3, 3)), "b": rng.normal(size=6)}
    out, cache = spec.forward(**arrays, **options)
    dout = rng.normal(size=out.shape)
    return Example(arrays, options, dout, {"out": out, **dict(zip(spec.gradients, spec.backward(dout, cache), strict=True))})


def given(task: str) -> Example:
    return squared(task, stride=2, padding=1) if task == "conv2d" else example(task, **OPTIONS.get(task, {}))


def wrong(task: str, made: type, asked: Example, *, forward_only: bool = False) -> list[str]:
    """Return the names of the values that are not right."""
    got = play("classes", task, SimpleNamespace(**{CONVENTIONS["classes"][task].wants["forward"].names[0]: made}), asked)
    assert set(got) == set(asked.right)
    judged = {name: value for name, value in asked.right.items() if not (forward_only and name in catalogue()[task].gradients)}
    return [name for name, value in judged.items() if not np.allclose(got[name], value, rtol=1e-9, atol=1e-11)]


RIGHT = {
    "affine": [code.DictLinear, code.ColumnLinear, code.BoxedLinear, code.VectorLinear, code.NnfsLinear, code.RatedLinear, code.DefaultRateLinear],
    "conv2d": [code.PlainConv, code.ChannelsLastConv, code.ImageConv],
    "max_pool2d": [code.MaxPool, code.PaddedMaxPool, code.PairMaxPool],
    "relu": [code.NnfsReLU, code.RatedReLU],
    "tanh": [code.PassTanh, code.DerivativeTanh],
    "leaky_relu": [code.AlphaLeakyReLU],
    "flatten": [code.Flatten, code.ImageFlatten],
    "softmax_loss": [more.LabelLoss, more.RowsLoss, more.BothLoss, more.ColumnLoss, more.TargetLoss],
    "mse_loss": [more.TruthFirstMSE],
    "batch_norm": [more.FlagNorm, more.LazyNorm],
    "spatial_batch_norm": [more.PlanesNorm],
    "layer_norm": [more.ShapedLayerNorm],
    "group_norm": [more.GroupNorm],
    "dropout": [more.KeepDropout, more.DropDropout, more.UnclearKeepDropout, more.UnclearDropDropout],
    "two_layer_net": [more.AttributeNet, more.UpdatingNet, more.TupleNet],
    "three_layer_net": [more.ThreeLayerNet],
}  # fmt: skip
WRONG = {
    "affine": [(code.MeanLinear, ["dw"]), (code.OneOutputLinear, ["db"])],
    "max_pool2d": [(code.OverwritingMaxPool, ["dx"])],
    "softmax_loss": [(more.SummedLoss, ["dx"])],
    "mse_loss": [(more.WrongSignMSE, ["dx"])],
    "dropout": [(more.ContraryDropout, ["out", "keep_rate", "dx"]), (more.UnmaskedDropout, ["dx"])],
    "two_layer_net": [(more.FrozenNet, ["b1"])],
}


@pytest.mark.parametrize(("task", "made"), [(task, made) for task, all_made in RIGHT.items() for made in all_made])
def test_a_right_class_of_any_design_agrees_with_the_reference(task, made):
    assert wrong(task, made, given(task)) == []


def doubled(made: type, part: str) -> type:
    """Return the class with twice the result of the method that a part calls."""
    wanted = ASKED if part == "forward" else DIFFERENTIATED
    name = next(name for name in wanted if name in dir(made) and getattr(made, name))

    def spoilt(self, *args, **options):
        returned = getattr(super(wrongly, self), name)(*args, **options)
        if returned is None:
            left = "output" if part == "forward" else "dinputs"
            setattr(self, left, 2 * getattr(self, left))
            return None
        return (2 * returned[0], *returned[1:]) if isinstance(returned, tuple) else 2 * returned

    spoilt = functools.wraps(getattr(made, name))(spoilt)  # whose parameters have names
    wrongly = type(made.__name__, (made,), {name: spoilt})
    return wrongly


@pytest.mark.parametrize(
    ("task", "made"), [(task, made) for task, all_made in RIGHT.items() if not task.endswith("net") for made in all_made]
)
def test_of_a_class_of_any_design_only_the_part_that_is_wrong_is_wrong(task, made):
    assert wrong(task, doubled(made, "forward"), given(task)) == ["out"]
    if made is not more.BothLoss:
        assert wrong(task, doubled(made, "backward"), given(task)) == ["dx"]


@pytest.mark.parametrize(("task", "made", "parts"), [(task, *row) for task, rows in WRONG.items() for row in rows])
def test_a_wrong_class_is_wrong_where_its_mistake_is(task, made, parts):
    assert wrong(task, made, given(task)) == parts


@pytest.mark.parametrize(
    ("task", "options"),
    [("conv2d_dilated", {"stride": 1, "padding": 1, "dilation": 2}), ("conv2d_grouped", {"stride": 2, "padding": 1, "groups": 2})],
)
def test_a_convolution_with_a_parameter_for_it_is_dilated_or_grouped(task, options):
    asked = squared(task, **options)

    class Conv2d:
        def __init__(self, in_channels, out_channels, kernel_size, **given):
            self.given = given

    found = survey({"a.py": "class Conv2d:\n    def __init__(self, c, f, k): pass\n    def forward(self, x): pass\n    def backward(self, d): pass\n"},
                   {"t": (task, ["classes"])})  # fmt: skip
    assert "parts" not in found["tasks"]["t"]

    class Whole(Conv2d):
        def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1):
            self.weight = np.zeros((out_channels, in_channels // groups, kernel_size, kernel_size))
            self.bias = np.zeros(out_channels)
            option = {"dilation": dilation} if task == "conv2d_dilated" else {"groups": groups}
            self.options = {"stride": stride, "padding": padding, **option}

        def forward(self, x):
            out, self.cache = catalogue()[task].forward(x, self.weight, self.bias, **self.options)
            return out

        def backward(self, dout):
            dx, self.weight_grad, self.bias_grad = catalogue()[task].backward(dout, self.cache)
            return dx

    assert wrong(task, Whole, asked) == []


def test_a_pool_pads_where_its_class_has_a_parameter_and_is_not_asked_where_it_has_none():
    asked = example("max_pool2d", **WINDOW, padding=1)
    methods = "    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"
    bare = f"class MaxPool2d:\n    def __init__(self, kernel_size, stride): self.k = kernel_size\n{methods}"
    padded = bare.replace("stride", "stride, padding=0")

    assert wrong("max_pool2d", code.PaddedMaxPool, asked) == []
    assert survey({"a.py": bare}, {"t": ("max_pool2d", ["classes"])})["tasks"]["t"]["lacks"] == ["padding"]
    assert "lacks" not in survey({"a.py": padded}, {"t": ("max_pool2d", ["classes"])})["tasks"]["t"]


def test_a_parameter_of_a_base_class_counts_as_its_own():
    source = "class Pool:\n    def __init__(self, k, s, pad): pass\nclass MaxPool2d(Pool):\n    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"

    assert "lacks" not in survey({"a.py": source}, {"t": ("max_pool2d", ["classes"])})["tasks"]["t"]


def test_a_leaky_relu_without_a_parameter_has_the_usual_slope():
    assert wrong("leaky_relu", code.OwnSlopeLeakyReLU, example("leaky_relu", negative_slope=0.01)) == []


@pytest.mark.parametrize("mode", ["max", "average"])
def test_global_pooling_is_two_classes_of_one_file(mode, monkeypatch):
    monkeypatch.setattr(code, "GlobalAvgPool2d", code.ChannelsLastGlobalAvgPool, raising=False)
    monkeypatch.setattr(code, "GlobalMaxPool2d", code.ChannelsLastGlobalMaxPool, raising=False)
    asked = example("global_pool", mode=mode)

    assert_right(play("classes", "global_pool", code, asked), asked.right)


def test_global_pooling_without_the_other_class_says_which_is_missing(monkeypatch):
    monkeypatch.setattr(code, "GlobalAvgPool2d", code.ChannelsLastGlobalAvgPool, raising=False)

    with pytest.raises(Unusable, match="there is no GlobalMaxPool2d"):
        play("classes", "global_pool", code, example("global_pool", mode="max"))


@pytest.mark.parametrize(("there", "alone"), [("Avg", {"mode": "average"}), ("Max", {"mode": "max"}), ("Avg Max", None)])
def test_global_pooling_is_asked_for_the_modes_that_its_file_has_classes_for(there, alone):
    methods = "    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"
    source = "".join(f"class Global{kind}Pool2d:\n{methods}" for kind in there.split())

    assert survey({"a.py": source}, {"t": ("global_pool", ["classes"])})["tasks"]["t"].get("alone") == alone


@pytest.mark.parametrize("made", [more.FlagNorm, more.LazyNorm, more.PlanesNorm])
def test_batch_normalisation_is_put_into_test_mode_however_that_is_done(made):
    task = "spatial_batch_norm" if made is more.PlanesNorm else "batch_norm"

    assert wrong(task, made, example(task, momentum=EITHER, training=False), forward_only=True) == []


def test_a_mistake_in_test_mode_shows_in_test_mode():
    assert wrong("batch_norm", more.TestlessNorm, example("batch_norm", momentum=EITHER)) == []
    assert wrong("batch_norm", more.TestlessNorm, example("batch_norm", momentum=EITHER, training=False), forward_only=True) == ["out"]


@pytest.mark.parametrize(
    ("task", "made", "words"),
    [
        ("softmax_loss", more.ProbabilityLoss, "takes probabilities"),
        ("two_layer_net", more.NamelessNet, "no parameter W1 was found"),
        ("affine", code.Flatten, "no weights of shape"),
        ("conv2d", code.DictLinear, "the class takes no|no weights of four axes"),
        ("batch_norm", code.DictLinear, "asks for|no running_mean|no gamma"),
    ],
)
def test_a_class_that_does_not_fit_is_told_what_was_looked_for(task, made, words):
    with pytest.raises(Unusable, match=words):
        wrong(task, made, given(task))


def test_a_norm_without_a_test_mode_is_told_so():
    class Modeless(more.FlagNorm):
        def forward(self, x):
            return super().forward(x)

    with pytest.raises(Unusable, match="there is no test mode"):
        wrong("batch_norm", Modeless, example("batch_norm", training=False))


def test_a_forward_that_refuses_every_layout_shows_its_own_exception():
    class Broken(code.PlainConv):
        def forward(self, x):
            raise ValueError("shapes (3,) and (4,) not aligned")

    with pytest.raises(ValueError, match="not aligned"):
        wrong("conv2d", Broken, given("conv2d"))


class Plain:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.zeros((n_in, n_out)), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(0)
        return dout @ self.W.T


def test_a_bias_that_must_be_asked_for_is_and_an_activation_is_not():
    class Switched:
        def __init__(self, n_in, n_out, activation, use_bias=False):
            self.W, self.b, self.activation = np.zeros((n_in, n_out)), np.zeros(n_out) if use_bias else None, activation

        def forward(self, x):
            self.x = x
            out = x @ self.W + (0 if self.b is None else self.b)
            return self.activation(out) if self.activation else out

        def backward(self, dout):
            self.dW, self.db = self.x.T @ dout, dout.sum(0)
            return dout @ self.W.T

    assert wrong("affine", Switched, given("affine")) == []


@pytest.mark.parametrize("defaults", [True, False])
def test_stride_and_padding_are_pairs_where_the_class_wants_them(defaults):
    reference = catalogue()["conv2d"]

    def setup(self, c, f, k, stride, padding):
        self.W, self.b = np.zeros((f, c, *k)), np.zeros(f)
        (s, _), (p, _) = stride, padding
        self.options = {"stride": s, "padding": p}

    def forward(self, x):
        out, self.cache = reference.forward(x, self.W, self.b, **self.options)
        return out

    def backward(self, dout):
        dx, self.dW, self.db = reference.backward(dout, self.cache)
        return dx

    def by_default(self, in_channels, out_channels, kernel_size, stride=(1, 1), padding=(0, 0)):
        setup(self, in_channels, out_channels, kernel_size, stride, padding)

    def asked(self, in_channels, out_channels, kernel_size, stride, padding):
        setup(self, in_channels, out_channels, kernel_size, stride, padding)

    made = type("Conv2d", (), {"__init__": by_default if defaults else asked, "forward": forward, "backward": backward})
    assert wrong("conv2d", made, given("conv2d")) == []


def test_a_pool_without_a_stride_is_asked_for_steps_of_its_window():
    source = "class MaxPool2d:\n    def __init__(self, kernel_size): self.k = kernel_size\n    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"

    assert survey({"a.py": source}, {"t": ("max_pool2d", ["classes"])})["tasks"]["t"]["lacks"] == ["padding", "stride"]
    neutral = {"stride": CONVENTIONS["classes"]["max_pool2d"].neutral["stride"][0]}
    assert [stands_for(neutral, {"kernel_h": 2, "stride": s}) for s in (1, 2)] == [False, True]


class LayeredNet:
    def __init__(self, input_dim, hidden_dim, output_dim):
        self.fc1, self.fc2 = Plain(input_dim, hidden_dim), Plain(hidden_dim, output_dim)

    def forward(self, x):
        self.h = 1 / (1 + np.exp(-self.fc1.forward(x)))
        return self.fc2.forward(self.h)

    def slope(self):
        return self.h * (1 - self.h)

    def loss(self, x, y):
        scores = self.forward(x)
        p = np.exp(scores - scores.max(1, keepdims=True))
        self.p, self.y = p / p.sum(1, keepdims=True), y
        return -np.log(self.p[np.arange(len(y)), y]).mean()

    def backward(self):
        d = self.p.copy()
        d[np.arange(len(d)), self.y] -= 1
        self.fc1.backward(self.fc2.backward(d / len(d)) * self.slope())


class ForgetfulNet(LayeredNet):
    def slope(self):
        return 1.0


def test_a_net_of_layers_has_its_parameters_and_gradients_in_them():
    assert wrong("two_layer_net", LayeredNet, given("two_layer_net")) == []
    assert wrong("two_layer_net", ForgetfulNet, given("two_layer_net")) == ["W1", "b1"]


def test_what_backward_asks_for_is_a_learning_rate_only_by_its_name():
    class Asking(Plain):
        def backward(self, dout, cache):
            return super().backward(dout)

    with pytest.raises(Unknown, match="backward asks for cache"):
        wrong("affine", Asking, given("affine"))
