"""The user's forward and backward, whatever their form, as functions of arrays by name.

Bad use is a ValueError that says what to do; what the user's own functions raise is theirs, and passes through.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from grader.model import Array
from grader.numerics.comparison import fitted
from grader.numerics.derivative import Inputs

Wrt = int | str | Sequence[int | str] | None


class Functions:
    """Forward and backward at one point.

    Attributes:
        inputs: The arguments by name; those that are differentiated in float64, the others as they were given.
        names: The arguments that are differentiated, in the order in which backward returns their gradients.
    """

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any] | None, inputs: Any, wrt: Wrt) -> None:
        """Sort the arguments.

        Raises:
            ValueError: `inputs` or `wrt` do not fit forward, or hold nothing that has a gradient.
        """
        for name, function in {"forward": forward, **({} if backward is None else {"backward": backward})}.items():
            if not callable(function):
                raise ValueError(f"{name} is {_kind(function)}; it must be a function.")
        self._forward, self._backward = forward, backward
        self._by_name = isinstance(inputs, Mapping)
        given = named(inputs, _parameters(forward))
        self.floating = _floating(given)
        self.names = self.floating if wrt is None else _wanted(wrt, given)
        if not self.names:
            kinds = ", ".join(f"{name} is {_kind(a)}" for name, a in given.items()) or "the inputs are empty"
            raise ValueError(f"nothing to differentiate: {kinds}. Give an array of floats, as x.astype(float) is.")
        self.inputs = {name: np.array(a, np.float64) if name in self.names else a for name, a in given.items()}
        for name in self.names:
            if not np.isfinite(self.inputs[name]).all():
                raise ValueError(f"{name} holds nan or infinite numbers, where no function has a gradient.")
        self._shapes: set[tuple[int, ...]] = set()
        _must_take("forward", forward, *self._split(self.inputs))

    def _split(self, inputs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        return ([], dict(inputs)) if self._by_name else (list(inputs.values()), {})

    def _call(self, inputs: Mapping[str, Any]) -> Any:
        """Call forward on copies: what it does to its arguments stays with it."""
        listed, by_name = self._split({name: _copied(a) for name, a in inputs.items()})
        return self._forward(*listed, **by_name)

    def evaluate(self, several: Sequence[Inputs]) -> list[Array]:
        """Return the outputs for several inputs.

        Raises:
            ValueError: An output is no array of numbers, or its shape is another for every input.
        """
        outs = [_output(self._call(inputs)) for inputs in several]
        shapes = {out.shape for out in outs} | self._shapes
        self._shapes = shapes
        if len(shapes) > 1:
            said = " and ".join(map(str, sorted(shapes)))
            raise ValueError(f"forward returned arrays of shapes {said} for inputs that hardly differ; it must be one shape.")
        return outs

    def gradients(self, dout: Array) -> tuple[dict[str, Array], dict[str, str]]:
        """Return the gradients for a dout by name, and of those that cannot be compared what is wrong with them.

        Raises:
            ValueError: backward does not take what forward returned, or there is neither a backward nor a loss.
        """
        returned = self._call(self.inputs)
        kept = returned[1:] if isinstance(returned, tuple) else ()
        if self._backward is None:
            if not kept:
                raise ValueError("there is no backward, and forward did not return (loss, gradients).")
            if dout.size > 1:
                raise ValueError(f"without a backward, forward must return (loss, gradients); its loss has the shape {dout.shape}.")
            grads = kept[0]
        else:
            _must_take("backward", self._backward, [dout, *kept], {})
            grads = self._backward(dout.copy(), *kept)
        found = self._by_argument(grads)
        complaints = {name: c for name in self.names if (c := self._complaint(name, found[name], grads))}
        return {
            name: _floats(fitted(np.asarray(found[name]), self.inputs[name].shape)) for name in found if name not in complaints
        }, complaints

    def _by_argument(self, grads: Any) -> dict[str, Any]:
        """Find the gradient of every argument in what backward returned: by name, by position, or the only one."""
        if isinstance(grads, Mapping):
            return {name: grads.get(name, grads.get(f"d{name}")) for name in self.names}
        if len(self.names) == 1 and (got := _array(grads)) is not None and fitted(got, self.inputs[self.names[0]].shape) is not None:
            return {self.names[0]: got}
        listed = _listed(grads)
        # Some return one for every argument, with None for the labels; some all that there are, whatever was asked for.
        orders = (self.names, list(self.inputs), self.floating)
        order = next((order for order in orders if len(order) == len(listed)), self.names)
        return {**dict.fromkeys(self.names), **{n: g for n, g in zip(order, listed, strict=False) if n in self.names}}

    def _complaint(self, name: str, got: Any, grads: Any) -> str:
        shape = self.inputs[name].shape
        if got is None:
            said = f"the names {', '.join(map(str, grads))}" if isinstance(grads, Mapping) else f"{len(_listed(grads))}"
            return f"its gradient is missing; returned were {said}. If it has none, leave it out of wrt."
        array = _array(got)
        if array is None:
            return f"its gradient is {_kind(got)}; it must be an array of floats of shape {shape}."
        return "" if fitted(array, shape) is not None else f"its gradient has shape {array.shape}; it must have the argument's, {shape}."


def named(inputs: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return arguments by name: a tuple or a list holds several, unless it is a list of numbers."""
    if isinstance(inputs, Mapping):
        return {str(name): a for name, a in inputs.items()}
    several = isinstance(inputs, tuple) or (isinstance(inputs, list) and not _numbers(inputs))
    listed = list(inputs) if several else [inputs]
    return dict(zip(names if len(names) >= len(listed) else map(str, range(len(listed))), listed, strict=False))


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Return the names under which a function takes its arguments by position; none where it does not tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _must_take(name: str, function: Callable[..., Any], listed: Sequence[Any], by_name: Mapping[str, Any]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C: it says so itself when it is called
        return
    try:
        signature.bind(*listed, **by_name)
    except TypeError as error:
        given = {"forward": f"{len(listed) + len(by_name)} inputs", "backward": "dout, cache" if len(listed) > 1 else "dout alone"}[name]
        raise ValueError(f"{name}{signature} does not take what it is given, {given}: {error}.") from None


def _floating(given: Mapping[str, Any]) -> list[str]:
    """Name the arrays of floats; where there are none, the floats and the lists of them: beside arrays they are options."""
    arrays = [name for name, a in given.items() if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    return arrays or [name for name, a in given.items() if _has_gradient(a)]


def _has_gradient(a: Any) -> bool:
    return (isinstance(a, np.ndarray | Real) or _numbers(a)) and (got := _array(a)) is not None and got.dtype.kind == "f"


def _wanted(wrt: Wrt, given: Mapping[str, Any]) -> list[str]:
    listed = [wrt] if isinstance(wrt, int | str) else list(wrt or ())
    known = list(given)
    names: list[str] = []
    for each in listed:
        inside = isinstance(each, int) and -len(known) <= each < len(known)
        if not inside and each not in given:
            raise ValueError(f"wrt holds {each!r}; the arguments are {', '.join(known)}.")
        names.append(known[each] if isinstance(each, int) else each)
    strange = [f"{name}, which is {_kind(given[name])}" for name in names if not _has_gradient(given[name])]
    if strange:
        raise ValueError(f"wrt holds {' and '.join(strange)}; only floats have a gradient. Leave it out, or convert it by astype(float).")
    if len(set(names)) < len(names) or not names:
        raise ValueError(f"wrt is {wrt!r}; it must hold at least one argument, and each once.")
    return names


def _numbers(a: Any) -> bool:
    """Whether a list holds nothing but numbers, or lists of them."""
    return isinstance(a, list | tuple) and bool(a) and all(isinstance(each, Real) or _numbers(each) for each in a)


def _copied(a: Any) -> Any:
    """Copy arrays, also in lists and dicts; other objects are the user's."""
    if isinstance(a, np.ndarray):
        return a.copy()
    if type(a) in (list, tuple):
        return type(a)(map(_copied, a))
    return {key: _copied(value) for key, value in a.items()} if type(a) is dict else a


def _array(a: Any) -> Array | None:
    """Return an array of real numbers, None where it is none."""
    try:
        got = np.asarray(a)
    except ValueError:  # lists of different lengths
        return None
    return got if got.dtype.kind in "fiub" else None


def _floats(a: Array | None) -> Array:
    """Return floats of at most 64 bits: in these everything is computed here."""
    assert a is not None
    return a if a.dtype.kind == "f" and a.dtype.itemsize <= 8 else a.astype(np.float64)


def _output(returned: Any) -> Array:
    """Return a copy of the output: some functions return the same array, filled anew, for every call."""
    if isinstance(returned, tuple) and len(returned) not in (1, 2):
        raise ValueError(f"forward returned a tuple of {len(returned)}; it must return out or (out, cache).")
    first = returned[0] if isinstance(returned, tuple) else returned
    out = _array(first)
    if out is None:
        raise ValueError(f"forward returned {_kind(first)}; it must return an array of real numbers, or the tuple (out, cache).")
    if not out.size:
        raise ValueError(f"forward returned an empty array, of shape {out.shape}: there is nothing to differentiate.")
    return _floats(out).copy()


def _listed(grads: Any) -> list[Any]:
    return list(grads) if isinstance(grads, Iterable) and not isinstance(grads, np.ndarray | np.generic | str) else [grads]


def _kind(a: Any) -> str:
    """Say what something is."""
    if isinstance(a, np.ndarray):
        return f"an array of {a.dtype}"
    return "None" if a is None else f"a {type(a).__name__}"
