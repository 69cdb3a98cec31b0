"""What a policy does with the points of a submission: what must hold of any policy and any submission, and examples by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.policy import Amount, Late, Policy, from_document, unknown_extensions
from grader.policy_file import EXAMPLE
from grader.tasks_file import validate

DUE = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
Entry = dict[str, Any]


def entry(*scores: tuple[str, float, float]) -> Entry:
    """Return a submission by what its tasks have earned, of what."""
    tasks = [{"id": name, "title": name.title(), "score": score, "max_score": most} for name, score, most in scores]
    return {"id": "kim", "score": sum(s for _, s, _ in scores), "max_score": sum(m for _, _, m in scores), "tasks": tasks}


def late(rate: str | None = None, floor: str = "0", **more: Any) -> Late:
    return Late(rate=Amount.read(rate) if rate else None, floor=Amount.read(floor), **more)


def final(policy: Policy, submission: Entry, by: timedelta = timedelta(0)) -> Entry:
    made = policy.final(submission, DUE + by)

    assert made is not None

    return made


LABS = ("a", "b", "c", "d")
quarters = st.integers(0, 40).map(lambda n: n / 4)
lab_scores = st.lists(quarters, min_size=4, max_size=4)
amounts = st.one_of(st.integers(0, 100).map(lambda n: f"{n} %"), st.integers(0, 20).map(str))
lateness = st.integers(-10, 10_000).map(lambda minutes: timedelta(minutes=minutes))
late_rules = st.builds(
    late,
    amounts,
    amounts,
    unit=st.sampled_from(["day", "hour"]),
    grace=st.integers(0, 90).map(lambda minutes: timedelta(minutes=minutes)),
    at_most=st.none() | st.integers(1, 8).map(lambda days: timedelta(days=days)),
)
rules = st.sampled_from([{}, {"drop": {"lab": 1}}, {"drop": {"lab": 3}}, {"best_of": {"lab": 1}}, {"best_of": {"lab": 3}}])


def policies() -> st.SearchStrategy[Policy]:
    made = st.builds(lambda late, rule, bonus: (late, rule, bonus), late_rules, rules, st.booleans())
    groups = dict.fromkeys(LABS, "lab")
    return made.map(lambda p: Policy(due=DUE, late=p[0], groups=groups, bonus=frozenset({"extra"} if p[2] else ()), **p[1]))


def submission_of(labs: list[float], extra: float) -> Entry:
    return entry(*((name, score, 10) for name, score in zip(LABS, labs, strict=True)), ("extra", extra, 10))


@given(policies(), lab_scores, quarters, lateness)
def test_a_final_score_is_never_below_0_nor_above_the_maximum_and_the_bonus(policy, labs, extra, by):
    made = final(policy, submission_of(labs, extra), by)

    assert 0 <= made["score"] <= made["max_score"] + 10 * len(policy.bonus)


@given(policies(), lab_scores, quarters, lateness)
def test_the_adjustments_are_what_the_score_changed_by_and_no_other_than_late_depends_on_time(policy, labs, extra, by):
    submission = submission_of(labs, extra)
    made, punctual = final(policy, submission, by), final(policy, submission)

    assert made["score"] == pytest.approx(submission["score"] + sum(a["points"] for a in made["adjustments"]), abs=1e-3)
    assert [a for a in made["adjustments"] if a["id"] != "late"] == punctual["adjustments"]
    assert all(a["points"] <= 0 for a in made["adjustments"])


@given(policies(), lab_scores, quarters, lateness, lateness)
def test_later_is_never_better(policy, labs, extra, one, other):
    submission = submission_of(labs, extra)

    assert final(policy, submission, max(one, other))["score"] <= final(policy, submission, min(one, other))["score"]


@given(policies(), lab_scores, quarters, lateness)
def test_lateness_leaves_the_floor_unless_nothing_is_accepted_any_more(policy, labs, extra, by):
    submission = submission_of(labs, extra)
    punctual = Fraction(str(final(policy, submission)["score"]))

    if not policy.late.at_most or by <= policy.late.at_most:
        assert final(policy, submission, by)["score"] >= float(policy.late.floor.of(punctual)) - 1e-4
    else:
        assert by <= policy.late.grace or final(policy, submission, by)["score"] == 0


@given(policies(), lab_scores, quarters, st.permutations(range(5)), lateness)
def test_the_order_of_tasks_makes_no_difference(policy, labs, extra, order, by):
    submission = submission_of(labs, extra)
    turned = submission | {"tasks": [submission["tasks"][i] for i in order]}

    assert {k: final(policy, turned, by)[k] for k in ("score", "max_score")} == {
        k: final(policy, submission, by)[k] for k in ("score", "max_score")
    }


@given(lab_scores, st.integers(1, 3))
def test_dropping_k_of_four_is_counting_the_best_of_the_others(labs, k):
    submission, groups = submission_of(labs, 0), dict.fromkeys(LABS, "lab")
    one = final(Policy(drop={"lab": k}, groups=groups), submission)
    other = final(Policy(best_of={"lab": 4 - k}, groups=groups), submission)

    assert one["score"] == other["score"] == sum(sorted(labs)[k:])
    assert one["max_score"] == other["max_score"] == 10 * (4 - k) + 10


def test_without_a_policy_there_is_no_final_score():
    assert Policy().final(entry(("a", 3, 10)), DUE + timedelta(days=9)) is None
    assert Policy(due=DUE, visibility={"a": "hidden"}).final(entry(("a", 3, 10)), DUE + timedelta(days=9)) is None


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("rules", "by", "score", "message"),
    [
        (late("10 %"), MINUTE, 11.25, "1 day late (-10 %)"),
        (late("10 %"), DAY, 11.25, "1 day late (-10 %)"),
        (late("10 %"), DAY + MINUTE, 10, "2 days late (-20 %)"),
        (late("10 %"), 40 * DAY, 0, "40 days late (-100 %)"),
        (late("2.5 %", unit="hour"), 90 * MINUTE, 11.875, "2 hours late (-5 %)"),
        (late("1", unit="hour"), HOUR, 11.5, "1 hour late (-1 point)"),
        (late("2"), 2 * DAY, 8.5, "2 days late (-4 points)"),
        (late("50 %", "60 %"), DAY, 7.5, "1 day late (-50 %, but 60 % kept)"),
        (late("50 %", "20"), DAY, 12.5, "1 day late (-50 %, but 20 points kept)"),
        (late("10 %", at_most=3 * DAY), 3 * DAY, 8.75, "3 days late (-30 %)"),
        (late("10 %", "60 %", at_most=3 * DAY), 3 * DAY + MINUTE, 0, "4 days late (later than 3 days earns nothing)"),
        (late(at_most=2 * DAY), DAY, 12.5, "1 day late"),
        (late("10 %", grace=15 * MINUTE), 16 * MINUTE, 11.25, "1 day late (-10 %)"),
    ],
)
def test_lateness_costs_what_the_policy_says_and_names_it(rules: Late, by: timedelta, score: float, message: str):
    made = final(Policy(due=DUE, late=rules), entry(("a", 12.5, 20)), by)

    assert made == {"score": score, "max_score": 20, "adjustments": [{"id": "late", "message": message, "points": score - 12.5}]}


@pytest.mark.parametrize("by", [-DAY, timedelta(0), 15 * MINUTE])
def test_what_is_in_time_or_within_the_grace_costs_nothing(by: timedelta):
    made = final(Policy(due=DUE, late=late("10 %", grace=15 * MINUTE)), entry(("a", 12.5, 20)), by)

    assert made == {"score": 12.5, "max_score": 20, "adjustments": []}


def test_what_was_handed_in_at_an_unknown_time_is_not_late():
    made = Policy(due=DUE, late=late("10 %")).final(entry(("a", 12.5, 20)), None)

    assert made == {"score": 12.5, "max_score": 20, "adjustments": []}


def test_an_extension_is_another_due_for_one_submission():
    policy = Policy(due=DUE, late=late("10 %"), extensions={"kim": DUE + DAY})
    other = entry(("a", 10, 20)) | {"id": "lee"}

    assert final(policy, entry(("a", 10, 20)), DAY)["score"] == 10
    assert final(policy, other, DAY)["score"] == 9


def test_a_bonus_counts_for_the_score_and_not_for_the_maximum():
    made = final(Policy(bonus=frozenset({"b"})), entry(("a", 9, 10), ("b", 4, 5)))

    assert made == {"score": 13, "max_score": 10, "adjustments": [{"id": "bonus", "message": "taking B as a bonus", "points": 0}]}


def test_the_lowest_is_dropped_and_named_and_a_task_that_nobody_could_grade_is_neither():
    policy = Policy(drop={"lab": 1}, groups=dict.fromkeys(LABS, "lab"))
    made = final(policy, entry(("a", 9, 10), ("b", 4, 10), ("c", 0, 0)))

    assert made["adjustments"] == [{"id": "drop", "message": "dropping B (lowest of lab)", "points": -4}]
    assert (made["score"], made["max_score"]) == (9, 10)
    assert final(policy, entry(("a", 9, 10), ("b", 0, 0)))["adjustments"] == []


def test_those_that_are_not_among_the_best_are_left_out_and_named():
    made = final(Policy(best_of={"lab": 1}, groups={"a": "lab", "b": "lab"}), entry(("a", 9, 10), ("b", 4, 10)))

    assert [a["message"] for a in made["adjustments"]] == ["leaving out B (the best 1 of lab count)"]


def test_what_is_visible_after_the_due_date_is_when_nobody_can_hand_in_for_points_any_more():
    extended = {"kim": DUE + 3 * DAY}

    assert Policy().opens is None
    assert Policy(due=DUE).opens == DUE
    assert Policy(due=DUE, extensions=extended).opens == DUE + 3 * DAY
    assert Policy(due=DUE, extensions=extended, late=late("10 %", at_most=2 * DAY)).opens == DUE + 5 * DAY


@pytest.fixture
def extended() -> Policy:
    """A policy with extensions as people write them: a number, and a name in other letters."""
    text = f"""id: a
title: A
policy: {{due: {EXAMPLE}, late: {{per_day: 10 %}}, extensions: {{20231234: 2026-12-09T00:00:00+09:00, "Ｋim": 2026-12-09T00:00:00+09:00}}}}
tasks: [{{id: relu, title: ReLU, points: 5}}]
"""
    return from_document(validate(text, "tasks.yaml"))


@pytest.mark.parametrize(("id", "score"), [("20231234", 10), ("kIM", 10), ("lee", 9)])
def test_an_extension_is_of_an_id_however_it_is_spelt(extended: Policy, id: str, score: float):
    made = extended.final(entry(("a", 10, 10)) | {"id": id}, datetime.fromisoformat(EXAMPLE) + timedelta(hours=1))

    assert made is not None
    assert made["score"] == score


def test_an_extension_of_nobody_is_known(extended: Policy):
    assert unknown_extensions(extended, ["KIM", "lee"]) == ["20231234"]
