"""A text of at most 60,000 characters: what failed, where and why; for comments on a merge request."""

from collections.abc import Sequence

from grader.report import markdown
from grader.report.formats import Files, Options
from grader.report.results import Results

TAKES: Sequence[str] = ()


def files(results: Results, options: Options) -> Files:
    """Return `report.md`."""
    return [("report.md", [markdown.render(results, options.language, options.now)])]
