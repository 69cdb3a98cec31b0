"""GitHub Classroom: the result of a runner for one submission, as a line for `$GITHUB_OUTPUT`; read by its reporter.

The reporter adds up the scores of the tests, and that is what Classroom records; the table that it prints in the log shows the share of
the tests that passed instead, whatever they score. Both say the same only where all tests score alike. So a task is as many tests
as it takes: 4 of 10 points are two tests of 2 points that passed, and three that did not. Students read that log, so a hidden task
is no test.

Source: https://github.com/classroom-resources/autograding-grading-reporter
"""

import base64
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm

from grader import messages
from grader.language import say, translated
from grader.report.formats import Files, Options
from grader.report.lines import line
from grader.report.results import Results, grade
from grader.report.terminal import render_task
from grader.report.visibility import HIDDEN, undecided
from grader.scoring import decimal
from grader.text import clean

TAKES: Sequence[str] = ("submission",)
MOST_TESTS = 200  # which a log still shows
OUTPUT = 500  # characters of a test
UNEVEN = "The points recorded are right; the table of the log counts tests, which score differently."
STATUSES = {"passed": "pass", "errored": "error", HIDDEN: "pass"}  # of the whole: all that is not hidden passed


def files(results: Results, options: Options) -> Files:
    """Return `github-classroom/output.txt`, which sets the output `result`."""
    submission = options.only(options.shown(results))
    entries = [*_entries(submission, options.language)]
    step = _step([Fraction(str(entry[key])) for entry in entries for key in ("score", "max_score")])
    tests = [test for entry in entries for test in (_steps(entry, step) if step else [_test(entry, entry["status"], entry["score"])])]
    document = {
        "version": 1,
        "status": STATUSES.get(submission["status"], "fail"),
        "max_score": grade(submission)[1] or undecided(submission) or 0,  # the reporter wants one
        "message": _message(submission, options.language) if not entries or submission["status"] == "errored" else None if step else UNEVEN,
        "tests": [test | {"task_id": number} for number, test in enumerate(tests)],
    }
    coded = base64.b64encode(json.dumps(document, allow_nan=False).encode()).decode()
    return [("github-classroom/output.txt", [f"result={coded}\n"])]


def _entries(submission: Results, language: str) -> Iterator[Results]:
    """Yield what has points: the tasks, and what the policy of the assignment makes of their sum."""
    for task in (task for task in submission["tasks"] if task["status"] != HIDDEN):
        output = clean(render_task(task, language), OUTPUT - 40)  # it says how much it leaves out
        yield {key: task[key] for key in ("score", "max_score", "status")} | {"name": line(task["title"]), "output": output}
    (score, most), (before, of) = grade(submission), (submission["score"], submission["max_score"])
    if (score, most) != (before, of):
        rest = {"score": _difference(score, before), "max_score": _difference(most, of)}
        yield rest | {"name": "policy", "status": "passed" if score >= before else "failed", "output": ""}


def _message(submission: Results, language: str) -> str:
    return translated(messages.OURS if submission["status"] == "errored" else say("Decided by hidden checks."), language)


def _difference(after: float, before: float) -> float:
    return decimal(Fraction(str(after)) - Fraction(str(before)))


def _step(amounts: Sequence[Fraction]) -> Fraction | None:
    """Return the largest amount of which all these are multiples; None, where it makes too many tests, or one is below nothing."""
    whole = lcm(*(amount.denominator for amount in amounts))
    step = Fraction(gcd(*(int(amount * whole) for amount in amounts)), whole)
    if not step or min(amounts) < 0 or sum(amounts[1::2], Fraction(0)) / step > MOST_TESTS:
        return None
    return step if all(score <= most for score, most in zip(amounts[::2], amounts[1::2], strict=True)) else None


def _steps(entry: Results, step: Fraction) -> Iterator[Results]:
    """Yield the tests of an entry, those that passed first; the first of the others says what is wrong."""
    earned, asked = (int(Fraction(str(entry[key])) / step) for key in ("score", "max_score"))
    for number in range(asked):
        name = entry["name"] if asked == 1 else f"{entry['name']} ({number + 1} of {asked})"
        status = "passed" if number < earned else "errored" if entry["status"] == "errored" else "failed"
        said = entry["output"] if number == min(earned, asked - 1) else ""
        yield _test(entry | {"name": name, "output": said}, status, decimal(step) if number < earned else 0)


def _test(entry: Results, status: str, score: float) -> Results:
    named = {"name": entry["name"], "status": STATUSES.get(status, "fail"), "score": score, "output": entry["output"]}
    return named | {"message": "", "test_code": "", "filename": "", "line_no": 0, "duration": 0}
