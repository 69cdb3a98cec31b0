"""How the scores of a class are distributed."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from grader.report.class_figures.row import Row


def median(rows: Sequence[Row]) -> float | None:
    """Return the median score in percent, to one place; None of nothing."""
    return round(statistics.median(row.percent for row in rows), 1) if rows else None


def histogram(rows: Iterable[Row]) -> list[int]:
    """Return how many scores are in each tenth of what could be earned; full marks, and more, are in the last."""
    tenths = Counter(min(int(row.percent / 10), 9) for row in rows if row.max_score)
    return [tenths[tenth] for tenth in range(10)]
