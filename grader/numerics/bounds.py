r"""How far a right answer may be from the reference's: a bound on rounding, computed for every element.

For an element that is a sum of K products, in any order of summation, rounding amounts to about $u \sqrt{K} A$, where A is the
same sum over absolute values (the `magnitude` of a spec) and u the unit of the dtype. The bound is

$$u\,(4 \sqrt{K} A_j + 4 \log_2(n) \max_i A_i)$$

Its second term leaves room for algorithms that are accurate for the array as a whole but not element by element. It is no proof
for them: a rare input can take an FFT past it.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1 and 2.8 (the statistical bound).
"""

import math

import numpy as np

from grader.model import Array, Case, Expected

UNITS = {np.dtype(d).str: float(np.finfo(d).eps) for d in (np.float16, np.float32, np.float64)}


def unit(case: Case, got: Array) -> float:
    """Return the unit of the coarser of two dtypes: what the student was given, and what came back."""
    given = UNITS[case.dtype.str]
    return max(given, UNITS.get(got.dtype.str, given))


def tolerance(case: Case, expected: Expected, got: Array) -> Array:
    """Return the largest right deviation of every element, in the shape of the expected array."""
    terms = max((a.size for a in case.arrays.values()), default=1)
    A, u = expected.magnitude, unit(case, got)
    bound: Array = (4 * u * math.sqrt(terms)) * A + 4 * u * math.log2(A.size + 2) * A.max(initial=0)
    return bound
