r"""How far a right answer may be from the reference's: a bound on rounding, computed for every element.

For an element that is a sum of K products, in any order of summation, rounding amounts to about $u \sqrt{K} A$, where A is the
same sum over absolute values (the `magnitude` of a spec) and u the unit of the dtype. The bound is

$$u\,(4 \sqrt{K} A_j + 4 \log_2(n) \max_i A_i)$$

Its second term leaves room for algorithms that are accurate for the array as a whole but not element by element (an FFT).

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1 and 2.8 (the statistical bound).
"""

import numpy as np

from grader.model import Array, Case, Expected


def unit(case: Case, got: Array) -> float:
    """Return the unit of the coarser of two dtypes: what the student was given, and what came back."""
    dtypes = [case.dtype, *([got.dtype] if got.dtype.kind == "f" else [])]
    return max(float(np.finfo(d).eps) for d in dtypes)


def tolerance(case: Case, expected: Expected, got: Array) -> Array:
    """Return the largest right deviation of every element, in the shape of the expected array."""
    terms = max((a.size for a in case.arrays.values()), default=1)
    A = expected.magnitude
    bound: Array = unit(case, got) * (4 * np.sqrt(terms) * A + 4 * np.log2(A.size + 2) * A.max(initial=0))
    return bound
