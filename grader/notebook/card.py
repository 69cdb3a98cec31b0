"""What a check of a session came to: a card in a notebook, text in a terminal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from grader.report import card, markdown, terminal
from grader.report.visibility import for_students


class Card:
    """The outcome of a check, as the student may see it.

    Attributes:
        results: What `results.json` holds of it, with what hidden checks decide left out.
        files: The code that was graded, by path.
    """

    def __init__(self, results: Mapping[str, Any], files: Mapping[str, str], language: str, now: datetime) -> None:
        """Keep what students may see of `results` at this time."""
        seen = for_students(dict(results), now)
        self.results = seen | {"submissions": list(seen["submissions"])}
        self.files = files
        self._language, self._now = language, now

    @property
    def passed(self) -> bool:
        """Whether all that could be decided here is right, and nothing is left to hidden checks."""
        return all(submission["status"] == "passed" for submission in self.results["submissions"])

    def __repr__(self) -> str:
        """Return what `grader check` prints."""
        return click.unstyle(terminal.render(self.results, self._language, self._now))

    def _repr_markdown_(self) -> str:
        """Return the report for front ends that have Markdown and no HTML."""
        return markdown.render(self.results, self._language, self._now)

    def _repr_html_(self) -> str:
        """Return the card."""
        return card.render(self.results, self.files, language=self._language)
