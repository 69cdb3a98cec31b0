"""`scores.csv`: one line a submission, one column a task."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from grader.report.results import Results, grade
from grader.report.visibility import HIDDEN
from grader.text import one_line

# Where a cell begins, also for who takes ; for the end of one: what makes a formula, in full width too. Blanks before it are
# skipped by some; tabs and carriage returns are gone with the line breaks.
FORMULA = re.compile(r"(^|;\s*)(?=[=+@＝＋－＠-])")

LONGEST = 2000  # characters: a name of a file, of 255 bytes, may need six for each


def cell(text: str) -> str:
    """Return text that stays one cell, and that no spreadsheet takes for a formula."""
    return FORMULA.sub(r"\1'", one_line(text, LONGEST))


def row(cells: Iterable[object]) -> str:
    """Return a line of a table; the texts in it went through `cell`."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def render(results: Results) -> Iterator[str]:
    """Yield the table of scores, line by line; a task that was not handed in, or is hidden, is empty."""
    tasks = list(dict.fromkeys(t["id"] for s in results["submissions"] for t in s["tasks"]))
    yield row(["id", "status", "score", "max_score", *map(cell, tasks), "isolation"])
    for submission in results["submissions"]:
        scores = {t["id"]: "" if t["status"] in ("missing", HIDDEN) else t["score"] for t in submission["tasks"]}
        earned, points = grade(submission)
        each = (scores.get(task, "") for task in tasks)
        yield row([cell(submission["id"]), submission["status"], earned, points, *each, cell(results["isolation"]["tier"])])
