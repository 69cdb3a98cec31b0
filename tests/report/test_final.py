"""The score after the policy, where students and instructors read it."""

from datetime import datetime
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from grader.errors import ReportError
from grader.policy import Amount, Late, Policy
from grader.report import html, markdown, terminal
from grader.report import results as contract
from tests.report.conftest import settled

Results = dict[str, Any]


DUE = datetime.fromisoformat("2026-11-30T23:59:00+09:00")
LATE = Policy(due=DUE, late=Late(rate=Amount.read("10 %")))
BONUS = Policy(due=DUE, late=LATE.late, bonus=frozenset({"max_pool2d"}))
SUBMITTED = "2026-11-30T15:00:00Z"  # one minute late


def handed_in(results: Results, policy: Policy, submitted: str = SUBMITTED) -> Results:
    """Return one submission, 32.5 of 40 points, under a policy."""
    (one,) = results["submissions"][2:3]
    return settled(results | {"submissions": [one | {"submitted": submitted, "score": 32.5}]}, policy)


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        (LATE, "32.5 of 40 points, after 1 day late (-10 %): 29.25"),
        (BONUS, "32.5 of 40 points, after taking max_pool2d as a bonus, 1 day late (-10 %): 29.25 of 30"),
    ],
)
def test_the_score_is_told_with_what_the_policy_made_of_it(results: Results, policy: Policy, line: str):
    made = handed_in(results, policy)
    page = html.render_student(made, made["submissions"][0])

    assert click.unstyle(terminal.render(made)).splitlines()[-1] == line
    assert line in page
    assert "<b>29.25</b>" in page
    assert line in markdown.render(made).replace("`", "")


def test_the_line_is_in_the_language_of_the_reader(results: Results):
    made = handed_in(results, LATE)

    assert click.unstyle(terminal.render(made, "ko")).splitlines()[-1] == "40점 만점에 32.5점, 반영 사항: 1일 늦음 (-10 %). 최종 29.25점"
    assert "1일 늦음 (-10 %). 최종 29.25점" in html.render_student(made, made["submissions"][0])


def test_in_the_table_of_a_class_stands_the_final_score(results: Results):
    made = handed_in(results, LATE)
    two = made | {"submissions": [*made["submissions"], results["submissions"][0]]}

    assert "29.25 / 40 |" in markdown.render(two)


def test_what_the_policy_leaves_as_it_was_is_told_as_without_one(results: Results):
    made = handed_in(results, LATE, "2026-11-30T23:59:00+09:00")

    assert made["submissions"][0]["final"]["adjustments"] == []
    assert click.unstyle(terminal.render(made)).splitlines()[-1] == "32.5 of 40 points"
    assert "after" not in html.render_student(made, made["submissions"][0]).partition("<main>")[2].partition("<nav")[0]


def test_results_under_a_policy_obey_the_contract_and_another_policy_takes_its_place(results: Results):
    one, two = settled(results, BONUS), settled(results, Policy(visibility={"relu": "after_due_date"}, due=DUE))

    for made in (one, two):
        Draft202012Validator(contract.schema()).validate(made)
    assert settled(one, Policy())["submissions"] == settled(results, Policy())["submissions"]
    assert "final" not in settled(one, Policy())["submissions"][0]
    assert settled(two, BONUS) == one


@pytest.mark.parametrize("time", ["yesterday", "2026-11-30T15:00:00"])
def test_a_time_that_is_none_is_refused_with_the_name_of_the_submission(results: Results, time: str):
    with pytest.raises(ReportError, match=f"only-affine: {time} is no time with an offset"):
        handed_in(results, LATE, time)
