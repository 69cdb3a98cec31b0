"""Calls of trusted code, made in this process as a worker would make them."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from grader.audit.students import Student
from grader.model import Array, Call, Failure, FailureKind, Outcome, Stage
from grader.text import clean, one_line
from reference import LayerSpec


def call(spec: LayerSpec, student: Student, asked: Call) -> Outcome:
    """Make one call. What the code raises is in the outcome, as it is for a submission."""
    kept: list[Any] = []
    if "version" in asked.case.options:  # a student here has one version of everything
        return Outcome(forward=Stage())

    def forward(arrays: Mapping[str, Array]) -> Mapping[str, Any]:
        out, cache = student.forward(**arrays, **asked.case.options)
        kept.append(cache)
        return spec.outputs(out)

    def backward(arrays: Mapping[str, Array]) -> Mapping[str, Any]:
        assert student.backward
        return dict(zip(spec.gradients_of(asked.case.arrays), student.backward(arrays["dout"], kept[0]), strict=True))

    first = _stage(forward, asked.case.arrays, asked.order)
    if asked.dout is None or student.backward is None or first.failure:
        return Outcome(forward=first)
    if asked.between:
        _stage(forward, asked.between)
    return Outcome(forward=first, backward=_stage(backward, {"dout": asked.dout}, asked.order))


def _stage(
    function: Callable[[Mapping[str, Array]], Mapping[str, Any]], given: Mapping[str, Array], order: Literal["C", "F"] = "C"
) -> Stage:
    copies = {name: a.copy(order) for name, a in given.items()}
    try:
        values = {name: _numbers(name, value) for name, value in function(copies).items()}
    except Exception as error:  # noqa: BLE001 - as a worker does
        return Stage(failure=Failure(kind=FailureKind.EXCEPTION, text=clean(f"{type(error).__name__}: {error}")))
    return Stage(values=values, mutated=tuple(one_line(n) for n, a in given.items() if a.tobytes() != copies[n].tobytes()))


def _numbers(name: str, value: Any) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} is of dtype {array.dtype}")
    return array
