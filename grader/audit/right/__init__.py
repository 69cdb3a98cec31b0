"""Right ways to compute every layer that round otherwise than the reference does: other orders, algorithms, dtypes, layouts.

None of it is a student's, and none is held against another: the reference is what they are judged by.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.audit.right import conv, dense, learning, losses, nets, norms, pooling
from grader.audit.right.generic import COUPLED, GENERIC, OF_A_BATCH, reference
from grader.audit.students import Audited, Kind, Right, Student, anywhere
from reference import LayerSpec, catalogue

__all__ = ["ARRAYS", "OWN", "accepted", "names", "reference", "rights", "variants"]

OWN: tuple[Right, ...] = (*dense.RIGHT, *conv.RIGHT, *pooling.RIGHT, *norms.RIGHT, *losses.RIGHT, *nets.RIGHT, *learning.RIGHT)
ARRAYS = tuple(spec for spec in catalogue().values() if spec.arguments)


def rights(spec: LayerSpec, **reading: Any) -> Iterator[Right]:
    """Yield every right way to compute a layer by one of its readings; those of a layer's own follow the first."""
    for name, make in GENERIC.items():
        batch = any("N" in a.axes.split() for a in spec.arguments)
        if (batch or name not in OF_A_BATCH) and (name != "sample by sample" or spec.name not in COUPLED):
            yield Right(name=name, layer=spec.name, student=make(spec, **reading))
    yield from (right for right in OWN if right.layer == spec.name)


def variants(spec: LayerSpec, **reading: Any) -> Iterator[tuple[str, Student]]:
    """Yield every way that is right on all inputs, by name."""
    yield from ((right.name, right.student) for right in rights(spec, **reading) if right.suits is anywhere)


def names(spec: LayerSpec) -> tuple[str, ...]:
    """Return the names of `variants`."""
    return tuple(name for name, _ in variants(spec))


def accepted(spec: LayerSpec, readings: Sequence[Mapping[str, Any]], *, backward: bool) -> Iterator[Audited]:
    """Yield whom an assignment that accepts these readings must give full marks: the reference by each, other variants by one.

    Variants of a layer's own are left out where the first reading of the layer is not accepted.
    """
    own = {name: values[0] for name, values in spec.readings.items()}
    followed = own if own in readings else readings[0]
    others = [(name, student) for name, student in variants(spec, **followed) if followed == own or name in GENERIC]
    for name, student in (
        *((f"reference{_said(reading)}", reference(spec, **reading)) for reading in readings),
        *(other for other in others if spec.arguments and other[0] != "reference"),
    ):
        kept = student if backward and spec.backward else student._replace(backward=None)
        yield Audited(name=name, kind=Kind.RIGHT, student=kept)


def _said(reading: Mapping[str, Any]) -> str:
    return ", " + ", ".join(f"{name} {value}" for name, value in reading.items()) if reading else ""
