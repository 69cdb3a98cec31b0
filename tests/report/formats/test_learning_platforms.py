"""The gradebook of Canvas and the worksheet of Moodle: filled in where they should be, and nowhere else."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ReportError
from grader.report.sheet import read_sheet
from tests.report.formats.conftest import leaked
from tests.report.nasty import NASTY, everywhere

Results = dict[str, Any]
Fill = Callable[..., tuple[str, list[str]]]
GRADEBOOK = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (17),CNN from scratch (4711),Current Score\r\n"
    "    Points Possible,,,,,10,54,(read only)\r\n"
    '"Park, Jae-Hyun",101,s-1,jpark,"A, B",9,,90\r\n'
    '"O""Neil, Ann",102,s-2,aoneil,A,,12.5,\r\n'
    '"Kim, Ha",103,s-3,hkim,A,,,\r\n'
    '"Kim, Ha",104,s-4,hkim2,A,,EX,\r\n'
    '"Student, Test",105,,abcdef,A,,,'
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 31,Jae-Hyun Park,s-1,jpark@x.kr,Submitted,,100.00,Yes,"Monday, 2 November 2026, 1:02 PM",-,\n'
    "Participant 32,Ann O'Neil,s-2,ann@x.kr,Submitted,50.00,100.00,Yes,-,-,\n"
    "Participant 33,김하늘,s-3,kim@x.kr,Submitted,,100.00,No,-,-,as it was\n"
)
KOREAN = {
    "Identifier": "식별자",
    "Full name": "성명",
    "ID number": "ID 번호",
    "Email address": "이메일 주소",
    "Maximum Grade": "최고 성적",
    "Grade can be changed": "성적 변경 가능",
    "Feedback comments": "피드백 댓글",
    "Grade": "성적",
    "Yes": "예",
    "No": "아니오",
}


@pytest.fixture
def fill(tmp_path: Path, made: Any) -> Fill:
    """Fill in a file, and return it with what was told."""

    def filled(name: str, text: str, results: Results) -> tuple[str, list[str]]:
        file = tmp_path / f"{name}.csv"
        file.write_bytes(text.encode())
        told: list[str] = []
        (done,) = made(name, results, **{OPTION[name]: file}, tell=told.append).values()
        return done, [sentence.replace(str(file), "FILE") for sentence in told]

    return filled


OPTION = {"canvas": "gradebook", "moodle": "worksheet"}


@pytest.fixture
def few(results: Results) -> Results:
    """Three submissions, of 50, 36 and 10 points, whose students are known by one field each."""
    students: list[dict[str, str]] = [{"sis_id": "s-2"}, {"login": "jpark", "moodle_id": "31"}, {"canvas_id": "103", "email": "KIM@x.kr"}]
    return results | {
        "submissions": [one | {"student": student} for one, student in zip(results["submissions"][:3], students, strict=True)],
    }


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_in_a_gradebook_the_column_of_the_assignment_is_filled_in_and_no_other_byte_changes(few: Results, fill: Fill):
    done, told = fill("canvas", GRADEBOOK, few)

    expected = (
        GRADEBOOK.replace('"A, B",9,,90', '"A, B",9,36,90')
        .replace("A,,12.5,", "A,,50,")
        .replace("103,s-3,hkim,A,,,", "103,s-3,hkim,A,,10,")
    )
    assert done == expected
    assert told == []


def test_who_cannot_be_found_for_certain_is_told_and_nobody_is_guessed(few: Results, fill: Fill):
    few["submissions"][0]["student"] = {"name": "Ha Kim"}  # there are two
    few["submissions"][1]["student"] = {"section": "A", "name": "jae-hyun  PARK"}

    done, told = fill("canvas", GRADEBOOK, few)

    assert [row[6] for row in cells(done)[2:]] == ["36", "12.5", "10", "EX", ""]
    assert told == ["FILE: has no row, or no certain one, for loops-right; fill in by hand."]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("canvas", {"canvas_id": "4711", "name": "Park, Jae-Hyun"}),
        ("canvas", {"sis_id": "s-9", "login": "jpark"}),
        ("moodle", {"moodle_id": "99", "email": "jpark@x.kr"}),
        ("moodle", {"sis_id": "s-9", "name": "Jae-Hyun Park"}),
    ],
)
def test_a_row_that_says_anything_else_of_a_student_is_not_theirs(name: str, student: dict[str, str], few: Results, fill: Fill):
    text = {"canvas": GRADEBOOK, "moodle": WORKSHEET}[name]
    few["submissions"] = [few["submissions"][0] | {"id": "Jae-Hyun Park", "student": student}]

    done, told = fill(name, text, few)

    assert (done, told[0]) == (text, "FILE: has no row, or no certain one, for Jae-Hyun Park; fill in by hand.")


def test_two_rows_in_one_column_are_told_apart_by_no_weaker_one(few: Results, fill: Fill):
    text = GRADEBOOK.replace("102,s-2", "102,s-1")
    few["submissions"] = [few["submissions"][0] | {"student": {"sis_id": "s-1", "login": "jpark"}}]

    done, told = fill("canvas", text, few)

    assert (done, told[0]) == (text, "FILE: has no row, or no certain one, for loops-right; fill in by hand.")


def test_an_id_tells_more_than_a_name_that_two_bear(few: Results, fill: Fill):
    few["submissions"] = [few["submissions"][0] | {"id": "s-3", "student": {"name": "Kim, Ha"}}]

    assert cells(fill("canvas", GRADEBOOK, few)[0])[4][6] == "50"


def test_without_a_roster_a_submission_goes_by_its_id(few: Results, fill: Fill):
    for submission, name in zip(few["submissions"], ["s-1", "aoneil", "nobody"], strict=True):
        del submission["student"]
        submission["id"] = name

    done, told = fill("canvas", GRADEBOOK, few)

    assert [row[6] for row in cells(done)[2:]] == ["50", "36", "", "EX", ""]
    assert told == ["FILE: has no row, or no certain one, for nobody; fill in by hand."]


def test_an_excused_student_stays_excused_and_our_error_gives_no_score(few: Results, fill: Fill):
    few["submissions"][0]["student"] = {"canvas_id": "104"}
    few["submissions"][1]["status"] = "errored"

    done, told = fill("canvas", GRADEBOOK, few)

    assert done == GRADEBOOK.replace("103,s-3,hkim,A,,,", "103,s-3,hkim,A,,10,")
    assert told == ["left as they were, since the grader itself failed: bias-summed."]


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_two_submissions_of_one_row_are_an_error_that_names_both(name: str, few: Results, fill: Fill):
    for submission in few["submissions"][1:]:
        submission["student"] = {"sis_id": "s-1"}

    with pytest.raises(ReportError, match=r"row \d belongs to two submissions, bias-summed and only-affine; take one away"):
        fill(name, {"canvas": GRADEBOOK, "moodle": WORKSHEET}[name], few)


def test_a_gradebook_of_another_maximum_is_told(few: Results, fill: Fill):
    _, told = fill("canvas", GRADEBOOK.replace(",10,54,", ",10,100,"), few)

    assert told == ["FILE: says that the assignment has 100 points, and here it has 54; the scores are written as they are."]


def test_a_gradebook_with_semicolons_gets_decimal_commas(few: Results, fill: Fill):
    few["submissions"][1]["final"] = {"score": 30.25, "max_score": 54, "adjustments": []}
    text = "Student;ID;SIS Login ID;Section;CNN from scratch (1)\nPark;1;jpark;A, B;\n"

    assert fill("canvas", text, few | {"submissions": few["submissions"][1:2]})[0] == text.replace("B;\n", "B;30,25\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "is no gradebook of Canvas: it begins with the columns Student and ID."),
        ("Student,ID,Other (1)\n", "no columns are called 'CNN from scratch', the title in tasks.yaml; it has Other (1)."),
        ("Student,ID,CNN from scratch (1),CNN from scratch (2)\n", "2 columns are called 'CNN from scratch'"),
        ('Student,ID\n"Kim,1\n', "row 2: a quote is not closed, or there is text behind it."),
        ("", "is empty."),
    ],
)
def test_what_is_no_gradebook_of_the_assignment_is_an_error(text: str, words: str, few: Results, fill: Fill):
    with pytest.raises(ReportError) as told:
        fill("canvas", text, few)

    assert words in str(told.value)


def test_a_gradebook_that_is_not_there_or_not_text_is_an_error(results: Results, made: Any, tmp_path: Path):
    (tmp_path / "g.csv").write_bytes("학생,ID".encode("cp949"))

    with pytest.raises(ReportError, match=r"none\.csv: cannot be read: No such file"):
        made("canvas", results, gradebook=tmp_path / "none.csv")
    with pytest.raises(ReportError, match=r"g\.csv: is not in UTF-8; export it again"):
        made("canvas", results, gradebook=tmp_path / "g.csv")


def test_without_a_gradebook_one_is_made_of_what_is_known_of_the_students(few: Results, made: Any):
    few["submissions"][0]["student"] = {"name": "Kim, Ha", "sis_id": "s-2", "section": "=A"}

    assert cells(made("canvas", few)["canvas.csv"]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "CNN from scratch"],
        ["    Points Possible", "", "", "", "", "54"],
        ["Kim, Ha", "", "s-2", "", "'=A", "50"],
        ["bias-summed", "", "", "jpark", "", "36"],
        ["only-affine", "103", "", "", "", "10"],
    ]


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_no_cell_that_is_made_is_a_formula(text: str, few: Results, fill: Fill, made: Any):
    nasty = everywhere(few, text) | {"submissions": [everywhere(one, text) | {"student": one["student"]} for one in few["submissions"]]}

    sheets = (made("canvas", everywhere(few, text))["canvas.csv"], fill("moodle", WORKSHEET, nasty)[0])

    for rows in map(cells, sheets):
        assert {len(row) for row in rows} == {len(rows[0])}
        said = [part.strip() for row in rows for cell in row for part in (cell, *cell.split(";"))]
        assert [c for c in said if c.startswith(tuple("=+@\t\r＝＋－＠")) or (c.startswith("-") and c != "-")] == []
    assert "<script" not in sheets[1]
    assert "<img" not in sheets[1]


def test_in_a_worksheet_grade_and_feedback_are_filled_in_and_no_other_byte_changes(few: Results, fill: Fill):
    done, told = fill("moodle", WORKSHEET, few)

    before, after = cells(WORKSHEET), cells(done)
    assert [[row[5], row[10]] for row in after[3:]] == [["", "as it was"]]
    assert [row[5] for row in after[1:3]] == ["66.67", "100.00"]
    assert [row[:5] + row[6:10] for row in after] == [row[:5] + row[6:10] for row in before]
    kept = done
    for row in after[1:3]:
        kept = kept.replace(f'"{row[10]}"', row[10]).replace(row[10], "")  # quoted only where it holds a comma
    assert kept == WORKSHEET.replace("Submitted,,100.00,Yes", "Submitted,66.67,100.00,Yes").replace("50.00", "100.00", 1)
    assert told == [
        "FILE: says that the grade cannot be changed of only-affine; these rows are left as they were.",
        "scaled: 54 points here are 100 in Moodle.",
    ]


def test_a_korean_worksheet_is_filled_in_the_same_way(few: Results, fill: Fill):
    text = WORKSHEET
    for english, korean in KOREAN.items():
        text = text.replace(english, korean)

    done, _ = fill("moodle", text, few)

    assert [row[5] for row in cells(done)] == ["성적", "66.67", "100.00", ""]
    assert cells(done)[3] == cells(text)[3]


def test_a_worksheet_in_another_language_is_understood_by_its_maximum(few: Results, fill: Fill):
    text = WORKSHEET.replace("ID number", "Matrikelnummer").replace("Maximum Grade", "Höchste Bewertung").replace("Grade,H", "Bewertung,H")

    done, _ = fill(
        "moodle", text.replace("s-1", "7").replace("s-2", "7").replace("s-3", "7"), few | {"submissions": few["submissions"][1:2]}
    )

    assert [row[5] for row in cells(done)] == ["Bewertung", "66.67", "50.00", ""]


def test_feedback_says_points_and_first_findings_as_text(few: Results, fill: Fill):
    few["submissions"][1]["tasks"][0]["title"] = "<b>affine</b>"

    said = cells(fill("moodle", WORKSHEET, few)[0])[1][10].split("<br>")

    assert said[0] == "&lt;b&gt;affine&lt;/b&gt;: 10 / 10"
    assert said[2] == "conv2d: 16 / 20"
    assert said[3].startswith("db differs from the right gradient at 2 of 2 entries. db is summed over the rows and columns")
    assert said[3].endswith(" Sum dout over every axis but the channel&#x27;s.")


def test_feedback_says_nothing_of_a_hidden_task(covered: Results, fill: Fill):
    covered["submissions"][0]["student"] = {"email": "jpark@x.kr"}

    done, _ = fill("moodle", WORKSHEET, covered)

    assert leaked(done) == []
    assert "conv2d" not in done
    assert "affine: 10 / 10" in done


def test_a_hidden_task_is_not_in_the_grade_beside_the_feedback_and_that_is_told(covered: Results, fill: Fill):
    covered["submissions"][0]["student"] = {"email": "jpark@x.kr"}

    done, told = fill("moodle", WORKSHEET, covered)

    assert cells(done)[1][5] == "58.82"  # 20 of 34
    assert told[0] == "left out of the scores until students may see them: conv2d."


def test_feedback_explains_a_grade_after_the_policy(few: Results, fill: Fill):
    few["submissions"][1]["final"] = {"score": 27, "max_score": 54, "adjustments": [{"id": "late", "message": "1 day late", "points": -9}]}

    row = cells(fill("moodle", WORKSHEET, few)[0])[1]

    assert (row[5], row[10].split("<br>")[0]) == ("50.00", "1 day late")


def test_a_grade_above_the_maximum_which_moodle_would_skip_is_the_maximum_and_told(few: Results, fill: Fill):
    few["submissions"][1]["final"] = {"score": 60, "max_score": 54, "adjustments": []}

    done, told = fill("moodle", WORKSHEET, few)

    assert cells(done)[1][5] == "100.00"
    assert "Moodle takes no grade above the maximum; that is what these get: bias-summed." in told


def test_a_worksheet_must_be_given_and_be_one(few: Results, fill: Fill, made: Any):
    with pytest.raises(ReportError, match=r"^moodle: needs --worksheet FILE"):
        made("moodle", few)
    with pytest.raises(ReportError, match=r"is no grading worksheet of Moodle: no column of its 2 holds the grade"):
        fill("moodle", "Identifier,Full name\nParticipant 1,Kim\n", few)


@given(st.text(alphabet='a,;"\r\n\t =', min_size=1).filter(str.strip), st.booleans())
def test_a_sheet_in_which_nothing_changes_stays_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str, marked: bool):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(("\ufeff" * marked + text).encode())
    try:
        sheet = read_sheet(file)
    except ReportError:
        assert '"' in text
        return

    assert "".join(sheet.filled(lambda _: {})).encode() == file.read_bytes()
