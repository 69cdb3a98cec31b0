"""How one mistake is put into the reference: in front of a pass or behind it, everything else as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.variants import Student, Wrong, first
from grader.audit.misconceptions import mistaken
from reference import Array, LayerSpec, catalogue

Gradients = tuple[Array, ...]
Forward = Callable[..., tuple[Any, Any]]
Backward = Callable[[Array, Any], Gradients]
UNLISTED = {"batch_norm": ("dx", "dgamma", "dbeta")}  # gradients of layers that a catalogue may lack


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer whose forward and backward pass are right, from which wrong ones are made."""

    name: str
    forward: Forward
    backward: Backward

    def wrong_forward(self, name: str, forward: Forward, backward: Backward | None = None) -> Wrong:
        """Another forward pass; the backward pass stays right unless one is given."""
        return Wrong(name=name, layer=self.name, student=Student(forward, backward or self.backward), in_forward=True)

    def wrong_out(self, name: str, change: Callable[..., Any]) -> Wrong:
        """The output changed by `change(out, **given)`."""

        def forward(**given: Any) -> tuple[Any, Any]:
            out, cache = self.forward(**given)
            return (change(out[0], **given), *out[1:]) if isinstance(out, tuple) else change(out, **given), cache

        return self.wrong_forward(name, forward)

    def wrong_given(self, name: str, change: Callable[..., dict[str, Any]]) -> Wrong:
        """The right output, but of other arguments: those that `change(**given)` returns."""
        return self.wrong_out(name, lambda out, **given: first(self.forward(**{**given, **change(**given)})[0]))

    def wrong_beside(self, name: str, place: int, change: Callable[..., Any], *, single: bool = True) -> Wrong:
        """One of the outputs beside the first changed by `change(value, **given)`."""

        def forward(**given: Any) -> tuple[Any, Any]:
            out, cache = self.forward(**given)
            changed = list(out)
            changed[1 + place] = change(out[1 + place], **given)
            return tuple(changed), cache

        student = Student(forward, self.backward)
        return Wrong(name=name, layer=self.name, student=student, in_forward=True, beside=True, single=single)

    def wrong_backward(self, name: str, backward: Backward, *, single: bool = True) -> Wrong:
        """Another backward pass."""
        return Wrong(name=name, layer=self.name, student=Student(self.forward, backward), single=single)

    def wrong_gradient(self, gradient: str, what: str, change: Callable[..., Any], *, single: bool = True) -> Wrong:
        """One gradient changed by `change(gradient, dout, cache)`; `what` is said of it."""
        names = catalogue()[self.name].gradients if self.name in catalogue() else UNLISTED[self.name]
        place = names.index(gradient)

        def backward(dout: Array, cache: Any) -> Gradients:
            grads = list(self.backward(dout, cache))
            if place < len(grads):  # a net of fewer layers has fewer
                grads[place] = change(grads[place], dout, cache)
            return tuple(grads)

        return self.wrong_backward(f"{gradient} {what}", backward, single=single)

    def slightly(self, *gradients: str) -> Iterator[Wrong]:
        """Yield what only a close look finds, for each of these gradients."""
        for gradient in gradients:
            yield self.wrong_gradient(gradient, "too large by 1e-3", lambda g, dout, cache: g * g.dtype.type(1.001))
            yield self.wrong_gradient(gradient, "off by 1e-6 in its largest element", lambda g, dout, cache: nudged(g), single=False)


def misconceived(spec: LayerSpec) -> Iterator[Wrong]:
    """Yield a student for each value of each misconception of a layer; all else of the layer is right."""
    reading = {way: values[0] for way, values in spec.readings.items()}
    for known in spec.misconceptions:
        for name in known.of:
            yield Wrong(
                name=f"{name}: {known.id}",
                layer=spec.name,
                student=mistaken(spec, reading, known.wrong, name),
                in_forward=name not in spec.gradients,
                beside=name in spec.beside,
            )


def no_backward(_: Array, __: Any) -> Gradients:
    """Stand for the backward of what has none; nobody asks for it."""
    raise TypeError("there is no backward")


def layer(name: str) -> Layer:
    """Return the reference of a layer by its first reading."""
    spec = catalogue()[name]
    return Layer(name, partial(spec.forward, **{way: values[0] for way, values in spec.readings.items()}), spec.backward or no_backward)


def nudged(a: Array) -> Array:
    """Return an array whose largest element, by absolute value, is larger by a millionth."""
    out = np.array(a)
    out[np.unravel_index(np.abs(a).argmax(), a.shape)] *= 1 + 1e-6
    return out


def first_only(a: Array) -> Array:
    """Return an array that is 0 but for its first sample."""
    out = np.zeros_like(a)
    out[:1] = a[:1]
    return out


def last_only(a: Array) -> Array:
    """Return an array that is 0 but for its last sample."""
    out = np.zeros_like(a)
    out[-1:] = a[-1:]
    return out


def scattered(grads: Array, shape: tuple[int, ...], stride: int, padding: int, add: Callable[[Array, Array], Array] | None = None) -> Array:
    """Add windows back one after the other, or put them together by `add(present, window)`; what sticks out is dropped.

    `shape` is that of the input, and windows are (N, C, out_h, out_w, kernel_h, kernel_w).
    """
    KH, KW = grads.shape[4:]
    dxp = np.zeros((*shape[:2], shape[2] + 2 * padding, shape[3] + 2 * padding), grads.dtype)
    for i, j in np.ndindex(*grads.shape[2:4]):
        part = dxp[:, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
        window = grads[:, :, i, j, : part.shape[2], : part.shape[3]]
        part[...] = add(part, window) if add else part + window
    return dxp[:, :, padding : padding + shape[2], padding : padding + shape[3]]


def replace(_: Array, window: Array) -> Array:
    """Put `=` where `+=` belongs."""
    return window
