r"""How far a right answer may be from the reference's: a bound on rounding, computed for every element.

For an element that is a sum of K products, in any order of summation, rounding amounts to about $u \sqrt{K} A$, where A is the
same sum over absolute values (the `magnitude` of a spec) and u the unit of the dtype. The bound is

$$u\,(4 \sqrt{K_j} A_j + 4 \log_2(n) B) + t$$

Its second term leaves room for algorithms that are accurate for the array as a whole but not element by element: B is the largest
magnitude that an element could have, n the size of the largest array. t is the smallest normal number of the dtype: below it digits
are lost.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1 and 2.8 (the statistical bound), 24.2 (FFT).
"""

import math

import numpy as np

from grader.model import Array, Case, Expected
from reference import Magnitude

UNITS = {np.dtype(d).str: float(np.finfo(d).eps) for d in (np.float16, np.float32, np.float64)}
TINY = {float(np.finfo(d).eps): float(np.finfo(d).tiny) for d in (np.float16, np.float32, np.float64)}


def units(magnitude: Magnitude, largest: int) -> list[Array]:
    """Return the bound of the output, of those beside it and of each gradient, in units of the dtype.

    Args:
        magnitude: What the spec says of the case.
        largest: The number of elements of the largest argument; no sum has more terms.
    """
    sizes = [np.asarray(a) for a in (magnitude.out, *magnitude.beside, *magnitude.gradients)]
    terms = magnitude.terms or [np.asarray(largest)] * len(sizes)
    norms = magnitude.norms or [float(a.max(initial=0)) for a in sizes]
    return [4 * np.sqrt(k) * A + 4 * math.log2(largest + 2) * norm for A, k, norm in zip(sizes, terms, norms, strict=True)]


def unit(case: Case, got: Array) -> float:
    """Return the unit of the coarser of two dtypes: what the student was given, and what came back."""
    given = UNITS[case.dtype.str]
    return max(given, UNITS.get(got.dtype.str, given))


def tolerance(case: Case, expected: Expected, got: Array) -> Array:
    """Return the largest right deviation of every element, in the shape of the expected array."""
    u = unit(case, got)
    if u not in expected.bounds:
        expected.bounds[u] = u * expected.units + TINY[u]
    return expected.bounds[u]
