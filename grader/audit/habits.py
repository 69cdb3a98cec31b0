"""Right formulas in code that remembers what it should not: what no wrong number in a formula can show."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.audit.students import Audited, Kind, Student
from reference import Array, LayerSpec


def habits(spec: LayerSpec, reading: Mapping[str, Any], *, backward: bool, purity: bool) -> Iterator[Audited]:
    """Yield students whose calls disturb each other; those who write into arguments only where that bears points."""
    if spec.arguments:
        yield _audited("a second call with the same input adds 1 to the output", _accumulating(spec, reading, backward=backward))
        if purity:
            yield _audited("forward leaves zeros in its arguments", _writing(spec, reading, backward=backward))
        if backward:
            yield _audited("backward takes the cache of the latest forward", _latest(spec, reading))


def _audited(name: str, student: Student) -> Audited:
    return Audited(name=name, kind=Kind.HABIT, student=student)


def _accumulating(spec: LayerSpec, reading: Mapping[str, Any], *, backward: bool) -> Student:
    seen: set[Any] = set()

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given, **reading)
        key = tuple(a.tobytes() if isinstance(a, np.ndarray) else a for a in given.values())
        if key in seen:
            out = (out[0] + 1, *out[1:]) if spec.beside else out + 1
        seen.add(key)
        return out, cache

    return Student(forward, spec.backward if backward else None)


def _writing(spec: LayerSpec, reading: Mapping[str, Any], *, backward: bool) -> Student:
    def forward(**given: Any) -> tuple[Any, Any]:
        arrays = {name: a for name, a in given.items() if isinstance(a, np.ndarray)}
        made = spec.forward(**{**given, **{name: a.copy() for name, a in arrays.items()}}, **reading)
        for a in arrays.values():
            a[...] = 0
        return made

    return Student(forward, spec.backward if backward else None)


def _latest(spec: LayerSpec, reading: Mapping[str, Any]) -> Student:
    latest: list[Any] = [None]

    def forward(**given: Any) -> tuple[Any, None]:
        out, latest[0] = spec.forward(**given, **reading)
        return out, None

    def backward(dout: Array, _: None) -> tuple[Any, ...]:
        assert spec.backward
        return spec.backward(dout, latest[0])

    return Student(forward, backward)
