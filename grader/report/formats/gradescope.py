"""Gradescope: `results.json` of one submission, a test for each task; for `/autograder/results/`.

A task that students shall not see, or not yet, says so in the words of Gradescope, which keeps it from them; what it says is whole,
since instructors read it in the same place. The seed, from which anybody could draw the cases of a hidden task, is not told.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

import json
from collections.abc import Iterator, Sequence

from grader.report.formats import Files, Options
from grader.report.lines import line
from grader.report.markdown import render_notes, render_task
from grader.report.results import Results, grade
from grader.report.visibility import hidden

TAKES: Sequence[str] = ("submission",)


def files(results: Results, options: Options) -> Files:
    """Return `gradescope/results.json`."""
    submission = options.only(results)
    document = {
        "score": grade(submission)[0],
        "execution_time": submission["duration_s"],
        "output": render_notes(_said(submission), options.language),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "grader_version": results["grader_version"],
            "assignment_sha256": results["assignment"]["sha256"],
            "submission_sha256": submission["sha256"],
        },
        "tests": [_test(task, str(number), options.language) for number, task in enumerate(submission["tasks"], 1)],
    }
    return [("gradescope/results.json", [json.dumps(document, indent=1, allow_nan=False) + "\n"])]


def _said(submission: Results) -> Iterator[str]:
    """Yield what the whole is told; what the policy took or gave only where it cannot tell of a hidden task."""
    yield from submission["notes"]
    if "final" in submission and not any(hidden(task, None) for task in submission["tasks"]):
        yield from (adjustment["message"] for adjustment in submission["final"]["adjustments"])


def _test(task: Results, number: str, language: str) -> Results:
    test = {
        "number": number,
        "name": line(task["title"]),
        "score": task["score"],
        "max_score": task["max_score"],
        "output": render_notes(task["notes"], language) if task["status"] == "missing" else render_task(task, language),
        "visibility": task.get("visibility", "visible"),
    }
    # What errored is ours, and counts for nothing: it has no status, rather than that of a failure.
    return test if task["status"] == "errored" else test | {"status": "passed" if task["status"] == "passed" else "failed"}
