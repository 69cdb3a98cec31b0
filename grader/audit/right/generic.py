"""Ways to compute any layer from its reference: other dtypes, memory layouts and orders of the batch."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.audit.students import Student
from reference import Array, LayerSpec

COUPLED = ("batch_norm", "spatial_batch_norm")  # samples share statistics: the batch cannot be taken apart
OF_A_BATCH = ("reversed batch", "sample by sample")


def reference(spec: LayerSpec, **reading: Any) -> Student:
    """The reference itself, by one of its readings."""
    return Student(lambda **given: spec.forward(**{**given, **reading}), spec.backward)


def _floats(change: Callable[[Array], Array], value: Any) -> Any:
    return change(value) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _each(change: Callable[[Any], Any], out: Any) -> Any:
    """Change the output, and those beside it."""
    return tuple(map(change, out)) if isinstance(out, tuple) else change(out)


def _wrapped(spec: LayerSpec, before: Callable[[Array], Array], after: Callable[[Any], Any], reading: Mapping[str, Any]) -> Student:
    """The reference between a change of every array that goes in and one of every array that comes out."""

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**{name: _floats(before, a) for name, a in given.items()}, **reading)
        return _each(after, out), cache

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        return tuple(after(g) for g in spec.backward(before(dout), cache))

    return Student(forward, backward if spec.backward else None)


def single(spec: LayerSpec, **reading: Any) -> Student:
    """Everything cast to float32."""

    def cast(a: Array) -> Array:
        return a.astype(np.float32)

    return _wrapped(spec, cast, lambda a: _floats(cast, np.asarray(a)), reading)


def wider(dtype: Any) -> Callable[..., Student]:
    """Return a variant that computes in a wider dtype and casts back to that of the input."""

    def make(spec: LayerSpec, **reading: Any) -> Student:
        inner = _wrapped(spec, lambda a: a.astype(dtype), np.asarray, reading)

        def forward(**given: Any) -> tuple[Any, Any]:
            own = next(a.dtype for a in given.values() if isinstance(a, np.ndarray) and a.dtype.kind == "f")
            out, cache = inner.forward(**given)
            return _each(lambda a: np.asarray(a).astype(own), out), (cache, own)

        def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
            assert inner.backward
            return tuple(g.astype(cache[1]) for g in inner.backward(dout, cache[0]))

        return Student(forward, backward if spec.backward else None)

    return make


def fortran(spec: LayerSpec, **reading: Any) -> Student:
    """Arrays stored column by column."""

    def columns(a: Any) -> Array:
        return np.asarray(a, order="F")  # np.asfortranarray would make a vector of a number

    return _wrapped(spec, columns, columns, reading)


def strided(spec: LayerSpec, **reading: Any) -> Student:
    """Arrays that are views of every second entry of larger ones, backwards along the last axis."""

    def view(a: Array) -> Array:
        if not a.ndim:
            return a
        apart = np.zeros([2 * n for n in a.shape], a.dtype)
        apart[tuple([slice(None, None, 2)] * (a.ndim - 1) + [slice(None, None, -2)])] = a
        return apart[tuple([slice(None, None, 2)] * (a.ndim - 1) + [slice(None, None, -2)])]

    return _wrapped(spec, view, lambda a: view(np.asarray(a)), reading)


def reverse(spec: LayerSpec, **reading: Any) -> Student:
    """The batch from its end to its beginning, so that sums over it run the other way."""
    batched = {a.name for a in spec.arguments if a.axes.split()[0] == "N"}

    def turn(a: Array, samples: int) -> Array:
        return a.reshape(samples, -1)[::-1].reshape(a.shape).copy()  # rows of im2col belong to samples, several to each

    def forward(**given: Any) -> tuple[Any, Any]:
        samples = len(next(given[name] for name in batched))
        out, cache = spec.forward(**{n: turn(a, samples) if n in batched else a for n, a in given.items()}, **reading)
        wanted = spec.gradients_of(given).values()
        if spec.beside:
            return (turn(out[0], samples), *out[1:]), (cache, samples, wanted)
        return out if spec.scalar else turn(out, samples), (cache, samples, wanted)

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        grads = spec.backward(dout if spec.scalar else turn(dout, cache[1]), cache[0])
        return tuple(turn(g, cache[1]) if name in batched else g for name, g in zip(cache[2], grads, strict=True))

    return Student(forward, backward if spec.backward else None)


def one_by_one(spec: LayerSpec, **reading: Any) -> Student:
    """Sample by sample: outputs are stacked, a loss is averaged, the gradients of parameters are added up."""
    batched = {a.name for a in spec.arguments if a.axes.split()[0] == "N"}

    def forward(**given: Any) -> tuple[Any, Any]:
        samples = len(next(given[name] for name in batched))
        parts = [
            spec.forward(**{name: a[n : n + 1] if name in batched else a for name, a in given.items()}, **reading) for n in range(samples)
        ]
        outs, caches = zip(*parts, strict=True)
        kept = caches, spec.gradients_of(given).values()
        if spec.beside:
            return (np.concatenate([out[0] for out in outs]), *outs[0][1:]), kept
        return sum(outs) / outs[0].dtype.type(samples) if spec.scalar else np.concatenate(outs), kept

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        caches, wanted = cache
        douts = [dout / dout.dtype.type(len(caches))] * len(caches) if spec.scalar else np.split(dout, len(caches))
        parts = zip(*map(spec.backward, douts, caches), strict=True)
        return tuple(np.concatenate(part) if name in batched else sum(part) for name, part in zip(wanted, parts, strict=True))

    return Student(forward, backward if spec.backward else None)


GENERIC: Mapping[str, Callable[..., Student]] = MappingProxyType(
    {
        "reference": reference,
        "float32": single,
        "float64 inside": wider(np.float64),
        "longdouble inside": wider(np.longdouble),
        "Fortran order": fortran,
        "strided views": strided,
        "reversed batch": reverse,
        "sample by sample": one_by_one,
    }
)
