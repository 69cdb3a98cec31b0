"""Whose a submission is: the students of a roster and what was handed in, brought together. Nobody is guessed."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from grader.errors import IntakeError
from grader.intake.handed_in import HandedIn, Student
from grader.intake.names import stem
from grader.text import file_name, same_id

# Columns of the roster in the order in which they are asked, each with what a download says of it.
COLUMNS = {
    "id": "sis_id",  # what a platform calls the student number
    "sis_id": "sis_id",
    "email": "email",
    "login": "login",
    "github": "github",
    "canvas_id": "canvas_id",
    "moodle_id": "moodle_id",
    "name": "name",
}
# The columns that a file which came from no platform may be named after. The numbers of platforms are not among them.
NAMED_AFTER = ("id", "sis_id", "email", "login", "github", "name")
TELLING = tuple(column for column in COLUMNS if column not in ("id", "name"))  # in which two students differ, and one does not
MOST_NAMED = 5
Index = Mapping[str, Mapping[str, Sequence[Student]]]


def matched(found: Sequence[HandedIn], roster: Sequence[Student], tell: Callable[[str], None]) -> list[HandedIn]:
    """Return the submission of every student, in the order of the roster, then those of nobody, which `tell` is told.

    A student without one gets one without paths.

    Raises:
        IntakeError: A submission may be of several students, or several are of one.
    """
    index = _index(roster)
    of: dict[str, HandedIn] = {}
    strangers = []
    for one in found:
        student = _student(one, index, tell)
        if not student:
            strangers.append(one)
            continue
        if before := of.get(student["id"]):
            raise IntakeError(f"{before.place} and {one.place}: both are of {student['id']}; remove the one that does not count.")
        of[student["id"]] = one
    if strangers:
        names = ", ".join(one.id for one in strangers[:MOST_NAMED])
        more = f" and {len(strangers) - MOST_NAMED} more" if len(strangers) > MOST_NAMED else ""
        tell(f"graded, but of no student of the roster: {names}{more}.")
    return [_of(student, of.get(student["id"])) for student in roster] + strangers


def _of(student: Student, handed_in: HandedIn | None) -> HandedIn:
    said = {key: value for key, value in student.items() if key != "id" and value}
    identity = file_name(student["id"])
    if not handed_in:
        return HandedIn(id=identity, paths=(), student=said)
    return replace(handed_in, id=identity, student={**handed_in.student, **said})


def _index(roster: Sequence[Student]) -> Index:
    index: dict[str, dict[str, list[Student]]] = defaultdict(lambda: defaultdict(list))
    for student in roster:
        for column in COLUMNS:
            if value := folded(column, student.get(column, "")):
                index[column][value].append(student)
    return index


def _student(one: HandedIn, index: Index, tell: Callable[[str], None]) -> Student | None:
    """Return the student who has the same in the first column in which there is one, and in no column before it anything else."""
    if one.student:
        said = {column: one.student.get(slot, "") for column, slot in COLUMNS.items()}
    else:
        said = dict.fromkeys(NAMED_AFTER, stem(one.paths[0].name))
    for column, value in said.items():
        alike = index.get(column, {}).get(folded(column, value), ())
        against = {student["id"]: _contradiction(one, student, column) for student in alike}
        students = [student for student in alike if not against[student["id"]]]
        if len(students) > 1:
            ids = ", ".join(student["id"] for student in students[:MOST_NAMED])
            raise IntakeError(f"{one.place}: may be of {ids}, who have the same {column} in the roster; name it after the id.")
        if students:
            return students[0]
        if alike:
            who = alike[0]["id"]
            tell(f"{one.place}: has the {column} of {who} in the roster, but another {against[who]}; taken for somebody else.")
            return None
    return None


def _contradiction(one: HandedIn, student: Student, column: str) -> str | None:
    """Return the first column before this one in which a download and the roster know something, and not the same.

    An id need not be a student number; where there is no other, it is one against a mere name.
    """
    known = {**student, "sis_id": student.get("sis_id") or (student["id"] if column == "name" else "")}
    before = [*COLUMNS][: [*COLUMNS].index(column)]
    for key in (key for key in TELLING if key in before):
        ours, theirs = (folded(key, who.get(key, "")) for who in (one.student, known))
        if ours and theirs and ours != theirs:
            return key
    return None


def folded(column: str, value: str) -> str:
    """Return what two values of a column share if they mean the same; of a participant of Moodle, whose word is translated, the number."""
    if column == "moodle_id":
        return re.sub(r"\D", "", value)
    return " ".join(same_id(value).split())
