"""Right ways to compute every layer that round otherwise than the reference does: other orders, algorithms, dtypes, layouts."""

from collections.abc import Iterator
from typing import Any

from benchmarks.variants import Right, Student, anywhere
from benchmarks.variants.right import conv, dense, learning, losses, nets, norms, pooling
from benchmarks.variants.right.generic import COUPLED, GENERIC, OF_A_BATCH, reference
from reference import LayerSpec, catalogue

__all__ = ["ARRAYS", "OWN", "names", "reference", "rights", "variants"]

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
