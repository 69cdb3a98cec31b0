"""`scores.csv`: one line a submission, one column a task."""

import csv
import io

from grader.report.results import Results
from grader.text import one_line

FORMULA = ("=", "+", "-", "@")


def cell(text: str) -> str:
    """Return text that stays one cell, and that no spreadsheet takes for a formula."""
    shown = one_line(text)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def render(results: Results) -> str:
    """Return the table of scores; a task that was not handed in is empty."""
    tasks = list(dict.fromkeys(t["id"] for s in results["submissions"] for t in s["tasks"]))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["id", "status", "score", "max_score", *tasks, "isolation"])
    for submission in results["submissions"]:
        scores = {t["id"]: "" if t["status"] == "missing" else t["score"] for t in submission["tasks"]}
        writer.writerow(
            [
                cell(submission["id"]),
                submission["status"],
                submission["score"],
                submission["max_score"],
                *(scores.get(task, "") for task in tasks),
                results["isolation"]["tier"],
            ]
        )
    return written.getvalue()
