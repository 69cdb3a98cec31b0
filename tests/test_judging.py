"""What all cases said about a check becomes one result: passed, failed, errored (ours) or skipped (with the reason)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.judging import describe, judge, read_notes
from grader.model import Answer, Case, CheckResult, Failure, FailureKind, Outcome, Stage, Verdict
from grader.properties import contract, gradient, repeat, value
from grader.properties.property import Evidence
from grader.text import clean
from reference import catalogue
from tests.support import case_of, evidence, expected

RELU = catalogue()["relu"]
FAILED = Outcome(forward=Stage(failure=Failure(kind=FailureKind.EXCEPTION, text="ValueError: no")))
PARTS = ("forward", "backward")


def vector(number: int, *x: float) -> Case:
    """Return a case of the ReLU."""
    return case_of(np.ones(len(x)), number=number, title=f"case {number}", x=np.array(x, float))


def answer(case: Case) -> Answer:
    x = case.arrays["x"]
    return Answer(values={"out": expected(np.maximum(x, 0), np.abs(x)), "dx": expected(x > 0, np.ones(x.shape))})


def outcome(case: Case, *, out: bool = True, dx: bool = True) -> Outcome:
    """Return what a student gives who is right in both parts, or wrong in one."""
    x = case.arrays["x"]
    return Outcome(
        forward=Stage(values={"out": np.maximum(x, 0) if out else x + 9}),
        backward=Stage(values={"dx": (x > 0) * 1.0 if dx else x + 9}),
    )


def row(prop: Any, case: Case, answered: Answer, outcomes: Sequence[Outcome], **limits: Any) -> tuple[Any, Evidence]:
    """Return what a property sees of a case."""
    seen = evidence(RELU, case, answered, *outcomes)
    return prop, replace(seen, limits={**seen.limits, **limits})


def ruled(rows: Sequence[tuple[Case, Outcome]], *properties: Any, parts: Sequence[Any] = PARTS) -> dict[str, CheckResult]:
    """Judge outcomes by some of the properties that need the plain call alone."""
    seen = [row(p, case, answer(case), [got]) for p in properties for case, got in rows]
    return {result.id: result for result, _ in judge(RELU, seen, parts)}


def test_the_smallest_failing_case_speaks_for_the_check():
    large, small = vector(0, *range(-15, 15)), vector(1, *range(-12, 12))
    right = vector(2, 1.0, -1.0)

    results = ruled([(large, outcome(large, dx=False)), (small, outcome(small, dx=False)), (right, outcome(right))], value, gradient)

    (finding,) = results["backward.dx"].findings
    assert (finding.case["number"], finding.case["failing"], finding.case["of"]) == (1, 2, 3)
    assert results["forward.value"].verdict is Verdict.PASSED


def test_inputs_that_were_given_up_do_not_count_as_tried():
    stopped = [Outcome(forward=Stage(failure=Failure(kind=kind, text=clean("")))) for kind in (FailureKind.TIMEOUT, FailureKind.NOT_RUN)]
    rows = [(vector(number, 1.0), got) for number, got in enumerate((stopped[0], stopped[0], stopped[1], stopped[1]))]

    (finding,) = ruled(rows, contract)["forward.contract"].findings

    assert (finding.case["failing"], finding.case["of"]) == (2, 2)


def test_among_small_cases_the_first_speaks():
    first, second = vector(0, *range(-9, 9)), vector(1, 1.0, -1.0)

    results = ruled([(second, outcome(second, dx=False)), (first, outcome(first, dx=False))], gradient)

    assert results["backward.dx"].findings[0].case["title"] == "case 0"


def test_a_judge_that_raises_is_our_error_and_never_a_failure(monkeypatch: pytest.MonkeyPatch):
    case = vector(0, 1.0)
    monkeypatch.setattr(gradient, "judge", lambda _: 1 // 0)

    results = ruled([(case, outcome(case, out=False))], value, gradient)

    assert results["forward.value"].verdict is Verdict.FAILED
    assert results["backward.dx"].verdict is Verdict.ERRORED
    assert results["backward.dx"].findings == ()
    assert results["backward.dx"].reason == f"{messages.OURS} ZeroDivisionError: integer division or modulo by zero"


def test_what_needs_an_errored_check_is_errored_too(monkeypatch: pytest.MonkeyPatch):
    case = vector(0, 1.0)
    monkeypatch.setattr(value, "judge", lambda _: 1 // 0)
    rows = [row(value, case, answer(case), [outcome(case)]), row(repeat, case, answer(case), [outcome(case), outcome(case)])]

    results = {result.id: result for result, _ in judge(RELU, rows, PARTS)}

    assert results["forward.repeat"].verdict is Verdict.ERRORED  # skipped, it would cost points
    assert results["forward.repeat"].reason.startswith(messages.OURS)


def test_what_needs_a_failed_check_is_skipped_with_its_title():
    case = vector(0, 1.0)
    wrong = outcome(case, out=False)
    rows = [row(value, case, answer(case), [wrong]), row(repeat, case, answer(case), [wrong, wrong])]

    results = {result.id: result for result, _ in judge(RELU, rows, PARTS)}

    assert results["forward.repeat"].verdict is Verdict.SKIPPED
    assert results["forward.repeat"].reason == "Not checked: it makes sense only once this holds: forward gives the right values."


def test_what_needs_a_passed_check_is_judged():
    case = vector(0, 1.0)
    later = [outcome(case), outcome(case, out=False)]
    rows = [row(value, case, answer(case), [outcome(case)]), row(repeat, case, answer(case), later)]

    results = {result.id: result for result, _ in judge(RELU, rows, PARTS)}

    assert [r.verdict for r in results.values()] == [Verdict.PASSED, Verdict.FAILED]


def test_the_limits_that_were_broken_are_named():
    case = vector(0, 1.0)
    rows = [
        row(contract, case, answer(case), [Outcome(forward=Stage(failure=Failure(kind=kind, text="")))], call_seconds=0.5, memory_mb=300)
        for kind in (FailureKind.TIMEOUT, FailureKind.MEMORY)
    ]

    said = [judge(RELU, [each], PARTS)[0][0].findings[0].what for each in rows]

    assert "0.5 s" in said[0]
    assert "300 MB" in said[1]


def test_a_value_that_could_be_compared_on_no_input_is_skipped():
    case = vector(0, 1.0)

    results = ruled([(case, FAILED)], contract, value, gradient)

    assert {name: r.verdict for name, r in results.items()} == {
        "forward.contract": Verdict.FAILED,
        "forward.value": Verdict.SKIPPED,
        "backward.contract": Verdict.SKIPPED,
        "backward.dx": Verdict.SKIPPED,
    }
    assert results["forward.value"].reason == messages.blocked("forward")
    assert results["backward.dx"].reason == messages.NEEDS_FORWARD


def test_a_value_that_could_be_compared_on_some_inputs_only_fails():
    first, second = vector(0, 1.0), vector(1, 2.0)
    misshapen = Outcome(forward=Stage(values={"out": np.ones((3, 3))}), backward=outcome(second).backward)

    results = ruled([(first, outcome(first)), (second, misshapen)], contract, value)

    assert results["forward.value"].verdict is Verdict.FAILED
    assert results["forward.value"].findings[0].what == ("The output could not be compared on 1 of 2 inputs: see the check above.")
    assert results["forward.contract"].findings[0].case["failing"] == 1


@pytest.mark.parametrize(("right", "waiting", "verdict"), [(1, 2, Verdict.SKIPPED), (2, 2, Verdict.PASSED), (3, 1, Verdict.PASSED)])
def test_a_gradient_that_waits_for_some_forwards_passes_where_most_could_be_compared(right: int, waiting: int, verdict: Verdict):
    cases = [vector(number, 1.0, -2.0) for number in range(right + waiting)]

    results = ruled([(c, outcome(c) if c.number < right else FAILED) for c in cases], contract, gradient)

    assert results["backward.dx"].verdict is verdict
    assert results["backward.dx"].reason == (
        f"dx could not be compared on {waiting} of {right + waiting} inputs: they need your forward first."
    )
    assert results["backward.contract"].verdict is Verdict.PASSED


def test_a_file_that_cannot_be_run_is_no_matter_of_one_input():
    case = vector(0, 1.0)
    broken = Outcome(forward=Stage(failure=Failure(kind=FailureKind.LOAD, text="ImportError: no torch")))

    results = ruled([(case, broken)], contract)

    assert results["forward.contract"].findings[0].what == "The file could not be run: ImportError: no torch."
    assert results["forward.contract"].findings[0].case == {}


def test_a_check_that_no_input_decides_is_skipped():
    case = vector(0, 1.0)
    rows = [row(gradient, case, Answer(refusal="no"), [outcome(case)])]

    ((result, _),) = judge(RELU, rows, PARTS)

    assert (result.verdict, result.reason) == (Verdict.SKIPPED, messages.UNDECIDED)


def test_checks_of_parts_that_are_not_there_are_left_out():
    case = vector(0, 1.0)

    results = ruled([(case, outcome(case))], contract, value, gradient, parts=("forward",))

    assert list(results) == ["forward.contract", "forward.value"]


def test_the_parts_stand_in_their_order_whatever_the_properties_order():
    case = vector(0, 1.0)

    results = ruled([(case, outcome(case))], gradient, value, contract)

    assert list(results) == ["forward.contract", "forward.value", "backward.contract", "backward.dx"]


def test_arrays_are_shown_where_they_are_small():
    small = case_of(np.ones((4, 10)), x=np.ones((4, 10), np.float32), options={"stride": 2})
    large = case_of(np.ones((4, 10)), x=np.ones((41,)))

    shown, hidden = describe(small, 1, 2), describe(large, 1, 2)

    assert shown["arrays"] == {"x": [[1.0] * 10] * 4, "dout": [[1.0] * 10] * 4}
    assert (shown["shapes"], shown["options"], shown["dtype"]) == ({"x": [4, 10], "dout": [4, 10]}, {"stride": 2}, "float32")
    assert hidden["arrays"] == {}
    assert hidden["shapes"] == {"x": [41], "dout": [4, 10]}


def test_the_upstream_gradient_of_a_loss_is_not_shown():
    loss, question = describe(case_of(np.ones(()), x=np.ones((1, 2))), 1, 1), describe(case_of(options={"size": 7}), 1, 1)

    assert list(loss["shapes"]) == ["x"]
    assert (question["shapes"], question["dtype"], question["options"]) == ({}, "", {"size": 7})


def notes(*stages: Stage, also: Sequence[str] = (), output: str = "", purity_noted: bool = True) -> list[str]:
    """Return the notes on forward stages that should give [1, 2]."""
    case = case_of(np.ones(2), x=np.ones(2))
    answers = [Answer(values={"out": expected([1.0, 2.0])})]
    return read_notes([(case, Outcome(forward=s)) for s in stages], answers, also, output, purity_noted=purity_noted)


def test_notes_tell_what_costs_no_points():
    right = {"out": np.array([[1.0, 2.0]])}
    stage = Stage(values=right, mutated=("x",), warnings=("RuntimeWarning: overflow encountered in exp",))

    said = notes(stage, Stage(values={"out": np.ones(2, np.float32)}), also=["old.py:1 relu_forward"], output="\n hello \n world")

    assert said == [
        "Also defined, and not graded: old.py:1 relu_forward.",
        "forward writes into its argument x, which the caller may still need. Work on a copy: x.copy().",
        "forward emitted a warning: RuntimeWarning: overflow encountered in exp. No points are lost.",
        "out is float32 though the input is float64; it was judged with the precision of float32.",
        "An extra leading axis of length 1, such as (1, 2) for (2,), is accepted; here: out.",
        "While it was graded your code printed 'hello'.",
    ]


def test_several_shapes_with_an_extra_axis_are_one_note():
    answers = [Answer(values={"out": expected([1.0, 2.0])}), Answer(values={"out": expected([1.0, 2.0, 3.0])})]
    given = [(replace(case_of(x=np.ones(n)), number=n - 2), Outcome(forward=Stage(values={"out": np.ones((1, n))}))) for n in (2, 3)]

    said = read_notes(given, answers, [], clean(""), purity_noted=True)

    assert said == ["An extra leading axis of length 1, such as (1, 2) for (2,), is accepted; here: out."]


def test_notes_are_few_and_not_repeated():
    stages = [Stage(warnings=(f"UserWarning: {i % 20}",)) for i in range(40)]

    assert len(notes(*stages)) == 8
    assert notes(Stage(values={"out": np.ones((3, 3))}), Stage(values={"other": np.ones(1)})) == []


def test_writing_into_an_argument_is_no_note_where_it_is_a_check():
    assert notes(Stage(mutated=("x",)), purity_noted=False) == []
