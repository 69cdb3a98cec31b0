"""Stride: f with stride s is every s-th entry of f with stride 1, and its backward that of stride 1 with 0 for the others.

Proof: window i of stride s is window i s of stride 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from grader.model import PARTS, Case
from grader.properties.laws.axes import PLANE, names, results, sizes, window, windowed
from grader.properties.laws.law import Equation, Law, LawText, Run
from reference import LayerSpec


def _every(spec: LayerSpec, stride: int) -> tuple[slice, ...]:
    return tuple(slice(None, None, stride if name in PLANE.values() else 1) for name in names(spec))


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Ask for a stride of 1, with dout spread over the windows that are not left out."""
    stride = case.options["stride"]
    if stride == 1:
        return None
    assert case.dout is not None
    along = {PLANE[axis]: window(sizes(spec, case), axis) for axis in PLANE}
    shape = [
        along[name].size + 2 * along[name].padding - along[name].kernel + 1 if name in along else n
        for name, n in zip(names(spec), case.dout.shape, strict=True)
    ]
    spread = np.zeros(shape)
    spread[_every(spec, stride)] = case.dout
    return [replace(case, options={**case.options, "stride": 1}, dout=spread)]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One for each result."""
    strided, one = runs
    if not one.gradients:
        yield Equation("out", strided.out, one.out[_every(spec, strided.case.options["stride"])])
        return
    wanted = results(spec, one)
    for name, got in results(spec, strided).items():
        yield Equation(name, got, wanted[name])


LAW = Law(
    name="stride_identity",
    says=LawText(
        "a stride of s takes every s-th window of a stride of 1",
        "With a stride of 1, and all but every s-th window left out, {name} is not the same as with a stride of s.",
    ),
    parts=PARTS,
    holds=windowed,
    vary=vary,
    equations=equations,
)
