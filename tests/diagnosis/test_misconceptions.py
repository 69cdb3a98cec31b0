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
# A single input of the bank has a fourth layer and is regularised, or several samples of different classes; one is too few to name anything.
ONCE = {
    *(f"W4: {known}" for known in ("unregularised", "other_factor", "regularisation_subtracted")),
    "b4: biases_regularised",
    *(f"{name}: label_subtracted_in_every_row" for name in ("W4", "b4")),
}
KNOWN = [wrong for spec in SPEC.values() for wrong in misconceived(spec) if wrong.name not in ONCE]
SOME = KNOWN[:: max(1, len(KNOWN) // 12)]


def matched(spec: LayerSpec, student: Student, name: str) -> Match | None:
    """Return what is found out about a value of a student on the bank of seed 0."""
    bank = bank_of(spec.name)
    plain = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
    subject = Subject(spec=spec, reading=bank.readings[0], meant=lambda _: True, ask=lambda _: [])
    return match(spec, name, rows(subject, plain, bank.answers[0], name))


def told(wrong: Wrong) -> tuple[list[str], bool] | None:
    """Return the misconceptions that a student is told of, and whether it is of several at once."""
    found = matched(SPEC[wrong.layer], wrong.student, wrong.name.split(": ")[0])
    return ([m.id for m in found.misconceptions], found.at_once) if found else None


@pytest.mark.parametrize("layer", [name for name, spec in SPEC.items() if spec.misconceptions])
def test_a_student_with_a_misconception_is_told_of_it_alone(layer: str):
    own = [wrong for wrong in KNOWN if wrong.layer == layer]

    assert {wrong.name: told(wrong) for wrong in own} == {wrong.name: ([wrong.name.split(": ")[1]], False) for wrong in own}


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


def test_an_entry_that_shares_the_maximum_contradicts_no_misconception_about_the_largest():
    """Whole numbers are often equal; a mask of the maximum then marks two entries, and argmax the first one."""
    spec = SPEC["avg_pool2d"]

    def forward(x: np.ndarray, **options: int) -> tuple[np.ndarray, tuple[np.ndarray, dict[str, int]]]:
        return spec.forward(x, **options)[0], (x, options)

    def backward(dout: np.ndarray, cache: tuple[np.ndarray, dict[str, int]]) -> tuple[np.ndarray]:
        (x, options), stride = cache, cache[1]["stride"]
        p = options["padding"]
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
        dxp = np.zeros(xp.shape)
        for i, j in np.ndindex(*dout.shape[2:]):
            place = (..., slice(i * stride, i * stride + options["kernel_h"]), slice(j * stride, j * stride + options["kernel_w"]))
            dxp[place] += (xp[place] == xp[place].max(axis=(2, 3), keepdims=True)) * dout[:, :, i : i + 1, j : j + 1]
        return (dxp[:, :, p : p + x.shape[2], p : p + x.shape[3]].astype(dout.dtype),)

    found = matched(spec, Student(forward, backward), "dx")

    assert found
    assert [m.id for m in found.misconceptions] == ["to_the_largest"]


@pytest.mark.parametrize(("into", "named"), [("dx", ["cut_to_nothing"]), ("xp", None)])
def test_an_empty_slice_is_named_where_writing_it_into_dx_raises_and_not_where_something_else_does(into: str, named: list[str] | None):
    spec = SPEC["conv2d"]

    def forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, **options: int) -> tuple[np.ndarray, tuple[np.ndarray, object, int]]:
        out, cache = spec.forward(x, w, b, **options)
        return out, (x, cache, options["padding"])

    def backward(dout: np.ndarray, kept: tuple[np.ndarray, object, int]) -> tuple[np.ndarray, ...]:
        x, cache, p = kept
        dx, dw, db = spec.backward(dout, cache)
        dxp = np.pad(dx, ((0, 0), (0, 0), (p, p), (p, p)))
        if into == "dx":
            dx[...] = dxp[:, :, p:-p, p:-p]
        else:
            dxp[:, :, p:-p, p:-p] = x
        return dx, dw, db

    found = matched(spec, Student(forward, backward), "dx")

    assert (found and [m.id for m in found.misconceptions]) == named


def test_the_right_gradient_of_a_nets_weights_is_not_the_weights():
    spec, bank = SPEC["two_layer_net"], bank_of("two_layer_net")
    case = next(c for c in bank.cases if c.options["reg"])

    given = Given(spec, {**case.arrays, **case.options, **bank.readings[0]}, case.dout, "W1")

    np.testing.assert_allclose(given.right, bank.answers[0][case.number].values["W1"].value)


def test_where_nothing_usable_came_back_nothing_is_named():
    """Every misconception agrees with no number at all."""
    assert match(SPEC["affine"], "out", []) is None


def test_where_every_call_raised_no_misconception_is_worked_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Given, "made", None)  # must not be needed

    assert matched(SPEC["affine"], Student(lambda **_: 1 // 0), "out") is None


@pytest.mark.parametrize("share", [0.5, 1.5, 2.0])
def test_two_that_say_how_much_of_one_term_is_missing_are_not_named_together(share: float):
    spec = SPEC["batch_norm"]
    known = {m.id: m for m in spec.misconceptions if "dx" in m.of}

    def backward(dout: np.ndarray, kept: tuple[dict[str, object], object]) -> tuple[np.ndarray, ...]:
        given = Given(spec, kept[0], dout, "dx")
        lacking = known["variance_held_constant"].wrong(given)
        return ((1 - share) * given.right + share * lacking, *spec.backward(dout, kept[1])[1:])

    def forward(**values: object) -> tuple[object, object]:
        read = {**values, **bank_of("batch_norm").readings[0]}
        out, cache = spec.forward(**read)
        return out, (read, cache)

    found = matched(spec, Student(forward, backward), "dx")

    assert found is None or not found.at_once
