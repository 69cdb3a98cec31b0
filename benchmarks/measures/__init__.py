"""What `benchmarks/gradcheck.py` measures, one file each; every one returns a table with its goals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and where it must stay."""

    name: str
    figure: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it does."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def __str__(self) -> str:
        """One line."""
        sign = ">=" if self.at_least else "<="
        return f"{'met   ' if self.met else 'MISSED'}  {self.name}: {self.figure:.4g} {sign} {self.limit:.4g}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under a heading, what they are said to show, and the goals."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = field(default_factory=tuple)

    def __str__(self) -> str:
        """A table in Markdown, then the notes and the goals."""
        lines = ["", f"## {self.title}", "", _row(self.columns), _row(["---"] * len(self.columns))]
        lines += [_row([_cell(value) for value in row]) for row in self.rows]
        return "\n".join([*lines, "", *self.notes, *map(str, self.goals)])

    def document(self) -> dict[str, Any]:
        """Return what is written as JSON."""
        goals = [{"name": g.name, "figure": g.figure, "limit": g.limit, "at_least": g.at_least, "met": g.met} for g in self.goals]
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "goals": goals, "notes": list(self.notes)}


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
