"""Layers as classes of any design: `Conv2d`, `Linear`, `MaxPool2d`, `ReLU`, with weights and gradients wherever they keep them.

How a class wants its sizes is read off the names of its parameters; which axis is which, and where the weights are, is tried out on
a small input whose axes all differ.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, always, square
from grader.worker.wire import Array

METHODS = frozenset({"forward", "backward"})
RATE = 2.0**20  # of a layer that updates itself: so large that the step is all gradient, and a power of 2 to be divided by again

# What a parameter of a constructor may be called.
SPELT: Mapping[str, frozenset[str]] = {
    "inputs": frozenset(
        [
            "in_features",
            "input_size",
            "in_dim",
            "input_dim",
            "n_in",
            "in_size",
            "n_inputs",
            "num_inputs",
            "inputs",
            "in_channels",
            "in_channel",
            "input_channels",
            "num_channels",
            "n_channels",
            "channels",
            "c_in",
            "in_ch",
            "in_c",
            "nin",
            "fan_in",
            "depth",
        ]
    ),
    "outputs": frozenset(
        [
            "out_features",
            "output_size",
            "out_dim",
            "output_dim",
            "n_out",
            "out_size",
            "n_outputs",
            "num_outputs",
            "outputs",
            "out_channels",
            "out_channel",
            "output_channels",
            "num_filters",
            "n_filters",
            "filters",
            "c_out",
            "out_ch",
            "out_c",
            "nout",
            "units",
            "num_classes",
            "n_classes",
        ]
    ),
    "kernel": frozenset(
        ["kernel_size", "filter_size", "pool_size", "window_size", "kernel", "ksize", "pool", "size", "window", "field", "k", "f"]
    ),
    "kernel_h": frozenset(["kernel_h", "filter_h", "pool_h", "pool_height", "kernel_height", "filter_height", "kh", "hh"]),
    "kernel_w": frozenset(["kernel_w", "filter_w", "pool_w", "pool_width", "kernel_width", "filter_width", "kw", "ww"]),
    "stride": frozenset(["stride", "strides", "s", "step"]),
    "padding": frozenset(["padding", "pad", "p"]),
    "dilation": frozenset(["dilation", "dilations", "dilation_rate"]),
    "groups": frozenset(["groups", "num_groups", "n_groups", "group"]),
    "padding_mode": frozenset(["padding_mode", "pad_mode"]),
    "features": frozenset(["num_features", "normalized_shape", "features", "num_channels", "n_features", "channels", "dim", "hidden_size"]),
    "eps": frozenset(["eps", "epsilon"]),
    "momentum": frozenset(["momentum"]),
    "axes": frozenset(["num_dims", "dims", "ndim"]),
    "slope": frozenset(["negative_slope", "slope", "alpha"]),
    "mode": frozenset(["mode", "kind", "pool_type"]),
    "share": frozenset(["p", "drop_prob", "dropout_prob", "drop_rate", "rate", "prob"]),
    "hidden": frozenset(["hidden_size", "hidden_dim", "hidden", "n_hidden", "hidden_features", "num_hiddens", "hidden1", "hidden_size1"]),
}
WEIGHTS = ("W", "w", "weight", "weights", "kernel", "kernels", "filters", "filter")
BIASES = ("b", "bias", "biases", "B")
BOXES = ("params", "parameters", "param", "_params")
INNER = ("val", "value", "data", "param", "values")
AXES = (("NCHW", (0, 1, 2, 3)), ("NHWC", (0, 2, 3, 1)))
KERNELS = ((0, 1, 2, 3), (2, 3, 1, 0), (0, 2, 3, 1), (1, 0, 2, 3))  # (F, C, h, w) as it is, and as others keep it


class Slot(NamedTuple):
    """Where an array is kept: keys into a layer, by attribute or by item."""

    path: tuple[str, ...]

    def get(self, layer: Any) -> Any:
        """Return what is there, or None."""
        for key in self.path:
            layer = layer.get(key) if isinstance(layer, dict) else getattr(layer, key, None)
        return layer

    def set(self, layer: Any, value: Array) -> None:
        """Put an array there."""
        *above, last = self.path
        for key in above:
            layer = layer[key] if isinstance(layer, dict) else getattr(layer, key)
        if isinstance(layer, dict):
            layer[last] = value
        else:
            setattr(layer, last, value)


def slots(names: Sequence[str]) -> list[Slot]:
    """Return where arrays of these names may be kept."""
    own = [Slot((name,)) for name in names]
    inner = [Slot((name, key)) for name in names for key in INNER]
    boxed = [Slot((box, name)) for box in BOXES for name in names]
    return [*own, *inner, *boxed, *(Slot((*s.path, key)) for s in boxed for key in INNER)]


def gradient_slots(names: Sequence[str]) -> list[Slot]:
    """Return where the gradients of arrays of these names may be kept."""
    spelt = [f for n in names for f in (f"d{n}", f"dL_d{n}", f"dLd{n}", f"grad_{n}", f"{n}_grad", f"d_{n}", f"g{n}", f"{n}_gradient")]
    keys = [*names, *spelt]
    boxed = [Slot((box, key)) for box in ("grads", "gradients", "grad", *BOXES) for key in (spelt if box in BOXES else keys)]
    inner = [Slot((n, g)) for n in names for g in ("grad", "gradient", "g", "delta")]
    return [*(Slot((name,)) for name in spelt), *boxed, *inner, *(Slot((box, n, "grad")) for box in BOXES for n in names)]


def first_array(layer: Any, places: Sequence[Slot]) -> Slot | None:
    """Return the first place that holds an array."""
    return next((s for s in places if type(s.get(layer)) is np.ndarray), None)


def built(made: Callable[..., Any], sizes: Mapping[str, Any]) -> Any:
    """Construct a layer from the sizes that its parameters ask for by name, or in the usual order.

    Raises:
        Unusable: A size that is not the usual one has no parameter.
    """
    parameters = [p for p in inspect.signature(made).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    given: dict[str, Any] = {}
    left = dict(sizes)
    for p in parameters:
        name = next((n for n in left if p.name.lower() in SPELT[n]), None)
        if name:
            given[p.name] = left.pop(name)
    if "kernel" not in left:
        left = {n: v for n, v in left.items() if n not in ("kernel_h", "kernel_w")}
    if "kernel_h" not in left:
        left.pop("kernel", None)
    for p in parameters:
        if p.name not in given and p.default is p.empty:
            if not left:
                raise Unusable(f"the class asks for {p.name[:60]}, of which the grader does not know what it is")
            given[p.name] = left.pop(next(iter(left)))
    usual = {
        "stride": sizes.get("kernel") if "outputs" not in sizes else 1,
        "padding": 0,
        "dilation": 1,
        "groups": 1,
        "padding_mode": "zeros",
    }
    unsaid = [n for n in usual if n in left and left[n] != usual[n]]
    if unsaid:
        raise Unusable(f"the class takes no {unsaid[0]}")
    return made(**given)


class Shape(NamedTuple):
    """How a class has its arrays."""

    order: tuple[int, ...]  # the axes of an image batch (N, C, H, W), as it wants them
    batch: bool  # whether it takes a batch
    kernel: tuple[int, ...]  # the axes of (F, C, h, w), or of (D, M), as it keeps its weights
    weights: Slot | None


@cache
def _shape(made: Callable[..., Any], kind: str) -> Shape:
    """Find out, on an input whose axes all differ."""
    rng = np.random.default_rng(0)
    if kind == "linear":
        layer = built(made, {"inputs": 2, "outputs": 3})
        slot = first_array(layer, slots(WEIGHTS))
        kept = () if slot is None else slot.get(layer).shape
        if kept not in ((2, 3), (3, 2)):
            raise Unusable("no weights of shape (inputs, outputs) were found in the layer: W, weight, weights or params['W']")
        return Shape((0, 1), True, (0, 1) if kept == (2, 3) else (1, 0), slot)
    sizes = {"inputs": 3, "outputs": 4} if kind == "conv" else {}
    window = {"kernel": 2, "kernel_h": 2, "kernel_w": 2, "stride": 2, "padding": 0}
    if kind == "pool":
        window.pop("padding")
    x, kernel, slot = rng.normal(size=(5, 3, 8, 6)), KERNELS[0], None
    channels = 4 if kind == "conv" else 3
    for batch in (True, False):
        for _, order in AXES:
            layer = built(made, {**sizes, **window})
            if kind == "conv":
                slot = first_array(layer, slots(WEIGHTS))
                kept = () if slot is None else slot.get(layer).shape
                found = [k for k in KERNELS if tuple((4, 3, 2, 2)[i] for i in k) == kept]
                if not found:
                    raise Unusable("no weights of four axes were found in the layer: W, weight, weights, filters or params['W']")
                kernel = found[0]
            right = tuple((5, channels, 4, 3)[i] for i in order)
            try:
                out = layer.forward(_ordered(x, order) if batch else _ordered(x, order)[0])
            except (ValueError, IndexError, TypeError):  # it wants its axes otherwise
                continue
            if np.shape(out) == (right if batch else right[1:]):
                return Shape(order, batch, kernel, slot)
    raise Unusable("neither (N, C, H, W) nor (N, H, W, C), nor a single image of either, gave an output of the right shape")


def _ordered(x: Array, order: tuple[int, ...]) -> Array:
    return np.ascontiguousarray(x.transpose(order))


def _back(x: Any, order: tuple[int, ...]) -> Any:
    return x.transpose(np.argsort(order)) if type(x) is np.ndarray and x.ndim == len(order) else x


def layer(kind: str, *names: str) -> Adapter:
    """Return the adapter of a class: `kind` is "linear", "conv", "pool" or "activation"."""

    def sizes(arrays: Mapping[str, Array], options: Options) -> dict[str, Any]:
        if kind == "linear":
            return {"inputs": arrays["w"].shape[0], "outputs": arrays["w"].shape[1]}
        if kind == "conv":
            (F, C, h, w), window = arrays["w"].shape, {"stride": options["stride"], "padding": options["padding"]}
            return {"inputs": C, "outputs": F, "kernel": h, "kernel_h": h, "kernel_w": w, **window}
        h, w = options["kernel_h"], options["kernel_w"]
        return {"kernel": h, "kernel_h": h, "kernel_w": w, "stride": options["stride"]}

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        made, x = found["forward"], arrays["x"]
        if kind == "activation":
            one = made()
            return {"out": one.forward(x)}, (Shape((), True, (), None), [one], arrays)
        shape = _shape(made, kind)
        layers, outs = [], []
        for part in [x] if shape.batch else [x[i : i + 1] for i in range(len(x))]:
            one = built(made, sizes(arrays, options))
            if shape.weights:
                _fill(one, shape, arrays)
            given = _ordered(part, shape.order)
            out = one.forward(given if shape.batch else given[0])
            outs.append(_back(out if shape.batch else np.asarray(out)[None], shape.order))
            layers.append(one)
        return {"out": outs[0] if shape.batch else np.concatenate(outs)}, (shape, layers, arrays)

    def backward(found: Found, dout: Array, kept: Any) -> dict[str, Any]:
        del found
        shape, layers, arrays = kept
        gradients: list[dict[str, Any]] = []
        for i, one in enumerate(layers):
            given = dout if kind == "activation" else _ordered(dout if shape.batch else dout[i : i + 1], shape.order)
            gradients.append(_gradients(one, shape, given if shape.batch else given[0], arrays))
        if shape.batch:
            return gradients[0]
        summed = {name: sum(g[name] for g in gradients) for name in gradients[0] if name != "dx"}
        return {"dx": np.concatenate([g["dx"] for g in gradients]), **summed}

    wanted = Wanted(names=names, methods=METHODS)
    return Adapter(
        wants={"forward": wanted, "backward": wanted},
        forward=forward,
        backward=backward,
        fixed={"padding": 0} if kind == "pool" else {},
        expressible=square if kind in ("conv", "pool") else always,
    )


def _fill(one: Any, shape: Shape, arrays: Mapping[str, Array]) -> None:
    assert shape.weights
    shape.weights.set(one, _ordered(arrays["w"], shape.kernel))
    if slot := first_array(one, slots(BIASES)):
        slot.set(one, arrays["b"].reshape(slot.get(one).shape).copy())
    else:
        raise Unusable("no bias was found in the layer: b, bias or params['b']")


def _gradients(one: Any, shape: Shape, dout: Array, arrays: Mapping[str, Array]) -> dict[str, Any]:
    before = {}
    if shape.weights:
        before = {slot: np.copy(slot.get(one)) for slot in (shape.weights, first_array(one, slots(BIASES))) if slot}
    takes = [p for p in inspect.signature(one.backward).parameters.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    returned = one.backward(dout, RATE) if len(takes) > 1 else one.backward(dout)
    dx = returned[0] if isinstance(returned, tuple) and returned else returned
    values = {"dx": _back(dx if shape.batch or dx is None else np.asarray(dx)[None], shape.order) if shape.order else dx}
    if not shape.weights:
        return values
    told = returned[1:3] if isinstance(returned, tuple) and len(returned) == 3 else ()
    for (slot, old), name, spelt, i in zip(before.items(), ("dw", "db"), (WEIGHTS, BIASES), (0, 1), strict=False):
        place = first_array(one, gradient_slots(spelt))
        moved = not told and place is None and len(takes) > 1
        got = told[i] if told else (old - slot.get(one)) / RATE if moved else place.get(one) if place else None
        if got is None:
            raise Unusable(f"backward left no {name} behind: it is neither returned nor kept as self.{'dW' if name == 'dw' else 'db'}")
        values[name] = (
            _back(got, shape.kernel) if name == "dw" else np.reshape(got, arrays["b"].shape) if np.size(got) == arrays["b"].size else got
        )
    return values


TASKS = {
    "affine": layer("linear", "Linear", "Dense", "FullyConnected", "FC", "FullyConnectedLayer", "LinearLayer", "DenseLayer", "FCLayer"),
    "conv2d": layer(
        "conv", "Conv2d", "Conv2D", "ConvLayer", "Conv", "Convolution2D", "ConvolutionLayer", "ConvolutionalLayer", "Conv_layer"
    ),
    "max_pool2d": layer("pool", "MaxPool2d", "MaxPool2D", "MaxPool", "MaxPooling2D", "MaxPoolLayer", "MaxPoolingLayer", "MaxPooling2d"),
    "avg_pool2d": layer("pool", "AvgPool2d", "AvgPool2D", "AvgPool", "AveragePooling2D", "AvgPoolLayer", "AveragePool2d", "MeanPool2d"),
    "relu": layer("activation", "ReLU", "ReLu", "RELU", "ReLULayer", "ReluLayer"),
    "sigmoid": layer("activation", "Sigmoid", "SigmoidLayer"),
}
