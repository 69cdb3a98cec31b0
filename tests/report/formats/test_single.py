"""What Gradescope, PrairieLearn and GitHub Classroom read, held against what they say that they read."""

import base64
import json
import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.report.formats import prairielearn
from tests.report.formats.conftest import leaked
from tests.report.nasty import NASTY, everywhere

Results = dict[str, Any]
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has no other fields."""
    return {"type": "object", "properties": properties, "required": required.split(), "additionalProperties": False}


GRADESCOPE_TEST = closed(
    score=NUMBER,
    max_score=NUMBER,
    status={"enum": ["passed", "failed"]},
    name=TEXT,
    name_format=FORMAT,
    number=TEXT,
    output=TEXT,
    output_format=FORMAT,
    tags={"type": "array", "items": TEXT},
    visibility=VISIBILITY,
    extra_data={"type": "object"},
)
GRADESCOPE = closed(
    "score",
    score=NUMBER,
    execution_time=NUMBER,
    output=TEXT,
    output_format=FORMAT,
    test_output_format=FORMAT,
    test_name_format=FORMAT,
    visibility=VISIBILITY,
    stdout_visibility=VISIBILITY,
    extra_data={"type": "object"},
    tests={"type": "array", "items": GRADESCOPE_TEST},
)
PRAIRIELEARN_TEST = closed("name", name=TEXT, description=TEXT, points=NUMBER, max_points=NUMBER, message=TEXT, output=TEXT)
PRAIRIELEARN = {
    "oneOf": [
        closed(
            "score",
            gradable={"const": True},
            score={"type": "number", "minimum": 0, "maximum": 1},
            message=TEXT,
            output=TEXT,
            tests={"type": "array", "items": PRAIRIELEARN_TEST},
        ),
        closed(
            "gradable",
            gradable={"const": False},
            format_errors={"type": "array", "items": TEXT, "minItems": 1},
            message=TEXT,
        ),
    ]
}
STATUS = {"enum": ["pass", "fail", "error"]}
CLASSROOM_TEST = closed(
    "name status score message test_code task_id filename line_no duration output",
    name=TEXT,
    status=STATUS,
    score=NUMBER,
    message=TEXT,
    test_code=TEXT,
    task_id={"type": "integer"},
    filename=TEXT,
    line_no={"type": "integer"},
    duration=NUMBER,
    output=TEXT | {"maxLength": 500},
)
CLASSROOM = closed(
    "version status max_score tests",
    version={"enum": [1, 3]},
    status=STATUS,
    max_score=NUMBER | {"exclusiveMinimum": 0},
    message={"type": ["string", "null"]},
    tests={"type": "array", "items": CLASSROOM_TEST},
)


def decoded(text: str) -> Results:
    """Return what the reporter of GitHub Classroom makes of a line of outputs."""
    match = re.fullmatch(r"result=([A-Za-z0-9+/=]+)\n", text)
    assert match
    document: Results = json.loads(base64.b64decode(match[1]))
    return document


def document(made: Any, name: str, results: Results, **options: Any) -> Results:
    """Return the one file of a format, read as its reader does and held against its schema."""
    (text,) = made(name, results, **options).values()
    read: Results = decoded(text) if name == "github-classroom" else json.loads(text)
    schema = {"gradescope": GRADESCOPE, "prairielearn": PRAIRIELEARN, "github-classroom": CLASSROOM}[name]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(read)] == []
    return read


@pytest.mark.parametrize("text", ["a47", "surrogate", "workflow", "long", "fence"])
@pytest.mark.parametrize("name", ["gradescope", "prairielearn", "github-classroom"])
def test_every_submission_whatever_it_says_is_what_the_reader_takes(name: str, text: str, results: Results, made: Any):
    for submission in results["submissions"][:6]:
        document(made, name, everywhere(results | {"submissions": [submission]}, NASTY[text]))


def test_gradescope_gets_a_test_for_each_task_and_the_points_of_the_whole(one: Results, made: Any):
    read = document(made, "gradescope", one)

    assert (read["score"], read["execution_time"]) == (36, 0.8125)
    assert [(t["number"], t["name"], t["score"], t["max_score"], t["status"]) for t in read["tests"]] == [
        ("1", "affine", 10, 10, "passed"),
        ("2", "relu", 10, 10, "passed"),
        ("3", "conv2d", 16, 20, "failed"),
        ("4", "max_pool2d", 0, 14, "failed"),
    ]
    assert read["tests"][0]["output"] == ""
    assert "`db differs from the right gradient at 2 of 2 entries.`" in read["tests"][2]["output"]


def test_gradescope_says_what_was_not_handed_in(results: Results, made: Any):
    read = document(made, "gradescope", results, submission="no-luck")

    assert (read["tests"][3]["status"], read["tests"][3]["output"]) == ("failed", "- note: `No file.`")


def test_gradescope_is_told_who_may_see_a_task_and_nothing_from_which_its_cases_could_be_drawn(covered: Results, made: Any):
    read = document(made, "gradescope", covered)

    assert [test["visibility"] for test in read["tests"]] == ["visible", "visible", "hidden", "visible"]
    assert leaked(json.dumps([test for test in read["tests"] if test["visibility"] == "visible"]) + read["output"]) == []
    assert str(covered["assignment"]["seed"]) not in json.dumps(read)


def test_gradescope_hears_of_adjustments_unless_they_could_tell_of_a_hidden_task(one: Results, made: Any):
    one["submissions"][0]["final"] = {"score": 30, "max_score": 54, "adjustments": [{"id": "late", "message": "1 day late", "points": -6}]}
    told = document(made, "gradescope", one)
    one["submissions"][0]["tasks"][0]["visibility"] = "after_published"

    assert (told["score"], "1 day late" in told["output"]) == (30, True)
    assert "1 day late" not in document(made, "gradescope", one)["output"]


def test_what_errored_is_no_failure_of_a_student_in_gradescope(results: Results, made: Any):
    read = document(made, "gradescope", results, submission="no-luck")

    assert ["status" in test for test in read["tests"]] == [True, False, True, True]
    assert "G-17 happened." in read["tests"][1]["output"]


def test_prairielearn_gets_a_share_and_the_points_of_every_test(one: Results, made: Any):
    read = document(made, "prairielearn", one)

    assert read["score"] == 36 / 54
    assert [(test["points"], test["max_points"]) for test in read["tests"]] == [(10, 10), (10, 10), (16, 20), (0, 14)]
    assert read["tests"][2]["output"].startswith(
        "partial  conv2d  16 / 20  layers.py:19 conv2d_forward, layers.py:20 conv2d_backward\n"
        "✗ db differs from the right gradient at 2 of 2 entries.\n"
        "  db[0] is 4; it should be 8.\n"
    )


def test_what_could_not_be_graded_costs_no_attempt_in_prairielearn(results: Results, made: Any):
    nothing = document(made, "prairielearn", results, submission="syntax")
    silent = document(made, "prairielearn", results, submission="Bias-Summed")

    assert (nothing["gradable"], nothing["format_errors"]) == (False, ["layers.py, line 3: invalid syntax."])
    assert silent["format_errors"] == ["No task was found in what you handed in."]


def test_our_error_alone_costs_no_attempt_in_prairielearn(results: Results, made: Any):
    results["submissions"] = [results["submissions"][3] | {"score": 0, "max_score": 0}]

    read = document(made, "prairielearn", results)

    assert (read["gradable"], "This is not your mistake" in read["format_errors"][0]) == (False, True)


def test_bonus_does_not_lift_a_share_above_one(one: Results, made: Any):
    one["submissions"][0]["final"] = {"score": 60, "max_score": 54, "adjustments": []}

    assert document(made, "prairielearn", one)["score"] == 1


def test_prairielearn_shows_nothing_of_a_hidden_task_but_its_title(covered: Results, made: Any):
    read = document(made, "prairielearn", covered)

    assert read["tests"][2] == {"name": "conv2d"}
    assert leaked(json.dumps(read)) == []


def test_prairielearn_gets_a_file_as_large_as_it_takes_with_all_tests_and_shorter_texts(
    one: Results, made: Any, monkeypatch: pytest.MonkeyPatch
):
    assert prairielearn.MOST == 1_000_000
    monkeypatch.setattr(prairielearn, "MOST", 20_000)
    check = one["submissions"][0]["tasks"][3]["checks"][0]
    check["findings"] = [finding | {"trace": "한글 and a line of some length\n" * 30} for finding in check["findings"] * 10]
    one["submissions"][0]["tasks"] *= 5

    (text,) = made("prairielearn", one).values()

    assert 10_000 < len(text.encode()) <= 20_000
    assert len(json.loads(text)["tests"]) == 20


def agreeing(read: Results) -> tuple[Fraction, Fraction]:
    """Return the points that Classroom records, and those that its reporter prints."""
    recorded = sum((Fraction(str(test["score"])) for test in read["tests"]), Fraction(0))
    passed = sum(test["status"] == "pass" for test in read["tests"])
    return recorded, Fraction(passed, len(read["tests"])) * Fraction(str(read["max_score"]))


@pytest.mark.parametrize("earned", [0, 4, 10.5, 13.5, 20])
def test_classroom_records_the_points_that_its_log_shows(earned: float, one: Results, made: Any):
    submission = one["submissions"][0]
    submission["tasks"][2]["score"] = earned
    submission["score"] = 20 + earned

    read = document(made, "github-classroom", one)

    assert agreeing(read) == (submission["score"], submission["score"])
    assert (read["max_score"], read["status"], read["message"]) == (54, "fail", None)


def test_classroom_gets_full_marks_as_passes_alone(results: Results, made: Any):
    read = document(made, "github-classroom", results, submission="loops-right")

    assert read["status"] == "pass"
    assert {test["status"] for test in read["tests"]} == {"pass"}


@pytest.mark.parametrize(("score", "most"), [(32.4, 54), (60, 54), (35.3333, 54), (36, 40)])
def test_classroom_records_the_score_after_the_policy_even_where_its_log_cannot_show_it(score: float, most: float, one: Results, made: Any):
    one["submissions"][0]["final"] = {"score": score, "max_score": most, "adjustments": []}

    read = document(made, "github-classroom", one)

    assert agreeing(read)[0] == Fraction(str(score))
    assert read["max_score"] == most
    assert "The points recorded are right" in read["message"]


def test_classroom_says_once_what_is_wrong_with_a_task(one: Results, made: Any):
    read = document(made, "github-classroom", one)

    said = [test for test in read["tests"] if "db differs from the right gradient" in test["output"]]
    assert [(test["name"], test["status"]) for test in said][:1] == [("conv2d (9 of 10)", "fail")]
    assert all(test["output"] == "" for test in read["tests"] if test["name"].startswith("conv2d") and test not in said)


def test_classroom_gets_nothing_of_a_hidden_task(covered: Results, made: Any):
    told: list[str] = []

    read = document(made, "github-classroom", covered, tell=told.append)

    assert leaked(json.dumps(read)) == []
    assert (agreeing(read)[0], read["max_score"]) == (20, 34)
    assert {test["name"].partition(" ")[0] for test in read["tests"]} == {"affine", "relu", "max_pool2d"}
    assert told == ["left out of the scores until students may see them: conv2d."]


@pytest.mark.parametrize("name", ["prairielearn", "github-classroom"])
def test_what_a_hidden_task_earned_changes_nothing_that_a_student_reads(name: str, covered: Results, made: Any):
    before = document(made, name, covered)
    submission = covered["submissions"][0]
    submission["tasks"][2] |= {"score": 0, "status": "failed"}
    submission |= {"score": 20, "final": {"score": 18, "max_score": 54, "adjustments": []}}

    assert document(made, name, covered) == before


@pytest.mark.parametrize("name", ["prairielearn", "github-classroom"])
def test_after_its_time_a_task_counts_there_too(name: str, one: Results, made: Any):
    opens = datetime(2026, 11, 30, tzinfo=UTC)
    one["submissions"][0]["tasks"][2] |= {"visibility": "after_due_date", "visible_from": opens.isoformat()}
    told: list[str] = []

    read = document(made, name, one, now=opens, tell=told.append)

    assert agreeing(read)[0] == 36 if name == "github-classroom" else read["score"] == 36 / 54
    assert told == []


def test_where_every_task_is_hidden_nothing_is_recorded_yet(covered: Results, made: Any):
    for task in covered["submissions"][0]["tasks"]:
        task["visibility"] = "hidden"

    classroom, prairielearn = (document(made, name, covered) for name in ("github-classroom", "prairielearn"))

    assert (classroom["tests"], classroom["max_score"], classroom["message"]) == ([], 54, "Decided by hidden checks.")
    assert prairielearn == {"gradable": False, "format_errors": ["Decided by hidden checks."]}
