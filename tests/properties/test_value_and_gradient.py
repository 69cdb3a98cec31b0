"""The two that bear most points: forward gives the right values, backward the right gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.casebank import Bank
from grader.model import Answer, Failure, FailureKind, Outcome, Stage, Verdict
from grader.numerics.error_map import Common
from grader.properties import gradient, value
from grader.properties.property import Blocked
from reference import LayerSpec, catalogue
from tests.support import Student, case_of, evidence, expected, judged

BankOf = Callable[[LayerSpec], Bank]
SPEC = catalogue()
FAILED = Stage(failure=Failure(kind=FailureKind.EXCEPTION, text="ValueError: no"))


def scaled(spec: LayerSpec, name: str, factor: float) -> Student:
    """Return the reference with one gradient, or the output, too large."""

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given)
        if name != "out":
            return out, cache
        return ((out[0] * factor, *out[1:]) if spec.beside else out * factor), cache

    def backward(dout: Any, cache: Any) -> tuple[Any, ...]:
        found = zip(spec.gradients, spec.backward(dout, cache), strict=False)  # nets of fewer layers have the first of them
        return tuple(g * factor if n == name else g for n, g in found)

    return Student(forward, backward)


@pytest.mark.parametrize(("layer", "name"), [(s.name, n) for s in SPEC.values() for n in s.gradients])
@pytest.mark.parametrize("factor", [1.001, -1.0, 0.0])
def test_exactly_the_gradient_that_is_off_by_a_factor_fails(layer: str, name: str, factor: float, bank_of: BankOf):
    spec = SPEC[layer]
    bank = bank_of(spec)
    reading = next(
        (i for i, r in enumerate(bank.readings) if r.get("inexact_output_size") == "error"), 0
    )  # the reference refuses by default

    results = judged(spec, scaled(spec, name, factor), bank, reading=reading)

    assert [n for n, r in results.items() if r.verdict is Verdict.FAILED and not r.law] == [f"backward.{name}"]


@pytest.mark.parametrize("layer", SPEC)
def test_values_off_by_a_thousandth_fail(layer: str, bank_of: BankOf):
    spec = SPEC[layer]
    student = scaled(spec, "out", 2 if spec.whole else 1.001)

    results = judged(spec, student if spec.backward else Student(student.forward), bank_of(spec))

    assert results["forward.value"].verdict is Verdict.FAILED


def affine(out: Any) -> Any:
    """Judge the output of an affine layer that should be [[1, 2]]."""
    case = case_of(np.ones((1, 2)), x=np.ones((1, 1)), w=np.ones((1, 2)), b=np.zeros(2))
    answer = Answer(values={"out": expected([[1.0, 2.0]])})
    stage = out if isinstance(out, Stage) else Stage(values={"out": np.asarray(out)})
    return value.judge(evidence(SPEC["affine"], case, answer, Outcome(forward=stage)))["forward.value"]


def test_a_wrong_value_is_said_with_place_number_and_table():
    finding = affine([[1.0, 2.5]])

    assert finding.what == "out is wrong at 1 of 2 entries."
    assert (finding.where, finding.got, finding.expected) == ("out[0, 1]", 2.5, 2.0)
    assert finding.table == {"label": "out[:, :]", "got": [[1.0, 2.5]], "expected": [[1.0, 2.0]], "wrong": [[False, True]]}
    assert finding.next_step == "Work this input out by hand, it is small."


def test_of_an_array_that_no_table_can_show_there_is_a_map_too():
    right, got = np.ones((12, 3)), np.ones((12, 3))
    got[[2, 9], 1] = 2
    case = case_of(right, x=np.ones((12, 3)))

    found = value.judge(evidence(SPEC["relu"], case, Answer(values={"out": expected(right)}), Outcome(forward=Stage(values={"out": got}))))

    assert found["forward.value"].table["map"] == {
        "summary": messages.wrong_where("out", 2, 36, Common("column", 1, axis=1)),
        "planes": [{"label": "out", "top": 0, "left": 0, "rows": ["010" if row in (2, 9) else "000" for row in range(12)]}],
        "more": 0,
    }


def test_a_map_names_the_array_and_the_part_of_it_that_is_wrong():
    right, got = np.ones((2, 3, 3)), np.ones((2, 3, 3))
    got[1, [0, 2], [0, 2]] = 2
    case = case_of(right, x=np.ones((2, 3, 3)))

    found = value.judge(evidence(SPEC["relu"], case, Answer(values={"out": expected(right)}), Outcome(forward=Stage(values={"out": got}))))

    assert found["forward.value"].table["map"]["summary"] == "2 of 18 entries are wrong, all in out[1]."


@pytest.mark.parametrize("out", [FAILED, np.ones((2, 2)), [[1, 2]], [[1.0, np.nan]], Stage(values={})])
def test_what_breaks_its_contract_is_not_judged_again(out: Any):
    assert affine(out) == Blocked(messages.blocked("forward"))


def test_a_wrong_loss_is_called_loss_and_has_no_table():
    case = case_of(np.ones(()), x=np.ones((1, 2)), y=np.array([0]))
    answer = Answer(values={"out": expected(0.7)})

    finding = value.judge(evidence(SPEC["softmax_loss"], case, answer, Outcome(forward=Stage(values={"out": np.array(0.8)}))))[
        "forward.value"
    ]

    assert (finding.what, finding.where, finding.table) == ("loss is wrong.", "loss", None)


def shape_question(out: Any, refusal: str | None = None) -> Any:
    """Judge the answer to a question whose answer is 3, or that must be refused."""
    case = case_of(options={"size": 7, "kernel": 3, "stride": 2, "padding": 0})
    answer = Answer(refusal=refusal) if refusal else Answer(values={"out": expected(3.0, units=0.0)})
    stage = out if isinstance(out, Stage | None) else Stage(values={"out": np.asarray(out)})
    return value.judge(evidence(SPEC["output_size"], case, answer, Outcome(forward=stage)))["forward.value"]


@pytest.mark.parametrize("out", [3, 3.0, np.float32(3), np.uint8(3), [3]])
def test_a_whole_number_may_come_as_any_kind_of_number(out: Any):
    assert shape_question(out) is None


@pytest.mark.parametrize("out", [4, 3.0000001, -3, True])
def test_a_whole_number_must_be_exact(out: Any):
    assert shape_question(out).what == "out is wrong."


def test_an_answer_to_what_must_be_refused_is_wrong():
    one, many = shape_question(3, "it leaves a rest"), shape_question(np.ones((2, 5)), "it leaves a rest")

    assert one.what == "3 was returned where the filter does not fit; this input must be refused with an error (or None)."
    assert (one.got, one.expected) == ("3", "it leaves a rest")
    assert many.what.startswith("An array of shape (2, 5) was returned")


@pytest.mark.parametrize("kind", [FailureKind.EXCEPTION, FailureKind.RETURNED])
def test_an_error_or_none_is_the_right_answer_to_what_must_be_refused(kind: FailureKind):
    assert shape_question(Stage(failure=Failure(kind=kind, text="out is None")), "it leaves a rest") is None
    assert shape_question(Stage(values={}), "it leaves a rest") is None


@pytest.mark.parametrize(
    "stage", [None, *(Stage(failure=Failure(kind=FailureKind(k), text="")) for k in ("timeout", "died", "exit", "not run"))]
)
def test_a_hang_or_a_crash_decides_nothing_about_a_refusal(stage: Stage | None):
    assert shape_question(stage, "it leaves a rest") == Blocked(messages.blocked("forward"))


def lecture(b2: Any, samples: int = 1) -> Any:
    """Judge a net whose convention has no forward, by the gradient b2, which should be [0.5, -0.5]."""
    spec, answer = SPEC["two_layer_net"], Answer(values={"out": expected(0.7), "b2": expected([0.5, -0.5])})
    stages = Outcome(forward=Stage(), backward=Stage(values={} if b2 is None else {"b2": np.array(b2)}))
    return value.judge(evidence(spec, case_of(np.ones(()), x=np.ones((samples, 1))), answer, stages))


def test_a_convention_without_forward_is_judged_by_the_last_bias_of_a_single_sample():
    assert lecture([0.5, -0.5]) == {"forward.value": None}
    assert lecture(None) == {"forward.value": Blocked(messages.blocked("backward"))}
    assert (lecture([0.5, 0.5])["forward.value"].what, lecture([0.5, 0.5])["forward.value"].where) == (messages.shown_by("b2"), "b2[1]")
    assert lecture([0.5, 0.5], samples=2) == {}  # a sum for a mean would be a mistake of the gradient


def test_gradients_are_not_judged_where_there_is_nothing_to_compare_with():
    spec = SPEC["relu"]
    refusal = evidence(spec, case_of(np.ones(2), x=np.ones(2)), Answer(refusal="no"), Outcome(forward=Stage()))
    question = evidence(SPEC["output_size"], case_of(), Answer(values={"out": expected(3.0)}), Outcome(forward=Stage()))

    assert gradient.judge(refusal) == gradient.judge(question) == {}


@pytest.mark.parametrize(
    ("backward", "reason"),
    [(None, messages.NEEDS_FORWARD), (FAILED, messages.blocked("backward")), (Stage(values={}), messages.blocked("backward"))],
)
def test_a_gradient_that_is_not_there_waits(backward: Stage | None, reason: str):
    answer = Answer(values={"out": expected([1.0]), "dx": expected([1.0])})
    outcome = Outcome(forward=Stage(values={"out": np.ones(1)}), backward=backward)

    assert gradient.judge(evidence(SPEC["relu"], case_of(np.ones(1), x=np.ones(1)), answer, outcome)) == {"backward.dx": Blocked(reason)}


@pytest.mark.parametrize("spec", [s for s in SPEC.values() if s.backward], ids=lambda s: s.name)
def test_the_gradients_share_four_fifths_of_the_points_of_backward(spec: LayerSpec):
    weights = [check.weight for check in gradient.checks(spec)]

    assert len(set(weights)) == 1
    assert sum(weights) == gradient.SHARE
