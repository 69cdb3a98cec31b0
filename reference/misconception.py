"""A named way to get a layer wrong: what comes out of it, why that happens, and what to do.

A misconception is held against a student's numbers, never against the code: it says what a wrong layer returns, worked out from
the right one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """One way in which students get a layer wrong.

    Attributes:
        id: A short name, unique in its layer: "bias_per_term".
        of: What comes out wrong: "out", where nothing else is said, outputs beside it, gradients. Each of them is compared by itself.
        cause: One sentence about the mistake; {name} stands for the value.
        advice: One sentence about what to do; {name} likewise.
        wrong: Returns the wrong value instead of `g.right`, of a `Given` g. Where the student's code would raise, it may raise too, ValueError,
            IndexError or ZeroDivisionError, or return an array of another shape. None where it depends on more than the misconception.
    """

    id: str
    of: tuple[str, ...] = ("out",)
    cause: str
    advice: str
    wrong: Callable[[Any], Any]


# Of the input's gradient alone, as most mistakes in a backward are; and of what one and the same mistake makes wrong both ways.
of_dx = partial(Misconception, of=("dx",))
of_both = partial(Misconception, of=("out", "dx"))
