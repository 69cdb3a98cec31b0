"""A page of the class and one for each student, which link to each other; for browsers."""

from collections.abc import Sequence

from grader.report import html
from grader.report.formats import Files, Options
from grader.report.results import Results

TAKES: Sequence[str] = ()


def files(results: Results, options: Options) -> Files:
    """Return `index.html` and `students/<name>.html`."""
    return html.pages(results, options.language, options.now)
