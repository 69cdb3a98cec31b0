"""PrairieLearn: `results.json` of one submission, a test for each task; for `/grade/results/`.

Where nothing could be graded, or where the fault is ours, it is not gradable and costs no attempt. PrairieLearn shows everything to
the student at once, so nothing is said of a hidden task but its title, and the score is that of the others.

Source: https://prairielearn.readthedocs.io/en/latest/externalGrading/
"""

import json
from collections.abc import Sequence
from typing import Any

from grader import messages
from grader.language import say, translated
from grader.report.formats import Files, Options
from grader.report.lines import line
from grader.report.results import Results, grade
from grader.report.terminal import render_task
from grader.report.visibility import HIDDEN
from grader.text import clean

TAKES: Sequence[str] = ("submission",)
MOST = 1_000_000  # bytes; a larger file is refused whole
ROOM = (100_000, 10_000, 1_000, 100)  # characters of one text; the next is tried where the file is too large


def files(results: Results, options: Options) -> Files:
    """Return `prairielearn/results.json`."""
    document = _document(options.only(options.shown(results)), options.language)
    sizes = (json.dumps(_cut(document, room), allow_nan=False) + "\n" for room in ROOM)
    return [("prairielearn/results.json", [next((text for text in sizes if len(text) <= MOST), "")])]


def _cut(value: Any, room: int) -> Any:
    """Return a part of the document with no text in it that is longer."""
    if isinstance(value, dict):
        return {key: _cut(entry, room) for key, entry in value.items()}
    if isinstance(value, list):
        return [_cut(entry, room) for entry in value]
    return clean(value, room) if isinstance(value, str) else value


def _document(submission: Results, language: str) -> Results:
    score, points = grade(submission)
    said = [line(note) for note in submission["notes"]]
    if submission["status"] == "missing":
        said += [line(note) for task in submission["tasks"] for note in task["notes"]]
        return {"gradable": False, "format_errors": said or [translated(say("No task was found in what you handed in."), language)]}
    if not points and submission["status"] == HIDDEN:
        return {"gradable": False, "format_errors": [translated(say("Decided by hidden checks."), language), *said]}
    if not points:
        return {"gradable": False, "format_errors": [translated(messages.OURS, language), *said]}
    return {
        "gradable": True,
        "score": min(max(score / points, 0.0), 1.0),
        "message": "\n".join(said),
        "tests": [_test(task, language) for task in submission["tasks"]],
    }


def _test(task: Results, language: str) -> Results:
    name = {"name": line(task["title"])}
    if task["status"] == HIDDEN:
        return name
    return name | {"points": task["score"], "max_points": task["max_score"], "output": render_task(task, language)}
