"""What students see of hidden checks, wherever they look: nothing but the title and what the task is worth."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.policy import Amount, Late, Policy
from grader.report import html, junit, markdown, scores, terminal
from grader.report import results as contract
from grader.report.visibility import for_student, for_students, undecided
from tests.report.conftest import settled

Results = dict[str, Any]


DUE = datetime.fromisoformat("2026-11-30T23:59:00+09:00")
HIDING = Policy(visibility={"conv2d": "hidden", "max_pool2d": "hidden"})
WHICH = 1  # the submission whose conv2d and max_pool2d are wrong
SEEN: dict[str, Callable[[Results], str]] = {
    "page": lambda results: html.render_student(results, results["submissions"][0]),
    "page in Korean": lambda results: html.render_student(results, results["submissions"][0], language="ko"),
    "terminal": terminal.render,
    "terminal in Korean": lambda results: terminal.render(results, "ko"),
    "markdown": markdown.render,
    "class in markdown": lambda results: markdown.render(results | {"submissions": list(results["submissions"]) * 2}),
    "results of check": lambda results: contract.render(for_students(results)),
    "JUnit of check": lambda results: "".join(junit.render(for_students(results))),
    "table of check": lambda results: "".join(scores.render(for_students(results))),
    "class page of check": lambda results: "".join(html.render_class(for_students(results))),
}


def marked(entry: Any, numbers: Iterator[int]) -> Any:
    """Return a part of the results in which every number is one of its own, and every text has one."""
    if isinstance(entry, dict):
        return {
            key: value if key in ("id", "title", "part", "status", "max_score") else marked(value, numbers) for key, value in entry.items()
        }
    if isinstance(entry, list):
        return [marked(value, numbers) for value in entry]
    if isinstance(entry, str):
        return f"{entry} {next(numbers)}"
    return entry if isinstance(entry, bool) or entry is None else next(numbers)


@pytest.fixture
def secret(results: Results) -> Results:
    """One submission, with two hidden tasks in which everything that was found has a number that stands nowhere else."""
    numbers = iter(range(760_001, 770_000))
    (one,) = results["submissions"][WHICH : WHICH + 1]
    tasks = []
    for task in one["tasks"]:
        told = task
        if task["id"] in HIDING.visibility:
            found = deepcopy(one["tasks"][2]) | {"diagnoses": [{"id": "own", "message": "The own."}], "notes": ["Said."]}
            slots = ("score", "graded", "diagnoses", "checks", "notes")
            told = task | {slot: marked(found[slot], numbers) for slot in slots}
        tasks.append(told)
    table = {text: text for text in re.findall(r'"([^"]* 76\d{4})"', json.dumps(tasks))}
    whole = results | {"submissions": [one | {"tasks": tasks, "score": 765432, "translations": {"ko": table}}]}
    return settled(whole, HIDING)


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_no_number_and_no_word_of_a_hidden_task_is_anywhere_that_a_student_looks(secret: Results, seen: Callable[[Results], str]):
    found = set(re.findall(r"76\d{4}", json.dumps(secret)))
    shown = seen(secret)

    assert len(found) > 60
    assert not found & set(re.findall(r"76\d{4}", shown))
    assert "bias-summed" in shown
    assert not re.search(r"Full marks\.|Every check passed", shown)


def test_without_a_policy_the_same_places_show_what_was_found(secret: Results):
    known = settled(secret, Policy())

    for name, seen in SEEN.items():
        assert re.search(r"76\d{4}", seen(known)), name


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_nor_is_anything_of_one_that_is_worth_no_points(results: Results, seen: Callable[[Results], str]):
    (unlucky,) = results["submissions"][3:4]
    tasks = [task if task["id"] != "relu" else task | {"score": 0, "max_score": 0} for task in unlucky["tasks"]]
    one = results | {"submissions": [unlucky | {"tasks": tasks}]}

    assert "G-17" in seen(one) or seen in (SEEN["table of check"], SEEN["class page of check"])
    assert "G-17" not in seen(settled(one, Policy(visibility={"relu": "hidden"})))


def test_the_seed_from_which_hidden_cases_could_be_drawn_again_is_not_in_the_summary(results: Results):
    assert "20261122" in markdown.render(results)
    assert "20261122" not in markdown.render(settled(results, HIDING))


def test_the_instructor_sees_everything(secret: Results):
    for told in (contract.render(secret), "".join(junit.render(secret)), "".join(html.render_class(secret))):
        assert re.search(r"76\d{4}", told)


def test_results_with_hidden_tasks_and_what_a_student_may_see_of_them_are_results(secret: Results):
    validator = Draft202012Validator(contract.schema())

    validator.validate(secret)
    validator.validate(json.loads(contract.render(for_students(secret))))


def test_the_points_that_are_decided_and_those_that_are_not_are_told_apart(secret: Results):
    seen = for_student(secret["submissions"][0])

    assert (seen["score"], seen["max_score"], seen["status"], undecided(seen)) == (20, 20, "hidden", 34)
    assert "20 of 20 points; hidden checks decide 34 more" in terminal.render(secret)
    assert "conv2d, max_pool2d  decided by hidden checks" in terminal.render(secret)
    assert "Hidden checks decide 34 points more; the score is without them." in html.render_student(secret, secret["submissions"][0])
    assert "Points that hidden checks decide are not in the scores." in markdown.render(secret)


@pytest.mark.parametrize(
    ("policy", "days", "open"),
    [
        (Policy(visibility={"relu": "hidden"}, due=DUE), 1, False),
        (Policy(visibility={"relu": "after_due_date"}, due=DUE), -1, False),
        (Policy(visibility={"relu": "after_due_date"}, due=DUE), 0, True),
        (Policy(visibility={"relu": "after_due_date"}, due=DUE), None, False),
        (Policy(visibility={"relu": "after_due_date"}, due=DUE, extensions={"lee": DUE + timedelta(days=3)}), 2, False),
        (Policy(visibility={"relu": "after_published"}, due=DUE), 1, False),
        (Policy(visibility={"relu": "after_published"}, published=True), None, True),
    ],
)
def test_a_task_is_shown_from_when_its_policy_says(results: Results, policy: Policy, days: int | None, open: bool):
    made = settled(results, policy)["submissions"][0]
    seen = for_student(made, None if days is None else DUE + timedelta(days=days))

    assert seen["tasks"][1]["status"] == ("passed" if open else "hidden")
    assert (seen == made) is open


def test_a_time_that_is_none_opens_nothing(results: Results):
    made = settled(results, Policy(visibility={"relu": "after_due_date"}, due=DUE))["submissions"][0]
    made["tasks"][1]["visible_from"] = "2026-99-99T00:00Z"

    assert for_student(made, DUE + timedelta(days=1))["tasks"][1]["status"] == "hidden"


def test_how_a_submission_stands_is_told_by_what_is_shown(results: Results):
    everything = Policy(visibility=dict.fromkeys(("affine", "relu", "conv2d", "max_pool2d"), "hidden"))
    most = Policy(visibility=dict.fromkeys(("affine",), "hidden"))

    def status(which: int, policy: Policy) -> str:
        return str(for_student(settled(results, policy)["submissions"][which])["status"])

    assert status(0, everything) == "hidden"
    assert status(4, everything) == "missing"
    assert status(0, most) == "hidden"
    assert status(1, most) == "partial"
    assert status(2, most) == "failed"  # what was handed in is hidden, and the rest is not there


def test_a_final_score_waits_for_hidden_checks_and_lateness_does_not(results: Results):
    late = Late(rate=Amount.read("10 %"))
    submission = results["submissions"][0] | {"submitted": (DUE + timedelta(hours=1)).isoformat()}
    made = settled(results | {"submissions": [submission]}, Policy(due=DUE, late=late, visibility={"relu": "hidden"}))
    seen = for_student(made["submissions"][0])

    assert "final" in made["submissions"][0]
    assert "final" not in seen
    assert seen["notes"] == ["1 day late (-10 %)"]
