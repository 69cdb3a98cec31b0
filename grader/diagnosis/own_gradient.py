"""Is the backward the right gradient of the student's own forward, which is wrong? Comparison B decides."""

from collections.abc import Mapping, Sequence

import numpy as np

from grader.diagnosis.examination import Examination, Unusable
from grader.model import Array
from grader.numerics.agreement import Agreement, agreements


def own_gradients(examinations: Sequence[Examination], failing: Sequence[str], directions: int) -> set[str]:
    """Return those of the failing gradients that are the gradients of the student's forward at every input that can tell.

    "fresh" is among them where all are, and backward gives the same after another forward in between.
    """
    said: dict[str, list[Agreement]] = {name: [] for name in failing}
    fresh = True
    for examination in examinations:
        try:
            out = _output(examination)
            found = _agreements(examination, out, examination.asked(failing), directions)
            fresh &= examination.fresh(np.ones(out.shape))
        except Unusable:
            return set()
        for name in found:
            said[name].append(found[name])
    own = {name for name, found in said.items() if Agreement.RIGHT in found and Agreement.WRONG not in found}
    return own | {"fresh"} if fresh and own == set(failing) else own


def _output(examination: Examination) -> Array:
    (out,) = examination.outputs([examination.case.in_float64.arrays])
    return out


def _agreements(examination: Examination, out: Array, failing: Sequence[str], directions: int) -> Mapping[str, Agreement]:
    arguments = {examination.arguments[name]: name for name in failing}

    def pullback(v: Array) -> Mapping[str, Array]:
        gradients = examination.gradients(v)
        return {argument: gradients[name] for argument, name in arguments.items()}

    arrays, seed = examination.case.in_float64.arrays, examination.case.number
    found = agreements(examination.outputs, pullback, arrays, list(arguments), out, seed, directions)
    # Of a forward that does not depend on an argument, a gradient of zeros is right, and no attempt.
    telling = {a: along.agreement if abs(along.numeric) > along.bound else Agreement.UNDECIDED for a, along in found.items()}
    return {name: telling[argument] for argument, name in arguments.items()}
