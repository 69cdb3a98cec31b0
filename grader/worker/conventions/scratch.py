"""The classes of "Deep Learning from Scratch": `Affine(W, b)`, `.forward(x)`, `.backward(dout) -> dx`, `.dW`, `.db`."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from grader.worker.conventions import chance
from grader.worker.conventions.adapter import (
    Adapter,
    Found,
    Options,
    Unusable,
    Wanted,
    both,
    called,
    constructed,
    fill,
    keyed,
    leading,
    learned,
    note_training,
    of_parameters,
    one_hot,
    several,
    trained,
    widths,
)
from grader.worker.conventions.classes import layers, losses
from grader.worker.conventions.spelling import Spelling
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import forget, note, taken
from grader.worker.wire import Array

LAYER = frozenset({"forward", "backward"})
FORWARD, BACKWARD = "out = layer.forward(x)", "dx = layer.backward(dout)"
PLAIN = Spelling(forward=("layer = $forward($options)", FORWARD), backward=(BACKWARD,))

KNOWN_AS = {"dW": "dw"}  # to us
GRADS = ("dW", "db")  # in this order in the list `grads` of the second book's layers


def held(layer: Any, name: str) -> Any:
    """Return a parameter's gradient, kept as an attribute or, as in the second book, in the list `grads`; or whatever else is kept."""
    value, place = getattr(layer, name, None), f"layer.{name}"
    listed = getattr(layer, "grads", None)
    if value is None and name in GRADS and isinstance(listed, list) and len(listed) == len(GRADS):
        value, place = listed[GRADS.index(name)], f"layer.grads[{GRADS.index(name)}]"
    note(f"{KNOWN_AS.get(name, name)} = {place}")
    if value is None:
        raise Unusable(f"backward left no {name} behind: self.{name} is not set")
    return value


def layer(
    names: tuple[str, ...],
    options: Callable[[Options], tuple[Any, ...]] = lambda _: (),
    *,
    params: bool,
    sized: frozenset[str] = frozenset(),
) -> Adapter:
    """Return the adapter of a layer class, constructed with (W, b) where it has parameters, and its options.

    One with a parameter that is `sized` so is constructed with sizes, and is none of the book's.
    """

    def forward(found: Found, arrays: Mapping[str, Array], given: Options) -> tuple[dict[str, Any], Any]:
        if params:
            said = ", ".join(("w", "b", *map(repr, options(given))))
            note(f"layer = {found['forward'].__name__}({said})", FORWARD)
            made = found["forward"](arrays["w"], arrays["b"], *options(given))
        else:
            made = called(found["forward"], options(given))
        return several(made.forward(arrays["x"]), ("out",)), made

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        note(BACKWARD)
        gradients = several(cache.backward(dout), ("dx",))
        return {**gradients, "dw": held(cache, "dW"), "db": held(cache, "db")} if params else gradients

    wanted = Wanted(names=names, methods=LAYER, not_parameters=sized)
    spelling = None if params else replace(PLAIN, options=options)
    return Adapter(wants=both(wanted), forward=forward, backward=backward, spelling=spelling)


def loss(*names: str) -> Adapter:
    """Return the adapter of a loss class: `forward(x, t)` with t one-hot, `backward(dout=1) -> dx`."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        x, made = arrays["x"], found["forward"]()
        t = one_hot(arrays["y"], x.shape[1], x.dtype)
        return several(made.forward(x, t), ("out",)), made

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(called(cache.backward, (dout[()],), neutral=1), ("dx",))

    spelling = Spelling(
        forward=("layer = $forward()", "out = layer.forward(x, np.eye(x.shape[1])[y])"), backward=("dx = layer.backward()",)
    )
    return Adapter(wants=both(Wanted(names=names, methods=LAYER)), forward=forward, backward=backward, spelling=spelling)


def targeted(ask: Callable[[Array, Array], Any], x: Array, y: Array, classes: int, said: str) -> tuple[Any, Array]:
    """Return what `ask(x, t)` gives, and that t: one-hot rows or, where those cannot be, the labels y. `said` is how it is asked."""
    spare, rows = x.copy(), one_hot(y, classes, x.dtype)
    lines = f"t = np.eye({classes}, dtype=x.dtype)[y]", said
    try:
        asked = ask(x, rows), rows
    except (IndexError, ValueError, TypeError) as error:  # one that takes labels alone cannot index by rows
        try:
            asked = ask(spare, y), y
        except Exception:  # noqa: BLE001 - whatever it raises, it takes neither; the first says what is wrong
            note(*lines)
            raise error from None
        lines = "t = y", said
    note(*lines)
    return asked


def net(name: str, make: Callable[..., Any] = of_parameters) -> Adapter:
    """Return the adapter of a class with `params`, `loss(x, t)` and `gradient(x, t) -> {'W1': ...}`, t one-hot or labels.

    `make` constructs it of its parameters.
    """

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        model = make(found["forward"], arrays)
        x = arrays["x"]
        returned, t = targeted(model.loss, x, arrays["y"], widths(arrays)[-1], "out = model.loss(x, t)")
        names = tuple(learned(arrays))
        return several(returned, ("out",)), (model, x, t, names)

    def backward(_: Found, __: Array, cache: Any) -> dict[str, Any]:
        model, x, t, names = cache
        note("grads = model.gradient(x, t)")
        return keyed(model.gradient(x, t), names)

    return Adapter(
        wants=both(Wanted(names=(name,), methods=frozenset({"loss", "gradient"}))),
        forward=forward,
        backward=backward,
        fixed={"reg": 0.0},
    )


def _batch_norm() -> Adapter:
    """Return the adapter of `BatchNormalization(gamma, beta, momentum, running_mean, running_var)`, `.forward(x, train_flg)`."""

    def forward(found: Found, arrays: Mapping[str, Array], given: Options) -> tuple[dict[str, Any], Any]:
        running = {name: arrays[name].copy() for name in ("running_mean", "running_var")}
        state = {"momentum": given["momentum"], **running}
        takes = len(inspect.signature(found["forward"]).parameters) - 2
        said = {"momentum": repr(given["momentum"]), **{name: f"{name}.copy()" for name in running}}
        note(f"layer = {found['forward'].__name__}({', '.join(('gamma', 'beta', *list(said.values())[: max(takes, 0)]))})")
        made = found["forward"](arrays["gamma"], arrays["beta"], *list(state.values())[: max(takes, 0)])
        for name in list(state)[max(takes, 0) :]:  # a class that begins with statistics of its own
            note(f"layer.{name} = {said[name]}")
            setattr(made, name, state[name])
        mode = leading(made.forward, (arrays["x"], given["training"]), neutral=1)[1:]
        note(f"out = layer.forward({', '.join(('x', *map(repr, mode)))})")
        values = several(made.forward(arrays["x"], *mode), ("out",))
        return {**values, **{name: held(made, name) for name in running}}, made

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        note(BACKWARD)
        return {**several(cache.backward(dout), ("dx",)), "dgamma": held(cache, "dgamma"), "dbeta": held(cache, "dbeta")}

    wanted = Wanted(names=("BatchNormalization", "BatchNorm"), methods=LAYER, parameters=frozenset({"gamma"}))
    return Adapter(wants=both(wanted), forward=forward, backward=backward, readings={"momentum_of": "running"})


def _dropout() -> Adapter:
    """Return the adapter of `Dropout(dropout_ratio)`, `.forward(x, train_flg)`, whose masks are its own."""

    def forward(found: Found, arrays: Mapping[str, Array], given: Options) -> tuple[dict[str, Any], Any]:
        def run(x: Array, _: int) -> tuple[Any, Any]:
            made = found["forward"](given["p"])
            return several(called(made.forward, (x, given["training"]), neutral=1), ("out",))["out"], made

        if not given["training"]:
            note(f"layer = {found['forward'].__name__}({given['p']})", "out = layer.forward(x, False)")
            return {"out": run(arrays["x"], 0)[0], "keep_rate": 1.0}, None
        return chance.forward(run, arrays["x"], arrays["mask"], given["p"])

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": chance.backward(lambda d, made: several(made.backward(d), ("dx",))["dx"], dout, cache)}

    wanted = Wanted(names=("Dropout",), methods=LAYER, parameters=frozenset({"dropout_ratio", "ratio"}))
    return Adapter(wants=both(wanted), forward=forward, backward=backward, readings={"p_of": "dropped"})


def _cross_entropy_error() -> Adapter:
    """Return the adapter of the function `cross_entropy_error(y, t)` of probabilities y, t one-hot or, where that cannot be, labels; it has no backward."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        x, said = arrays["x"], f"out = {found['forward'].__name__}(x, t)"
        return several(targeted(found["forward"], x, arrays["y"], x.shape[1], said)[0], ("out",)), None

    return Adapter(wants={"forward": Wanted(names=("cross_entropy_error",), arity=2)}, forward=forward)


def deep_net(*names: str, sized: Callable[[Mapping[str, Array]], dict[str, Any]]) -> Adapter:
    """Return the adapter of a net that is constructed by keywords and holds its layers, with their parameters, in `layers`."""

    def make(made: Callable[..., Any], arrays: Mapping[str, Array]) -> Any:
        model = constructed(made, {**sized(arrays), "output_size": widths(arrays)[-1]})
        held = dict(model.params)
        fill(model.params, arrays)
        # What was put in the place of an array of another shape, the layers still have to learn of.
        layers = getattr(model, "layers", ())
        for at, each in layers.items() if isinstance(layers, dict) else enumerate(layers):
            for name in ("W", "b"):
                own = next((key for key, a in held.items() if a is getattr(each, name, None)), None)
                if own and model.params[own] is not held[own]:
                    note(f"model.layers[{at!r}].{name} = model.params[{own!r}]")
                    setattr(each, name, model.params[own])
        return model

    return replace(net(names[0], make), wants=both(Wanted(names=names, methods=frozenset({"loss", "gradient"}))), varied=True)


def _planes(arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Return the sizes of `SimpleConvNet`."""
    filters, hidden = arrays["W1"], arrays["W2"].shape[1]
    conv = {"filter_num": len(filters), "filter_size": filters.shape[2], "pad": filters.shape[2] // 2, "stride": 1}
    return {"input_dim": arrays["x"].shape[1:], "conv_param": conv, "hidden_size": hidden}


def optimiser(name: str, options: Callable[[Options], tuple[Any, ...]], fixed: Mapping[str, Any], **called_by: str) -> Adapter:
    """Return the adapter of `name(*options).update(params, grads)`; `called_by` says by what attribute it keeps a state.

    Parameters and gradients are dictionaries, or lists as in the second book: what fails with the one is asked with the other.
    """

    def stepped(found: Found, arrays: Mapping[str, Array], given: Options, *, listed: bool) -> dict[str, Any]:
        def held_as(array: Array) -> Any:
            return [array] if listed else {"w": array}

        def said(name: str) -> str:
            return f"[{name}]" if listed else f"{{'w': {name}}}"

        made, params, key = found["forward"](*options(given)), held_as(arrays["w"].copy()), 0 if listed else "w"
        note(
            f"optimiser = {found['forward'].__name__}({', '.join(map(repr, options(given)))})",
            f"params = {said('w.copy()')}",
            "for gradient in dw:",
            f"    optimiser.update(params, {said('gradient.copy()')})",
            f"out = params[{key!r}]",
        )
        for gradient in arrays["dw"]:
            made.update(params, held_as(gradient.copy()))
        shown: dict[str, Any] = {name: getattr(made, attribute, None) for name, attribute in called_by.items()}
        kept = {name: a[key] for name, a in shown.items() if type(a) is type(params) and (a if listed else key in a)}
        note(*(f"{name} = optimiser.{called_by[name]}[{key!r}]" for name in kept))
        return {"out": params[key], **kept}

    def forward(found: Found, arrays: Mapping[str, Array], given: Options) -> tuple[dict[str, Any], Any]:
        try:
            return stepped(found, arrays, given, listed=False), None
        except (KeyError, TypeError, AttributeError) as error:
            with taken() as lines:
                try:
                    stepping = stepped(found, arrays, given, listed=True)
                except Exception:  # noqa: BLE001 - whatever it raises, it is neither; the first says what is wrong
                    raise error from None
            forget()
            note(*lines)
            return stepping, None

    wanted = Wanted(names=(name,), methods=frozenset({"update"}))
    return Adapter(wants={"forward": wanted}, forward=forward, fixed=fixed)


def _training(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    """Train the net with its own gradients, and return its losses."""
    model = of_parameters(found["forward"], arrays)
    x = arrays["x"]
    _, t = targeted(model.loss, x, arrays["y"], widths(arrays)[-1], "loss = model.loss(x, t)")
    note_training("loss, grads = model.loss(x, t), model.gradient(x, t)", options)
    names = tuple(learned(arrays))
    return {"out": trained(lambda: (model.loss(x, t), keyed(model.gradient(x, t), names)), model.params, options)}, None


def _pooling(*names: str) -> Adapter:
    """Return the adapter of `Pooling(pool_h, pool_w, stride[, pad])`."""
    options = itemgetter("kernel_h", "kernel_w", "stride", "padding")
    return replace(layer(names, options, params=False, sized=SPELT["kernel"]), neutral={"padding": (0, SPELT["padding"])})


NAME, PLACE = "deep_learning_from_scratch", 20
TASKS = {
    "affine": replace(layer(("Affine",), params=True, sized=SPELT["outputs"]), varied=True),
    "relu": replace(layers.elementwise("Relu", "ReLU"), spelling=PLAIN),
    "sigmoid": replace(layers.elementwise("Sigmoid"), spelling=PLAIN),
    "tanh": replace(layers.elementwise("Tanh"), spelling=PLAIN),
    "leaky_relu": layers.leaky("LeakyReLU", "LeakyRelu"),
    "batch_norm": _batch_norm(),
    "dropout": _dropout(),
    "conv2d": layer(("Convolution",), itemgetter("stride", "padding"), params=True, sized=SPELT["kernel"]),
    "conv2d_dilated": layer(("DilatedConvolution",), itemgetter("stride", "padding", "dilation"), params=True),
    "conv2d_grouped": layer(("GroupedConvolution", "GroupConvolution"), itemgetter("stride", "padding", "groups"), params=True),
    "max_pool2d": _pooling("Pooling", "MaxPooling"),
    "avg_pool2d": _pooling("AveragePooling", "AvgPooling", "MeanPooling"),
    "softmax_loss": loss("SoftmaxWithLoss"),
    "svm_loss": losses.loss("SVMLoss", "SvmLoss", "HingeLoss"),
    "cross_entropy_error": _cross_entropy_error(),
    "mse_loss": losses.loss("MSELoss", "MeanSquaredError", "MeanSquaredLoss", "IdentityWithLoss", labels=False),
    "two_layer_net": net("TwoLayerNet"),
    "three_layer_net": net("ThreeLayerNet"),
    "fully_connected_net": deep_net(
        "MultiLayerNet", sized=lambda arrays: {"input_size": widths(arrays)[0], "hidden_size_list": list(widths(arrays)[1:-1])}
    ),
    "three_layer_conv_net": deep_net("SimpleConvNet", sized=_planes),
    "sgd": optimiser("SGD", lambda o: (o["learning_rate"],), {}),
    "momentum": optimiser("Momentum", itemgetter("learning_rate", "momentum"), {}, velocity="v"),
    "adam": optimiser("Adam", itemgetter("learning_rate", "beta1", "beta2"), {"eps": 1e-7}, m="m", v="v"),
    "training": Adapter(
        wants={"forward": Wanted(names=("TwoLayerNet",), methods=frozenset({"loss", "gradient"}))},
        forward=_training,
    ),
}
