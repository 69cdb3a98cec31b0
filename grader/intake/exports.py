"""Rosters that platforms hand out: told by their headers, their columns called as in a roster of one's own.

The columns of Canvas and Moodle are those that they import, too. Those of Gradescope were not verified against an export of today.
Moodle calls its columns in the language of the site: only the English names are known here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of them.

    Attributes:
        title: What it is.
        told_by: Whether a header, in small letters, is one.
        columns: Its columns, and what they are called in a roster.
        ids: Which of these is the id: the first that a row has.
        is_student: Whether a row is one.
    """

    title: str
    told_by: Callable[[Sequence[str]], bool]
    columns: Mapping[str, str]
    ids: tuple[str, ...]
    is_student: Callable[[Mapping[str, str]], bool]

    def student(self, row: Mapping[str, str]) -> dict[str, str]:
        """Return a row, by the columns of its header, as one of a roster; the id may be empty."""
        said = {name: row.get(column, "") for column, name in self.columns.items()}
        full = " ".join(filter(None, (row.get("first name", ""), row.get("last name", ""))))
        said["name"] = said.get("name") or full
        return {"id": next((said[key] for key in self.ids if said.get(key)), ""), **said}


def _in_canvas(row: Mapping[str, str]) -> bool:
    """Below the header come rows about the assignments, which have no number, and at the end one student who is none."""
    return bool(row.get("id")) and row["student"] != "Student, Test" and "points possible" not in row["student"].lower()


EXPORTS = (
    Export(
        title="the gradebook of Canvas",
        told_by=lambda header: list(header[:2]) == ["student", "id"] and "section" in header,
        columns={"student": "name", "id": "canvas_id", "sis user id": "sis_id", "sis login id": "login", "section": "section"},
        ids=("sis_id", "login", "canvas_id"),
        is_student=_in_canvas,
    ),
    Export(
        title="the grading worksheet of Moodle",
        told_by=lambda header: {"identifier", "grade"} <= set(header),
        columns={"identifier": "moodle_id", "full name": "name", "id number": "sis_id", "email address": "email"},
        ids=("sis_id", "email", "moodle_id"),
        is_student=lambda row: bool(row.get("identifier")),
    ),
    Export(
        title="the roster of Gradescope",
        told_by=lambda header: {"sid", "email"} <= set(header) and "id" not in header,
        columns={"name": "name", "sid": "sis_id", "email": "email", "section": "section"},
        ids=("sis_id", "email"),
        is_student=lambda row: row.get("role", "student").lower() in {"student", ""},
    ),
)
