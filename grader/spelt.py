"""Which conventions spell a layer: those that have an adapter for it, and, where none has, those that spell any layer alike."""

from collections.abc import Iterable, Mapping

from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.own import ALIKE, Signature
from reference import LayerSpec


def signature(spec: LayerSpec) -> Signature:
    """Return what a worker must know of a layer to call it."""
    return Signature(tuple(a.name for a in spec.arguments), tuple(spec.options), spec.gradients)


def unlisted(specs: Iterable[LayerSpec]) -> Mapping[str, Signature]:
    """Return the signatures of those layers that no convention has an adapter for: a worker must be told of them."""
    return {spec.name: signature(spec) for spec in specs if spec.source or not any(spec.name in tasks for tasks in CONVENTIONS.values())}


def spelling(layer: str) -> list[str]:
    """Return the conventions that spell a layer of the grader's own."""
    return [name for name, tasks in CONVENTIONS.items() if layer in tasks] or list(ALIKE)
