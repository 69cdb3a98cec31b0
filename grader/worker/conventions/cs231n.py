"""The functions of Stanford's CS231n assignments: `affine_forward(x, w, b) -> (out, cache)` and their kin."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.worker.conventions import chance
from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, called, fill, keyed, put, several, widths
from grader.worker.wire import Array

NOT_OURS = frozenset({"A_prev", "hparameters", "dZ"})  # parameters of another course, which calls its functions alike
BARE = MappingProxyType({"padding": 0})  # pool_param has no word for padding
MAX_PARAMETERS = 60  # of a net of any design: a frame holds 64 arrays


def pair(
    stem: str,
    arguments: tuple[str, ...],
    param: Callable[[Options], tuple[Any, ...]] = lambda _: (),
    kinds: tuple[str, ...] = ("",),
    fixed: Mapping[str, Any] = MappingProxyType({}),
    *,
    usual: bool = False,
) -> Adapter:
    """Return the adapter of `stem_forward(*arguments, *param)` and `stem_backward(dout, cache)`; the `usual` cache is the arguments."""
    gradients = tuple(f"d{name}" for name in arguments)

    def cached(arrays: Mapping[str, Array], options: Options) -> Any:
        whole = (*(arrays[name] for name in arguments), *param(options))
        return whole if len(whole) > 1 else whole[0]

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        if "forward" not in found:
            return {}, cached(arrays, options)
        returned = found["forward"](*(arrays[name] for name in arguments), *param(options))
        values = several(returned, ("out", "cache"))
        return {"out": values["out"]}, values["cache"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, cache), gradients)

    wants = {
        part: Wanted(names=tuple(f"{stem}_{part}{kind}" for kind in kinds), not_parameters=NOT_OURS) for part in ("forward", "backward")
    }
    return Adapter(wants=wants, forward=forward, backward=backward, usual_cache=cached if usual else None, fixed=fixed)


def loss(name: str) -> Adapter:
    """Return the adapter of `name(x, y) -> (loss, dx)`, which gives both parts at once."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        del options
        values = several(found["forward"](arrays["x"], arrays["y"]), ("loss", "dx"))
        return {"out": values["loss"]}, values["dx"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        del found, dout
        return {"dx": cache}

    wanted = Wanted(names=(name,))
    return Adapter(wants={"forward": wanted, "backward": wanted}, forward=forward, backward=backward)


def net(name: str) -> Adapter:
    """Return the adapter of a class with `params` and `loss(X, y, reg) -> (loss, grads)`."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        model = found["forward"](*widths(arrays))
        fill(model.params, arrays)
        reg = options["reg"]
        if hasattr(model, "reg"):  # the second assignment takes it at construction
            model.reg, reg = reg, 0.0
        values = several(called(model.loss, (arrays["x"], arrays["y"], reg)), ("loss", "grads"))
        return {"out": values["loss"]}, (values["grads"], tuple(n for n in arrays if n[0] in "Wb"))

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        del found, dout
        return keyed(*cache)

    wanted = Wanted(names=(name,), methods=frozenset({"loss"}), without=frozenset({"gradient"}))
    return Adapter(wants={"forward": wanted, "backward": wanted}, forward=forward, backward=backward)


def own_net(name: str) -> Adapter:
    """Return the adapter of a net of any design: `name(input_size, num_classes)` with `params` and `loss(X, y) -> (loss, grads)`.

    Further arguments of the class have defaults. An array `params['W1']` of the call replaces the parameter; a call without any is
    answered with those that the net has. Gradients are `grads['W1']`; a key that is missing is left out.
    """

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        model = found["forward"](arrays["x"].shape[1], options["num_classes"])
        if not isinstance(model.params, dict) or not model.params:
            raise Unusable(f"{name}.params must be a dictionary of arrays, with at least one in it")
        if len(model.params) > MAX_PARAMETERS:
            raise Unusable(f"{name}.params holds {len(model.params)} arrays; at most {MAX_PARAMETERS} are graded")
        keys = {f"params[{key!r}]": key for key in model.params}
        given = {keys[n]: array for n, array in arrays.items() if n in keys}
        put(model.params, given)
        held = {} if given else {n: np.copy(a) if type(a := model.params[key]) is np.ndarray else a for n, key in keys.items()}
        values = several(model.loss(arrays["x"], arrays["y"]), ("loss", "grads"))
        return {"out": values["loss"], **held}, (values["grads"], keys.values())

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        del found, dout
        grads, keys = cache
        if not isinstance(grads, dict):
            raise Unusable(f"grads is of type {type(grads).__name__[:60]}, not a dictionary")
        return {f"grads[{key!r}]": grads[key] for key in keys if key in grads}

    wanted = Wanted(names=(name,), methods=frozenset({"loss"}))
    return Adapter(wants={"forward": wanted, "backward": wanted}, forward=forward, backward=backward)


def _pool(options: Options) -> tuple[dict[str, int]]:
    return ({"pool_height": options["kernel_h"], "pool_width": options["kernel_w"], "stride": options["stride"]},)


def _conv(options: Options) -> tuple[dict[str, int]]:
    return ({"stride": options["stride"], "pad": options["padding"]},)


def _dilated(options: Options) -> tuple[dict[str, int]]:
    return ({"stride": options["stride"], "pad": options["padding"], "dilation": options["dilation"]},)


def _grouped(options: Options) -> tuple[dict[str, int]]:
    return ({"stride": options["stride"], "pad": options["padding"], "groups": options["groups"]},)


def _slope(options: Options) -> tuple[float]:
    return (options["negative_slope"],)


def _eps(options: Options) -> tuple[dict[str, float]]:
    return ({"eps": options["eps"]},)


def batchnorm(stem: str, *kinds: str) -> Adapter:
    """Return the adapter of `stem_forward(x, gamma, beta, bn_param)`, which keeps its running statistics in the dictionary."""
    plain = pair(stem, ("x", "gamma", "beta"), kinds=("", *kinds))

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        running = {name: arrays[name].copy() for name in ("running_mean", "running_var")}
        mode = "train" if options["training"] else "test"
        param: dict[str, Any] = {"mode": mode, "eps": options["eps"], "momentum": options["momentum"], **running}
        values = several(found["forward"](arrays["x"], arrays["gamma"], arrays["beta"], param), ("out", "cache"))
        return {"out": values["out"], **{name: param.get(name) for name in running}}, values["cache"]

    return Adapter(wants=plain.wants, forward=forward, backward=plain.backward, readings={"momentum_of": "running", "own_eps": 0.0})


def _group_norm() -> Adapter:
    """Return the adapter of `spatial_groupnorm_forward(x, gamma, beta, G, gn_param)`, with gamma and beta of shape (1, C, 1, 1)."""
    plain = pair("spatial_groupnorm", ("x", "gamma", "beta"), lambda o: (o["num_groups"], *_eps(o)), ("", "_quick"))

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        wide = {name: a if name == "x" else a.reshape(1, -1, 1, 1) for name, a in arrays.items()}
        return plain.forward(found, wide, options)

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        values = plain.backward(found, dout, cache)
        wide = (1, dout.shape[1], 1, 1)
        return {n: a.reshape(-1) if type(a) is np.ndarray and a.shape == wide and n != "dx" else a for n, a in values.items()}

    return Adapter(wants=plain.wants, forward=forward, backward=backward)


def _dropout() -> Adapter:
    """Return the adapter of `dropout_forward(x, dropout_param)`, whose masks are its own."""
    plain = pair("dropout", ("x",))

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        mode = "train" if options["training"] else "test"

        def run(x: Array, seed: int) -> tuple[Any, Any]:
            values = several(found["forward"](x, {"mode": mode, "p": options["p"], "seed": seed}), ("out", "cache"))
            return values["out"], values["cache"]

        if not options["training"]:
            return {"out": run(arrays["x"], 0)[0], "keep_rate": 1.0}, None
        return chance.forward(run, arrays["x"], arrays["mask"], options["p"])

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": chance.backward(lambda d, kept: plain.backward(found, d, kept)["dx"], dout, cache)}

    return Adapter(wants=plain.wants, forward=forward, backward=backward, readings={"inverted": True})


def _im2col(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
    """Return the columns of `im2col_indices`, (C*kh*kw, out_h*out_w*N), as rows in the order (n, i, j)."""
    window = (o["kernel_h"], o["kernel_w"], o["padding"], o["stride"])
    values = several(found["forward"](arrays["x"], *window), ("out",))
    N, columns = len(arrays["x"]), values["out"]
    if type(columns) is np.ndarray and columns.ndim == 2 and columns.shape[1] % N == 0:
        values["out"] = columns.reshape(len(columns), -1, N).transpose(2, 1, 0).reshape(columns.shape[1], len(columns))
    return values, (arrays["x"].shape, *window)


def _col2im(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    columns = dout.reshape(cache[0][0], -1, dout.shape[1]).transpose(2, 1, 0).reshape(dout.shape[1], -1)
    return several(found["backward"](columns, *cache), ("dx",))


TASKS = {
    "affine": pair("affine", ("x", "w", "b"), usual=True),
    "relu": pair("relu", ("x",), usual=True),
    "sigmoid": pair("sigmoid", ("x",)),
    "tanh": pair("tanh", ("x",)),
    "leaky_relu": pair("leaky_relu", ("x",), _slope),
    "batch_norm": batchnorm("batchnorm", "_alt"),
    "spatial_batch_norm": batchnorm("spatial_batchnorm"),
    "layer_norm": pair("layernorm", ("x", "gamma", "beta"), _eps),
    "group_norm": _group_norm(),
    "dropout": _dropout(),
    "conv2d": pair("conv", ("x", "w", "b"), _conv, ("_naive", "", "_im2col", "_strides", "_fast"), usual=True),
    "conv2d_dilated": pair("conv_dilated", ("x", "w", "b"), _dilated, ("_naive", "")),
    "conv2d_grouped": pair("conv_grouped", ("x", "w", "b"), _grouped, ("_naive", "")),
    "max_pool2d": pair("max_pool", ("x",), _pool, ("_naive", "", "_reshape", "_im2col", "_fast"), BARE, usual=True),
    "avg_pool2d": pair("avg_pool", ("x",), _pool, ("_naive", ""), BARE, usual=True),
    "softmax_loss": loss("softmax_loss"),
    "svm_loss": loss("svm_loss"),
    "mse_loss": loss("mse_loss"),
    "im2col": Adapter(
        wants={"forward": Wanted(names=("im2col_indices",)), "backward": Wanted(names=("col2im_indices",))},
        forward=_im2col,
        backward=_col2im,
    ),
    "two_layer_net": net("TwoLayerNet"),
    "three_layer_net": net("ThreeLayerNet"),
    "own_net": own_net("OwnNet"),
}
