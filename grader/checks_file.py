"""A file of an instructor's own layers: loaded from its text, which is part of the assignment, and held against itself.

It is the instructor's code and runs here, in the process that knows the answers; no worker ever sees it.
"""

import difflib
import hashlib
import importlib.abc
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from grader.errors import AssignmentError
from grader.model import Array, Case
from grader.numerics.agreement import Agreement, agreements
from grader.numerics.derivative import Inputs
from reference import LayerSpec, ShapeError, askable

NAME = re.compile(r"[a-z][a-z0-9_]*")
MARGIN = 4  # times its bound an error must be before a reference is called wrong


class _Text(importlib.abc.InspectLoader):
    """Loads a module from a text, which tracebacks quote."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        del fullname
        return self.text


@lru_cache(maxsize=32)
def layers(path: str, text: str) -> Mapping[str, LayerSpec]:
    """Return the layers that a checks file describes, by name.

    Args:
        path: What to call the file in messages.
        text: What it holds.

    Raises:
        AssignmentError: It cannot be run, describes no layer, or one by a name that cannot be had.
    """
    source = hashlib.sha256(text.encode()).hexdigest()
    loader = _Text(text)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(f"checks_{source[:16]}", loader, origin=path))  # type: ignore[arg-type]
    try:
        loader.exec_module(module)
    except Exception as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else _line(error, loader)
        raise AssignmentError(f"{path}{line}: {type(error).__name__}: {error}") from error
    found = [value for value in vars(module).values() if isinstance(value, LayerSpec)]
    if not found:
        raise AssignmentError(f"{path}: describes no layer; see grader.authoring.layer.")
    for spec in found:
        if not NAME.fullmatch(spec.name):
            raise AssignmentError(f"{path}: {spec.name!r} is no name for a layer; use small letters, digits and _.")
        if spec.name in askable():
            raise AssignmentError(f"{path}: the grader has a layer {spec.name} of its own; choose another name.")
    return MappingProxyType({spec.name: replace(spec, source=source) for spec in found})


def layer(path: str, text: str, name: str) -> LayerSpec:
    """Return one layer of a checks file. Raises AssignmentError, also where it describes no such layer."""
    found = layers(path, text)
    if name not in found:
        close = difflib.get_close_matches(name, found, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it describes {', '.join(found)}."
        raise AssignmentError(f"{path}: describes no layer {name}; {hint}")
    return found[name]


@contextmanager
def blamed(spec: LayerSpec) -> Iterator[None]:
    """Say of what a reference raises here that it is the reference of this layer; of the grader's own layers, as it is."""
    try:
        yield
    except Exception as error:
        if not spec.source or isinstance(error, AssignmentError):
            raise
        raise AssignmentError(f"the reference of {spec.name} is not right: {type(error).__name__}: {error}") from error


def vouch(spec: LayerSpec, cases: Sequence[Case]) -> None:
    """Hold a reference against itself, since right students would pay for its mistakes: shapes, finite numbers, and the gradient.

    Raises:
        AssignmentError: It does not bear that.
    """
    for case in () if spec.unreferenced else cases:
        arrays = {n: a.astype(np.float64) if a.dtype.kind == "f" else a for n, a in case.arrays.items()}
        try:
            fault = _fault(spec, case, arrays)
        except ShapeError:  # it refuses this input
            continue
        if fault:
            shapes = ", ".join([*(f"{n} {a.shape}" for n, a in case.arrays.items()), *(f"{n}={v}" for n, v in case.options.items())])
            raise AssignmentError(f"the reference of {spec.name} is not right ({case.title}: {shapes}): {fault}")


def _fault(spec: LayerSpec, case: Case, arrays: Inputs) -> str:
    out, cache = spec.forward(**arrays, **case.options)
    if not np.isfinite(out).all():
        return "out is not finite."
    if spec.backward is None or case.dout is None:
        return ""
    backward = spec.backward
    gradients: object = backward(case.dout.astype(np.float64), cache)
    if not isinstance(gradients, tuple) or len(gradients) != len(spec.gradients):
        return f"backward must return a tuple of {len(spec.gradients)}: {', '.join(spec.gradients)}."
    named = {a.name: gradient for a, gradient in zip((a for a in spec.arguments if a.gradient), gradients, strict=True)}
    for name, gradient in named.items():
        if np.shape(gradient) != arrays[name].shape or not np.isfinite(gradient).all():
            return f"the gradient of {name} is not of its shape, {arrays[name].shape}, or not finite."
    if spec.kinks and spec.kinks(**arrays, **case.options).any():
        return ""

    def outputs(several: Sequence[Inputs]) -> list[Array]:
        return [np.asarray(spec.forward(**given, **case.options)[0]) for given in several]

    def pullback(weights: Array) -> Inputs:
        return dict(zip(named, backward(weights, spec.forward(**arrays, **case.options)[1]), strict=True))

    said = agreements(outputs, pullback, arrays, list(named), np.asarray(out), case.number, 1)
    wrong = [n for n, a in said.items() if a.agreement is Agreement.WRONG and abs(a.error) > MARGIN * a.bound]
    return f"backward's gradient of {wrong[0]} is not that of forward." if wrong else ""


def _line(error: Exception, loader: _Text) -> str:
    """Return the last line of the file that an exception went through."""
    found, trace = "", error.__traceback__
    while trace:
        if trace.tb_frame.f_globals.get("__loader__") is loader:
            found = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
