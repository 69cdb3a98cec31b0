"""report.md: what a job's summary or a comment shows."""

from typing import Any

import pytest

from grader.report.markdown import LONGEST, TEXT, code, render

Results = dict[str, Any]


def only(results: Results, *names: str) -> str:
    """Return the report of these submissions."""
    return render(results | {"submissions": [s for s in results["submissions"] if s["id"] in names]})


def test_of_one_submission_the_tasks_are_listed_and_then_what_failed(results: Results):
    shown = only(results, "bias-summed")

    assert shown.startswith(
        "# `CNN from scratch`\n\n"
        "Isolation: `landlock+seccomp`, 2 of 2 attempts to break out were refused. Seed: 20261122. nablagrade `0.1.0`.\n\n"
        "## `bias-summed`: 36 of 54 points\n\n"
        "| task | outcome | points |\n"
        "|---|---|--:|\n"
        "| `affine` | ✓ full marks | 10 / 10 |\n"
    )
    assert (
        "### ◐ `conv2d`: 16 of 20 points\n\n"
        "- `db differs from the right gradient at 2 of 2 entries.`\\\n"
        "  `db[0]` is `4`; it should be `8`.\\\n"
        "  Likely cause: `db is summed over the rows and columns, but not over the batch: only the first sample counts.`\\\n"
        "  Next step: `Sum dout over every axis but the channel's.`\\\n"
        "  Wrong on 11 of 18 inputs; the smallest: `two samples, one channel`\n"
    ) in shown
    assert '\n  ```text\n  | Traceback (most recent call last):\n  |   File "layers.py", line 31, in pool\n' in shown
    assert "\n- note: `b of shape (1, D) was taken as (D,).`\n" in shown


def test_of_a_class_the_submissions_are_listed_and_those_that_lost_points_follow(results: Results):
    shown = only(results, "loops-right", "bias-summed", "syntax", "no-luck")

    assert [line for line in shown.splitlines() if line.startswith("## ")] == [
        "## `bias-summed`: 36 of 54 points",
        "## `no-luck`: 30 of 44 points",
        "## `syntax`: 0 of 40 points",
    ]
    assert "| `loops-right` | ✓ full marks | " in shown
    assert "- note: `layers.py, line 3: invalid syntax.`" in shown
    assert "- `dx is the gradient of the output`: `G-17 happened.`" in shown


def test_every_note_on_what_is_missing_is_said(results: Results):
    results["submissions"] = results["submissions"][2:3]
    results["submissions"][0]["tasks"][1]["notes"] = [
        "layers.py:9 relu_backward: backward is not finished yet.",
        "relu_foward looks like relu_forward.",
    ]

    shown = render(results)

    assert "- note: `relu_foward looks like relu_forward.`" in shown
    assert "- note: `layers.py:9 relu_backward: backward is not finished yet.`" in shown


def test_a_class_of_nobody_is_an_empty_table(results: Results):
    assert render(results | {"submissions": []}).endswith("\n\n| submission | outcome | points |\n|---|---|--:|\n")


@pytest.mark.parametrize("copies", [20, 500])
def test_the_report_fits_into_a_comment_and_says_what_it_leaves_out(results: Results, copies: int):
    results["submissions"] = results["submissions"][:6] * copies

    shown = render(results)

    assert len(shown) <= LONGEST + 200
    assert shown.endswith("\n\nThere is more to say than fits here; `index.html` says all of it.\n")
    assert shown.count("```") % 2 == 0
    assert all(line.count("|") == 4 for line in shown.splitlines() if line.startswith("| "))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("a ``` b `", "```` a ``` b ` ````"),
        ("two\nlines", "`two lines`"),
        ("a | b", "`a | b`"),
        (" \n", "`(nothing)`"),
        (3.5, "`3.5`"),
        ("x" * (TEXT + 1), f"`{'x' * TEXT} ...`"),
    ],
)
def test_a_span_of_code_holds_its_text_whole(text: object, shown: str):
    assert code(text) == shown


def test_in_korean_the_words_between_the_code_are_korean(results: Results):
    one = results["submissions"][1]
    one["translations"] = {"ko": {"Sum dout over every axis but the channel's.": "dout을 `채널` 밖의 모든 축에 대해 더하세요."}}

    shown = render(results | {"submissions": [one]}, "ko")

    assert shown.startswith("# `CNN from scratch`\n\n격리: `landlock+seccomp`, 탈출 시도 2건 중 2건 차단.")
    assert "\n| 문제 | 결과 | 점수 |\n|---|---|--:|\n| `affine` | ✓ 만점 | 10 / 10 |\n" in shown
    assert "\n  다음 할 일: ``dout을 `채널` 밖의 모든 축에 대해 더하세요.``\\\n" in shown
    assert "\n- 참고: `b of shape (1, D) was taken as (D,).`\n" in shown


def test_the_code_that_shows_a_finding_stands_in_the_report_of_one_but_not_of_a_class(results: Results):
    found = results["submissions"][1]["tasks"][2]["checks"][-1]["findings"][0]
    found["case"]["call"] = ["dx, dw, db = conv_backward(dout, cache)", "print('```', db[0])"]

    alone, among = only(results, "bias-summed"), only(results, "bias-summed", "syntax")

    assert "\n  Try it yourself: paste this below your own code:\n\n  ````python\n  import numpy as np\n\n  dout = np.array(" in alone
    assert "\n  print('```', db[0])  # yours 4, expected 8\n  ````\n" in alone
    assert "````" not in among
