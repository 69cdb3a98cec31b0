"""Submissions that are alike: the same files, or the same wrong numbers in a task.

That is all that is said of them. Equal mistakes make equal numbers, so a group is a reason to teach something again; who worked with
whom, no number tells.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from grader.report.class_figures.row import Row
from grader.report.figures import figure
from grader.report.results import Results

SHOWN = 8  # groups of a kind
ENTRIES = 3  # of as many arrays, to show what a group has in common


@dataclass(slots=True)
class Group:
    """Submissions that have something in common: the task and some wrong entries, or, without these, their files."""

    rows: list[Row]
    task: str = ""
    entries: str = ""
    files: set[str] = field(default_factory=set)


class Alike:
    """Groups submissions as they pass."""

    def __init__(self) -> None:
        """Begin with no group."""
        self._files: dict[str, Group] = {}
        self._numbers: dict[int, Group] = {}

    def add(self, submission: Results, row: Row) -> None:
        """Put one more where it belongs."""
        sha256 = submission["sha256"]
        if sha256:
            self._files.setdefault(sha256, Group([])).rows.append(row)
        for task in submission["tasks"]:
            wrong = frozenset(_wrong_numbers(task))
            if any(_telling(got) for *_, got in wrong):
                # The hash stands for the numbers, which a class of thousands has too many of to be kept.
                group = self._numbers.setdefault(hash((task["id"], wrong)), Group([], task["title"], _entries(wrong)))
                group.rows.append(row)
                group.files.add(sha256)

    def files(self) -> list[Group]:
        """Return the submissions of which at least two consist of the same files, the largest group first."""
        return _largest(group for group in self._files.values() if len(group.rows) > 1)

    def numbers(self) -> list[Group]:
        """Return the submissions with the same wrong numbers in a task, unless their files are the same anyway."""
        return _largest(group for group in self._numbers.values() if len(group.files) > 1)


def _wrong_numbers(task: Results) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield each wrong number that a check shows: of which check, where, on which input, and what it is."""
    for check in task["checks"]:
        for finding in check["findings"]:
            if check["status"] == "failed" and finding["where"] and isinstance(finding["got"], int | float | str):
                yield check["id"], finding["where"], finding["case"].get("number"), finding["got"]


def _telling(got: Any) -> bool:
    """Whether it is no coincidence to get this number: what is nothing or no number at all, many get for many reasons."""
    return isinstance(got, int | float) and math.isfinite(got) and abs(got) not in (0, 1)


def _entries(wrong: frozenset[tuple[str, str, Any, Any]]) -> str:
    """Return one entry for each array that is wrong, as "dw[0, 1] = 0.25"."""
    first: dict[str, str] = {}
    for _, where, _, got in sorted(wrong, key=str):
        if _telling(got):
            first.setdefault(where.partition("[")[0], f"{where} = {figure(got)}")
    return ", ".join(list(first.values())[:ENTRIES])


def _largest(groups: Iterator[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: -len(group.rows))[:SHOWN]
