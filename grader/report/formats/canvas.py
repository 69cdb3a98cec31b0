"""Canvas: a gradebook to import, with the scores of the assignment; the one given by --gradebook, filled in, or one made of the roster.

Of a gradebook that Canvas exported, the column of the assignment is filled in, and no other byte changes. The column is the one whose
name is the assignment's title, with or without the number of Canvas behind it. Excused students stay excused. What ended in an
error of ours is left for a person to look at.

Source: https://github.com/instructure/canvas-lms, lib/gradebook_importer.rb
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.errors import ReportError
from grader.report.enrolment import Enrolment, left_to_people, listed
from grader.report.formats import Files, Options
from grader.report.results import Results, grade
from grader.report.scores import cell, row
from grader.report.sheet import Sheet, read_sheet

TAKES: Sequence[str] = ("gradebook",)
COLUMNS = {"canvas_id": "ID", "sis_id": "SIS User ID", "login": "SIS Login ID", "name": "Student"}  # as Canvas compares them
POINTS = "Points Possible"
NUMBERED = re.compile(r" \(\d+\)$")


def files(results: Results, options: Options) -> Files:
    """Return `canvas.csv`."""
    made = _filled(results, options, options.gradebook) if options.gradebook else _made(results)
    return [("canvas.csv", made)]


def _made(results: Results) -> Iterator[str]:
    """Yield a gradebook of this assignment alone; students that Canvas does not find by these fields, it asks about."""
    submissions = results["submissions"]
    yield row(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", cell(results["assignment"]["title"])])
    yield row([f"    {POINTS}", "", "", "", "", max((grade(one)[1] for one in submissions), default=0)])
    for submission in submissions:
        student = {"name": submission["id"]} | submission.get("student", {})
        fields = (cell(student.get(key, "")) for key in ("name", "canvas_id", "sis_id", "login", "section"))
        yield row([*fields, "" if submission["status"] == "errored" else grade(submission)[0]])


def _filled(results: Results, options: Options, path: Path) -> Iterator[str]:
    sheet = read_sheet(path)
    submissions = results["submissions"]
    column = _column(sheet, results["assignment"]["title"])
    columns = {key: sheet.header.index(name) for key, name in COLUMNS.items() if name in sheet.header}
    possible = next((number for number in range(1, len(sheet.rows)) if POINTS in sheet.cell(number, 0)), None)
    rows = (number for number in range(1, len(sheet.rows)) if number != possible)
    places, strangers = Enrolment(sheet, columns, rows).places(submissions)
    for said in left_to_people(str(path), strangers, submissions):
        options.tell(said)

    def change(number: int) -> Mapping[int, str]:
        if number not in places or sheet.cell(number, column).upper() == "EX":
            return {}
        submission = submissions[places[number]]
        score = str(grade(submission)[0])
        return {} if submission["status"] == "errored" else {column: score.replace(".", ",") if sheet.separator == ";" else score}

    most = max((grade(one)[1] for one in submissions), default=0)
    if possible is not None and (points := sheet.cell(possible, column).replace(",", ".")) and not _equal(points, most):
        options.tell(f"{path}: says that the assignment has {points} points, and here it has {most}; the scores are written as they are.")
    return sheet.filled(change)


def _column(sheet: Sheet, title: str) -> int:
    header = sheet.header
    if "Student" not in header[:1] or "ID" not in header:
        raise ReportError(f"{sheet.name}: is no gradebook of Canvas: it begins with the columns Student and ID.")
    found = [i for i, name in enumerate(header) if title in (name, NUMBERED.sub("", name))]
    if len(found) != 1:
        numbered = [name for name in header if NUMBERED.search(name)]
        raise ReportError(
            f"{sheet.name}: {len(found) or 'no'} columns are called {title!r}, the title in tasks.yaml; it has {listed(numbered)}."
        )
    return found[0]


def _equal(said: str, points: float) -> bool:
    try:
        return float(said) == points
    except ValueError:
        return False
