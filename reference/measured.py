r"""What nobody has worked out for a layer, measured on its reference: how large its rounding errors may be, and where its kinks are.

An input that is off by $\epsilon |x|$ moves an element by at most its condition times $\epsilon$; rounding inside of a good algorithm is as
if the inputs were off by a few units. So each element is measured under relative changes of random signs. Besides, an algorithm
may pass through numbers as large as its largest input or output, and loses a unit of those.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 1.6 (backward errors and conditioning).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference.spec import Array, Magnitude

Forward = Callable[..., tuple[Any, Any]]
Backward = Callable[..., tuple[Array, ...]]

DRAWS = 6  # of signs: the largest of so many is seldom below the root mean square
SMALL = 2.0**-26  # the root of a double's unit: what a change does is known to half of the digits
STEP = 2.0**-20  # on both sides of an input, where a kink shows
BENT = 1e-3  # of the slopes: a smooth layer has slopes on both sides that differ by far less


def magnitude(forward: Forward, backward: Backward | None) -> Callable[[Mapping[str, Array], Mapping[str, Any], Array | None], Magnitude]:
    """Return the magnitude of a layer as a spec wants it, measured anew for each case."""

    def run(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> list[Array]:
        out, cache = forward(**arrays, **options)
        return [np.asarray(a) for a in (out, *(backward(dout, cache) if backward and dout is not None else ()))]

    def measured(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
        rng = np.random.default_rng(0)
        at = run(arrays, options, dout)
        sizes = [np.abs(a) for a in at]
        for _ in range(DRAWS):
            moved = run({n: _moved(rng, a) for n, a in arrays.items()}, options, None if dout is None else _moved(rng, dout))
            sizes = [np.fmax(size, np.abs(b - a) / SMALL) for size, a, b in zip(sizes, at, moved, strict=True)]
        inputs = max((float(np.abs(a).max(initial=0)) for a in arrays.values() if a.dtype.kind == "f"), default=0.0)
        upstream = 0.0 if dout is None else float(np.abs(dout).max(initial=0))
        norms = tuple(max(float(a.max(initial=0)), upstream if i else inputs) for i, a in enumerate(sizes))
        return Magnitude(sizes[0], tuple(sizes[1:]), tuple(np.ones(()) for _ in sizes), norms)

    return measured


def kinks(forward: Forward, differentiated: tuple[str, ...]) -> Callable[..., Array]:
    """Return what marks the outputs whose slopes on both sides of an input differ, whichever of these arguments moves."""

    def marked(**values: Any) -> Array:
        at = np.asarray(forward(**values)[0])
        found = np.zeros(at.shape, bool)
        for number, name in enumerate(differentiated):
            x = values[name].astype(np.float64)
            along = STEP * np.random.default_rng(number).standard_normal(x.shape)
            here = {**values, name: x}
            middle, after, before = (np.asarray(forward(**here | {name: x + t * along})[0]) for t in (0, 1, -1))
            right, left = after - middle, middle - before
            found |= np.abs(right - left) > BENT * (np.abs(right) + np.abs(left)) + 64 * np.finfo(np.float64).eps * np.abs(middle)
        return found

    return marked


def _moved(rng: np.random.Generator, a: Array) -> Array:
    moved: Array = a * (1 + SMALL * rng.choice([-1.0, 1.0], a.shape)) if a.dtype.kind == "f" else a
    return moved
