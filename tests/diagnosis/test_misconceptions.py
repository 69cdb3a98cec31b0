"""A value that a known misconception explains is named by it, and by nothing else."""

import numpy as np
import pytest

from benchmarks.variants import Student, Wrong
from benchmarks.variants.wrong.making import misconceived
from grader.diagnosis import Subject
from grader.diagnosis.misconceptions import Match, match, rows
from grader.model import Call
from reference import Given, LayerSpec, catalogue
from tests.diagnosis.test_diagnose import diagnosed
from tests.support import bank_of, call

SPEC = catalogue()
# A single input of the bank is regularised and has a fourth layer; one input is too few to name anything.
ONCE = {f"{name}: {known}" for name, known in (("W4", "unregularised"), ("W4", "other_factor"), ("b4", "biases_regularised"))}
KNOWN = [wrong for spec in SPEC.values() for wrong in misconceived(spec) if wrong.name not in ONCE]
SOME = KNOWN[:: max(1, len(KNOWN) // 12)]


def matched(spec: LayerSpec, student: Student, name: str) -> Match | None:
    """Return what is found out about a value of a student on the bank of seed 0."""
    bank = bank_of(spec.name)
    plain = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
    subject = Subject(spec=spec, reading=bank.readings[0], meant=lambda _: True, ask=lambda _: [])
    return match(spec, name, rows(subject, plain, bank.answers[0], name))


@pytest.mark.parametrize("wrong", KNOWN, ids=lambda w: f"{w.layer}: {w.name}")
def test_a_student_with_a_misconception_is_told_of_it_alone(wrong: Wrong):
    name, known = wrong.name.split(": ")

    found = matched(SPEC[wrong.layer], wrong.student, name)

    assert found
    assert ([m.id for m in found.misconceptions], found.at_once) == ([known], False)


@pytest.mark.parametrize("wrong", SOME, ids=lambda w: f"{w.layer}: {w.name}")
def test_it_is_the_only_thing_said_of_the_value(wrong: Wrong):
    found, _ = diagnosed(SPEC[wrong.layer], wrong.student)

    name, known = wrong.name.split(": ")
    assert list(found.named) == [name]
    assert [d.id for d in found.diagnoses if d.id != "own_gradient"] == [known]


@pytest.mark.parametrize("spec", SPEC.values(), ids=lambda s: s.name)
def test_misconceptions_have_names_of_their_own_and_speak_of_values_that_there_are(spec: LayerSpec):
    ids = [m.id for m in spec.misconceptions]
    values = {"out", *spec.beside, *spec.gradients}

    assert len(ids) == len(set(ids))
    assert all(set(m.of) <= values for m in spec.misconceptions)


@pytest.mark.parametrize("spec", SPEC.values(), ids=lambda s: s.name)
def test_cause_and_advice_are_one_sentence_each(spec: LayerSpec):
    said = [text.format(name="dx") for m in spec.misconceptions for text in (m.cause, m.advice)]

    assert all(text.endswith(".") and ". " not in text for text in said), said


def test_a_leading_axis_of_length_one_does_not_hide_a_misconception():
    """Db = dout has one row too many, but for a batch of one sample, where it is right."""
    spec = SPEC["affine"]

    def forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        return x.reshape(len(x), -1) @ w + b, (x, w)

    student = Student(forward, lambda dout, c: ((dout @ c[1].T).reshape(c[0].shape), c[0].reshape(len(dout), -1).T @ dout, dout))

    found = matched(spec, student, "db")

    assert found
    assert [m.id for m in found.misconceptions] == ["bias_gradient_not_summed"]


def test_two_mistakes_at_once_are_both_named():
    spec = SPEC["affine"]

    def backward(dout: np.ndarray, cache: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        dx, dw, db = spec.backward(dout, cache)
        return dx, dw.T / len(dout), db

    found = matched(spec, Student(spec.forward, backward), "dw")

    assert found
    assert ({m.id for m in found.misconceptions}, found.at_once) == ({"averaged", "dw_transposed"}, True)


def test_the_right_gradient_of_a_nets_weights_is_not_the_weights():
    spec, bank = SPEC["two_layer_net"], bank_of("two_layer_net")
    case = next(c for c in bank.cases if c.options["reg"])

    given = Given(spec, {**case.arrays, **case.options, **bank.readings[0]}, case.dout, "W1")

    np.testing.assert_allclose(given.right, bank.answers[0][case.number].values["W1"].value)
