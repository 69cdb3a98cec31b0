"""Item analysis: how the class stands in each task, how hard a task was, and how well it tells strong submissions from weak ones.

Difficulty is the mean share of a task's points; discrimination is the item-rest correlation, of the share of a task's points with the
share of the points of all other tasks. Source: Crocker and Algina, "Introduction to Classical and Modern Test Theory", chapter 14.
"""

import statistics
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.report.class_figures.row import Row
from grader.report.results import Results

FEWEST = 20  # submissions, below which chance makes correlations of any size


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One task in the class.

    Attributes:
        id: Of the task.
        title: Of the task.
        counts: How many submissions have which status.
        parts: The same for each part of the task.
        difficulty: The mean share of the points, from 0 (nobody got any) to 1, without those that ended in an error of ours or are
            hidden; None where none is left.
        discrimination: From -1 to 1, among submissions of which anything is to be graded; None where they are too few or all alike.
    """

    id: str
    title: str
    counts: Mapping[str, int]
    parts: Mapping[str, Mapping[str, int]]
    difficulty: float | None
    discrimination: float | None

    @property
    def of(self) -> int:
        """How many submissions have this task."""
        return sum(self.counts.values())


@dataclass(slots=True)
class _Tally:
    title: str
    counts: Counter[str] = field(default_factory=Counter)
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    sum: float = 0.0
    counted: int = 0
    shares: "array[float]" = field(default_factory=lambda: array("d"))
    rests: "array[float]" = field(default_factory=lambda: array("d"))


class Items:
    """Counts the tasks of submissions as they pass."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tallies: dict[str, _Tally] = {}

    def add(self, submission: Results, row: Row) -> None:
        """Count the tasks of one more; of who handed in nothing it is only learnt what tasks there are."""
        for task in submission["tasks"]:
            self._tallies.setdefault(task["id"], _Tally(task["title"]))
        if row.handed_in:
            self._count(submission)

    def _count(self, submission: Results) -> None:
        decided = [task for task in submission["tasks"] if task["status"] not in ("errored", "hidden") and task["max_score"]]
        earned, points = (sum(task[key] for task in decided) for key in ("score", "max_score"))
        for task in submission["tasks"]:
            tally = self._tallies[task["id"]]
            tally.counts[task["status"]] += 1
            for part, status in task["parts"].items():
                tally.parts.setdefault(part, Counter())[status] += 1
        for task in decided:
            tally, share = self._tallies[task["id"]], task["score"] / task["max_score"]
            tally.sum += share
            tally.counted += 1
            rest = points - task["max_score"]
            if submission["status"] != "missing" and rest:
                tally.shares.append(share)
                tally.rests.append((earned - task["score"]) / rest)

    def found(self) -> list[Item]:
        """Return the tasks in the order in which they were first met."""
        return [
            Item(
                id=id,
                title=tally.title,
                counts=tally.counts,
                parts=tally.parts if len(tally.parts) > 1 else {},
                difficulty=tally.sum / tally.counted if tally.counted else None,
                discrimination=_correlation(tally.shares, tally.rests),
            )
            for id, tally in self._tallies.items()
        ]


def _correlation(shares: "array[float]", rests: "array[float]") -> float | None:
    if len(shares) < FEWEST or min(len(set(shares)), len(set(rests))) == 1:
        return None
    return statistics.correlation(shares, rests)
