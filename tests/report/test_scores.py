"""scores.csv: one line a submission, one column a task, and no formula."""

import csv
import io
from typing import Any

import pytest

from grader.report.scores import cell, render
from grader.report.visibility import for_student

Results = dict[str, Any]


def rows(results: Results) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(render(results)))))


def test_there_is_one_line_for_every_submission_and_one_column_for_every_task(results: Results):
    found = rows(results)

    tasks = {cell(t["id"]) for s in results["submissions"] for t in s["tasks"]}
    assert len(found) == len(results["submissions"])
    assert set(found[0]) == {"id", "status", "score", "max_score", *tasks, "isolation"}
    assert list(found[0])[:6] == ["id", "status", "score", "max_score", "affine", "relu"]
    assert {row["isolation"] for row in found} == {"landlock+seccomp"}


def test_what_hidden_checks_decide_is_an_empty_cell(results: Results):
    one = next(s for s in results["submissions"] if s["tasks"] and s["tasks"][0]["status"] != "missing")
    secret = one | {"tasks": [task | {"visibility": "hidden"} for task in one["tasks"][:1]] + one["tasks"][1:]}

    (found,) = rows(results | {"submissions": [for_student(secret)]})

    assert found[cell(secret["tasks"][0]["id"])] == ""
    assert any(found[cell(task["id"])] for task in secret["tasks"][1:])


def test_a_line_holds_what_the_results_hold(results: Results):
    found = {row["id"]: row for row in rows(results)}

    for submission in results["submissions"][:6]:
        row = found[submission["id"]]
        assert (row["status"], float(row["score"]), float(row["max_score"])) == (
            submission["status"],
            submission["score"],
            submission["max_score"],
        )


def test_a_task_that_was_not_handed_in_is_empty_and_one_that_failed_is_0(results: Results):
    found = {row["id"]: row for row in rows(results)}

    assert found["only-affine"]["relu"] == ""
    assert found["bias-summed"]["max_pool2d"] == "0"
    assert found["Bias-Summed"]["affine"] == ""  # it has no tasks at all


def test_long_names_that_differ_at_their_ends_are_told_apart(results: Results):
    for submission, end in zip(results["submissions"], "ab", strict=False):
        submission["id"] = "\\udcff" * 250 + end

    assert [row["id"][-2:] for row in rows(results)[:2]] == ["fa", "fb"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\t \u3000=", "＝", "＋", "－", "＠"])
def test_no_name_is_taken_for_a_formula(start: str, results: Results):
    results["submissions"][0]["id"] = f"{start}=cmd|' /C calc'!A0"

    shown = rows(results)[0]["id"]

    assert shown == f"'{start.strip()}=cmd|' /C calc'!A0"
    assert cell("kim") == "kim"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kim;=1+1", "kim;'=1+1"),
        ("kim; @SUM(1)", "kim; '@SUM(1)"),
        ("kim-lee=3", "kim-lee=3"),
        ("a|b", "a|b"),
        ("\ufeff=1", "\\ufeff=1"),
        ("김하늘", "김하늘"),
    ],
)
def test_a_formula_begins_no_cell_of_a_spreadsheet_that_divides_at_semicolons(text: str, shown: str):
    assert cell(text) == shown


def test_points_stay_numbers(results: Results):
    results["submissions"][0] |= {"score": -1.5, "max_score": 12}

    assert (rows(results)[0]["score"], rows(results)[0]["max_score"]) == ("-1.5", "12")


def test_names_with_commas_quotes_and_line_ends_stay_one_cell(results: Results):
    results["submissions"][0]["id"] = 'kim, "b"\r\nlee'

    assert rows(results)[0]["id"] == 'kim, "b" lee'
    assert len("".join(render(results)).splitlines()) == 1 + len(results["submissions"])


def test_a_class_of_nobody_is_a_header(results: Results):
    assert "".join(render(results | {"submissions": []})) == "id,status,score,max_score,isolation\n"
