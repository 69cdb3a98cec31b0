"""Whose submission is whose row, in a list of students that a learning platform gave out."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader.errors import ReportError
from grader.report.results import Results
from grader.report.sheet import Sheet

NAMED = 10  # ids in a sentence


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
        self.sheet, self.columns = sheet, columns
        self.rows: dict[str, dict[str, list[int]]] = {key: defaultdict(list) for key in columns}
        for row in rows:
            for key, column in columns.items():
                if said := sheet.cell(row, column):
                    self.rows[key][folded(key, said)].append(row)

    def row(self, submission: Results) -> int | None:
        """Return the row of a submission: the only one that has the same in the first column in which there is any.

        A row that has anything else in a column before is not meant. The id of a submission counts as any of the columns, more than a
        name and less than all else.
        """
        student = submission.get("student", {})
        telling = [key for key in self.rows if key != "name"]
        for number, key in enumerate(telling):
            if found := self._found(key, student.get(key, ""), student, telling[:number]):
                return found[0] if len(found) == 1 else None
        named = {row for key in self.rows for row in self._found(key, submission["id"], student, telling)}
        found = [*named] or self._found("name", student.get("name", ""), student, telling)
        return found[0] if len(found) == 1 else None

    def _found(self, key: str, said: str, student: Mapping[str, str], before: Sequence[str]) -> list[int]:
        """Return the rows that have what is said in a column, and in those before it nothing that contradicts the student."""
        rows = self.rows.get(key, {}).get(folded(key, said), [])
        return [row for row in rows if not any(self._differ(row, one, student) for one in before)]

    def _differ(self, row: int, key: str, student: Mapping[str, str]) -> bool:
        known, said = self.sheet.cell(row, self.columns[key]), student.get(key)
        return bool(known and said and folded(key, known) != folded(key, said))

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


def left_to_people(name: str, strangers: Sequence[str], submissions: Iterable[Results]) -> Iterator[str]:
    """Yield what is said of those for whom nothing is written into a file of this name: they have no row, or ended in an error of ours."""
    if strangers:
        yield f"{name}: has no row, or no certain one, for {listed(strangers)}; fill in by hand."
    if ours := [one["id"] for one in submissions if one["status"] == "errored"]:
        yield f"left as they were, since the grader itself failed: {listed(ours)}."


def listed(ids: Sequence[str]) -> str:
    """Return some ids in a sentence."""
    return ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
