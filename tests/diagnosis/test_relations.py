"""What no misconception explains is told by how it stands to the right value, and no more is said than holds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Student
from grader.diagnosis import Subject
from grader.diagnosis.conditions import Relation
from grader.diagnosis.misconceptions import rows
from grader.diagnosis.relations import relation
from grader.model import Array, Call
from reference import LayerSpec, catalogue
from tests.support import bank_of, call

SPEC = catalogue()


def related(layer: str, name: str, mend: Callable[[Array, Any], Array]) -> Relation | None:
    """Return the relation of a value that is the right one changed by `mend`, which gets the arguments too, on the bank of seed 0."""
    spec, bank = SPEC[layer], bank_of(layer)
    plain = [(case, call(spec, _student(spec, name, mend), Call(case=case))) for case in bank.cases]
    subject = Subject(spec=spec, reading=bank.readings[0], meant=lambda _: True, ask=lambda _: [])
    return relation(rows(subject, plain, bank.answers[0], name))


def _student(spec: LayerSpec, name: str, mend: Callable[[Array, Any], Array]) -> Student:
    places = ("out", *spec.beside, *spec.gradients)

    def mended(values: tuple[Any, ...], first: str, given: Any) -> tuple[Any, ...]:
        start = places.index(first)
        return tuple(mend(value, given) if places[start + i] == name else value for i, value in enumerate(values))

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given)
        values = mended(out if spec.beside else (out,), "out", given)
        return (values if spec.beside else values[0]), (given, cache)

    def backward(dout: Array, kept: Any) -> tuple[Any, ...]:
        assert spec.backward
        return mended(spec.backward(dout, kept[1]), spec.gradients[0], kept[0])

    return Student(forward, backward)


def later(value: Array, _: Any) -> Array:
    """Wrong at all entries of axis 0 but the first."""
    return np.concatenate([value[:1], 1.5 * value[1:] + 1])


@pytest.mark.parametrize(("layer", "name", "kind"), [("affine", "out", "later_samples"), ("training", "out", None), ("adam", "out", None)])
def test_samples_are_spoken_of_only_along_an_axis_of_samples(layer: str, name: str, kind: str | None):
    found = related(layer, name, later)

    assert (found and found.kind) == kind


@pytest.mark.parametrize(("factor", "everywhere", "counted"), [("1/stride", False, False), ("-1", True, False), ("N", False, True)])
def test_a_factor_is_said_of_every_input_only_where_all_are_wrong(factor: str, *, everywhere: bool, counted: bool):
    numbers = {"1/stride": lambda g: 1 / g["stride"], "-1": lambda _: -1, "N": lambda g: len(g["x"])}

    found = related("conv2d", "dw", lambda value, given: value * numbers[factor](given))

    assert found == Relation("factor", {"factor": factor, "everywhere": everywhere, "counted": counted})


def test_a_condition_that_every_mistake_fulfils_is_not_offered():
    """Without training the running variance stays as it was."""
    found = related("batch_norm", "running_var", lambda value, g: value + 0.1 * g["x"].mean(axis=0) ** 2 * g["training"])

    assert found is None


def test_a_condition_that_the_mistake_brings_is_offered():
    found = related("conv2d", "out", lambda value, g: value + (g["stride"] > 1) * np.sin(value))

    assert found is not None
    assert (found.kind, found.slots["where"]) == ("only_where", ["stride > 1"])
