"""What the page of a class counts: everything in one pass over the submissions, of each of which only a row is kept.

How a page shows it is the template's; a submission is let go when its row is made.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.report.bilingual import in_all_languages
from grader.report.class_figures.alike import Alike, Group
from grader.report.class_figures.causes import Cause, Causes
from grader.report.class_figures.failures import Failure, Failures
from grader.report.class_figures.items import FEWEST, Item, Items
from grader.report.class_figures.row import Row
from grader.report.class_figures.stopped import Stop, Stops, slowest
from grader.report.results import Results

__all__ = ["FEWEST", "ClassFigures", "counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFigures:
    """What is known of a class. All but `rows` is counted among those who handed in anything.

    Attributes:
        rows: The submissions, in their order, and who handed in nothing.
        handed_in: How many handed in anything.
        median: Of the scores in percent, to one place; None where there is none.
        histogram: How many scores are in each tenth of what could be earned; full marks, and more, are in the last.
        items: The tasks, in the order of the assignment.
        causes: Likely causes, the most frequent first.
        unexplained: How many submissions have wrong tasks for which no cause is claimed.
        failures: Checks that failed in most submissions.
        files: Submissions that consist of the same files.
        numbers: Submissions that got the same wrong numbers in a task.
        slowest: Those that took longest.
        stops: Calls that did not end by themselves.
    """

    rows: list[Row]
    handed_in: int
    median: float | None
    histogram: list[int]
    items: list[Item]
    causes: list[Cause]
    unexplained: int
    failures: list[Failure]
    files: list[Group]
    numbers: list[Group]
    slowest: list[Row]
    stops: list[Stop]


def counted(submissions: Iterable[Results], page: Callable[[str], str]) -> ClassFigures:
    """Return the figures of a class.

    Args:
        submissions: As in `results.json`; looked at once, one at a time.
        page: Returns where the page of a submission is, by its id.
    """
    rows: list[Row] = []
    items, causes, failures, alike, stops = Items(), Causes(), Failures(), Alike(), Stops()
    for one in submissions:
        submission = in_all_languages(one)
        row = Row.of(submission, page(submission["id"]))
        rows.append(row)
        items.add(submission, row)
        for tally in (causes, failures, alike, stops) if row.handed_in else ():
            tally.add(submission, row)
    handed_in = [row for row in rows if row.handed_in]
    tenths = Counter(min(int(row.percent / 10), 9) for row in handed_in if row.max_score)
    return ClassFigures(
        rows=rows,
        handed_in=len(handed_in),
        median=round(statistics.median(row.percent for row in handed_in), 1) if handed_in else None,
        histogram=[tenths[tenth] for tenth in range(10)],
        items=items.found(),
        causes=causes.found(),
        unexplained=causes.unexplained,
        failures=failures.found(),
        files=alike.files(),
        numbers=alike.numbers(),
        slowest=slowest(handed_in),
        stops=stops.found(),
    )
