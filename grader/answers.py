"""What the reference says to a case: every array with the bound of its rounding, or that the case must be refused."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.model import Answer, Case, Expected
from grader.numerics.bounds import units
from reference import LayerSpec, ShapeError


def answer(spec: LayerSpec, case: Case, reading: Mapping[str, Any]) -> Answer:
    """Let the reference answer in float64, whatever the dtype of the case, by one of the legal readings of its layer.

    Where there is no reference, the answer is empty.
    """
    if spec.unreferenced:
        return Answer()
    case = case.in_float64
    try:
        out, kept = spec.forward(**case.arrays, **case.options, **reading)
    except ShapeError as error:
        return Answer(refusal=str(error))
    outputs = [np.asarray(value) for value in spec.outputs(out).values()]
    names = ("out", *spec.beside, *spec.gradients_of(case.arrays))
    values = [*outputs, *(spec.backward(case.dout, kept) if spec.backward and case.dout is not None else ())]
    if spec.magnitude is None:  # whole numbers, which are exact
        bounds = [np.zeros(value.shape) for value in values]
    else:
        sizes = spec.magnitude(case.arrays, {**case.options, **reading}, case.dout)
        bounds = units(sizes, max(a.size for a in case.arrays.values()))
    found = zip(names, values, bounds, strict=False)
    return Answer(values={name: Expected(value=value, units=unit) for name, value, unit in found})
