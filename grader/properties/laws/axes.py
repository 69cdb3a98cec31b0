"""The entries of arrays by the names of their axes: what laws about samples, channels and windows have in common."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from grader.model import Array, Case
from grader.numerics.ball import Ball
from grader.properties.laws.law import Run
from reference import LayerSpec

Entries = TypeVar("Entries", Array, Ball)


def sizes(spec: LayerSpec, case: Case) -> dict[str, Any]:
    """Return the length of every axis of the arguments, and the options."""
    lengths = {axis: n for a in spec.arguments for axis, n in zip(a.axes.split(), case.arrays[a.name].shape, strict=True)}
    return {**lengths, **case.options}


def names(spec: LayerSpec) -> tuple[str, ...]:
    """Return the names of the output's axes; none where one of them mixes several."""
    return tuple((spec.traits.out or "").split())


def owners(spec: LayerSpec, axis: str) -> set[str]:
    """Return which of the output and the gradients have an axis; an output of which nothing is said has N, in front."""
    own = {a.gradient for a in spec.arguments if a.gradient and axis in a.axes.split()}
    return own | ({"out"} if axis in names(spec) or (spec.traits.out is None and axis == "N") else set())


def results(spec: LayerSpec, run: Run) -> Mapping[str, Ball]:
    """Return the gradients of a run, or its output where only that was asked for."""
    return {a.gradient: run.gradients[a.name] for a in spec.arguments if a.gradient} if run.gradients else {"out": run.out}


def case_at(spec: LayerSpec, case: Case, axis: str, index: Any) -> Case:
    """Return a case with the entries at `index` of an axis, in every array that has it."""
    arrays = {a.name: _at(case.arrays[a.name], tuple(a.axes.split()), axis, index) for a in spec.arguments}
    dout = None if case.dout is None else _out_at(spec, case, case.dout, axis, index)
    return replace(case, arrays=arrays, dout=dout)


def results_at(spec: LayerSpec, run: Run, axis: str, index: Any) -> Mapping[str, Ball]:
    """Return the results of a run with the entries at `index` of an axis, in every one that has it."""
    if not run.gradients:
        return {"out": _out_at(spec, run.case, run.out, axis, index)}
    return {a.gradient: _at(run.gradients[a.name], tuple(a.axes.split()), axis, index) for a in spec.arguments if a.gradient}


def _at(entries: Entries, axes: tuple[str, ...], axis: str, index: Any) -> Entries:
    return entries[tuple(index if name == axis else slice(None) for name in axes)]


def _out_at(spec: LayerSpec, case: Case, out: Entries, axis: str, index: Any) -> Entries:
    if spec.traits.out is not None or axis != "N":
        return _at(out, names(spec), axis, index) if axis in names(spec) else out
    rest: tuple[int, ...] = out.shape[1:]
    apart: Entries = out.reshape((sizes(spec, case)["N"], -1, *rest))  # several rows may belong to a sample, as those of im2col do
    taken: Entries = apart[index].reshape((-1, *rest))
    return taken


class Window(NamedTuple):
    """How windows lie along one axis; `kernel` is how many entries one reaches over."""

    size: int
    kernel: int
    stride: int
    padding: int


PLANE = {"H": "OH", "W": "OW"}  # the axes of a plane, and those of the plane of its windows


def windowed(spec: LayerSpec) -> bool:
    """Whether the output has an entry for every window of the first argument."""
    return set(PLANE.values()) <= set(names(spec))


def window(sizes: Mapping[str, Any], axis: str) -> Window:
    """Return how the windows lie along H or W."""
    kernel = sizes[f"K{axis}"] if f"K{axis}" in sizes else sizes[f"kernel_{axis.lower()}"]
    return Window(sizes[axis], sizes.get("dilation", 1) * (kernel - 1) + 1, sizes["stride"], sizes.get("padding", 0))
