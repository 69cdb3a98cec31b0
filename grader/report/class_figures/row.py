"""One submission as the table of the class shows it: all that is kept of it."""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from grader.report.gist import broken, first_words, handed_in, unloaded, worst
from grader.report.results import Results, grade
from grader.report.visibility import undecided

NAMED = 3  # tasks that were not handed in; more are only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a submission stands in one task."""

    status: str
    score: float
    max_score: float


@lru_cache(maxsize=4096, typed=True)
def _outcome(status: str, score: float, max_score: float) -> Outcome:
    """Return the outcome, one and the same for all who have it: a class has a thousand times forty."""
    return Outcome(status=status, score=score, max_score=max_score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One submission.

    Attributes:
        id: What it is called.
        name: Of the student; "" where no roster says it.
        page: Where its own page is.
        status: How it stands as a whole.
        score: After the policy of the assignment, where it has one.
        max_score: What the score is out of.
        earned: The points before the policy; None where that changed nothing.
        duration_s: Seconds that grading it took.
        outcomes: By the id of the task.
        worst: The title of the task that lost most, and what failed there first; None where nothing was wrong.
        note: The first thing that was noted; "" if there is none.
        absent: How many tasks were not handed in.
        absent_titles: Their titles, where they are few.
        handed_in: Whether there is anything of it.
        unloaded: Whether there is, and nothing of it could be run.
        broken: Whether the grader itself failed.
        undecided: Whether hidden checks decide more points.
    """

    id: str
    name: str
    page: str
    status: str
    score: float
    max_score: float
    earned: float | None
    duration_s: float
    outcomes: Mapping[str, Outcome]
    worst: tuple[str, str] | None
    note: str
    absent: int
    absent_titles: tuple[str, ...]
    handed_in: bool
    unloaded: bool
    broken: bool
    undecided: bool

    @classmethod
    def of(cls, submission: Results, page: str) -> "Row":
        """Return the row of a submission whose texts are told in all languages."""
        tasks = submission["tasks"]
        score, max_score = grade(submission)
        absent = [task["title"] for task in tasks if task["status"] == "missing"]
        costliest = next(iter(worst(tasks)), None)
        notes = [*submission["notes"], *(note for task in tasks for note in task["notes"])]
        return cls(
            id=submission["id"],
            name=submission.get("student", {}).get("name", ""),
            page=page,
            status=submission["status"],
            score=score,
            max_score=max_score,
            earned=submission["score"] if submission["score"] != score else None,
            duration_s=submission["duration_s"],
            outcomes={sys.intern(t["id"]): _outcome(t["status"], t["score"], t["max_score"]) for t in tasks},
            worst=(costliest["title"], first_words(costliest)) if costliest else None,
            note=notes[0] if notes else "",
            absent=len(absent),
            absent_titles=tuple(absent) if len(absent) <= NAMED else (),
            handed_in=handed_in(submission),
            unloaded=handed_in(submission) and unloaded(submission),
            broken=broken(submission),
            undecided=undecided(submission) is not None,
        )

    @property
    def percent(self) -> float:
        """The score in percent of what could be earned."""
        return 100 * float(self.score) / self.max_score if self.max_score else 0.0

    @property
    def sums(self) -> Counter[str]:
        """How many tasks have which status."""
        return Counter(outcome.status for outcome in self.outcomes.values())
