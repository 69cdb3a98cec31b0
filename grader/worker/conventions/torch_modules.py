"""Layers, losses and nets as subclasses of `torch.nn.Module`, whose gradients torch's autograd derives from the forward.

A Module is constructed by the names of its parameters, as other classes are; its weights are found by name and filled. One that has a
`backward` of its own is a class like any other, and none of these.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions import chance, tensors
from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, always, both, learned, square, widths
from grader.worker.conventions.classes.built import built
from grader.worker.conventions.classes.slots import BIASES, WEIGHTS
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.torchs import KNOWN
from grader.worker.conventions.transcript import note, taken
from grader.worker.wire import Array

Sizes = Callable[[Mapping[str, Array], Options], dict[str, Any]]
PLACES: Mapping[str, tuple[str, ...]] = {
    "w": WEIGHTS,
    "b": BIASES,
    "gamma": ("weight", "gamma", "scale", "g", "w"),
    "beta": ("bias", "beta", "shift", "b"),
    "running_mean": ("running_mean", "moving_mean"),
    "running_var": ("running_var", "moving_var"),
}


class Kept(NamedTuple):
    """What backward needs: the output, and where gradients are wanted, each with how it gets back to the shape of its argument.

    `places` are where they are wanted in lines of code, and `said` how they get back there.
    """

    out: Any
    leaves: dict[str, Any]
    back: dict[str, Callable[[Any], Any]]
    places: dict[str, str]
    said: dict[str, str]


class Placed(NamedTuple):
    """An argument in the shape that a Module keeps it in, and what brings a gradient back: either, too, as what follows a name."""

    value: Array
    said: str
    back: Callable[[Any], Any]
    back_said: str


def named(*stems: str) -> tuple[str, ...]:
    """Return what students call their own version of a layer."""
    return tuple(f"{before}{stem}{after}" for stem in stems for before in ("", "My", "Custom", "Manual") for after in ("", "Layer"))


def held(module: Any, name: str) -> tuple[str, Any]:
    """Return the tensor in which a Module keeps an argument: a parameter, a buffer or a plain attribute, its own or of a part.

    Before it comes its name in the Module.
    """
    plain = {key: value for key, value in vars(module).items() if hasattr(value, "requires_grad_")}
    every = {**plain, **dict(module.named_buffers()), **dict(module.named_parameters())}
    for spelt in PLACES[name]:
        for key, tensor in every.items():
            if key.rpartition(".")[2] == spelt:
                return key, tensor
    raise Unusable(f"no {name} was found in the Module: it is looked for as {', '.join(PLACES[name])}")


def inside(known_as: str, key: str) -> str:
    """Return, in a line of code, what a Module that is known as something has by a name such as `layers.0.weight`."""
    return known_as + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in key.split("."))


def placed(value: Array, shape: tuple[int, ...], *, outputs_first: bool | None = None) -> Placed:
    """Return an argument in the shape that a Module keeps it in.

    A matrix of weights, or of unfolded filters, has the outputs first or last; `outputs_first` is needed only where it is square.

    Raises:
        Unusable: There is no such way.
    """
    if value.ndim > 1 and len(shape) == 2:
        flat = value.ndim == 2
        rows = value.T if flat else value.reshape(len(value), -1)
        unfolded, whole = f".reshape({len(value)}, -1)", f".reshape({value.shape})"
        if shape == rows.shape and outputs_first is not False:
            back = (lambda g: g.T) if flat else (lambda g: g.reshape(value.shape))
            return Placed(rows, ".T" if flat else unfolded, back, ".T" if flat else whole)
        if shape == rows.T.shape:
            back = (lambda g: g) if flat else (lambda g: g.T.reshape(value.shape))
            return Placed(rows.T, "" if flat else f"{unfolded}.T", back, "" if flat else f".T{whole}")
    elif value.size == math.prod(shape) and (value.ndim != len(shape) or value.shape == shape):
        same = value.shape == shape
        said = ("", "") if same else (f".reshape({shape})", f".reshape({value.shape})")
        return Placed(value.reshape(shape), said[0], lambda g: g.reshape(value.shape), said[1])
    raise Unusable(f"a tensor of shape {shape} was found in the Module where weights of shape {value.shape} are to be kept")


def put(module: Any, arrays: Mapping[str, Array], like: Callable[[Mapping[str, Array]], Any]) -> Kept:
    """Fill the tensors of a Module; return those that have gradients. `like` makes another Module, for arrays of other shapes."""
    kept = Kept(None, {}, {}, {}, {})
    for name, value in arrays.items():
        key, tensor = held(module, name)
        shape, outputs_first = tuple(tensor.shape), None
        if len(shape) == 2 and shape[0] == shape[1] and value.ndim > 1:
            more = np.zeros((2 * value.shape[0], *value.shape[1:]) if value.ndim == 4 else (value.shape[0], 2 * value.shape[1]))
            outputs_first = held(like({**arrays, name: more}), name)[1].shape[0] > shape[0]
        gradient = "" if name.startswith("running") else f"d{name}"
        _fill(tensor, inside("layer", key), placed(value, shape, outputs_first=outputs_first), name, gradient, kept)
    return kept


def _fill(tensor: Any, place: str, given: Placed, name: str, gradient: str, kept: Kept) -> None:
    """Fill a tensor with an argument, and ask for its gradient where that has a name."""
    note(f"{place}.data.copy_(torch.tensor({name}{given.said}))")
    tensors.fill(tensor, given.value)
    if gradient:
        if not tensor.requires_grad:
            note(f"{place}.requires_grad_()")
        kept.leaves[gradient], kept.places[gradient] = tensor.requires_grad_(), place
        kept.back[gradient], kept.said[gradient] = given.back, given.back_said


def _gradients(_: Found, dout: Array, kept: Kept) -> dict[str, Any]:
    told = tensors.gradients(kept.out, kept.leaves, dout, kept.places)
    note(*(f"grads[{name!r}] = grads[{name!r}]{kept.said[name]}" for name in told if kept.said.get(name)))
    if "dx" in told:
        note(tensors.unpacked(told))
    return {name: kept.back[name](g) if name in kept.back else g for name, g in told.items()}


def module(
    task: str,
    *,
    sizes: Sizes = lambda arrays, options: {},
    takes: tuple[str, ...] = ("x",),
    fixed: Mapping[str, Any] | None = None,
    expressible: Callable[[Mapping[str, Array], Options], bool] = always,
    shown: Callable[[Any], Any] = lambda out: out,
) -> Adapter:
    """Return the adapter of a Module for a task, which is called with the arguments in `takes`, and keeps the others itself.

    `shown` brings an output into the shape that the task has it in.
    """

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        own = {name: a for name, a in arrays.items() if name not in takes}

        def run(dtype: Any) -> tuple[dict[str, Any], Any]:
            given = tensors.leaves({name: arrays[name] for name in takes}, dtype)
            made = built(found["forward"], sizes(arrays, options), known_as="layer").to(dtype)
            made.train(options.get("training", True))
            note(f"layer.to({dtype}).train({options.get('training', True)})")
            for setting in ("eps", "momentum"):
                if setting in options and isinstance(getattr(made, setting, None), float):
                    note(f"layer.{setting} = {options[setting]}")
                    setattr(made, setting, options[setting])
            kept = put(made, own, lambda others: built(found["forward"], sizes(others, options)))
            note(f"result = layer({', '.join(f'{tensors.KNOWN_AS[name]}.clone()' for name in takes)})")
            out = shown(made(*(tensors.passed(t) for t in given.values())))
            beside = {name: _statistic(made, name, a) for name, a in own.items() if name.startswith("running")}
            first = {"dx": given["x"]}, {"dx": tensors.KNOWN_AS["x"]}
            return {"out": tensors.single(out), **beside}, kept._replace(
                out=out, leaves={**first[0], **kept.leaves}, places={**first[1], **kept.places}
            )

        return tensors.in_its_precision(arrays, run)

    return _adapter(named(*KNOWN[task].names), forward, KNOWN[task].ready_made, fixed or {}, expressible)


def _statistic(made: Any, name: str, like: Array) -> Any:
    key, tensor = held(made, name)
    found = tensors.array(tensor)
    note(f"{name} = {inside('layer', key)}.detach().numpy().reshape({like.shape})")
    return found.reshape(like.shape) if found.size == like.size else found


def _adapter(
    names: tuple[str, ...],
    forward: Callable[..., tuple[dict[str, Any], Any]],
    ready_made: tuple[str, ...],
    fixed: Mapping[str, Any],
    expressible: Callable[[Mapping[str, Array], Options], bool] = always,
    backward: Callable[[Found, Array, Any], dict[str, Any]] = _gradients,
) -> Adapter:
    return Adapter(
        wants=both(Wanted(names=names, methods=frozenset({"forward"}), without=frozenset({"backward"}), bases=tensors.MODULE)),
        forward=forward,
        backward=backward,
        fixed=fixed,
        expressible=expressible,
        needs="torch",
        derived=True,
        ready_made=ready_made,
    )


def _two_layer_net() -> Adapter:
    """Return the adapter of a net whose forward gives the scores; its loss is their cross entropy. Its weights are taken in order."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        own = learned(arrays)

        def made(sizes: Sequence[int], known_as: str = "") -> Any:
            return built(found["forward"], dict(zip(("inputs", "hidden", "outputs"), sizes, strict=True)), known_as=known_as)

        def run(dtype: Any) -> tuple[dict[str, Any], Any]:
            given = tensors.leaves({"x": arrays["x"], "y": arrays["y"]}, dtype)
            model = made(widths(arrays), "model").to(dtype)
            note(f"model.to({dtype})")
            weights, _ = _weights_and_biases(made((2, 3, 4)))
            kept = _filled(model, own, outputs_first=bool(weights) and next(iter(weights.values())).shape[0] == 3)
            note("result = torch.nn.functional.cross_entropy(model(inputs.clone()), targets)")
            loss = tensors.cross_entropy(model(tensors.passed(given["x"])), given["y"])
            return {"out": tensors.single(loss)}, kept._replace(out=loss)

        return tensors.in_its_precision(arrays, run)

    names = ("TwoLayerNet", "MyTwoLayerNet", "TwoLayerNetwork", "TwoLayerMLP")
    return _adapter(names, forward, KNOWN["affine"].ready_made, {"reg": 0.0})


def _weights_and_biases(model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both by their names in the Module."""
    every = dict(model.named_parameters())
    biases = {key: p for key, p in every.items() if p.ndim == 1 or key.rpartition(".")[2].startswith("b")}
    return {key: p for key, p in every.items() if key not in biases}, biases


def _filled(model: Any, own: Mapping[str, Array], *, outputs_first: bool) -> Kept:
    kept = Kept(None, {}, {}, {}, {})
    for letter, what, found in zip("Wb", ("weights", "biases"), _weights_and_biases(model), strict=True):
        wanted = [name for name in own if name[0] == letter]
        if len(found) != len(wanted):
            raise Unusable(f"{len(found)} {what} were found among the parameters of the net instead of {len(wanted)}")
        for name, (key, tensor) in zip(wanted, found.items(), strict=True):
            given = placed(own[name], tuple(tensor.shape), outputs_first=outputs_first)
            _fill(tensor, inside("model", key), given, name, name, kept)
    return kept


def _dropout() -> Adapter:
    """Return the adapter of `Dropout(p)`, whose masks are its own."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        def draw(x: Array, number: int) -> tuple[Any, Any]:
            tensors.seed(number)

            def run(dtype: Any) -> tuple[Any, Any]:
                leaf = tensors.leaves({"x": x}, dtype)["x"]
                named = {name.lower() for name in inspect.signature(found["forward"]).parameters}
                said = "dropped" if named & SPELT["dropped"] else "share"
                made = built(found["forward"], {said: options["p"]}, known_as="layer").to(dtype).train(options["training"])
                note("layer.eval()", "result = layer(inputs.clone())")
                out = made(tensors.passed(leaf))
                return tensors.single(out), Kept(out, {"dx": leaf}, {}, {"dx": tensors.KNOWN_AS["x"]}, {})

            return tensors.in_its_precision({"x": x}, run)

        if not options["training"]:
            return {"out": draw(arrays["x"], 0)[0], "keep_rate": 1.0}, None
        with taken():  # the draws are chance, and no lines show them
            return chance.forward(draw, arrays["x"], arrays["mask"], options["p"])

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": chance.backward(lambda d, kept: _gradients(found, d, kept)["dx"], dout, cache)}

    return _adapter(named(*KNOWN["dropout"].names), forward, KNOWN["dropout"].ready_made, {}, backward=backward)


def convolution(arrays: Mapping[str, Array], options: Options) -> dict[str, Any]:
    """Return the sizes of a convolution, in torch's order."""
    F, C, h, w = arrays["w"].shape
    side: dict[str, Any] = {"kernel": (h, w)} if "stride_h" in options else {"kernel": h, "kernel_h": h, "kernel_w": w}
    return {"inputs": C * options.get("groups", 1), "outputs": F, **side, **lying(options)}


def lying(options: Options) -> dict[str, Any]:
    """Return how the windows of a convolution lie: pairs where the axes have options of their own."""
    pairs = {name: (options[f"{name}_h"], options[f"{name}_w"]) for name in ("stride", "padding", "dilation") if f"{name}_h" in options}
    return {**pairs, **{name: options[name] for name in ("stride", "padding", "dilation", "groups", "padding_mode") if name in options}}


def window(options: Options) -> dict[str, Any]:
    """Return the sizes of the window of a pooling, by every name that they go by."""
    return {"kernel": options["kernel_h"], "kernel_h": options["kernel_h"], "kernel_w": options["kernel_w"], "stride": options["stride"]}


def _norm(task: str, *, axes: int = 2, fixed: Mapping[str, Any] | None = None) -> Adapter:
    def sizes(arrays: Mapping[str, Array], o: Options) -> dict[str, Any]:
        groups = {"groups": o["num_groups"]} if "num_groups" in o else {}
        return {**groups, "features": len(arrays["gamma"]), "eps": o["eps"], "momentum": o.get("momentum", 0.9), "axes": axes}

    return module(task, sizes=sizes, fixed=fixed)


RUNNING = {"momentum": 0.9}  # of the old statistics, or, as torch has it, 0.1 of the new ones

NAME, PLACE = "torch_modules", 80
TASKS = {
    "affine": module("affine", sizes=lambda arrays, _: {"inputs": arrays["w"].shape[0], "outputs": arrays["w"].shape[1]}),
    **{task: module(task) for task in ("relu", "sigmoid", "tanh", "flatten")},
    "leaky_relu": module("leaky_relu", sizes=lambda _, o: {"slope": o["negative_slope"]}),
    **{task: module(task, sizes=convolution, expressible=square) for task in ("conv2d", "conv2d_dilated", "conv2d_grouped")},
    "conv2d_general": module("conv2d_general", sizes=convolution),
    **{task: module(task, sizes=lambda _, o: window(o), fixed={"padding": 0}, expressible=square) for task in ("max_pool2d", "avg_pool2d")},
    "global_pool": module("global_pool", sizes=lambda _, o: {"mode": o["mode"]}, shown=tensors.planes),
    "zero_pad": module("zero_pad", sizes=lambda _, o: {"padding": o["padding"]}),
    "batch_norm": _norm("batch_norm", fixed=RUNNING),
    "spatial_batch_norm": _norm("spatial_batch_norm", axes=4, fixed=RUNNING),
    **{task: _norm(task) for task in ("layer_norm", "group_norm")},
    "dropout": _dropout(),
    **{task: module(task, takes=("x", "y")) for task in ("softmax_loss", "svm_loss", "mse_loss")},
    "two_layer_net": _two_layer_net(),
}
