"""Further calls find out why a gradient is wrong; what they do not confirm is not claimed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Student, Wrong, first
from benchmarks.variants.own import OWN
from benchmarks.variants.wrong import WRONG
from grader import casebank, messages
from grader.audit.right import reference
from grader.diagnosis import Diagnosed, Subject, diagnose
from grader.language import say
from grader.model import Array, Call, Case, CheckResult, Diagnosis, Finding, Outcome, Verdict
from grader.text import clean
from reference import LayerSpec, catalogue
from tests.support import call, first_bank, judged

SPEC = catalogue()
BACKWARDS = [w for w in WRONG if not w.in_forward]
SOME = BACKWARDS[:: len(BACKWARDS) // 20]


def diagnosed(spec: LayerSpec, student: Student) -> tuple[Diagnosed, list[str]]:
    """Return what is found out about a student on the bank of seed 0, and the gradients that failed."""
    bank = first_bank(spec.name, 0)
    checks = judged(spec, student, bank)
    plain = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
    subject = Subject(spec=spec, reading=bank.readings[0], meant=lambda _: True, ask=lambda calls: [call(spec, student, c) for c in calls])
    found = diagnose(subject, plain, bank.answers[0], list(checks.values()))
    return found, [n for n in spec.gradients if checks[f"backward.{n}"].verdict is not Verdict.PASSED]


def earned(found: Diagnosed) -> list[str]:
    """Return the checks for which there may be credit."""
    return [*found.own, *found.numeric]


def test_what_is_right_has_no_diagnosis():
    spec = SPEC["affine"]

    assert diagnosed(spec, Student(spec.forward, spec.backward)) == (Diagnosed(), [])


@pytest.mark.parametrize("wrong", OWN, ids=lambda w: f"{w.layer}: {w.name}")
def test_the_right_gradient_of_a_wrong_forward_is_named_with_every_gradient_that_fails(wrong: Wrong):
    found, failing = diagnosed(SPEC[wrong.layer], wrong.student)

    assert failing
    assert "own_gradient" in [d.id for d in found.diagnoses]
    assert set(found.own) == {f"backward.{name}" for name in [*failing, "fresh"]}
    assert found.numeric == {}


@pytest.mark.parametrize("wrong", SOME, ids=lambda w: f"{w.layer}: {w.name}")
def test_a_wrong_backward_of_a_right_forward_is_called_neither_the_own_gradient_nor_a_numeric_one(wrong: Wrong):
    found, _ = diagnosed(SPEC[wrong.layer], wrong.student)

    assert (found.own, found.numeric) == ({}, {})


def test_of_several_gradients_only_those_of_the_own_forward_are_named():
    spec = SPEC["affine"]

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        dx, dw, db = spec.backward(dout, cache)
        return dx / 2, dw / 3, db / 2

    found, failing = diagnosed(spec, Student(lambda **given: (spec.forward(**given)[0] / 2, spec.forward(**given)[1]), backward))

    assert failing == ["dx", "dw", "db"]
    assert set(found.own) == {"backward.dx", "backward.db"}


def test_a_wrong_answer_about_sizes_is_named_and_its_input_stays_as_it_was():
    found, _ = diagnosed(SPEC["output_size"], Student(lambda **given: (SPEC["output_size"].forward(**given)[0] - 1, None)))

    assert [d.id for d in found.diagnoses] == ["plus_one_forgotten"]
    assert found.smaller == {}


def test_a_forward_that_does_not_depend_on_its_input_earns_nothing():
    found, failing = diagnosed(SPEC["relu"], Student(lambda x: (np.zeros(x.shape), x), lambda _, x: (np.zeros(x.shape),)))

    assert failing == ["dx"]
    assert earned(found) == []


def test_a_backward_that_raises_on_a_dout_of_its_output_is_right_for_no_forward():
    def backward(dout: Array, cache: Any) -> tuple[Array]:
        if len(dout) == 1:
            raise ValueError("one sample")
        return SPEC["sigmoid"].backward(dout, cache)

    def forward(x: Array) -> tuple[Array, Any]:
        out, cache = SPEC["sigmoid"].forward(x)
        return out + 1, cache

    found, _ = diagnosed(SPEC["sigmoid"], Student(forward, backward))

    assert found.own == {}


def test_a_backward_for_outputs_of_another_shape_raises_for_the_shape_of_its_dout():
    def forward(**given: Any) -> tuple[Array, Any]:
        out, cache = SPEC["global_pool"].forward(**given)
        return np.repeat(out, 2, axis=1), cache

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        return SPEC["global_pool"].backward(dout[:, ::2] + dout[:, 1::2], cache)

    found, failing = diagnosed(SPEC["global_pool"], Student(forward, backward))
    contract = CheckResult(
        id="backward.contract",
        title="",
        part="backward",
        verdict=Verdict.FAILED,
        findings=(Finding(what=say("backward raised ValueError."), trace=clean("layers.py")),),
    )

    assert failing == ["dx"]
    assert "backward.dx" in found.own
    # Functions of this process leave no trace.
    assert replace(found, smaller={}).explain(contract, accept_numeric=False).findings[0].cause == messages.OTHER_DOUT


def test_a_backward_that_reads_what_the_last_forward_left_is_right_but_not_fresh():
    kept: dict[str, Array] = {}

    def forward(x: Array) -> tuple[Array, None]:
        kept["x"] = x
        return np.tanh(x), None

    found, _ = diagnosed(SPEC["sigmoid"], Student(forward, lambda dout, _: (dout * (1 - np.tanh(kept["x"]) ** 2),)))

    assert set(found.own) == {"backward.dx"}


def test_a_backward_that_raises_is_not_examined_further():
    def backward(dout: Array, x: Array) -> tuple[Array]:
        raise ValueError("not yet")

    found, failing = diagnosed(SPEC["relu"], Student(lambda x: (np.abs(x), x), backward))

    assert (earned(found), failing) == ([], ["dx"])


def test_the_output_may_have_a_shape_of_its_own():
    """A convolution that forgets the padding, and its own right backward."""
    spec = SPEC["conv2d"]

    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        del padding
        return spec.forward(x, w, b, stride=stride, padding=0, inexact_output_size="floor")

    found, failing = diagnosed(spec, Student(forward, spec.backward))

    assert set(found.own) == {f"backward.{name}" for name in [*failing, "fresh"]}
    assert failing == ["dx", "dw", "db"]


# --- gradients that are made of differences

Contraction = Callable[[Array, Array, Array, float], Any]
CONTRACTIONS: Mapping[str, Contraction] = {
    "of the difference": lambda up, down, dout, span: np.sum((up - down) * dout) / span,
    "of both": lambda up, down, dout, span: (np.sum(up * dout) - np.sum(down * dout)) / span,
}


def numeric(spec: LayerSpec, h: float, contraction: Contraction, *, central: bool) -> Student:
    """Return a student whose backward calls forward."""
    right = reference(spec, **casebank.readings(spec, {})[0])

    def backward(dout: Array, given: dict[str, Any]) -> tuple[Array, ...]:
        gradients = []
        for name in spec.gradients_of(given).values():
            gradient = np.zeros(given[name].shape)
            for index in np.ndindex(*gradient.shape):
                old = given[name][index]
                given[name][index] = old + h
                up = first(right.forward(**given)[0])
                given[name][index] = old - h if central else old
                down = first(right.forward(**given)[0])
                given[name][index] = old
                gradient[index] = contraction(up, down, dout, 2 * h if central else h)
            gradients.append(gradient)
        return tuple(gradients)

    def forward(**given: Any) -> tuple[Any, Any]:
        return right.forward(**given)[0], {name: a.copy() if isinstance(a, np.ndarray) else a for name, a in given.items()}

    return Student(forward, backward)


@pytest.mark.parametrize("central", [True, False], ids=["central", "forward"])
@pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("layer", ["affine", "sigmoid", "softmax_loss", "batch_norm"])
def test_a_gradient_made_of_differences_is_named_with_its_step(layer: str, h: float, *, central: bool):
    found, failing = diagnosed(SPEC[layer], numeric(SPEC[layer], h, CONTRACTIONS["of the difference"], central=central))

    assert [d.id for d in found.diagnoses] == ["numeric_gradient"]
    assert f"h = {h:g}" in found.diagnoses[0].message
    assert ("2h" in found.diagnoses[0].message) == central
    assert set(found.numeric) == {f"backward.{name}" for name in [*failing, "fresh"]}


@pytest.mark.parametrize("layer", ["max_pool2d", "two_layer_net"])
@pytest.mark.parametrize("contraction", CONTRACTIONS)
def test_however_it_is_contracted(layer: str, contraction: str):
    found, failing = diagnosed(SPEC[layer], numeric(SPEC[layer], 1e-5, CONTRACTIONS[contraction], central=True))

    assert failing
    assert set(found.numeric) == {f"backward.{name}" for name in [*failing, "fresh"]}


@pytest.mark.parametrize("wrong", [w for w in BACKWARDS if "1e-6" in w.name or "1e-3" in w.name][::4], ids=lambda w: f"{w.layer}: {w.name}")
def test_a_small_error_alone_is_no_numeric_gradient(wrong: Wrong):
    assert diagnosed(SPEC[wrong.layer], wrong.student)[0].numeric == {}


# --- what becomes of a check

FAILED = CheckResult(
    id="backward.dx", title="", part="backward", verdict=Verdict.FAILED, findings=(Finding(what="wrong", next_step="look"),)
)
NUMERIC = Diagnosed([Diagnosis(id="numeric_gradient", message="")], numeric={"backward.dx": "made of differences"})


def test_a_cause_takes_the_place_of_the_next_step():
    explained = Diagnosed(own={"backward.dx": "mend forward"}).explain(FAILED, accept_numeric=False)

    assert explained
    assert explained.verdict is Verdict.FAILED
    assert (explained.findings[0].cause, explained.findings[0].next_step) == ("mend forward", None)


@pytest.mark.parametrize(("accept", "verdict"), [(False, Verdict.FAILED), (True, Verdict.PASSED)])
def test_a_numeric_gradient_passes_where_the_assignment_accepts_it(*, accept: bool, verdict: Verdict):
    explained = NUMERIC.explain(FAILED, accept_numeric=accept)

    assert explained
    assert explained.verdict is verdict
    assert (explained.findings == ()) == accept


def test_other_checks_stay_as_they_are():
    other = CheckResult(id="backward.fresh", title="", part="backward", verdict=Verdict.SKIPPED)

    assert NUMERIC.explain(other, accept_numeric=True) is other


@pytest.mark.parametrize(("accept", "part", "kept"), [(False, "backward", True), (True, "backward", False), (True, "forward", True)])
def test_where_noise_is_accepted_a_law_of_backward_that_finds_it_is_dropped(*, accept: bool, part: Any, kept: bool):
    law = CheckResult(id=f"{part}.adjoint", title="", part=part, verdict=Verdict.FAILED, law=True)

    assert (NUMERIC.explain(law, accept_numeric=accept) is law) == kept


def test_an_examination_asks_for_no_backward_where_it_wants_the_output_alone():
    spec, asked = SPEC["relu"], []

    def ask(calls: list[Call]) -> list[Outcome]:
        asked.extend(calls)
        return [call(spec, OWN_RELU, each) for each in calls]

    bank = casebank.draw(spec, ({},), 0)
    plain: list[tuple[Case, Outcome]] = [(case, call(spec, OWN_RELU, Call(case=case))) for case in bank.cases]
    subject = Subject(spec=spec, reading={}, meant=lambda _: True, ask=ask)
    diagnose(subject, plain, bank.answers[0], list(judged(spec, OWN_RELU, bank).values()))

    assert {each.dout is None for each in asked if each.forward_only} == {True}
    assert sum(not each.forward_only for each in asked) < len(asked) / 3


OWN_RELU = next(w.student for w in OWN if w.layer == "relu")


@pytest.mark.parametrize("level", [1.0, 0.1, np.pi, 1e15])
def test_a_constant_forward_earns_nothing_whatever_the_constant(level: float):
    student = Student(
        lambda x, w, b: (np.full((len(x), len(b)), level), (x, w, b)), lambda _, cache: tuple(np.zeros(a.shape) for a in cache)
    )

    assert earned(diagnosed(SPEC["affine"], student)[0]) == []


def test_a_forgotten_bias_with_a_gradient_of_zeros_is_not_named_with_the_others():
    spec = SPEC["affine"]
    student = Student(lambda x, w, b: (2 * (x @ w), (x, w, b)), lambda d, c: (2 * d @ c[1].T, 2 * c[0].T @ d, np.zeros(c[2].shape)))

    assert set(diagnosed(spec, student)[0].own) == {"backward.dx", "backward.dw"}


def test_a_large_offset_does_not_make_random_gradients_right():
    rng = np.random.default_rng(0)
    student = Student(lambda x: (x + 1e15, x), lambda _, x: (rng.standard_normal(x.shape),))

    assert earned(diagnosed(SPEC["relu"], student)[0]) == []


def test_what_is_not_linear_in_dout_is_no_gradient_of_any_forward():
    student = Student(lambda x: (np.tanh(x), x), lambda dout, x: (np.where(np.abs(dout) < 9, dout, 9) * (1 - np.tanh(x) ** 2) + 0 * x,))
    squared = Student(student.forward, lambda dout, x: (dout * np.abs(dout) * (1 - np.tanh(x) ** 2),))

    assert earned(diagnosed(SPEC["sigmoid"], squared)[0]) == []


def test_an_argument_without_axes_is_moved_like_any_other():
    spec = SPEC["conv_single_step"]
    student = Student(spec.forward, lambda dout, cache: tuple(1.0001 * np.asarray(g) for g in spec.backward(dout, cache)))

    found, failing = diagnosed(spec, student)

    assert set(failing) == set(spec.gradients)
    assert (found.own, found.numeric) == ({}, {})
