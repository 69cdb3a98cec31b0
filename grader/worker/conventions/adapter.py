"""What a convention is made of: the names it asks for, and how to call them."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.worker.conventions.spelling import Spelling
from grader.worker.conventions.transcript import Code, given, note
from grader.worker.wire import Array

Options = dict[str, Any]
Found = Mapping[str, Any]


class Unusable(Exception):  # noqa: N818 - the student's return value, not an error of this program
    """What a student's function returned cannot be graded; the text says what it is."""


class Unknown(Unusable):
    """The grader cannot find out how to call a student's function; the text says why."""


def unknown_parameter(asker: str, name: str) -> Unknown:
    """Return what is raised where a function or class cannot do without a parameter that nobody knows."""
    return Unknown(f"{asker} asks for {name[:60]}, of which the grader does not know what it is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One function or class of a convention, by any of these names."""

    names: tuple[str, ...]
    arity: int | None = None  # how many positional arguments it is called with, where that tells it from another
    methods: frozenset[str] = frozenset()  # a class must have these
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # and, for each part, one of these, of which the first is called
    without: frozenset[str] = frozenset()  # and none of these
    bases: frozenset[str] = frozenset()  # and it must inherit from one of these
    parameters: frozenset[str] = frozenset()  # a function, or a class's constructor, must have one of these parameters,
    not_parameters: frozenset[str] = frozenset()  # and none of these
    versions: tuple[str, ...] = ()  # methods of which one, finished, will do,
    besides: tuple[str, ...] = ()  # and others that are worth something without them


def both(wanted: Wanted) -> Mapping[str, Wanted]:
    """Return what is wanted where one function or class answers for forward and backward."""
    return {"forward": wanted, "backward": wanted}


def no_backward(_: Found, __: Array, ___: Any) -> dict[str, Any]:
    """Stand for the backward of what has none."""
    raise Unusable("there is no backward")


def always(_: Mapping[str, Array], __: Options) -> bool:
    """Accept every case."""
    return True


def square(arrays: Mapping[str, Array], options: Options) -> bool:
    """Accept square windows: a convention that has one size of them cannot express others."""
    if "kernel_h" in options:
        return bool(options["kernel_h"] == options["kernel_w"])
    return bool(arrays["w"].shape[2] == arrays["w"].shape[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """How one convention spells one task.

    `forward(found, arrays, options)` returns the values by name and whatever backward needs; `backward(found, dout, cache)`
    the gradients by name. `found` holds the student's functions by part. `fixed` are options that the convention cannot
    express, with the one value it stands for: other cases are not asked; nor are those that `expressible` denies, nor, unless `varied`,
    those whose arguments have other axes than usual or are fewer. `neutral` are options that a class may do without: where its
    constructor has none of these parameters, it is asked for this value alone, or for that of another option
    by that name. `divided` are gradients that the convention divides by the
    number of samples, and that `backward` multiplies by it. `apart` are options of which each value is a class of its own, by any of
    these names: a file that has one of them is asked for its value alone. `readings` narrows the legal readings of the layer.
    `forward_optional`: backward runs without a forward function, and shows what forward would. `usual_cache`: the cache that nearly
    everybody's forward returns; with it backward can be called without forward, of which that shows nothing. `needs` is a library that the
    worker must have besides NumPy, `derived` says that it derives the gradients from the student's forward, and `ready_made` are the names
    of what it has of the layer, which nobody wrote who calls it. `spelling` is how a student would write the call; where the names
    of the functions do not tell, it is None, and forward and backward note in a transcript what they do.
    """

    wants: Mapping[str, Wanted]
    forward: Callable[[Found, Mapping[str, Array], Options], tuple[dict[str, Any], Any]]
    backward: Callable[[Found, Array, Any], dict[str, Any]] = no_backward
    fixed: Mapping[str, Any] = field(default_factory=dict)
    neutral: Mapping[str, tuple[Any, frozenset[str]]] = field(default_factory=dict)
    divided: tuple[str, ...] = ()
    apart: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    readings: Mapping[str, Any] = field(default_factory=dict)
    forward_optional: bool = False
    expressible: Callable[[Mapping[str, Array], Options], bool] = always
    varied: bool = False
    usual_cache: Callable[[Mapping[str, Array], Options], Any] | None = None
    needs: str = ""
    derived: bool = False
    ready_made: tuple[str, ...] = ()
    spelling: Spelling | None = None


def several(returned: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return a function's results by name: of a NamedTuple that has these names by those, else in order; one may be bare."""
    if isinstance(returned, tuple) and set(names) <= set(getattr(returned, "_fields", ())):
        return {name: getattr(returned, name) for name in names}
    if len(names) == 1 and not (isinstance(returned, tuple | list) and len(returned) == 1):
        return {names[0]: returned}
    if not isinstance(returned, tuple | list):
        raise Unusable(f"{_kind(returned)} was returned instead of {len(names)} values: {', '.join(names)}")
    if len(returned) != len(names):
        raise Unusable(f"{len(returned)} values were returned instead of {len(names)}: {', '.join(names)}")
    return dict(zip(names, returned, strict=True))


def keyed(returned: Any, names: tuple[str, ...], what: str = "dictionary of gradients") -> dict[str, Any]:
    """Return the named entries of a dictionary, by default of gradients."""
    if not isinstance(returned, dict):
        raise Unusable(f"{_kind(returned)} was returned instead of a dictionary with {', '.join(names)}")
    missing = [name for name in names if name not in returned]
    if missing:
        have = ", ".join(str(key)[:30] for key in list(returned)[:12]) or "nothing"
        raise Unusable(f"the {what} lacks {', '.join(missing)}; it holds {have}")
    return {name: returned[name] for name in names}


def _kind(value: object) -> str:
    return "None" if value is None else f"one value of type {type(value).__name__[:60]}"


def called(function: Callable[..., Any], values: tuple[Any, ...], *, neutral: float = 0) -> Any:
    """Call with the leading values that the function takes; only `neutral` ones may be left out (a padding it does not know)."""
    return function(*leading(function, values, neutral=neutral))


def leading(function: Callable[..., Any], values: tuple[Any, ...], *, neutral: float = 0) -> tuple[Any, ...]:
    """Return the values that `called` calls a function with."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return values
    count = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in parameters) or any(np.any(np.asarray(v) != neutral) for v in values[count:]):
        count = len(values)
    return values[:count]


def in_a_dictionary(**known_as: str) -> Callable[[Options], tuple[dict[str, Any]]]:
    """Return what makes of options the one argument that holds them, by a convention's names for ours."""
    return lambda options: ({theirs: options[ours] for theirs, ours in known_as.items()},)


def one_hot(y: Array, classes: int, dtype: Any) -> Array:
    """Return labels y (N,) as rows with a single 1, shape (N, classes)."""
    t: Array = np.zeros((len(y), classes), dtype)
    t[np.arange(len(y)), y] = 1
    return t


def beside(function: Any, name: str) -> Any:
    """Return what the file that defines a function calls by another name; None where there is no such thing."""
    return getattr(function, "__globals__", {}).get(name)


def of_parameters(made: Callable[..., Any], arrays: Mapping[str, Array]) -> Any:
    """Construct a net by its sizes in order, and give it these parameters."""
    note(f"model = {made.__name__}({', '.join(map(str, widths(arrays)))})")
    model = made(*widths(arrays))
    fill(model.params, arrays)
    return model


def constructed(made: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Construct a net by those keywords that its class knows."""
    known = inspect.signature(made).parameters
    open_ended = any(p.kind is p.VAR_KEYWORD for p in known.values())
    taken = {name: value for name, value in values.items() if name in known or open_ended}
    note(f"model = {made.__name__}({given({n: Code(f'np.{v.__name__}') if isinstance(v, type) else v for n, v in taken.items()})})")
    return made(**taken)


def whole_as_float(value: Any) -> Any:
    """Return class numbers as an array of floats, which results are."""
    return value.astype(np.float64) if type(value) is np.ndarray and value.dtype.kind in "iu" else value


def learned(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the weights and biases of a net, W1, b1, ..., among its arguments."""
    return {name: array for name, array in arrays.items() if name[0] in "Wb"}


def fill(params: Any, arrays: Mapping[str, Array]) -> None:
    """Put parameters W1, b1, ... into a net that is known as model."""
    own = learned(arrays)
    for name, array in own.items():
        note(f"model.params[{name!r}][...] = {name}" if fits(params, name, array) else f"model.params[{name!r}] = {name}.copy()")
    put(params, own)


def fits(params: Any, name: str, array: Array) -> bool:
    """Whether an array can be put into the one that a net has."""
    held = params.get(name)
    return type(held) is np.ndarray and held.shape in (array.shape, (1, *array.shape)) and np.can_cast(array.dtype, held.dtype)


def put(params: Any, arrays: Mapping[str, Array]) -> None:
    """Put parameters of any names into a net: in place where the shapes agree, since layers may hold on to the arrays."""
    for name, array in arrays.items():
        if fits(params, name, array):
            params[name][...] = array
        else:
            params[name] = array


def trained(ask: Callable[[], tuple[Any, Mapping[str, Any]]], params: Any, options: Options) -> Array:
    """Train a net by gradient descent, where `ask` gives its loss and gradients; return the loss before each step and after the last.

    The losses are as precise as what they come from: a net that computes in float32 has losses in float32.
    """
    losses, single = [], False
    for _ in range(options["steps"] + 1):
        loss, grads = ask()
        losses.append(float(loss))
        moved = {}
        for name, grad in grads.items():
            held = np.asarray(params[name])
            if type(grad) is not np.ndarray or grad.size != held.size:
                raise Unusable(f"the gradient of {name} is not of its shape, {held.shape}")
            moved[name] = held - held.dtype.type(options["learning_rate"]) * grad.reshape(held.shape)
            single |= np.float32 in (grad.dtype, getattr(loss, "dtype", None))
        put(params, moved)
    return np.array(losses, np.float32 if single else np.float64)


def note_training(step: str, options: Options) -> None:
    """Note the loop of `trained` for the net that is known as model, of which `step` leaves `loss` and `grads`."""
    note(
        "losses = []",
        f"for _ in range({options['steps'] + 1}):",
        f"    {step}",
        "    losses.append(loss)",
        "    for name in grads:",
        f"        model.params[name] -= {options['learning_rate']} * grads[name].reshape(model.params[name].shape)",
        "out = np.array(losses)",
    )


def widths(arrays: Mapping[str, Array]) -> tuple[int, ...]:
    """Return the sizes (D, H1, ..., K) of a net by its weights."""
    weights = [a for name, a in arrays.items() if name.startswith("W")]
    return (weights[0].shape[0], *(w.shape[-1] for w in weights))
