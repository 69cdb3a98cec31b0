"""JUnit XML: a suite for each submission, a case for each check; for GitLab, Jenkins and the actions of GitHub."""

from collections.abc import Sequence

from grader.report import junit
from grader.report.formats import Files, Options
from grader.report.results import Results

TAKES: Sequence[str] = ()


def files(results: Results, _: Options) -> Files:
    """Return `junit.xml`."""
    return [("junit.xml", junit.render(results))]
