"""Right and wrong ways to compute every layer, which a gradient checker must tell apart.

`right.rights(spec)` yields the right ones of a layer, `wrong.WRONG` holds all wrong ones. A student takes the arguments and the
options of the reference and follows the first reading of a layer where it has several.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from reference import Array


class Student(NamedTuple):
    """What a student hands in, with the arguments of the reference: forward(**arrays, **options), backward(dout, cache).

    Forward returns (out, cache), out a tuple where the layer has outputs beside the first.
    """

    forward: Callable[..., tuple[Any, Any]]
    backward: Callable[[Array, Any], tuple[Any, ...]] | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong way to compute a layer.

    Attributes:
        name: What is wrong.
        layer: Name of the spec.
        student: The code; it is right but for the one mistake.
        in_forward: The forward pass is wrong; backward is then right for the layer or for this forward.
        beside: The mistake is in the forward pass, in an output beside the first.
        single: Whether float32 can show the mistake; relative errors below about 1e-4 drown in its rounding.
    """

    name: str
    layer: str
    student: Student
    in_forward: bool = False
    beside: bool = False
    single: bool = True
