"""Submissions that took long, and calls that did not end by themselves."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from grader.messages.calls import tells_of_no_end
from grader.report.class_figures.row import Row
from grader.report.results import Results

SHOWN = 8  # submissions


@dataclass(frozen=True, slots=True)
class Stop:
    """How a call of a task was stopped, or ended its process, and in which submissions."""

    task: str
    what: str
    rows: list[Row]


class Stops:
    """Collects calls that did not end by themselves: the first of each submission, since one is enough to look at it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._stops: dict[tuple[str, str], Stop] = {}

    def add(self, submission: Results, row: Row) -> None:
        """Look for such a call in one more."""
        findings = ((task, finding) for task in submission["tasks"] for check in task["checks"] for finding in check["findings"])
        first = next(((task, finding) for task, finding in findings if tells_of_no_end(finding["what"])), None)
        if first:
            task, finding = first
            self._stops.setdefault((task["id"], finding["what"]), Stop(task["title"], finding["what"], [])).rows.append(row)

    def found(self) -> list[Stop]:
        """Return all there are, those of most submissions first."""
        return sorted(self._stops.values(), key=lambda stop: -len(stop.rows))


def slowest(rows: Iterable[Row]) -> list[Row]:
    """Return those that took longest, these first."""
    return heapq.nlargest(SHOWN, rows, key=lambda row: row.duration_s)
