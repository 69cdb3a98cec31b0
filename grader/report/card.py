"""HTML for a notebook: a card in one language, made of the parts of the student's page, that fits into a page that is not ours.

No script, nothing fetched; every text is taken as hostile.
"""

from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from jinja2 import Environment

from grader.report.bilingual import in_language, said
from grader.report.html import environment
from grader.report.results import Results
from grader.report.spoken import localised

ORDER = ("failed", "partial", "errored", "missing", "passed", "hidden")


def render(results: Results, files: Mapping[str, str], *, language: str) -> str:
    """Return the card of a run with one submission.

    Args:
        results: The run, as its student may see it.
        files: The code that was graded, by path.
        language: What the card is in.
    """
    (submission,) = localised(results, language)["submissions"]
    tasks = sorted(submission["tasks"], key=lambda task: ORDER.index(task["status"]))
    values = {"submission": submission, "tasks": tasks, "files": files, "language": language, "say": partial(_said, language)}
    return _speaking(language).get_template("card.html").render(values)


@cache
def _speaking(language: str) -> Environment:
    """Return what renders the templates of the pages in one language."""
    made = environment().overlay(finalize=partial(_shown, language))
    made.filters = made.filters | {"numbered": numbered, "waiting": waiting}
    return made


def numbered(text: str) -> str:
    """Return a text with the numbers of its lines before them."""
    return "\n".join(f"{number:>4}  {line}" for number, line in enumerate(text.splitlines(), 1))


def waiting(tasks: Iterable[Results]) -> float:
    """Return how many points hang on checks that could not be made yet."""
    return float(sum(check["max_score"] for task in tasks for check in task["checks"] if check["status"] == "skipped"))


def _shown(language: str, value: Any) -> Any:
    return in_language(value, language)


def _said(language: str, template: str, /, **slots: Any) -> str:
    return said(template, language, **slots)
