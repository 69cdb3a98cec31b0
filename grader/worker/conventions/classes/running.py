"""How a class is run: by which method, in which mode, and where backward leaves what it found."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.worker.conventions.adapter import Unusable, unknown_parameter
from grader.worker.conventions.classes.built import RATE, parameters
from grader.worker.conventions.classes.slots import Slot, first_array, gradient_slots
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import given as by_name
from grader.worker.conventions.transcript import note
from grader.worker.wire import Array

FORWARD = ("forward", "__call__", "forward_pass", "forward_prop", "forward_propagation", "fprop", "call")
BACKWARD = ("backward", "backward_pass", "backprop", "backward_prop", "backward_propagation", "back_propagation", "bprop", "grad", "gradient", "derivative")  # fmt: skip
CALLS: Mapping[str, tuple[str, ...]] = {"forward": FORWARD, "backward": BACKWARD}
RATES = SPELT["rate"] | {"alpha", "rate"}  # of a backward, where alpha is no slope
TRAINS = ("training", "train", "is_training", "train_flg", "train_flag", "is_train", "train_mode", "training_mode", "istrain", "mode")
TESTS = ("test", "testing", "is_test", "eval", "inference", "evaluate", "test_mode", "predict", "eval_mode", "is_eval")


def method(layer: Any, names: Sequence[str]) -> Callable[..., Any] | None:
    """Return the first method of these names, or None."""
    found = (getattr(layer, name, None) for name in names)  # not of its type: every type has a __call__
    return next((f for f in found if callable(f)), None)


def needed(layer: Any, names: Sequence[str]) -> Callable[..., Any]:
    """Return the first method of these names.

    Raises:
        Unusable: There is none.
    """
    found = method(layer, names)
    if found is None:
        raise Unusable(f"an object of the class has no method {names[0]}")
    return found


def run(layer: Any, x: Array, *, training: bool | None = None, said: str = "") -> Any:
    """Call forward, in a mode where one is given: by an argument of it, by `train()` and `eval()`, or by an attribute.

    A call of what is `said` to be x is noted in the transcript.

    Raises:
        Unusable: Forward asks for what nobody knows, or there is no test mode.
    """
    forward = needed(layer, FORWARD)
    given: dict[str, Any] = {}
    for p in parameters(forward)[1:]:
        if training is None and p.default is not p.empty:
            continue  # the mode of a pooling, say
        if p.name in TRAINS or p.name in TESTS:
            given[p.name] = _mode(p.name, p.default, training=training is not False)
        elif p.default is p.empty:
            raise unknown_parameter(forward.__name__, p.name)
    if training is not None and not given:
        _switch(layer, training=training, noted=bool(said))
    if said:
        note(f"out = {in_code(forward, 'layer', said, given)}")
    out = forward(x, **given)
    if out is None and said:
        note("out = layer.output")
    return left_behind(layer, "output") if out is None else out


def in_code(asked: Callable[..., Any], known_as: str, said: str, named: Mapping[str, Any]) -> str:
    """Return the call of a method of what is known as something, in a line of code."""
    name = getattr(asked, "__name__", "__call__")
    arguments = ", ".join(filter(None, (said, by_name(named))))
    return f"{known_as}({arguments})" if name == "__call__" else f"{known_as}.{name}({arguments})"


def left_behind(layer: Any, name: str) -> Any:
    """Return what a method that returns nothing has left in an attribute, as those of "Neural Networks from Scratch in Python" do."""
    return getattr(layer, name, None)


def _mode(name: str, like: object, *, training: bool) -> Any:
    if name == "mode" or isinstance(like, str):
        return "train" if training else "test"
    return training if name in TRAINS else not training


def _switch(layer: Any, *, training: bool, noted: bool) -> None:
    flag = next((n for n in (*TRAINS, *TESTS) if isinstance(getattr(layer, n, None), bool | str)), None)
    names = ("train", "train_mode", "set_train") if training else ("eval", "test", "eval_mode", "evaluate", "set_eval", "inference")
    switch = method(layer, names)
    if flag:
        setattr(layer, flag, _mode(flag, getattr(layer, flag), training=training))
        said = f"layer.{flag} = {getattr(layer, flag)!r}"
    elif switch:
        switch()
        said = in_code(switch, "layer", "", {})
    elif not training:
        raise Unusable("there is no test mode: neither a parameter training of forward, nor a method eval, nor self.training")
    else:
        return
    if noted:
        note(said)


def _rated(backward: Callable[..., Any]) -> dict[str, float]:
    """Return the learning rate that backward takes beside dout.

    Raises:
        Unknown: It cannot do without something else.
    """
    rates = [p.name for p in parameters(backward)[1:] if p.name.lower() in RATES]
    for p in parameters(backward)[1:]:
        if p.default is p.empty and p.name not in rates:
            raise unknown_parameter(backward.__name__, p.name)
    return dict.fromkeys(rates, RATE)


def _learns(layer: Any) -> bool:
    """Whether a layer was constructed with a learning rate."""
    return any(name.lower() in SPELT["rate"] for name in inspect.signature(type(layer)).parameters)


def gradients(layer: Any, dout: Array, held: Mapping[str, tuple[Slot, Sequence[str]]], said: str = "dout") -> tuple[Any, dict[str, Any]]:
    """Run backward; return dx, and of each held array, by the name of its gradient, what came for it.

    That is returned beside dx, kept under a name like those of the array, or seen in how the array has moved.
    A call of what is `said` to be dout is noted in the transcript.

    Raises:
        Unusable: Of an array there is no gradient.
    """
    before = {name: np.copy(slot.get(layer)) for name, (slot, _) in held.items()}
    backward = needed(layer, BACKWARD)
    rated = _rated(backward)
    learns = bool(rated) or _learns(layer)
    if learns:
        note(*(f"{name}_before = {slot.said(layer, 'layer')}.copy()" for name, (slot, _) in held.items()))
    note(f"dx = {in_code(backward, 'layer', said, rated)}")
    returned = backward(dout, **rated)
    told = returned[1:] if isinstance(returned, tuple) and len(returned) == len(held) + 1 else ()
    if isinstance(returned, tuple) and returned:
        note(f"{', '.join(['dx', *held])} = dx" if told else "dx = dx[0]")
    values: dict[str, Any] = {}
    for i, (name, (slot, spelt)) in enumerate(held.items()):
        place = first_array(layer, gradient_slots(spelt))
        now = slot.get(layer)
        if told:
            values[name] = told[i]
        elif place:
            values[name] = place.get(layer)
            note(f"{name} = {place.said(layer, 'layer')}")
        elif np.shape(now) == before[name].shape and learns:
            values[name] = (before[name] - now) / RATE
            note(f"{name} = ({name}_before - {slot.said(layer, 'layer')}) / {RATE}")
        else:
            raise Unusable(f"backward left no {name} behind: it is neither returned nor kept as self.d{spelt[0]}")
    dx = returned[0] if isinstance(returned, tuple) and returned else returned
    if dx is None:
        note("dx = layer.dinputs")
    return left_behind(layer, "dinputs") if dx is None else dx, values
