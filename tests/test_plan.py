"""Every call is planned once, whoever needs it, and what the reference says to it is worked out once."""

from pathlib import Path

import pytest

from grader import casebank, plan
from grader.assignment import Task
from grader.model import Call, Limits
from grader.plan import Plans
from grader.properties import PROPERTIES, contract, fresh, gradient, purity, repeat, value
from grader.properties.laws import LAWS
from tests.support import call, course

CONV = "id: conv2d, title: Convolution, points: 5"


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return course(tmp_path, CONV).tasks[0]


@pytest.fixture
def bank(task: Task) -> casebank.Bank:
    return casebank.draw(task.spec, casebank.readings(task.spec, task.readings), 0)


def test_the_plain_call_of_a_case_is_made_once_and_the_laws_add_theirs(task: Task, bank: casebank.Bank):
    judges = (contract, value, gradient, repeat, fresh, purity)
    with_laws = Plans().plan(task, bank.cases, {}, (*judges, *LAWS), backward=True)
    without = Plans().plan(task, bank.cases, {}, judges, backward=True)

    plain = [c for c in without.calls if c.between is None and not c.forward_only]
    assert [c.case for c in plain] == list(bank.cases)
    assert len(without.calls) == len(bank.cases) + 4  # two repeated, two interrupted
    assert len(with_laws.calls) == len(without.calls)
    assert without.calls_of_laws == []
    assert 0 < len(with_laws.calls_of_laws) <= 40


def test_a_forward_alone_asks_for_no_backward(task: Task, bank: casebank.Bank):
    planned = Plans().plan(task, bank.cases, {}, PROPERTIES, backward=False)

    assert all(c.dout is None for c in planned.calls)


def test_what_a_convention_cannot_express_is_not_called(task: Task, bank: casebank.Bank):
    planned = Plans().plan(task, bank.cases, {"stride": 1}, PROPERTIES, backward=True)

    assert planned.calls
    assert {c.case.options["stride"] for c in [*planned.calls, *planned.calls_of_laws]} == {1}


def test_submissions_that_spell_a_task_alike_share_its_plan(task: Task, bank: casebank.Bank):
    plans = Plans()

    first, again = (plans.plan(task, bank.cases, {}, PROPERTIES, backward=True) for _ in range(2))
    other = plans.plan(task, bank.cases, {"stride": 1}, PROPERTIES, backward=True)

    assert first is again
    assert first is not other


def test_the_reference_answers_the_calls_of_laws_once(task: Task, bank: casebank.Bank, monkeypatch: pytest.MonkeyPatch):
    asked: list[Call] = []
    real = plan.answer

    def counted(spec, case, reading):
        asked.append(case)
        return real(spec, case, reading)

    monkeypatch.setattr(plan, "answer", counted)
    made = Plans().plan(task, bank.cases, {}, LAWS, backward=True)
    outcomes = {id(c): call(task.spec, task.spec, c) for c in [*made.calls, *made.calls_of_laws, *made.base.values()]}

    for _ in range(2):
        for _, evidence in made.rows(outcomes, bank.answers[0], bank.readings[0], Limits(), lambda _: [], lambda _: [], {}):
            for each in evidence.calls:
                assert evidence.answer_to(each).values or evidence.answer_to(each).refusal

    assert len(asked) == len({id(case) for case in asked}) > 10
