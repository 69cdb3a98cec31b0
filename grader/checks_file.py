"""A file of an instructor's own layers: loaded from its text, which is part of the assignment, and held against itself.

It is the instructor's code and runs here, in the process that knows the answers; no worker ever sees it.
"""

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from grader import trusted
from grader.described import faults
from grader.errors import AssignmentError
from grader.model import Array, Case
from grader.numerics.agreement import Agreement, agreements
from grader.numerics.derivative import Inputs
from reference import LayerSpec, ShapeError, askable

NAME = re.compile(r"[a-z][a-z0-9_]*")
MARGIN = 4  # times its bound an error must be before a reference is called wrong


@lru_cache(maxsize=32)
def layers(path: str, text: str, folder: str) -> Mapping[str, LayerSpec]:
    """Return the layers that a checks file describes, by name.

    Args:
        path: What to call the file in messages.
        text: What it holds.
        folder: Where `path` begins.

    Raises:
        AssignmentError: It cannot be run, describes no layer, or one by a name that cannot be had, or in a way that makes no sense.
    """
    source = hashlib.sha256(text.encode()).hexdigest()
    try:
        module = trusted.module(f"checks_{source[:16]}", path, text, folder)
    except AssignmentError:
        raise
    except Exception as error:
        place = f"{path}, line {error.lineno}" if isinstance(error, SyntaxError) else trusted.place(error)
        raise AssignmentError(f"{place or path}: {type(error).__name__}: {error}") from error
    found = [value for value in vars(module).values() if isinstance(value, LayerSpec)]
    if not found:
        raise AssignmentError(f"{path}: describes no layer; see grader.authoring.layer.")
    for spec in found:
        if not NAME.fullmatch(spec.name):
            raise AssignmentError(f"{path}: {spec.name!r} is no name for a layer; use small letters, digits and _.")
        if spec.name in askable():
            raise AssignmentError(f"{path}: the grader has a layer {spec.name} of its own; choose another name.")
        if fault := next(faults(spec), ""):
            raise AssignmentError(f"{path}: the description of {spec.name} is not right: {fault}")
    return MappingProxyType({spec.name: replace(trusted.guarded(spec), source=source) for spec in found})


def layer(path: str, text: str, folder: str, name: str) -> LayerSpec:
    """Return one layer of a checks file. Raises AssignmentError, also where it describes no such layer."""
    found = layers(path, text, folder)
    if name not in found:
        close = difflib.get_close_matches(name, found, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it describes {', '.join(found)}."
        raise AssignmentError(f"{path}: describes no layer {name}; {hint}")
    return found[name]


@contextmanager
def blamed(spec: LayerSpec) -> Iterator[None]:
    """Say of what is raised here over a layer of a checks file where that comes from; of the grader's own layers, as it is."""
    try:
        yield
    except Exception as error:
        if not spec.source or isinstance(error, AssignmentError):
            raise
        place = trusted.place(error)
        where = f"{place}, in what describes {spec.name}" if place else f"the description of {spec.name} is not right"
        raise AssignmentError(f"{where}: {type(error).__name__}: {error}") from error


def vouch(spec: LayerSpec, cases: Sequence[Case]) -> None:
    """Hold a layer against itself, since right students would pay for its mistakes.

    Of a reference: shapes, finite numbers, the gradient, and that its claims hold. Where there is none, that the claims can be asked.

    Raises:
        AssignmentError: It does not bear that.
    """
    for case in (case.in_float64 for case in cases):
        try:
            fault = "" if spec.unreferenced else _fault(spec, case)
            about = f"the reference of {spec.name}" if fault else f"a claim of {spec.name}"
            fault = fault or _fault_of_claims(spec, case)
        except ShapeError:  # it refuses this input
            continue
        if fault:
            shapes = ", ".join([*(f"{n} {a.shape}" for n, a in case.arrays.items()), *(f"{n}={v}" for n, v in case.options.items())])
            raise AssignmentError(f"{about} is not right ({case.title}: {shapes}): {fault}")


def _fault(spec: LayerSpec, case: Case) -> str:
    arrays = case.arrays
    out, cache = spec.forward(**arrays, **case.options)
    if not np.isfinite(out).all():
        return "out is not finite."
    if spec.backward is None or case.dout is None:
        return ""
    backward = spec.backward
    gradients: object = backward(case.dout, cache)
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


def _fault_of_claims(spec: LayerSpec, case: Case) -> str:
    inputs = {**case.arrays, **case.options, **({} if case.dout is None else {"dout": case.dout})}
    outputs = _any_outputs(spec, case) if spec.unreferenced else _outputs(spec, case)
    for claim in spec.claims:
        if claim.part == "backward" and case.dout is None:
            continue
        try:
            with np.errstate(all="ignore"):
                holds = claim.asked(dict(inputs), dict(outputs)).all()
        except TypeError as error:
            if trusted.place(error):
                raise
            return str(error)
        if not holds and not spec.unreferenced:
            return f"{claim.name} does not hold of the reference."
    return ""


def _outputs(spec: LayerSpec, case: Case) -> Inputs:
    out, cache = spec.forward(**case.arrays, **case.options)
    gradients = spec.backward(case.dout, cache) if spec.backward and case.dout is not None else ()
    return {"out": np.asarray(out), **dict(zip(spec.gradients, gradients, strict=False))}


def _any_outputs(spec: LayerSpec, case: Case) -> Inputs:
    """Return numbers in the shapes of what a student would return."""
    rng = np.random.default_rng(case.number)
    shapes = {
        "out": () if case.dout is None else case.dout.shape,
        **{a.gradient: case.arrays[a.name].shape for a in spec.arguments if a.gradient},
    }
    return {name: np.asarray(rng.standard_normal(shape)) for name, shape in shapes.items()}
