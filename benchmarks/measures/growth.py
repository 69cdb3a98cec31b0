"""How the cost grows with the number of elements: affine layers of 10 samples, 120 inputs and ever more outputs."""

from functools import partial

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.measures.checkers import comparison_a, comparison_b, torch_native
from benchmarks.measures.cost import milliseconds
from benchmarks.measures.inputs import affine

WIDTHS = (5, 50, 500, 2000)


def measure() -> Table:
    """Time A and B, and torch's fast mode beside them."""
    rng = np.random.default_rng(0)
    rows = []
    for width in WIDTHS:
        given = affine(width, rng)
        a, b = milliseconds(partial(comparison_a, given), 0.5), milliseconds(partial(comparison_b, given), 0.5)
        rows.append(
            (width, given.elements, a, b, milliseconds(torch_native(given, fast=True)), 1e6 * a / given.elements, 1e6 * b / given.elements)
        )
    (_, few, a0, b0, *_), (_, many, a1, b1, *_) = rows[1], rows[-1]
    goals = [
        Goal(f"exponent of {name} between {WIDTHS[1]} and {WIDTHS[-1]} outputs", float(np.log(last / first) / np.log(many / few)), 1.15)
        for name, first, last in (("A", a0, a1), ("B", b0, b1))
    ]
    return Table("Growth, ms", ("outputs", "n", "A", "B x3", "torch fast", "A, ns an element", "B, ns an element"), rows, goals)
