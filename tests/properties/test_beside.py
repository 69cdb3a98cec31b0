"""What forward gives beside its output is judged by itself, whatever the output is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.casebank import Bank
from grader.model import Answer, Failure, FailureKind, Outcome, Stage, Verdict
from grader.properties import beside
from grader.properties.property import Blocked
from reference import LayerSpec, catalogue
from tests.support import Student, case_of, evidence, expected, judged

BankOf = Callable[[LayerSpec], Bank]
SPEC = catalogue()
WITH_OUTPUTS = [(spec.name, name) for spec in SPEC.values() for name in spec.beside]
NORM = SPEC["batch_norm"]


def test_each_has_a_check_half_as_heavy_as_that_of_the_output():
    found = {(check.name, check.title, check.weight, check.part, check.optional) for check in beside.checks(NORM)}

    assert found == {(name, messages.title_beside(name), 2, "forward", True) for name in ("running_mean", "running_var")}
    assert beside.checks(SPEC["relu"]) == []


@pytest.mark.parametrize(("layer", "name"), WITH_OUTPUTS)
@pytest.mark.parametrize("factor", [1.001, 0.0, -1.0])
def test_exactly_the_output_that_is_off_by_a_factor_fails(layer: str, name: str, factor: float, bank_of: BankOf):
    spec = SPEC[layer]

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given)
        zero = name == "tied"  # which no factor makes wrong
        return tuple(v * factor + zero if n == name else v for n, v in zip(("out", *spec.beside), out, strict=True)), cache

    results = judged(spec, Student(forward, spec.backward), bank_of(spec))

    assert [n for n, r in results.items() if r.verdict is Verdict.FAILED] == [f"forward.{name}"]


def running(values: dict[str, Any], *, refusal: str | None = None, failure: Failure | None = None) -> Any:
    """Judge running statistics that should be [1, 2] and [3, 4]."""
    right = {"out": expected([[0.0, 0.0]]), "running_mean": expected([1.0, 2.0]), "running_var": expected([3.0, 4.0])}
    answer = Answer(refusal=refusal) if refusal else Answer(values=right)
    stage = Stage(values={name: np.asarray(v) for name, v in values.items()}, failure=failure)
    return beside.judge(evidence(NORM, case_of(np.ones((1, 2)), x=np.ones((1, 2))), answer, Outcome(forward=stage)))


def test_a_wrong_one_is_said_with_place_and_number_and_the_other_is_right():
    judgement = running({"out": [[9.0, 9.0]], "running_mean": [1.0, 2.0], "running_var": [3.0, 5.0]})

    finding = judgement["forward.running_var"]
    assert judgement["forward.running_mean"] is None
    assert (finding.what, finding.where) == ("running_var is wrong at 1 of 2 entries.", "running_var[1]")
    assert (finding.got, finding.expected) == (5.0, 4.0)


@pytest.mark.parametrize("mean", [[1.0], [[1.0], [2.0]], [1, 2], [np.nan, 2.0]])
def test_what_breaks_its_contract_is_not_judged_again(mean: Any):
    judgement = running({"running_mean": mean, "running_var": [[3.0, 4.0]]})

    assert judgement == {"forward.running_mean": Blocked(messages.blocked("forward")), "forward.running_var": None}


def test_nothing_is_said_where_forward_failed_or_should_have():
    failed = running({}, failure=Failure(kind=FailureKind.EXCEPTION, text="ValueError: no"))

    assert set(failed.values()) == {Blocked(messages.blocked("forward"))}
    assert running({}, refusal="no") == {}


def test_a_mask_that_is_one_for_the_whole_batch_is_told_in_words():
    (judged_tied,) = beside.judge(
        evidence(
            SPEC["dropout"],
            case_of(np.ones((2, 2)), x=np.ones((2, 2))),
            Answer(values={"out": expected(np.ones((2, 2))), "tied": expected(0.0)}),
            Outcome(forward=Stage(values={"out": np.ones((2, 2)), "tied": np.array(1.0)})),
        )
    ).values()

    assert (judged_tied.what, judged_tied.next_step) == (messages.TIED, messages.DRAW_EACH)


def test_what_a_convention_does_not_show_is_not_asked_for():
    assert running({"out": [[0.0, 0.0]], "running_mean": [1.0, 2.0]}) == {"forward.running_mean": None}
