"""Moodle: the grading worksheet of an assignment, given by --worksheet, with grades and feedback filled in; to be uploaded there.

Moodle knows a submission by a number of its own, and takes a grade only where nobody has graded since the worksheet was downloaded. So
it is the teacher's worksheet that is filled in, and of it nothing changes but two columns. Its columns are called in the language of
the site: English and Korean are known, and else the grade is found by the maximum to its right. A row whose grade Moodle says
cannot be changed is left as it is, and so is what ended in an error of ours. Feedback is HTML there, so it is escaped. It stands beside
the grade, so no hidden task is in either.

Source: https://github.com/moodle/moodle, mod/assign/gradingtable.php and mod/assign/feedback/offline/importgradeslib.php. That
feedback is read as HTML, and what Korean sites call the columns, was not verified.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from grader.errors import ReportError
from grader.report.enrolment import Enrolment, left_to_people, listed
from grader.report.figures import figure
from grader.report.formats import Files, Options
from grader.report.lines import line
from grader.report.results import Results, grade, telling
from grader.report.scores import cell
from grader.report.sheet import Sheet, read_sheet
from grader.report.spoken import localised
from grader.report.visibility import HIDDEN
from grader.text import one_line

TAKES: Sequence[str] = ("worksheet",)
NAMES: Mapping[str, Sequence[str]] = {
    "sis_id": ("ID number", "ID 번호", "학번"),
    "email": ("Email address", "이메일 주소", "이메일"),
    "name": ("Full name", "성명", "전체 이름", "이름"),
    "grade": ("Grade", "성적", "점수", "평점"),
    "most": ("Maximum Grade", "Maximum grade", "최고 성적", "최대 성적", "최고점", "만점"),
    "open": ("Grade can be changed", "성적 변경 가능", "성적을 변경할 수 있음", "성적 수정 가능"),
    "feedback": ("Feedback comments", "피드백 댓글", "피드백 의견", "피드백 코멘트"),
}
KEYS = ("moodle_id", "sis_id", "email", "name")  # in the order in which they are compared
NO = {"no", "아니오", "아니요"}
LONGEST = 8000  # characters of feedback


def files(results: Results, options: Options) -> Files:
    """Return `moodle.csv`."""
    if options.worksheet is None:
        raise ReportError("moodle: needs --worksheet FILE, the grading worksheet that the assignment's page in Moodle has for download.")
    results = options.shown(results)
    sheet = read_sheet(options.worksheet)
    columns = _columns(sheet)
    keys = {key: columns[key] for key in KEYS if key in columns}
    submissions = results["submissions"]
    places, strangers = Enrolment(sheet, keys, range(1, len(sheet.rows))).places(submissions)
    closed = {row for row in places if "open" in columns and sheet.cell(row, columns["open"]).casefold() in NO}
    _tell(options, sheet, submissions, columns, (strangers, [submissions[places[row]]["id"] for row in sorted(closed)]))

    def change(row: int) -> Mapping[int, str]:
        if row not in places or row in closed:
            return {}
        (submission,) = localised(results | {"submissions": [submissions[places[row]]]}, options.language)["submissions"]
        return _changed(sheet, row, columns, submission)

    return [("moodle.csv", sheet.filled(change))]


def _columns(sheet: Sheet) -> dict[str, int]:
    """Return where the columns are that are known here; the first is the identifier, whatever it is called."""
    header = sheet.header
    found = {key: header.index(name) for key, names in NAMES.items() for name in names if name in header} | {"moodle_id": 0}
    if "most" not in found:
        found |= dict(islice((("most", i) for i in range(2, len(header)) if _is_maximum(sheet, i)), 1))
    if "grade" not in found and "most" in found:
        found["grade"] = found["most"] - 1
    if not {"grade", "most"} <= found.keys():
        raise ReportError(
            f"{sheet.name}: is no grading worksheet of Moodle: no column of its {len(header)} holds the grade and its maximum."
        )
    return found


def _is_maximum(sheet: Sheet, column: int) -> bool:
    """Whether a column has the same number in every row, to the right of grades or of cells where there are none yet."""
    rows = range(1, len(sheet.rows))
    said, before = ({sheet.cell(row, i) for row in rows} for i in (column, column - 1))
    return len(said) == 1 and bool(_number(*said)) and all(not text or _number(text) is not None for text in before)


def _tell(
    options: Options, sheet: Sheet, submissions: Sequence[Results], columns: Mapping[str, int], apart: tuple[list[str], list[str]]
) -> None:
    """Tell what is not as it seems in the file, or not in it."""
    strangers, closed = apart
    for said in left_to_people(sheet.name, strangers, submissions):
        options.tell(said)
    if closed:
        options.tell(f"{sheet.name}: says that the grade cannot be changed of {listed(closed)}; these rows are left as they were.")
    above = [one["id"] for one in submissions if grade(one)[0] > grade(one)[1]]
    if above:
        options.tell(f"Moodle takes no grade above the maximum; that is what these get: {listed(above)}.")
    mosts = {_number(sheet.cell(row, columns["most"])) for row in range(1, len(sheet.rows))} - {None}
    points = max((grade(one)[1] for one in submissions), default=0)
    if mosts and mosts != {points}:
        options.tell(f"scaled: {figure(points)} points here are {' or '.join(map(figure, sorted(filter(None, mosts))))} in Moodle.")


def _changed(sheet: Sheet, row: int, columns: Mapping[str, int], submission: Results) -> Mapping[int, str]:
    written, (score, points) = sheet.cell(row, columns["most"]), grade(submission)
    most = _number(written)
    if submission["status"] == "errored" or not most or not points:
        return {}
    scaled = f"{min(score / points, 1.0) * most:.2f}"
    changed = {columns["grade"]: scaled.replace(".", ",") if "," in written else scaled}
    return changed | ({columns["feedback"]: feedback(submission)} if "feedback" in columns else {})


def feedback(submission: Results) -> str:
    """Return in HTML what a student reads: a line for each task that is theirs to see, and what went wrong first in each check."""
    shown, room = [], LONGEST
    for said in _lines(submission):
        room -= len(said) + len("<br>")
        if room < 0:
            break
        shown.append(said)
    return "<br>".join(shown)


def _lines(submission: Results) -> Iterator[str]:
    for note in submission["notes"]:
        yield _safe(note)
    for adjustment in submission.get("final", {"adjustments": []})["adjustments"]:
        yield _safe(adjustment["message"])
    for task in submission["tasks"]:
        if task["status"] != HIDDEN:
            yield _safe(f"{task['title']}: {figure(task['score'])} / {figure(task['max_score'])}")
            for check in telling(task["checks"]):
                finding = check["findings"][0] if check["findings"] else {"what": check["reason"]}
                yield _safe(" ".join(filter(None, (finding["what"], finding.get("cause"), finding.get("next_step")))))


def _safe(text: str) -> str:
    return cell(html.escape(line(one_line(text))))  # cut before it is escaped, so that no entity is


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
