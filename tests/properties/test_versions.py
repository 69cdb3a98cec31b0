"""Further versions of a function are checks of their own, left out where there is nothing to check."""

from dataclasses import replace

import numpy as np
import pytest

from grader import casebank, messages
from grader.model import Call, Failure, FailureKind, Outcome, Stage
from grader.properties import versions
from grader.text import clean
from reference import catalogue
from tests.support import evidence

SVM = catalogue()["svm_classifier"]


def bank(spec):
    return casebank.draw(spec, casebank.readings(spec, {}), 0)


def asked(stage_forward, stage_backward=None):
    """Judge the version "naive" of the SVM by what its call gave for the first case."""
    made = bank(SVM)
    case, answer = made.cases[0], made.answers[0][0]
    (first, *_) = versions.plan(SVM, made.cases, lambda c: Call(case=c))
    outcome = Outcome(forward=stage_forward(answer), backward=stage_backward(answer) if stage_backward else None)
    return versions.judge(evidence(SVM, case, answer, outcome, calls=first.calls))


def test_each_version_is_a_check_of_each_part_as_heavy_as_a_repeated_call_or_a_fresh_cache():
    found = [(c.name, c.part, c.weight, c.optional, c.title) for c in versions.checks(SVM)]
    forward_alone = versions.checks(replace(SVM, backward=None))

    assert found == [("naive", part, weight, True, messages.title_version("naive")) for part, weight in (("forward", 1), ("backward", 30))]
    assert [c.part for c in forward_alone] == ["forward"]


def test_every_case_is_asked_of_every_version_by_its_name():
    made = bank(SVM)

    planned = versions.plan(SVM, made.cases, lambda c: Call(case=c))

    assert [each.case for each in planned] == list(made.cases)
    assert all(each.calls[0].case.options["version"] == "naive" for each in planned)


def test_a_version_that_is_not_there_is_not_judged():
    assert asked(lambda _: Stage()) == {}


@pytest.mark.parametrize("factor", [1.0, 1.001])
def test_a_version_is_right_or_wrong_by_itself(factor):
    found = asked(
        lambda answer: Stage(values={"out": answer.values["out"].value}),
        lambda answer: Stage(values={"dw": factor * answer.values["dw"].value}),
    )

    assert found["forward.naive"] is None
    assert (found["backward.naive"] is None) == (factor == 1)
    assert factor == 1 or found["backward.naive"].what == "The version naive gives another dw than is right."


def test_a_version_that_raises_or_breaks_its_contract_has_that_finding():
    raised = asked(lambda _: Stage(failure=Failure(kind=FailureKind.EXCEPTION, text=clean("ValueError: no"))))
    shaped = asked(lambda answer: Stage(values={"out": answer.values["out"].value}), lambda answer: Stage(values={"dw": np.zeros((9, 9))}))

    assert "ValueError: no" in raised["forward.naive"].what
    assert "(9, 9)" in shaped["backward.naive"].what
