"""Whose submission is whose row, in a list of students that a learning platform gave out."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from grader.errors import ReportError
from grader.report.results import Results
from grader.report.sheet import Sheet


def folded(key: str, text: str) -> str:
    """Return what is compared of a field of a student: of a name neither case nor "Kim, Ha" for "Ha Kim", of "Participant 12" the number."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if key == "name" and text.count(", ") == 1:
        last, first = text.split(", ")
        return f"{first} {last}"
    number = re.search(r"\d+$", text) if key == "moodle_id" else None
    return number[0] if number else text


class Enrolment:
    """The rows of a sheet by what they say of students; columns are tried in the order in which they are given."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], rows: Iterable[int]) -> None:
        """Read the columns, each by the name that the field has in `student`."""
        self.sheet = sheet
        self.rows: dict[str, dict[str, list[int]]] = {key: defaultdict(list) for key in columns}
        for row in rows:
            for key, column in columns.items():
                if said := sheet.cell(row, column):
                    self.rows[key][folded(key, said)].append(row)

    def row(self, submission: Results) -> int | None:
        """Return the row of a submission: the only one that has the same in the first column in which there is one.

        A submission of whose student these columns say nothing goes by its id, where that leads to one row alone.
        """
        student = submission.get("student", {})
        found = (self.rows[key].get(folded(key, student[key]), []) for key in self.rows if student.get(key))
        known = next((rows[0] for rows in found if len(rows) == 1), None)
        if known is not None:
            return known
        named = {row for key, rows in self.rows.items() for row in rows.get(folded(key, submission["id"]), [])}
        return named.pop() if len(named) == 1 else None

    def places(self, submissions: Sequence[Results]) -> tuple[dict[int, int], list[str]]:
        """Return the place of the submission that belongs to each row that has one, and the ids of those without a row.

        Raises:
            ReportError: Two submissions belong to one row.
        """
        places: dict[int, int] = {}
        strangers: list[str] = []
        for place, submission in enumerate(submissions):
            row = self.row(submission)
            if row is None:
                strangers.append(submission["id"])
            elif row in places:
                both = f"{submissions[places[row]]['id']} and {submission['id']}"
                raise ReportError(
                    f"{self.sheet.name}: row {row + 1} belongs to two submissions, {both}; take one away, or name the students."
                )
            else:
                places[row] = place
        return places, strangers


def listed(ids: Sequence[str], most: int = 10) -> str:
    """Return some ids in a sentence."""
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")
