"""What is done with a student's code, line by line, as the student would write it: for what only the code itself can tell.

How a class is constructed, in which axes it has its arrays and where it leaves its gradients is found out where it runs; whoever does
something with it there notes the line beside it. Above the lines stand the arrays of a case, by
their names; below them `out`, what is beside it, and the gradients are there by theirs, but for a gradient that has the name of an
array: that one is in a dictionary `grads`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

_taken: list[list[str]] = []  # the innermost transcript that is being taken is the last


@contextmanager
def taken() -> Iterator[list[str]]:
    """Take a transcript; what is noted until the end is in no other. As a decorator, it keeps what is only tried out from being noted."""
    lines: list[str] = []
    _taken.append(lines)
    try:
        yield lines
    finally:
        _taken.pop()


def note(*lines: str) -> None:
    """Note lines of code, where a transcript is being taken."""
    if _taken:
        _taken[-1].extend(lines)


def forget() -> None:
    """Take back what has been noted: it did not work, and something else is done instead."""
    if _taken:
        _taken[-1].clear()


def abandon() -> None:
    """Take no transcript: what is done is too long to be written down."""
    if _taken:
        _taken[-1].clear()
        _taken[-1] = []


class Code(str):
    """What is in a line of code as it is."""

    __slots__ = ()
    __repr__ = str.__str__


def given(arguments: Mapping[str, Any]) -> str:
    """Return arguments by name, as a call has them."""
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def turned(name: str, axes: Sequence[int]) -> str:
    """Return an array with its axes in another order, in a line of code."""
    return name if list(axes) == sorted(axes) else f"{name}.transpose({', '.join(map(str, axes))})"
