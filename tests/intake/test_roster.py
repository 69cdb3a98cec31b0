"""A roster says who is in the class; what was handed in is matched with it, and nobody is guessed."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import HandedIn, discover, read, read_roster
from grader.intake.matching import matched

Roster = Callable[[str | bytes], Path]
Class = Callable[..., list[HandedIn]]


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """Write a roster."""

    def write(said: str | bytes) -> Path:
        file = tmp_path / "roster.csv"
        file.write_bytes(said if isinstance(said, bytes) else said.encode())
        return file

    return write


@pytest.fixture
def found(tmp_path: Path, roster: Roster) -> Class:
    """Discover files of these names with a roster."""

    def discovered(said: str, names: Sequence[str], told: list[str] | None = None) -> list[HandedIn]:
        for name in names:
            (tmp_path / "class").mkdir(exist_ok=True)
            (tmp_path / "class" / name).write_text("x = 1\n", encoding="utf-8")
        return discover(tmp_path / "class", read_roster(roster(said)), ([] if told is None else told).append)

    return discovered


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_roster_is_read_in_the_encodings_and_separators_of_excel(encoding: str, separator: str, roster: Roster):
    lines = [["ID", " Name", "학과"], ["007", '"Lee, 지은"', "AI"], ["", "", ""], ["20231234", "김민수", ""]]
    told: list[str] = []

    students = read_roster(roster("\r\n".join(map(separator.join, lines)).encode(encoding)), told.append)

    assert students == [{"id": "007", "name": "Lee, 지은", "학과": "AI"}, {"id": "20231234", "name": "김민수", "학과": ""}]
    assert [line.partition(": ")[2] for line in told] == ["no UTF-8, read as CP949, in which Excel saves CSV in Korean."] * (
        encoding == "cp949"
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "line 1: no column is called id; there is nothing."),
        ("학번,name\n1,Kim\n", "line 1: no column is called id; there is 학번, name."),
        ("id,Name,NAME\n", "line 1: two columns are called name."),
        ("id,name\n", "no students in it."),
        ("id,name\n1,Kim\n\n,Lee\n", "line 4: no id."),
        ("id,name\nkim,Kim\nlee,Lee\nKIM,Kim\n", "line 4: the id KIM stands in line 2, too."),
        ("id,name\n1,Kim,Minsu\n", "line 2: 3 cells below a header of 2."),
        ('id,name\n1,"Kim\n2,Lee\n', "line 2: no CSV: unexpected end of data."),
        (b"id,name\n1,\xff\xfe\n", "line 2: neither UTF-8 nor CP949; save it as CSV in UTF-8."),
    ],
)
def test_a_roster_with_a_mistake_is_refused_with_its_line(said: str | bytes, why: str, roster: Roster):
    file = roster(said)

    with pytest.raises(IntakeError) as caught:
        read_roster(file)

    assert str(caught.value) == f"{file}: {why}"


def test_a_roster_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(IntakeError, match=r"roster\.csv: cannot be read: No such file or directory\."):
        read_roster(tmp_path / "roster.csv")


EXPORTS = {
    "the gradebook of Canvas": (
        """Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (55),Week 1 (55)
    Points Possible,,,,,10,10
"Park, Jihoon",4711,20231234,jpark,CS101,,
"Kim, Minsu",4712,,mkim,CS101,,
"Student, Test",4713,,abcdef,CS101,,
""",
        [
            {"id": "20231234", "name": "Park, Jihoon", "canvas_id": "4711", "sis_id": "20231234", "login": "jpark", "section": "CS101"},
            {"id": "mkim", "name": "Kim, Minsu", "canvas_id": "4712", "sis_id": "", "login": "mkim", "section": "CS101"},
        ],
    ),
    "the grading worksheet of Moodle": (
        """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 12345,김 민수,minsu@example.ac.kr,Submitted,,10
Participant 12346,,,Submitted,,10
""",
        [
            {
                "id": "minsu@example.ac.kr",
                "moodle_id": "Participant 12345",
                "name": "김 민수",
                "sis_id": "",
                "email": "minsu@example.ac.kr",
            },
            {"id": "Participant 12346", "moodle_id": "Participant 12346", "name": "", "sis_id": "", "email": ""},
        ],
    ),
    "the roster of Gradescope": (
        "First Name,Last Name,SID,Email,Role\nAoife,O'Brien,77,aoife@example.edu,Student\nAda,Lovelace,,ada@example.edu,Instructor\n",
        [{"id": "77", "name": "Aoife O'Brien", "sis_id": "77", "email": "aoife@example.edu", "section": ""}],
    ),
}


@pytest.mark.parametrize("title", EXPORTS)
def test_the_export_of_a_platform_is_a_roster(title: str, roster: Roster):
    said, students = EXPORTS[title]
    told: list[str] = []
    file = roster(said)

    assert (read_roster(file, told.append), told) == (students, [f"{file}: read as {title}."])


@pytest.mark.parametrize(
    "name",
    ["20231234.zip", "minsu@example.ac.kr.py", "mkim.py", "Minsu-K.py", "김민수.py", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e.py"],
)
def test_a_file_named_after_a_student_is_matched(name: str, found: Class):
    said = "id,name,email,login,github\n1,이지은,,,\n20231234,김민수,Minsu@example.ac.kr,mkim,minsu-k\n"

    missing, there = found(said, [name])

    assert (missing.id, missing.paths) == ("1", ())
    assert (there.id, len(there.paths)) == ("20231234", 1)
    assert there.student == {"name": "김민수", "email": "Minsu@example.ac.kr", "login": "mkim", "github": "minsu-k"}


@pytest.mark.parametrize("platforms_number", ["4711.py", "12345.py"])
def test_a_file_is_not_matched_by_the_number_of_a_platform(platforms_number: str, found: Class):
    one, stranger = found("id,canvas_id,moodle_id\n1,4711,Participant 12345\n", [platforms_number])

    assert (one.paths, stranger.id) == ((), platforms_number)


def test_two_of_one_name_in_canvas_are_told_apart_by_their_numbers(found: Class):
    said = "Student,ID,SIS User ID,SIS Login ID,Section\n김민수,102,s2,b,A\n김민수,101,s1,a,A\n"

    matched = found(said, ["김민수_101_9001_layers.py", "김민수_101_9002_nets.py", "김민수_102_9003_layers.py"])

    assert [(one.id, len(one.paths), one.student["canvas_id"]) for one in matched] == [("s2", 1, "102"), ("s1", 2, "101")]


def test_a_participant_of_moodle_is_matched_in_every_language(found: Class):
    (one,) = found("id,moodle_id\n7,참가자 12345\n", ["김 민수_12345_assignsubmission_file_layers.py"])

    assert (one.id, one.student) == ("7", {"name": "김 민수", "moodle_id": "참가자 12345"})


def test_a_name_that_two_students_bear_is_an_error_and_no_toss(found: Class):
    with pytest.raises(IntakeError, match=r"김민수\.py: may be of 1, 2, who have the same name in the roster; name it after the id\."):
        found("id,name\n1,김민수\n2,김민수\n", ["김민수.py"])


def test_two_submissions_of_one_student_are_an_error_that_names_both(found: Class):
    with pytest.raises(IntakeError, match=r"1\.py and \S+kim\.zip: both are of 1; remove the one that does not count\."):
        found("id,login\n1,kim\n", ["1.py", "kim.zip"])


def test_submissions_of_nobody_are_graded_after_the_others_and_told_in_one_line(found: Class):
    told: list[str] = []

    matched = found("id\nlee\nkim\n", ["kim.py", *(f"x{i}.py" for i in range(7))], told)

    assert [one.id for one in matched] == ["lee", "kim", *(f"x{i}.py" for i in range(7))]
    assert told == ["graded, but of no student of the roster: x0.py, x1.py, x2.py, x3.py, x4.py and 2 more."]


def test_who_handed_in_nothing_has_a_bundle_that_says_so(found: Class):
    missing, _ = found("id,name\n1,Lee\nkim,Kim\n", ["kim.py"])

    bundle = read(missing)

    assert (bundle.id, bundle.files, bundle.notes) == ("1", {}, ("Nothing was handed in.",))
    assert missing.about == {"student": {"name": "Lee"}}


@pytest.mark.parametrize(
    ("said", "student", "why"),
    [
        (
            "id,name,email\n777,김민수,other@y\n",
            {"sis_id": "20231234", "email": "m@x", "name": "김민수"},
            "name of 777 in the roster, but another",
        ),
        ("id,name\n777,김민수\n", {"sis_id": "20231234", "name": "김민수"}, "name of 777 in the roster, but another sis_id"),
        ("id,name,canvas_id\n777,Kim,9999\n", {"canvas_id": "4711", "name": "Kim"}, "name of 777 in the roster, but another canvas_id"),
        ("id,sis_id,email\n777,s-1,m@x\n", {"sis_id": "s-2", "email": "m@x"}, "email of 777 in the roster, but another sis_id"),
    ],
)
def test_who_has_the_name_of_a_student_and_another_number_is_somebody_else(said: str, student: dict[str, str], why: str, roster: Roster):
    told: list[str] = []
    one = HandedIn(id="101", paths=(Path("submission_101"),), student=student)

    missing, stranger = matched([one], read_roster(roster(said)), told.append)

    assert (missing.paths, stranger) == ((), one)
    assert told[0].startswith(f"submission_101: has the {why}")


@pytest.mark.parametrize(
    ("said", "student"),
    [
        ("id,name,email\nkim,Kim,m@x\n", {"sis_id": "20231234", "email": "m@x", "name": "Kim"}),  # an id of one's own
        ("id,name,sis_id\n1,Kim,s-2\n", {"sis_id": "s-2", "email": "m@x", "name": "Min"}),
        ("id,name,email\n1,Kim,a@x\n2,Kim,m@x\n3,Kim,b@x\n", {"email": "m@x", "name": "Kim"}),
        ("id,name,email\n1,Kim,a@x\n2,Kim,\n", {"email": "m@x", "name": "Kim"}),
    ],
)
def test_a_match_that_no_stronger_column_contradicts_counts(said: str, student: dict[str, str], roster: Roster):
    one = HandedIn(id="101", paths=(Path("submission_101"),), student=student)

    assert sum(bool(student.paths) for student in matched([one], read_roster(roster(said)), pytest.fail)) == 1
