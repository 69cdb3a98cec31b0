"""The page of a student says what must be known, in order, and once."""

import re
from typing import Any

import pytest

from grader.report import html
from tests.report.page import Page

Results = dict[str, Any]


def test_the_costliest_tasks_are_named_first(bias: Page) -> None:
    lead = re.search(r"Two things to look at first: .*?\)\.", bias.said())

    assert lead is not None
    assert lead[0] == (
        "Two things to look at first: max_pool2d (max_pool2d raised IndexError: index 4 is out of bounds),"
        " and conv2d (db is summed over the rows and columns, but not over the batch: only the first sample counts)."
    )


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (0, "Full marks. Every check passed."),
        (2, "What you handed in is right. Not handed in: relu, conv2d and max_pool2d."),
        (3, "The grader itself failed in relu. This is not your mistake, and no points are lost."),
        (4, "Nothing could be graded. Why is said below. layers.py, line 3: invalid syntax."),
        (6, "Nothing could be graded. No task was found in what you handed in."),
    ],
)
def test_the_first_sentence_fits_how_the_submission_stands(results: Results, which: int, words: str) -> None:
    page = Page(html.render_student(results, results["submissions"][which]))

    assert words in page.said()


def test_failing_tasks_come_first_and_are_open_and_the_others_folded(results: Results) -> None:
    page = Page(html.render_student(results, results["submissions"][3]))  # partial, errored, missing with a note, passed

    folds = [attrs for tag, attrs in page.elements if tag == "details" and "task" in (attrs.get("class") or "").split()]
    assert ["open" in attrs for attrs in folds] == [True, True, True, False]
    assert "– not handed in" in page.said()
    assert "! our error dx is the gradient of the output G-17 happened. not counted" in page.said()


def test_tasks_of_which_nothing_is_known_share_a_fold_and_one_of_which_something_is_has_its_own(results: Results) -> None:
    results["submissions"][2]["tasks"][1]["notes"] = ["layers.py:9 relu_forward: forward is not finished yet."]

    page = Page(html.render_student(results, results["submissions"][2]))

    folds = [attrs for tag, attrs in page.elements if tag == "details" and "task" in (attrs.get("class") or "").split()]
    assert [("open" in attrs, attrs.get("id")) for attrs in folds] == [(True, None), (False, None), (False, "silent")]
    assert "relu – not handed in 0 / of 10 layers.py:9 relu_forward: forward is not finished yet." in page.said()
    assert "Nothing was found for 2 tasks – not handed in 0 / of 20 conv2d 0 / of 10 max_pool2d 0 / of 10" in page.said()


def test_checks_stand_below_the_part_that_they_are_about(bias: Page) -> None:
    told = bias.said().rpartition("All checks")[2]

    assert told.startswith(" outcome check points forward ✓ right forward gives the right values 4 / of 4 backward ✓ right dx is")


def test_a_cause_and_a_step_are_told_once_in_a_task(results: Results) -> None:
    checks = results["submissions"][1]["tasks"][2]["checks"]
    again = checks[-1] | {"id": "backward.dw", "findings": [checks[-1]["findings"][0] | {"what": "dw is wrong."}]}
    results["submissions"][1]["tasks"][2]["checks"] = [*checks, again]

    said = Page(html.render_student(results, results["submissions"][1])).said().rpartition("conv2d ◐ partly right")[2]

    assert said.count("Likely cause db is summed") == said.count("Sum dout over every axis") == 1
    assert "dw is wrong. at db[0] yours 4 expected 8 The likely cause is the one above." in said


def test_a_net_that_waits_for_its_layer_is_none_of_the_first_things_to_look_at(results: Results) -> None:
    results["submissions"][1]["tasks"][3]["diagnoses"] = [{"id": "carried_forward", "message": "Mend conv2d first."}]

    said = Page(html.render_student(results, results["submissions"][1])).said()

    assert "One thing to look at first: conv2d (db is summed" in said


def test_a_finding_is_told_in_order(bias: Page) -> None:
    slots = (
        "db differs from the right gradient at 2 of 2 entries.",
        "at db[0] yours 4 expected 8",
        "Likely cause db is summed",
        "Next step Sum dout",
        "wrong: 4",
        "wrong: 1.0000001",
        "right: 8",
        "The smallest input that shows it: two samples, one channel",
        "Wrong on 11 of the 18 inputs tried; this is the smallest.",
        "x of shape (2, 1, 3, 3) b of shape (2,) stride = 1 padding = 0 float64 input number 3",
        "dout = np.array([[[[1, 0.5], [2, 1]]], [[[0, np.nan], [1, -0.25]]]], dtype=np.float64)",
        "y = np.array([0, 1]) stride = 1",
        "All checks",
    )

    told = bias.said().partition("✗ db is the gradient of the output")[2]

    places = [told.find(slot) for slot in slots]
    assert -1 not in places
    assert sorted(places) == places


def test_a_snippet_ends_with_the_call_and_what_should_come_of_it(results: Results) -> None:
    found = results["submissions"][1]["tasks"][2]["checks"][-1]["findings"][0]
    found["case"]["call"] = ["dx, dw, db = conv_backward(dout, cache)", "print(db[0])"]

    said = Page(html.render_student(results, results["submissions"][1])).said()

    assert "import numpy as np dout = np.array(" in said
    assert "dx, dw, db = conv_backward(dout, cache) print(db[0]) # yours 4, expected 8 " in said


def test_an_error_map_crosses_out_what_is_wrong_and_is_told_to_who_cannot_see_it(results: Results) -> None:
    table = results["submissions"][1]["tasks"][3]["checks"][2]["findings"][0]["table"]
    plane = {"label": "dx[0, 0]", "top": 0, "left": 10, "rows": ["0000", "0010"]}
    table["map"] = {"summary": "1 of 64 entries are wrong.", "planes": [plane], "more": 7}

    page = Page(html.render_student(results, results["submissions"][1]))

    (svg,) = (attrs for tag, attrs in page.elements if tag == "svg")
    assert (svg["role"], svg["aria-label"]) == ("img", "dx[0, 0]: 1 of 64 entries are wrong.")
    crosses = [attrs["d"] or "" for tag, attrs in page.elements if tag == "path" and attrs["class"] == "crosses"]
    assert [d.count("M") for d in crosses] == [1]
    assert "10 11 12 13 0 1 dx[0, 0] and 7 more planes" in page.said()


def test_checks_with_the_same_finding_are_told_once(bias: Page) -> None:
    headings = re.findall(r'<h3 class="what">(.*?)</h3>', bias.source)

    assert headings.count("max_pool2d raised IndexError: index 4 is out of bounds.") == 1
    assert "2 more of this kind" in bias.said()
