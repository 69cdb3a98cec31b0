"""A table of scores: a line for each submission, a column for each task; for spreadsheets."""

from collections.abc import Sequence

from grader.report import scores
from grader.report.formats import Files, Options
from grader.report.results import Results

TAKES: Sequence[str] = ()


def files(results: Results, _: Options) -> Files:
    """Return `scores.csv`."""
    return [("scores.csv", scores.render(results))]
