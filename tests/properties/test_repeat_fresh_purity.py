"""What stays behind between calls: in forward, in backward, in the arguments."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.casebank import Bank
from grader.model import Answer, Call, Failure, FailureKind, Outcome, Stage, Verdict
from grader.properties import contract, fresh, gradient, purity, repeat, value
from grader.properties.property import Blocked
from grader.text import clean
from reference import LayerSpec, catalogue
from tests.support import Student, case_of, evidence, expected, judged

BankOf = Callable[[LayerSpec], Bank]
SPEC = catalogue()
RELU = SPEC["relu"]
CASE = case_of(np.ones(2), x=np.array([1.0, -1.0]))
ANSWER = Answer(values={"out": expected([1.0, 0.0]), "dx": expected([1.0, 0.0])})
RIGHT, WRONG = Stage(values={"out": np.array([1.0, 0.0])}), Stage(values={"out": np.array([1.0, 1.0])})
RIGHT_DX, WRONG_DX = Stage(values={"dx": np.array([1.0, 0.0])}), Stage(values={"dx": np.array([0.0, 1.0])})
FAILED = Stage(failure=Failure(kind=FailureKind.EXCEPTION, text="ValueError: no"))
LAYERS_WITH_STATE = pytest.mark.parametrize("layer", ["affine", "conv2d", "softmax_loss", "two_layer_net"])


def failing(results: dict[str, Any]) -> list[str]:
    """Return the ids of the checks that failed."""
    return [name for name, result in results.items() if result.verdict is Verdict.FAILED]


@LAYERS_WITH_STATE
def test_a_forward_that_remembers_its_inputs_fails_repeat_alone(layer: str, bank_of: BankOf):
    spec, seen = SPEC[layer], set()

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given, **({"inexact_output_size": "floor"} if layer == "conv2d" else {}))
        key = given["x"].tobytes()
        spoilt = out + 1 if key in seen else out
        seen.add(key)
        return spoilt, cache

    results = judged(spec, Student(forward, spec.backward), bank_of(spec), properties=(contract, value, gradient, repeat))

    assert failing(results) == ["forward.repeat"]
    assert results["forward.repeat"].findings[0].what == messages.REPEAT


@LAYERS_WITH_STATE
def test_a_backward_that_reads_a_global_fails_fresh_alone(layer: str, bank_of: BankOf):
    spec, kept = SPEC[layer], {}

    def forward(**given: Any) -> tuple[Any, Any]:
        out, kept["cache"] = spec.forward(**given, **({"inexact_output_size": "floor"} if layer == "conv2d" else {}))
        return out, None

    results = judged(spec, Student(forward, lambda dout, _: spec.backward(dout, kept["cache"])), bank_of(spec))

    assert failing(results) == ["backward.fresh"]
    assert results["backward.fresh"].findings[0].what == messages.FRESH


def test_a_dropout_whose_backward_takes_the_mask_of_the_latest_forward_fails_fresh_alone(bank_of: BankOf):
    spec, kept = SPEC["dropout"], {}

    def forward(**given: Any) -> tuple[Any, Any]:
        out, kept["factor"] = spec.forward(**given)
        return out, None

    results = judged(spec, Student(forward, lambda dout, _: (dout * kept["factor"],)), bank_of(spec))

    assert failing(results) == ["backward.fresh"]


@pytest.mark.parametrize("part", ["forward", "backward"])
def test_writing_into_an_argument_fails_purity_alone(part: str, bank_of: BankOf):
    def forward(x: Any) -> tuple[Any, Any]:
        mask = x > 0
        if part == "forward":
            x *= mask
        return x * mask, mask

    def backward(dout: Any, mask: Any) -> tuple[Any]:
        if part == "backward":
            dout[~mask] = 0
        return (dout * mask,)

    results = judged(RELU, Student(forward, backward), bank_of(RELU))

    assert failing(results) == [f"{part}.purity"]
    name = "x" if part == "forward" else "dout"
    assert results[f"{part}.purity"].findings[0].what == messages.mutates(part, [name])


def test_zeros_earn_nothing_for_being_pure(bank_of: BankOf):
    results = judged(RELU, Student(lambda x: (np.zeros(x.shape), x), lambda _, x: (np.zeros(x.shape),)), bank_of(RELU))

    passed = {name for name, result in results.items() if result.verdict is Verdict.PASSED and not result.law}
    assert passed == {"forward.contract", "backward.contract"}  # which bear no points


@pytest.mark.parametrize("prop", [repeat, fresh])
def test_two_inputs_are_called_twice(prop: Any, bank_of: BankOf):
    cases = bank_of(RELU).cases

    planned = prop.plan(RELU, cases, lambda case: Call(case=case))

    assert {case.number: len(calls) for case, calls in planned if len({call.case for call in calls}) == 1} == {0: 2, 2: 2}


def test_a_second_process_is_to_begin_with_the_last_input_and_to_end_with_the_first(bank_of: BankOf):
    cases = bank_of(RELU).cases

    *_, (_, calls) = repeat.plan(RELU, cases, lambda case: Call(case=case))

    assert [call.case.number for call in calls] == [cases[-1].number, 2, 0]


def test_the_second_call_asks_for_no_more_than_it_must():
    plain = Call(case=CASE)

    ((_, (_, again)),) = repeat.plan(RELU, [CASE], lambda _: plain)  # of a single input there is no other order
    ((_, (_, interrupted)),) = fresh.plan(RELU, [CASE], lambda _: plain)

    assert (again.forward_only, again.between, again.dout) == (True, None, None)
    assert interrupted.dout is CASE.dout
    assert interrupted.between is not None
    assert interrupted.between["x"].tolist() == [0.0, 2.0, 0.0, 2.0]


def test_what_is_right_at_once_bears_four_fifths_of_the_points_of_a_part():
    weights = {c.name: c.weight for prop in (contract, value, gradient, repeat, fresh) for c in prop.checks(RELU)}

    assert weights == {"contract": 0, "value": 4, "repeat": 1, "dx": 120, "fresh": 30}
    assert [c.weight for c in purity.checks(RELU)] == [1, 30]


def test_fresh_needs_a_backward():
    assert fresh.checks(SPEC["output_size"]) == []
    assert fresh.plan(RELU, [CASE], lambda case: Call(case=case, forward_only=True)) == []
    assert fresh.plan(RELU, [case_of(x=np.ones(2))], lambda case: Call(case=case)) == []


def test_the_forward_in_between_has_other_values_and_twice_as_many_samples():
    x, y, w = np.array([[0.5, -1.0]], np.float32), np.array([1]), np.array([[3.0], [0.0]], np.float32)

    loss, layer = fresh.others(SPEC["softmax_loss"], {"x": x, "y": y}), fresh.others(SPEC["affine"], {"x": x, "w": w, "b": w[1]})

    assert loss["x"].tolist() == [[0.5, 2.0]] * 2
    assert loss["x"].dtype == np.float32
    assert loss["y"].tolist() == [1, 1]
    assert [len(layer[name]) for name in "xwb"] == [2, 2, 1]


@pytest.mark.parametrize("layer", ["avg_pool2d", "global_pool", "im2col"])
def test_a_stale_cache_of_nothing_but_shapes_fails_fresh_alone(layer: str, bank_of: BankOf):
    spec, kept, made = SPEC[layer], {}, bank_of(SPEC[layer])

    def forward(**given: Any) -> tuple[Any, Any]:
        out, kept["cache"] = spec.forward(**given, **made.readings[0])
        return out, None

    results = judged(spec, Student(forward, lambda dout, _: spec.backward(dout, kept["cache"])), made)

    assert failing(results) == ["backward.fresh"]


def judge_repeat(first: Stage | None, second: Stage | None) -> Any:
    return repeat.judge(evidence(RELU, CASE, ANSWER, Outcome(forward=first), Outcome(forward=second)))["forward.repeat"]


def test_repeat_is_decided_by_the_second_call():
    assert judge_repeat(RIGHT, RIGHT) is None
    assert judge_repeat(RIGHT, WRONG).where == "out[1]"
    assert judge_repeat(RIGHT, None).what == messages.REPEAT
    assert judge_repeat(RIGHT, FAILED).got == "forward raised ValueError: no."


@pytest.mark.parametrize("first", [WRONG, FAILED, None])
def test_repeat_does_not_judge_what_was_wrong_at_once(first: Stage | None):
    assert judge_repeat(first, RIGHT) == Blocked(messages.blocked("forward"))


def test_repeat_has_nothing_to_ask_of_a_convention_without_forward():
    assert judge_repeat(Stage(), Stage()) is None


OTHER = case_of(np.ones(2), x=np.array([1.0, -1.0]), number=1)


def judge_anew(*again: Stage | None, first: Stage = RIGHT, answered: Answer = ANSWER) -> tuple[Any, list[Call]]:
    """Judge two calls that were made in a second process, and return which were."""
    calls = [Call(case=OTHER), Call(case=CASE)]
    asked: list[Call] = []

    def ask_anew(wanted: Any) -> list[Outcome]:
        asked.extend(wanted)
        return [Outcome(forward=stage) for stage in again]

    seen = evidence(RELU, OTHER, answered, Outcome(forward=first), Outcome(forward=RIGHT), calls=calls)
    return repeat.judge(replace(seen, ask_anew=ask_anew)), asked


def test_repeat_is_decided_by_a_second_process_too():
    assert judge_anew(RIGHT, RIGHT)[0] == {"forward.repeat": None}
    for again, got in ((WRONG, 1.0), (FAILED, "forward raised ValueError: no."), (None, None), (Stage(), None)):
        finding = judge_anew(RIGHT, again)[0]["forward.repeat"]
        assert (finding.what, finding.got, finding.shown_on) == (messages.ANEW, got, CASE)


def test_a_second_process_makes_no_backward():
    assert all(call.forward_only for call in judge_anew(RIGHT, RIGHT)[1])


@pytest.mark.parametrize("first", [WRONG, FAILED, Stage()])
def test_what_was_wrong_at_once_is_not_asked_of_a_second_process(first: Stage):
    assert judge_anew(RIGHT, RIGHT, first=first) == ({}, [])


@pytest.mark.parametrize("kind", [FailureKind.LOAD, FailureKind.NOT_RUN])
def test_a_second_process_that_is_not_there_decides_nothing(kind: FailureKind):
    nothing = Stage(failure=Failure(kind=kind, text=""))

    assert judge_anew(nothing, nothing)[0] == {}
    assert judge_anew()[0] == {}
    assert judge_anew(nothing, RIGHT)[0] == {"forward.repeat": None}
    assert judge_anew(nothing, WRONG)[0]["forward.repeat"].what == messages.ANEW


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.MEMORY])
def test_two_processes_that_do_not_come_back_are_an_answer_unless_the_time_for_the_task_was_up(kind: FailureKind):
    late, up = (Stage(failure=Failure(kind=kind, text=clean(text))) for text in ("call", "task"))

    assert judge_anew(late, RIGHT)[0]["forward.repeat"].what == messages.ANEW
    assert judge_anew(up, up)[0] == {}


@pytest.mark.parametrize(
    ("kind", "asked"), [(FailureKind.TIMEOUT, 2), (FailureKind.MEMORY, 2), (FailureKind.EXCEPTION, 1), (FailureKind.DIED, 1)]
)
def test_a_second_process_that_was_late_is_given_another_chance_and_no_other(kind: FailureKind, asked: int):
    rounds = iter([Stage(failure=Failure(kind=kind, text=clean("call"))), RIGHT])
    made = []

    def ask_anew(calls: Any) -> list[Outcome]:
        made.append(calls)
        return [Outcome(forward=next(rounds))] * len(calls)

    calls = [Call(case=OTHER), Call(case=CASE)]
    judged_anew = repeat.judge(replace(evidence(RELU, OTHER, ANSWER, *[Outcome(forward=RIGHT)] * 2, calls=calls), ask_anew=ask_anew))

    assert len(made) == asked
    assert (judged_anew == {"forward.repeat": None}) == (asked == 2)


def test_what_must_be_refused_may_come_first_in_a_second_process():
    assert judge_anew(FAILED, FAILED, answered=Answer(refusal="no"))[0] == {"forward.repeat": None}


def judge_fresh(plain: Stage | None, interrupted: Stage | None) -> Any:
    stages = (Outcome(forward=RIGHT, backward=plain), Outcome(forward=RIGHT, backward=interrupted))
    return fresh.judge(evidence(RELU, CASE, ANSWER, *stages))["backward.fresh"]


def test_fresh_is_decided_by_the_interrupted_call():
    wrong, failed = judge_fresh(RIGHT_DX, WRONG_DX), judge_fresh(RIGHT_DX, FAILED)

    assert judge_fresh(RIGHT_DX, RIGHT_DX) is None
    assert wrong, "another gradient of the interrupted call passes"
    assert wrong.where == "dx[1]"
    assert failed, "an interrupted call that fails passes"
    assert failed.what == messages.FRESH


@pytest.mark.parametrize(
    ("plain", "reason"),
    [(WRONG_DX, messages.blocked("backward")), (FAILED, messages.blocked("backward")), (None, messages.NEEDS_FORWARD)],
)
def test_fresh_does_not_judge_what_was_wrong_at_once(plain: Stage | None, reason: str):
    assert judge_fresh(plain, RIGHT_DX) == Blocked(reason)


def test_what_must_be_refused_decides_nothing_about_state():
    refusal = Answer(refusal="no")

    assert repeat.judge(evidence(RELU, CASE, refusal, Outcome(), Outcome())) == {}
    assert fresh.judge(evidence(RELU, CASE, refusal, Outcome(), Outcome())) == {}


def test_a_failed_call_decides_nothing_about_purity():
    outcome = Outcome(forward=RIGHT, backward=FAILED)

    judged_parts = purity.judge(evidence(RELU, CASE, ANSWER, outcome))

    assert judged_parts == {"forward.purity": None}


def test_a_shape_question_has_no_arguments_to_write_into():
    spec = SPEC["output_size"]

    assert purity.checks(spec) == []
    assert purity.judge(evidence(spec, case_of(), ANSWER, Outcome(forward=RIGHT))) == {}
