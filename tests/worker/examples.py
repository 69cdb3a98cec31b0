"""One case of every task whose axes all differ, with the reference's answer; and a way to play a student's part in it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions import CONVENTIONS
from grader.worker.wire import Array
from reference import catalogue

SIZES = {
    "N": 3,
    "D": 5,
    "M": 2,
    "C": 2,
    "H": 7,
    "W": 6,
    "F": 4,
    "F1": 3,
    "F2": 5,
    "F3": 2,
    "KH": 3,
    "KW": 2,
    "CG": 1,
    "K": 4,
    "H1": 6,
    "H2": 8,
    "H3": 7,
    "H4": 9,
    "T": 5,
    "S": 3,
}
SIZES_OF: Mapping[str, Mapping[str, int]] = {
    "group_norm": {"C": 4},  # the groups must divide them
    "three_layer_conv_net": {"H": 4, "W": 4, "KH": 3, "D": 16},
    "deep_conv_net": {"H": 4, "W": 8, "KH": 3, "D": 8},
    "training": {"P": 6, "D": 2},
}
WINDOW = {"kernel_h": 3, "kernel_w": 2, "stride": 2}
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "batch_norm": {"eps": 1e-3, "momentum": 0.75, "training": True},
    "spatial_batch_norm": {"eps": 1e-3, "momentum": 0.75, "training": True},
    "layer_norm": {"eps": 1e-3},
    "group_norm": {"eps": 1e-3, "num_groups": 2},
    "dropout": {"p": 0.3, "training": True},
    "leaky_relu": {"negative_slope": 0.2},
    "conv2d": {"stride": 2, "padding": 1},
    "max_pool2d": {**WINDOW, "padding": 0},
    "avg_pool2d": {**WINDOW, "padding": 0},
    "im2col": {**WINDOW, "padding": 1},
    "two_layer_net": {"reg": 0.5},
    "three_layer_net": {"reg": 0.5},
    "conv2d_dilated": {"stride": 1, "padding": 1, "dilation": 2},
    "conv2d_general": {
        "stride_h": 2,
        "stride_w": 1,
        "padding_h": 1,
        "padding_w": 2,
        "dilation_h": 1,
        "dilation_w": 2,
        "groups": 2,
        "padding_mode": "reflect",
    },
    "conv2d_grouped": {"stride": 1, "padding": 1, "groups": 2},
    "global_pool": {"mode": "max"},
    "zero_pad": {"padding": 2},
    "output_size_dilated": {"size": 9, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2},
    "parameter_count_grouped": {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "groups": 2, "bias": True},
    "receptive_field": {"kernels": (3, 2), "strides": (2, 1), "dilations": (1, 3)},
    "fully_connected_net": {"reg": 0.5},
    "three_layer_conv_net": {"reg": 0.5},
    "deep_conv_net": {"convs_per_pool": 2, "reg": 0.5},
    "svm_classifier": {"reg": 0.5},
    "softmax_classifier": {"reg": 0.5},
    "knn": {"k": 3},
    "sgd": {"learning_rate": 0.1},
    "momentum": {"learning_rate": 0.1, "momentum": 0.8},
    "adam": {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.99, "eps": 1e-7},
    "training": {"learning_rate": 0.5, "steps": 4},
    "output_size": {"size": 9, "kernel": 3, "stride": 2, "padding": 1},
    "parameter_count": {"in_channels": 3, "out_channels": 5, "kernel_size": 2, "bias": True},
}


class Example(NamedTuple):
    """Inputs of a task, and what is right."""

    arrays: dict[str, Array]
    options: dict[str, Any]
    dout: Array
    right: dict[str, Array]


def example(task: str, *, dtype: Any = np.float64, eps_is: str = "corrected", **options: Any) -> Example:
    """Return the case of a task; `options` replace its own."""
    spec, rng = catalogue()[task], np.random.default_rng(7)
    sizes = {**SIZES, **SIZES_OF.get(task, {})}
    arrays = {
        a.name: a.fixed(sizes)
        if a.fixed
        else rng.integers(0, sizes["K"], _shape(a.axes, sizes))
        if a.labels
        else rng.normal(size=_shape(a.axes, sizes)).astype(dtype)
        for a in spec.arguments
    }
    arrays |= {a.name: np.abs(arrays[a.name]) for a in spec.arguments if a.positive}
    if task == "dropout":
        arrays["mask"] = rng.integers(0, 2, arrays["x"].shape)
    chosen = {**OPTIONS.get(task, {}), **options}
    reading = {"activation": "sigmoid"} if "activation" in spec.readings else {}
    reading |= {"eps_is": eps_is} if "eps_is" in spec.readings else {}
    returned, cache = spec.forward(**arrays, **chosen, **reading)
    out, *beside = returned if spec.beside else (returned,)
    dout = np.ones((), dtype) if spec.scalar or not spec.backward else rng.normal(size=np.shape(out)).astype(dtype)
    gradients = spec.backward(dout, cache) if spec.backward else ()
    named = zip((*spec.beside, *spec.gradients), (*beside, *gradients), strict=True)
    return Example(arrays, chosen, dout, {"out": out, **dict(named)})


def _shape(axes: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sizes[axis] for axis in axes.split())


def play(convention: str, task: str, code: object, given: Example) -> dict[str, Any]:
    """Run forward and backward through the adapter, with the functions that `code` (a module, or a class) has."""
    adapter = CONVENTIONS[convention][task]
    found = {
        part: next(getattr(code, name) for name in wanted.names if hasattr(code, name))
        for part, wanted in adapter.wants.items()
        if any(hasattr(code, name) for name in wanted.names)
    }
    values, cache = adapter.forward(found, given.arrays, dict(given.options))
    return {**values, **adapter.backward(found, given.dout, cache)} if catalogue()[task].backward else values


def assert_right(got: Mapping[str, Any], right: Mapping[str, Array]) -> None:
    """Compare by name, exactly as many names, closely."""
    assert set(got) == set(right)
    for name, value in right.items():
        np.testing.assert_allclose(got[name], value, rtol=1e-10, atol=1e-12, err_msg=name)
