"""A course that never had a stride asks for none: a task may say which values of an option it asks for."""

from pathlib import Path

import pytest

from grader import assignment, casebank
from grader.errors import AssignmentError
from grader.model import Standing
from grader.narrowing import known, narrowed
from grader.sandbox.process import Launcher
from reference import catalogue
from tests.support import FLOORS, course, failing, grade_one

CONV = "id: conv2d, title: Convolution, points: 20"
PLAIN = "options: {stride: [1], padding: [0]}"
ALWAYS_ONE = FLOORS.replace('conv_param["stride"], conv_param["pad"]', "1, 0")


def test_who_never_had_a_stride_passes_a_task_that_asks_for_none(tmp_path: Path, launcher: Launcher, banks: Path):
    assert ALWAYS_ONE != FLOORS

    whole, plain = (grade_one(ALWAYS_ONE, course(tmp_path, entry), launcher, banks) for entry in (CONV, f"{CONV}, {PLAIN}"))

    assert failing(whole) != []
    assert (failing(plain), plain.standing) == ([], Standing.PASSED)


def test_a_mistake_that_is_left_is_found_on_what_is_asked(tmp_path: Path, launcher: Launcher, banks: Path):
    wrong = ALWAYS_ONE.replace("dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(0, 2))[..., 0]")

    task = grade_one(wrong, course(tmp_path, f"{CONV}, {PLAIN}"), launcher, banks)

    (finding, *_) = (f for c in task.checks for f in c.findings)
    assert failing(task) == ["conv2d.backward.db"]
    assert (finding.case["options"]["stride"], finding.case["options"]["padding"]) == (1, 0)


def test_every_case_of_a_narrowed_bank_has_what_is_asked_and_the_bank_is_one_of_its_own(tmp_path: Path, banks: Path):
    (whole,) = course(tmp_path, CONV).tasks
    (plain,) = course(tmp_path, f"{CONV}, {PLAIN}").tasks

    drawn = [casebank.bank(task.spec, task.readings, 0, banks) for task in (whole, plain)]

    assert {case.options["stride"] for case in drawn[0].cases} == {1, 2, 3}
    assert {(case.options["stride"], case.options["padding"]) for case in drawn[1].cases} == {(1, 0)}
    assert 5 < len(drawn[1].cases) < len(drawn[0].cases)


@pytest.mark.parametrize("spec", [spec for spec in catalogue().values() if spec.options], ids=lambda spec: spec.name)
def test_any_layer_can_be_narrowed_to_one_value_of_any_option_and_drawn(spec):
    for name, values in known(spec).items():
        asked = narrowed(spec, {name: values[:1]})

        drawn = casebank.draw(asked, casebank.readings(asked, {}), 0)

        assert {case.options[name] for case in drawn.cases if name in case.options} == {values[0]}


@pytest.mark.parametrize("spec", [spec for spec in catalogue().values() if spec.options], ids=lambda spec: spec.name)
def test_no_narrowed_bank_is_taken_for_another(spec):
    asked = [spec, *(narrowed(spec, {name: [value]}) for name, values in known(spec).items() if len(values) > 1 for value in values)]

    assert len({casebank.key(one, {}, 0) for one in asked}) == len(asked)


def test_a_bank_that_was_narrowed_before_is_not_taken_for_the_whole(tmp_path: Path):
    (whole,) = course(tmp_path, "id: batch_norm, title: Batch norm, points: 5").tasks
    (training,) = course(tmp_path, "id: batch_norm, title: Batch norm, points: 5, options: {training: [true]}").tasks

    casebank.bank(training.spec, training.readings, 0, tmp_path / "banks")
    drawn = casebank.bank(whole.spec, whole.readings, 0, tmp_path / "banks")

    assert {case.options["training"] for case in drawn.cases} == {True, False}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("{strid: [1]}", "tasks[0].options (task conv2d): conv2d has no option strid; it has stride, padding."),
        ("{stride: [7]}", "stride of conv2d cannot be 7; cases have 1, 2, 3."),
        ("{stride: [true]}", "stride of conv2d cannot be True; cases have 1, 2, 3."),
        ("{stride: [1.0]}", "stride of conv2d cannot be 1.0; cases have 1, 2, 3."),
        ("{stride: [1, 2, 1]}", "stride holds 1 twice; write each value once."),
        ("{stride: []}", "stride has no value left; leave it out, or give some."),
        ("{stride: 1}", "tasks[0].options.stride"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(options: str, said: str, tmp_path: Path):
    with pytest.raises(AssignmentError) as raised:
        course(tmp_path, f"{CONV}, options: {options}")

    assert said in str(raised.value)


def test_the_course_asks_for_everything():
    assert all(task.options == {} for task in assignment.load(assignment.bundled()).tasks)
