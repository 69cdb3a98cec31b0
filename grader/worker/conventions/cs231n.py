"""The functions of Stanford's CS231n assignments: `affine_forward(x, w, b) -> (out, cache)` and their kin."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.worker.conventions import chance
from grader.worker.conventions.adapter import (
    Adapter,
    Found,
    Options,
    Unusable,
    Wanted,
    beside,
    both,
    constructed,
    fill,
    in_a_dictionary,
    keyed,
    learned,
    note_training,
    of_parameters,
    put,
    several,
    trained,
    whole_as_float,
    widths,
)
from grader.worker.conventions.regularised import Further, regularised
from grader.worker.conventions.spelling import Spelling
from grader.worker.conventions.spelling import cached as with_cache
from grader.worker.conventions.transcript import note
from grader.worker.wire import Array

NOT_OURS = frozenset({"A_prev", "hparameters", "dZ"})  # parameters of another course, which calls its functions alike
RATE = {"learning_rate": "learning_rate"}
NOT_SO = frozenset({"gradient", "backward", "backprop"})  # methods of nets whose loss does not bring the gradients along
WINDOW = itemgetter("kernel_h", "kernel_w", "padding", "stride")
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
        returned = found["forward"](*(arrays[name] for name in arguments), *param(options))
        values = several(returned, ("out", "cache"))
        return {"out": values["out"]}, values["cache"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, cache), gradients)

    wants = {
        part: Wanted(names=tuple(f"{stem}_{part}{kind}" for kind in kinds), not_parameters=NOT_OURS) for part in ("forward", "backward")
    }
    return Adapter(
        wants=wants,
        forward=forward,
        backward=backward,
        usual_cache=cached if usual else None,
        fixed=fixed,
        spelling=with_cache(arguments, param),
    )


def _came_along(_: Found, __: Array, gradients: Any) -> dict[str, Any]:
    """Return the gradients that a function returned beside its loss."""
    return dict(gradients)


def loss(name: str) -> Adapter:
    """Return the adapter of `name(x, y) -> (loss, dx)`, which gives both parts at once."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        values = several(found["forward"](arrays["x"], arrays["y"]), ("loss", "dx"))
        return {"out": values["loss"]}, {"dx": values["dx"]}

    return Adapter(
        wants=both(Wanted(names=(name,))),
        forward=forward,
        backward=_came_along,
        spelling=Spelling(forward=("out, dx = $forward(x, y)",)),
    )


def _asked(model: Any, arrays: Mapping[str, Array], further: Further = Further()) -> tuple[dict[str, Any], Any]:  # noqa: B008 - a tuple
    """Return the loss of a net and, for `_kept`, the gradients that came with it and their names."""
    values = several(model.loss(arrays["x"], arrays["y"], *further.args, **further.kwargs), ("loss", "grads"))
    return {"out": values["loss"]}, (values["grads"], tuple(learned(arrays)))


def _kept(_: Found, __: Array, cache: Any) -> dict[str, Any]:
    """Return the gradients that came with the loss."""
    return keyed(*cache)


def net(name: str) -> Adapter:
    """Return the adapter of a class with `params` and `loss(X, y, reg) -> (loss, grads)`."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        model = of_parameters(found["forward"], arrays)
        further = regularised(model, options["reg"])
        note(f"out, grads = model.loss({further.said('x', 'y')})")
        return _asked(model, arrays, further)

    return Adapter(wants=both(Wanted(names=(name,), methods=frozenset({"loss"}), without=NOT_SO)), forward=forward, backward=_kept)


def deep_net(name: str, sized: Callable[[Mapping[str, Array], Options], dict[str, Any]]) -> Adapter:
    """Return the adapter of a net of the second assignment, which takes its sizes, `reg` and `dtype` by keywords."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        named = {**sized(arrays, options), "num_classes": widths(arrays)[-1], "reg": options["reg"], "dtype": arrays["x"].dtype.type}
        model = constructed(found["forward"], named)
        fill(model.params, arrays)
        model.reg = options["reg"]
        note(f"model.reg = {model.reg}", "out, grads = model.loss(x, y)")
        return _asked(model, arrays)

    return Adapter(wants=both(Wanted(names=(name,), methods=frozenset({"loss"}))), forward=forward, backward=_kept, varied=True)


def classifier(stem: str) -> Adapter:
    """Return the adapter of `stem_vectorized(W, X, y, reg) -> (loss, dW)`, which decides, and of `stem_naive` beside it."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        version = options.get("version")
        function = beside(found["forward"], f"{stem}_{version}") if version else found["forward"]
        if function is None:
            return {}, {}
        values = several(function(arrays["w"], arrays["x"], arrays["y"], options["reg"]), ("loss", "dW"))
        return {"out": values["loss"]}, {"dw": values["dW"]}

    return Adapter(
        wants=both(Wanted(names=(f"{stem}_vectorized", f"{stem}_naive"))),
        forward=forward,
        backward=_came_along,
        spelling=Spelling(forward=("out, dw = $forward(w, x, y$more)",), options=lambda o: (o["reg"],)),
    )


DISTANCES = ("no_loops", "one_loop", "two_loops")  # the first one there decides


def _knn(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    """Return the distances of `KNearestNeighbor`, and what it predicts from given ones."""
    model = found["forward"]()
    model.train(arrays["x_train"], arrays["y_train"])
    version = options.get("version") or next((v for v in DISTANCES if hasattr(model, f"compute_distances_{v}")), DISTANCES[0])
    if "version" in options and not hasattr(model, f"compute_distances_{version}"):
        return {}, None
    note(f"model = {found['forward'].__name__}()", "model.train(x_train, y_train)", f"out = model.compute_distances_{version}(x)")
    values = {"out": getattr(model, f"compute_distances_{version}")(arrays["x"])}
    if "version" not in options:
        note(f"labels = model.predict_labels(np.abs(dists), k={options['k']})")
        values["labels"] = whole_as_float(model.predict_labels(np.abs(arrays["dists"]), k=options["k"]))
    return values, None


def optimiser(name: str, config: Callable[[Options], tuple[dict[str, Any]]], **state: str) -> Adapter:
    """Return the adapter of `name(w, dw, config) -> (next_w, config)`; `state` says where config keeps what is beside w."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        w, (kept,) = arrays["w"].copy(), config(options)  # the course's own sgd writes into w
        for gradient in arrays["dw"]:
            values = several(found["forward"](w, gradient, kept), ("next_w", "config"))
            w, kept = values["next_w"], values["config"]
        return {"out": w, **{name: keyed(kept, (key,), "config")[key] for name, key in state.items()}}, None

    lines = ("out, config = w.copy(), $options", "for gradient in dw:", "    out, config = $forward(out, gradient, config)")
    kept = tuple(f"{name} = config[{key!r}]" for name, key in state.items())
    return Adapter(
        wants={"forward": Wanted(names=(name,), arity=3)},
        forward=forward,
        spelling=Spelling(forward=(*lines, *kept), options=config),
    )


def _training(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    """Train the net with its own gradients, and return its losses."""
    model = of_parameters(found["forward"], arrays)
    further = regularised(model, 0.0)
    note_training(f"loss, grads = model.loss({further.said('x', 'y')})", options)

    def ask() -> tuple[Any, dict[str, Any]]:
        values, kept = _asked(model, arrays, further)
        return values["out"], keyed(*kept)

    return {"out": trained(ask, model.params, options)}, None


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

    def backward(_: Found, __: Array, cache: Any) -> dict[str, Any]:
        grads, keys = cache
        if not isinstance(grads, dict):
            raise Unusable(f"grads is of type {type(grads).__name__[:60]}, not a dictionary")
        return {f"grads[{key!r}]": grads[key] for key in keys if key in grads}

    return Adapter(wants=both(Wanted(names=(name,), methods=frozenset({"loss"}))), forward=forward, backward=backward)


def _hidden(arrays: Mapping[str, Array], _: Options) -> dict[str, Any]:
    """Return the sizes of `FullyConnectedNet`."""
    first, *hidden, _classes = widths(arrays)
    return {"hidden_dims": hidden, "input_dim": first}


def _blocks(arrays: Mapping[str, Array], options: Options) -> dict[str, Any]:
    """Return the sizes of `ConvNet`: the filters of every convolution in a list for each block that ends in a pooling."""
    filters = [a for name, a in arrays.items() if name[0] == "W" and a.ndim == 4]
    matrices = [a for name, a in arrays.items() if name[0] == "W" and a.ndim == 2]
    made, N = [len(w) for w in filters], options["convs_per_pool"]
    return {
        "input_dim": arrays["x"].shape[1:],
        "num_filters": [made[i : i + N] for i in range(0, len(made), N)],
        "filter_size": filters[0].shape[2],
        "hidden_dims": [w.shape[1] for w in matrices[:-1]],
    }


def _planes(arrays: Mapping[str, Array], _: Options) -> dict[str, Any]:
    """Return the sizes of `ThreeLayerConvNet`."""
    filters = arrays["W1"]
    return {
        "input_dim": arrays["x"].shape[1:],
        "num_filters": len(filters),
        "filter_size": filters.shape[2],
        "hidden_dim": arrays["W2"].shape[1],
    }


def _batchnorm(options: Options) -> tuple[dict[str, Any]]:
    return ({"mode": "train" if options["training"] else "test", "eps": options["eps"], "momentum": options["momentum"]},)


def batchnorm(stem: str, *kinds: str) -> Adapter:
    """Return the adapter of `stem_forward(x, gamma, beta, bn_param)`, which keeps its running statistics in the dictionary."""
    plain = pair(stem, ("x", "gamma", "beta"), kinds=("", *kinds))

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        running = {name: arrays[name].copy() for name in ("running_mean", "running_var")}
        param: dict[str, Any] = {**_batchnorm(options)[0], **running}
        values = several(found["forward"](arrays["x"], arrays["gamma"], arrays["beta"], param), ("out", "cache"))
        return {"out": values["out"], **{name: param.get(name) for name in running}}, values["cache"]

    lines = (
        "bn_param = $options",
        "bn_param.update(running_mean=running_mean.copy(), running_var=running_var.copy())",
        "out, cache = $forward(x, gamma, beta, bn_param)",
        "running_mean, running_var = bn_param['running_mean'], bn_param['running_var']",
    )
    assert plain.spelling
    return Adapter(
        wants=plain.wants,
        forward=forward,
        backward=plain.backward,
        readings={"momentum_of": "running", "own_eps": 0.0},
        spelling=replace(plain.spelling, forward=lines, options=_batchnorm),
    )


def _group_norm() -> Adapter:
    """Return the adapter of `spatial_groupnorm_forward(x, gamma, beta, G, gn_param)`, with gamma and beta of shape (1, C, 1, 1)."""
    plain = pair("spatial_groupnorm", ("x", "gamma", "beta"), lambda o: (o["num_groups"], {"eps": o["eps"]}), ("", "_quick"))
    assert plain.spelling

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        wide = {name: a if name == "x" else a.reshape(1, -1, 1, 1) for name, a in arrays.items()}
        return plain.forward(found, wide, options)

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        values = plain.backward(found, dout, cache)
        wide = (1, dout.shape[1], 1, 1)
        return {n: a.reshape(-1) if type(a) is np.ndarray and a.shape == wide and n != "dx" else a for n, a in values.items()}

    wide = "gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1)"
    spelling = replace(
        plain.spelling,
        forward=(f"out, cache = $forward(x, {wide}$more)",),
        backward=(*plain.spelling.backward, "dgamma, dbeta = dgamma.reshape(-1), dbeta.reshape(-1)"),
    )
    return Adapter(wants=plain.wants, forward=forward, backward=backward, spelling=spelling)


def _dropout() -> Adapter:
    """Return the adapter of `dropout_forward(x, dropout_param)`, whose masks are its own."""
    plain = pair("dropout", ("x",))

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        mode = "train" if options["training"] else "test"

        def run(x: Array, seed: int) -> tuple[Any, Any]:
            values = several(found["forward"](x, {"mode": mode, "p": options["p"], "seed": seed}), ("out", "cache"))
            return values["out"], values["cache"]

        if not options["training"]:
            note(f"out, cache = {found['forward'].__name__}(x, {{'mode': 'test', 'p': {options['p']}, 'seed': 0}})")
            return {"out": run(arrays["x"], 0)[0], "keep_rate": 1.0}, None
        return chance.forward(run, arrays["x"], arrays["mask"], options["p"])

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": chance.backward(lambda d, kept: plain.backward(found, d, kept)["dx"], dout, cache)}

    return Adapter(wants=plain.wants, forward=forward, backward=backward, readings={"inverted": True})


def _im2col(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
    """Return the columns of `im2col_indices`, (C*kh*kw, out_h*out_w*N), as rows in the order (n, i, j)."""
    window = WINDOW(o)
    values = several(found["forward"](arrays["x"], *window), ("out",))
    N, columns = len(arrays["x"]), values["out"]
    if type(columns) is np.ndarray and columns.ndim == 2 and columns.shape[1] % N == 0:
        values["out"] = columns.reshape(len(columns), -1, N).transpose(2, 1, 0).reshape(columns.shape[1], len(columns))
    return values, (arrays["x"].shape, *window)


def _as_their_width(arrays: Mapping[str, Array], o: Options) -> bool:
    """Accept what the course's own code does not refuse: its assertion for the width goes by the height of the window."""
    width = arrays["x"].shape[3] + 2 * o["padding"]
    return bool((width - o["kernel_h"]) % o["stride"] == 0 or (width - o["kernel_w"]) % o["stride"])


def _col2im(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    columns = dout.reshape(cache[0][0], -1, dout.shape[1]).transpose(2, 1, 0).reshape(dout.shape[1], -1)
    return several(found["backward"](columns, *cache), ("dx",))


CONV = {"stride": "stride", "pad": "padding"}  # what they call ours
POOL = in_a_dictionary(pool_height="kernel_h", pool_width="kernel_w", stride="stride")

NAME, PLACE = "cs231n", 10
TASKS = {
    "affine": replace(pair("affine", ("x", "w", "b"), usual=True), varied=True, readings={"flattens": True}),
    "relu": pair("relu", ("x",), usual=True),
    "sigmoid": pair("sigmoid", ("x",)),
    "tanh": pair("tanh", ("x",)),
    "leaky_relu": pair("leaky_relu", ("x",), lambda o: (o["negative_slope"],), usual=True),
    "batch_norm": batchnorm("batchnorm", "_alt"),
    "spatial_batch_norm": batchnorm("spatial_batchnorm"),
    "layer_norm": pair("layernorm", ("x", "gamma", "beta"), in_a_dictionary(eps="eps")),
    "group_norm": _group_norm(),
    "dropout": _dropout(),
    "conv2d": pair("conv", ("x", "w", "b"), in_a_dictionary(**CONV), ("_naive", "", "_im2col", "_strides", "_fast"), usual=True),
    "conv2d_dilated": pair("conv_dilated", ("x", "w", "b"), in_a_dictionary(**CONV, dilation="dilation"), ("_naive", ""), usual=True),
    "conv2d_grouped": pair("conv_grouped", ("x", "w", "b"), in_a_dictionary(**CONV, groups="groups"), ("_naive", ""), usual=True),
    "max_pool2d": pair("max_pool", ("x",), POOL, ("_naive", "", "_reshape", "_im2col", "_fast"), BARE, usual=True),
    "avg_pool2d": pair("avg_pool", ("x",), POOL, ("_naive", ""), BARE, usual=True),
    "softmax_loss": loss("softmax_loss"),
    "svm_loss": loss("svm_loss"),
    "mse_loss": loss("mse_loss"),
    "im2col": Adapter(
        wants={"forward": Wanted(names=("im2col_indices",)), "backward": Wanted(names=("col2im_indices",))},
        forward=_im2col,
        backward=_col2im,
        spelling=Spelling(
            forward=(
                "columns = $forward(x$more)",
                "out = columns.reshape(len(columns), -1, len(x)).transpose(2, 1, 0).reshape(-1, len(columns))",
            ),
            backward=(
                "columns = dout.reshape(len(x), -1, dout.shape[1]).transpose(2, 1, 0).reshape(dout.shape[1], -1)",
                "dx = $backward(columns, x.shape$more)",
            ),
            options=WINDOW,
        ),
        expressible=_as_their_width,
    ),
    "two_layer_net": net("TwoLayerNet"),
    "three_layer_net": net("ThreeLayerNet"),
    "fully_connected_net": deep_net("FullyConnectedNet", _hidden),
    "three_layer_conv_net": deep_net("ThreeLayerConvNet", _planes),
    # Not of the course, which leaves its "[conv - relu - pool] x N" to the student.
    "deep_conv_net": deep_net("ConvNet", _blocks),
    "svm_classifier": classifier("svm_loss"),
    "softmax_classifier": classifier("softmax_loss"),
    "knn": Adapter(
        wants={
            "forward": Wanted(
                names=("KNearestNeighbor",),
                methods=frozenset({"train"}),
                versions=tuple(f"compute_distances_{version}" for version in DISTANCES),
                besides=("predict_labels",),
            )
        },
        forward=_knn,
    ),
    "sgd": optimiser("sgd", in_a_dictionary(**RATE)),
    "momentum": optimiser("sgd_momentum", in_a_dictionary(**RATE, momentum="momentum"), velocity="velocity"),
    "adam": optimiser("adam", in_a_dictionary(**RATE, beta1="beta1", beta2="beta2", epsilon="eps"), m="m", v="v"),
    "training": Adapter(
        wants={"forward": Wanted(names=("TwoLayerNet",), methods=frozenset({"loss"}), without=NOT_SO)},
        forward=_training,
    ),
    "own_net": own_net("OwnNet"),
}
