"""Which checks failed in most submissions."""

from dataclasses import dataclass, field

from grader.report.class_figures.row import Row
from grader.report.results import Results, telling

SHOWN = 8  # checks


@dataclass(slots=True)
class Failure:
    """One check of one task, with the submissions in which it failed."""

    task: str
    check: str
    rows: list[Row] = field(default_factory=list)


class Failures:
    """Counts failed checks as submissions pass."""

    def __init__(self) -> None:
        """Begin with none."""
        self._failures: dict[tuple[str, str, str], Failure] = {}

    def add(self, submission: Results, row: Row) -> None:
        """Count the checks that failed in one more."""
        for task in submission["tasks"]:
            failed = {(check["part"], check["id"]): check["title"] for check in telling(task["checks"]) if check["status"] == "failed"}
            for (part, id), title in failed.items():
                self._failures.setdefault((task["id"], part, id), Failure(task["title"], title)).rows.append(row)

    def found(self) -> list[Failure]:
        """Return those that failed most often, these first."""
        return sorted(self._failures.values(), key=lambda failure: -len(failure.rows))[:SHOWN]
