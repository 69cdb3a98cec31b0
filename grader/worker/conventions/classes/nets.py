"""Nets as classes: parameters `W1`, `b1`, ... in a dictionary or in attributes; a loss and a backward that are asked in many ways."""

import contextlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.adapter import (
    Adapter,
    Found,
    Options,
    Unknown,
    Unusable,
    Wanted,
    both,
    learned,
    trained,
    unknown_parameter,
    widths,
)
from grader.worker.conventions.classes.built import RATE, built, parameters
from grader.worker.conventions.classes.layers import reshaped
from grader.worker.conventions.classes.layout import REFUSED
from grader.worker.conventions.classes.losses import FORMS, PREDICTIONS, SAID, TARGETS
from grader.worker.conventions.classes.running import FORWARD, in_code, method, needed
from grader.worker.conventions.classes.slots import BIASES, WEIGHTS, Slot, first_array, gradient_slots, slots
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note, taken
from grader.worker.wire import Array

LOSS = ("loss", "compute_loss", "calculate_loss", "calc_loss", "get_loss", "cross_entropy_loss", "cross_entropy", "cost", "compute_cost")
BACKWARD = ("gradient", "backward", "backprop", "backward_pass", "backward_propagation", "backpropagation", "gradients", "compute_gradients", "back_propagation")  # fmt: skip
INPUTS = frozenset(["x", "x_train", "x_batch", "inputs", "input", "data", "features", "images", "batch", "samples"])
GIVEN = frozenset(["y", "y_train", "y_batch"]) | TARGETS
HIDDEN = SPELT["hidden"] | SPELT["hidden1"] | {"H", "H1"}


class Form(NamedTuple):
    """How a net has its parameters, wants its labels and returns its gradients."""

    places: Mapping[str, Slot]
    turned: frozenset[str]  # weights that are kept as (outputs, inputs)
    labels: str
    order: tuple[str, ...]  # of gradients in a tuple


class Asked(NamedTuple):
    """A net that has been asked for its loss of x and t; `grads` are what came with it."""

    model: Any
    x: Array
    t: Array
    out: Any
    grads: Any


@cache
@taken()
def _form(made: Callable[..., Any], depth: int) -> Form:
    """Find out on a net whose sizes all differ, so that no two parameters are of one size."""
    sizes = tuple(range(2, depth + 3))
    shapes = {f"{kind}{n}": sizes[n - 1 : n + 1] if kind == "W" else sizes[n : n + 1] for n in range(1, depth + 1) for kind in "Wb"}
    model = _made(made, sizes)
    places: dict[str, Slot] = {}
    layers = _layers(model)
    for tag in shapes:
        slot = first_array(model, slots(_spelt(tag)))
        if slot is None and len(layers) == depth:
            kept = first_array(layers[(where := list(layers)[int(tag[1:]) - 1])], slots(WEIGHTS if tag[0] == "W" else BIASES))
            slot = kept and Slot((where, *kept.path))
        if slot is None:
            raise Unknown(f"no parameter {tag} was found in the net: params['{tag}'] or self.{tag}")
        places[tag] = slot
    turned = frozenset(tag for tag in shapes if tag[0] == "W" and places[tag].get(model).shape == shapes[tag][::-1])
    samples = 2 * sizes[-1]  # as many as classes, and labels would go for rows
    x, y = np.linspace(-1, 1, 2 * samples).reshape(samples, 2), np.arange(samples) % sizes[-1]
    errors: list[BaseException] = []
    for name, rows in FORMS.items():
        try:
            with np.errstate(all="ignore"):
                value, asked = _loss(_made(made, sizes), x, rows(np.zeros((samples, sizes[-1])), y))
        except REFUSED as error:
            errors.append(error)
            continue
        if np.size(value) == 1:
            return Form(places, turned, name, _order(asked, shapes))
    raise errors[0] if errors else Unusable("the loss is not one number")


def _layers(model: Any) -> dict[str, Any]:
    """Return the layers of a net that have weights, by the attribute that holds each, in the order in which they were made."""
    return {
        name: held for name, held in getattr(model, "__dict__", {}).items() if first_array(held, slots(WEIGHTS)) and method(held, FORWARD)
    }


def _order(asked: Asked, shapes: Mapping[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Return which gradient comes when where backward returns all of them in a tuple, told by their sizes."""
    with contextlib.suppress(Exception), np.errstate(all="ignore"):  # backward will be asked again, and then be judged
        grads, _ = _grads(asked)
        by_size = {int(np.prod(shape)): tag for tag, shape in shapes.items()}
        told = [by_size.get(np.size(g), "") for g in grads] if isinstance(grads, tuple | list) else []
        if sorted(told) == sorted(shapes):
            return tuple(told)
    return tuple(shapes)


def net(depth: int, *names: str) -> Adapter:
    """Return the adapter of a net of so many layers, constructed with its sizes; it is asked without regularisation."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        form = _form(found["forward"], depth)
        model = _made(found["forward"], widths(arrays), known_as="model")
        for tag, slot in form.places.items():
            turned = tag in form.turned
            value = np.ascontiguousarray(arrays[tag].T) if turned else arrays[tag].copy()
            slot.set(model, value, said=f"{tag}.T" if turned else tag, known_as="model")
        x = arrays["x"]
        note(f"t = {SAID[form.labels].format(classes=widths(arrays)[-1])}")
        t = FORMS[form.labels](np.zeros((len(x), widths(arrays)[-1]), x.dtype), arrays["y"])
        value, asked = _loss(model, x, t)
        return {"out": value}, (asked, form, {tag: arrays[tag].shape for tag in form.places})

    def backward(_: Found, __: Array, cache: Any) -> dict[str, Any]:
        asked, form, shapes = cache
        before = {tag: np.copy(slot.get(asked.model)) for tag, slot in form.places.items()}
        grads, rated = _grads(asked)
        values, said = {}, {}
        for tag, slot in form.places.items():
            now = slot.get(asked.model)
            moved = (before[tag] - now) / RATE if rated and np.shape(now) == before[tag].shape else None
            value, said[tag] = _gradient(asked.model, grads, tag, slot, form.order, moved)
            turned = tag in form.turned and type(value) is np.ndarray
            values[tag] = value.T if turned else value
            said[tag] += ".T" if turned else ""
            if tag[0] == "b":
                values[tag] = reshaped(value, shapes[tag])
                said[tag] += "" if np.shape(value) == np.shape(values[tag]) else f".reshape({shapes[tag]})"
        note(f"grads = {{{', '.join(f'{tag!r}: {place}' for tag, place in said.items())}}}")
        return values

    wanted = Wanted(names=names, calls={"forward": LOSS, "backward": (*BACKWARD, *LOSS)}, parameters=HIDDEN)
    return Adapter(wants=both(wanted), forward=forward, backward=backward, fixed={"reg": 0.0})


def training(inner: Adapter) -> Adapter:
    """Return the adapter of a net that its own gradients train; every step is a new net with the parameters of the step."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        params = {name: array.copy() for name, array in learned(arrays).items()}
        steps: list[list[str]] = []

        def ask() -> tuple[Any, dict[str, Any]]:
            with taken() as lines:
                values, asked = inner.forward(found, {**arrays, **params}, {})
                grads = inner.backward(found, np.ones(()), asked)
            steps.append(lines)
            return values["out"], grads

        losses = trained(ask, params, options)
        note("losses = []", f"for _ in range({options['steps'] + 1}):", *(f"    {line}" for line in (*steps[0], "losses.append(out)")))
        note(*(f"    {name} = {name} - {options['learning_rate']} * grads[{name!r}]" for name in params), "out = np.array(losses)")
        return {"out": losses}, None

    return Adapter(wants={"forward": inner.wants["backward"]}, forward=forward)


def _spelt(tag: str) -> tuple[str, ...]:
    kind, n = tag[0], tag[1:]
    stems = ("W", "w", "weights", "weight", "W_", "w_") if kind == "W" else ("b", "B", "bias", "biases", "b_")
    return tuple(f"{stem}{n}" for stem in stems)


def _made(made: Callable[..., Any], sizes: tuple[int, ...], known_as: str = "") -> Any:
    """Construct a net of these sizes, without regularisation."""
    first, *hidden, last = sizes
    named = {"hidden": hidden[0]} if len(hidden) == 1 else {f"hidden{n}": size for n, size in enumerate(hidden, 1)}
    model = built(made, {"inputs": first, **named, "outputs": last}, known_as=known_as)
    for name in sorted(SPELT["penalty"]):
        if isinstance(getattr(model, name, None), float | int):
            setattr(model, name, 0.0)
            if known_as:
                note(f"{known_as}.{name} = 0.0")
    return model


def _loss(model: Any, x: Array, t: Array) -> tuple[Any, Asked]:
    """Return the loss, and the net as it is then."""
    scores = method(model, FORWARD)
    out = _asked(scores, _arguments(scores, x, t, None, after=1), "scores", x) if scores else None
    ask = needed(model, LOSS)
    value, grads = _asked(ask, _arguments(ask, x, t, out), "out"), None
    if isinstance(value, tuple) and len(value) == 2:
        note("out, grads = out")
        value, grads = value
    return value, Asked(model, x, t, out, grads)


def _asked(ask: Callable[..., Any], given: Mapping[str, tuple[Any, str]], known_as: str, x: Array | None = None) -> Any:
    """Call a method with x, if need be, and arguments by name, each with what it is in a line of code."""
    said = [*([] if x is None else ["x"]), *(f"{name}={what}" for name, (_, what) in given.items())]
    note(f"{known_as} = {in_code(ask, 'model', ', '.join(said), {})}")
    return ask(*([] if x is None else [x.copy()]), **{name: value for name, (value, _) in given.items()})


def _grads(asked: Asked) -> tuple[Any, bool]:
    """Return what backward returns, or what came with the loss, and whether backward has been given a learning rate."""
    if isinstance(asked.grads, dict):
        return asked.grads, False
    ask = needed(asked.model, BACKWARD)
    given = _arguments(ask, asked.x, asked.t, asked.out)
    rated = any(type(v) is float and v == RATE for v, _ in given.values())
    if rated:
        note("import copy", "before = copy.deepcopy(model)")
    return _asked(ask, given, "grads"), rated


def _arguments(ask: Callable[..., Any], x: Array, t: Array, out: Any, *, after: int = 0) -> dict[str, tuple[Any, str]]:
    """Return by name what a method of a net is called with `after` so many arguments: inputs, targets, what forward gave, a learning rate.

    Each comes with what it is in a line of code.

    Raises:
        Unknown: It cannot do without something else.
    """
    asked = parameters(ask)[after:]
    names = {p.name.lower() for p in asked}
    given: dict[str, tuple[Any, str]] = {}
    for p in asked:
        name = p.name.lower()
        predicted = name in PREDICTIONS - INPUTS or (name == "y" and "t" in names and not names & INPUTS)
        if predicted and (p.default is p.empty or out is not None):
            given[p.name] = np.copy(out) if type(out) is np.ndarray else out, "scores"
        elif name in INPUTS:
            given[p.name] = x.copy(), "x"
        elif name in GIVEN:
            given[p.name] = t.copy(), "t"
        elif name in SPELT["rate"]:
            given[p.name] = RATE, str(RATE)
        elif name in SPELT["penalty"]:
            given[p.name] = 0.0, "0.0"
        elif p.default is p.empty:
            raise unknown_parameter(ask.__name__, p.name)
    return given


def _gradient(model: Any, grads: Any, tag: str, slot: Slot, order: tuple[str, ...], moved: Any) -> tuple[Any, str]:
    """Return one parameter's gradient: returned by name or in order, kept by the net, or seen in how far the parameter has moved.

    It comes with what it is in a line of code.
    """
    spelt_so = _spelt(tag)
    keys = [key for n in spelt_so for key in (n, f"d{n}", f"grad_{n}", f"{n}_grad")]
    if isinstance(grads, dict):
        key = next((key for key in keys if key in grads), None)
        if key is None:
            have = ", ".join(str(k)[:30] for k in list(grads)[:12]) or "nothing"
            raise Unusable(f"the dictionary of gradients lacks {tag}; it holds {have}")
        return grads[key], f"grads[{key!r}]"
    if isinstance(grads, tuple | list) and len(grads) == len(order):
        return grads[order.index(tag)], f"grads[{order.index(tag)}]"
    whole, *inside = slot.path
    holder, known_as, names = model, "model", spelt_so
    if whole in _layers(model) and inside:
        holder, known_as, names = getattr(model, whole), f"model.{whole}", WEIGHTS if tag[0] == "W" else BIASES
    place = first_array(holder, gradient_slots(names))
    if place:
        return place.get(holder), place.said(holder, known_as)
    if moved is None:
        raise Unusable(f"backward left no gradient of {tag} behind: it is neither returned nor kept as self.d{tag}")
    return moved, f"(({slot.said(model, 'before')} - {slot.said(model, 'model')}) / {RATE})"


TWO_LAYERS = net(
    2, "TwoLayerNet", "TwoLayerNN", "TwoLayerNetwork", "TwoLayerNeuralNetwork", "TwoLayerMLP", "TwoLayerPerceptron", "NeuralNetwork",
    "NeuralNet", "MLP", "SimpleNN",
)  # fmt: skip
TASKS = {
    "two_layer_net": TWO_LAYERS,
    "three_layer_net": net(3, "ThreeLayerNet", "ThreeLayerNN", "ThreeLayerNetwork", "ThreeLayerNeuralNetwork", "ThreeLayerMLP"),
    "training": training(TWO_LAYERS),
}
