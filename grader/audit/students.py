"""Who is held against an assignment: right and wrong ways to compute a layer, as Python functions of our own.

A student takes the arguments and the options of the reference and follows one reading of the layer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from reference import Array


class Student(NamedTuple):
    """What a student hands in, with the arguments of the reference: forward(**arrays, **options), backward(dout, cache).

    Forward returns (out, cache), out a tuple where the layer has outputs beside the first.
    """

    forward: Callable[..., tuple[Any, Any]]
    backward: Callable[[Array, Any], tuple[Any, ...]] | None = None


class Kind(StrEnum):
    """Where a student of an audit comes from."""

    MISCONCEPTION = "misconception"
    MUTANT = "mutant"
    HABIT = "habit"
    RIGHT = "right variant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A student of an audit; `name` says what is wrong, or in which way it is right, `place` where: file, line and function, or ""."""

    name: str
    kind: Kind
    student: Student
    place: str = ""


def first(out: Any) -> Any:
    """Return the output itself, without those beside it."""
    return out[0] if isinstance(out, tuple) else out


def anywhere(_: Mapping[str, Any]) -> bool:
    """Accept every input."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right way to compute a layer; `suits` tells of arrays and options, by name, whether it holds for them."""

    name: str
    layer: str
    student: Student
    suits: Callable[[Mapping[str, Any]], bool] = anywhere


def everywhere(students: Mapping[str, Mapping[str, Student]]) -> tuple[Right, ...]:
    """Return the students of each layer, by name, as ways that are right on all inputs."""
    return tuple(Right(name=name, layer=layer, student=student) for layer, own in students.items() for name, student in own.items())
