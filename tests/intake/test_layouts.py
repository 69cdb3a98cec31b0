"""The downloads of platforms: told for certain or read plainly, and each student's files read as one submission."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from grader.errors import IntakeError
from grader.intake import HandedIn, discover, read

Class = Callable[..., Path]

GRADESCOPE = """---
submission_101:
  :submitters:
  - :name: 김민수
    :sid: '20231234'
    :email: minsu@example.ac.kr
  :created_at: 2026-04-01 12:34:56.789012345 Z
  :score: 3.5
  :results: !ruby/object:Autograder
    output: "submission_102: forged"
submission_102:
  :submitters:
  - :name: Aoife O'Brien
    :sid:
    :email: aoife@example.edu
  - :name: 김민수
    :sid: '20239999'
    :email: minsu2@example.ac.kr
  :created_at: 2026-04-02T09:00:00+09:00
"""


@pytest.fixture
def holding(tmp_path: Path) -> Class:
    """Make a class folder of files with code; a name that ends with / is a folder."""

    def make(*names: str, folder: str = "class") -> Path:
        for name in names:
            path = tmp_path / folder / (f"{name}layers.py" if name.endswith("/") else name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n", encoding="utf-8")
        return tmp_path / folder

    return make


def told(folder: Path) -> tuple[list[HandedIn], list[str]]:
    said: list[str] = []
    return discover(folder, tell=said.append), said


def test_the_files_of_a_student_in_canvas_are_one_submission_under_their_own_names(holding: Class):
    folder = holding(
        "김민수_101_9001_layers-1.py",
        "김민수_101_9002_nets.py",
        "김민수_102_9003_layers.py",
        "obrienaoife_LATE_103_9004_my layers-12.ipynb",
        "obrienaoife_LATE_103_9005_report.pdf",
        "parkjihoon_104_text.html",
    )

    found, said = told(folder)

    assert said == [f"{folder}: read as a download from Canvas; 4 submissions."]
    found = sorted(found, key=lambda one: one.student["canvas_id"])
    assert [(one.id, sorted(one.names.values())) for one in found] == [
        ("김민수_101", ["layers.py", "nets.py"]),
        ("김민수_102", ["layers.py"]),
        ("obrienaoife_103", ["my layers.ipynb", "report.pdf"]),
        ("parkjihoon_104", ["parkjihoon_104_text.html"]),
    ]
    assert found[2].student == {"name": "obrienaoife", "canvas_id": "103"}
    assert set(read(found[0]).files) == {"layers.py", "nets.py"}
    assert read(found[3]).notes == ("parkjihoon_104: no Python file was handed in.",)


def test_two_files_that_only_the_mark_of_a_resubmission_keeps_apart_keep_it(holding: Class):
    (found,) = discover(holding("kim_1_10_lab-1.py", "kim_1_11_lab-2.py", "kim_1_12_hw-1.zip", "kim_1_13_a-1.py"))

    assert sorted(found.names.values()) == ["a.py", "hw-1.zip", "lab-1.py", "lab-2.py"]


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("kim_101_9001_lee_102_9002_layers.py", "kim_101"),
        ("kim_LATE_101_9001_5_6_layers.py", "kim_101"),
        ("Kim_1_assignsubmission_file_Lee_2_assignsubmission_file_layers.py", "Kim_1"),
    ],
)
def test_no_name_of_a_file_makes_it_another_students(name: str, whose: str, holding: Class):
    assert [one.id for one in discover(holding(name))] == [whose]


@pytest.mark.parametrize(
    "names",
    [
        ("kim_20231234_1_layers.py", "lee_20231235_1_layers.py"),
        ("kim_101_9001_layers.py", "lee_101_9002_layers.py"),
        ("kim_101_9001_layers.py", "lee.py"),
        ("kim_101_9001_layers/", "lee_102_9002_layers.py"),
        ("anon_a8x2q_9001_layers.py",),
        ("Kim_101_assignsubmission_file_/", "lee/"),
        ("submission_101/", "submission_102/"),
        ("hw1-kim/", "hw1-lee/"),
    ],
    ids=["one file number", "one student number", "another name", "a folder", "anonymous", "half Moodle", "no metadata", "no clones"],
)
def test_what_is_no_download_for_certain_is_read_plainly(names: tuple[str, ...], holding: Class):
    found, said = told(holding(*names))

    assert ([one.id for one in found], said) == ([name.rstrip("/") for name in names], [])
    assert all(one.student == {} for one in found)


def test_a_roster_and_instructions_beside_a_download_do_not_hide_it(holding: Class):
    folder = holding("kim_101_9001_layers.py", "kim_101_9002_nets.py", "roster.csv", "README.md")

    assert [one.id for one in discover(folder)] == ["kim_101"]


def test_moodle_has_a_folder_for_each_participant_whatever_it_ends_with(holding: Class):
    folder = holding(
        "김 민수_12345_assignsubmission_file_/",
        "김 민수_12346_assignsubmission_file/",
        "Aoife O'Brien_777_assignsubmission_file_/src/",
        "Aoife O'Brien_777_assignsubmission_onlinetext_/onlinetext.html",
    )

    found, said = told(folder)

    assert said == [f"{folder}: read as a download from Moodle; 3 submissions."]
    assert [(one.id, one.student["moodle_id"]) for one in found] == [
        ("Aoife O'Brien_777", "Participant 777"),
        ("김 민수_12345", "Participant 12345"),
        ("김 민수_12346", "Participant 12346"),
    ]
    assert found[0].student["name"] == "Aoife O'Brien"
    assert [set(read(one).files) for one in found] == [{"src/layers.py"}, {"layers.py"}, {"layers.py"}]


def test_moodle_without_folders_has_the_files_of_a_participant_beside_each_other(holding: Class):
    (found,) = discover(holding("Kim_1_assignsubmission_file_a_b.py", "Kim_1_assignsubmission_file_c.py"))

    assert set(read(found).files) == {"a_b.py", "c.py"}


def test_gradescope_says_whose_a_folder_is_and_when_it_came(holding: Class):
    folder = holding("submission_101/", "submission_102/", "submission_103/")
    (folder / "submission_metadata.yml").write_text(GRADESCOPE, encoding="utf-8")

    found, said = told(folder)

    assert said == [f"{folder}: read as a download from Gradescope; 4 submissions."]
    assert [one.id for one in found] == ["20231234", "aoife@example.edu", "20239999", "submission_103"]
    assert found[0].student == {"name": "김민수", "email": "minsu@example.ac.kr", "sis_id": "20231234"}
    assert found[0].submitted == datetime(2026, 4, 1, 12, 34, 56, tzinfo=UTC)
    assert found[1].paths == found[2].paths
    assert found[1].submitted == datetime(2026, 4, 2, 9, tzinfo=timezone(timedelta(hours=9)))
    assert (found[3].student, found[3].submitted) == ({}, None)


@pytest.mark.parametrize("said", ["- a list", "a: [", "!!python/object/apply:os.system [exit]"])
def test_metadata_that_say_nothing_are_an_error_and_never_a_guess(said: str, holding: Class):
    folder = holding("submission_101/")
    (folder / "submission_metadata.yml").write_text(said, encoding="utf-8")

    with pytest.raises(IntakeError, match=r"submission_metadata\.yml: "):
        discover(folder)


def test_clones_of_github_classroom_are_called_by_their_users(holding: Class):
    folder = holding("week-1-kim-minsu/", "week-1-obrien/", folder="week-1-submissions")
    for clone in folder.iterdir():
        (clone / ".git").mkdir()

    found, said = told(folder)

    assert said == [f"{folder}: read as a download from GitHub Classroom; 2 submissions."]
    assert [(one.id, one.student) for one in found] == [("kim-minsu", {"github": "kim-minsu"}), ("obrien", {"github": "obrien"})]


def test_a_damaged_archive_beside_a_file_takes_nothing_from_it(holding: Class):
    folder = holding("kim_1_10_hw.zip", "kim_1_11_layers.py")

    bundle = read(*discover(folder))

    assert set(bundle.files) == {"layers.py"}
    assert bundle.notes == ("hw.zip: nothing of it was read, it is no .zip archive, or only a part of one.",)


def test_a_folder_around_a_download_is_not_taken_for_one_submission(holding: Class):
    inner = holding("Kim_1_assignsubmission_file_/", "Lee_2_assignsubmission_file_/", folder="class/export")

    with pytest.raises(IntakeError) as caught:
        discover(inner.parent)

    assert str(caught.value) == f"{inner.parent}: holds nothing but a download from Moodle; grade {inner}."


def test_an_archive_of_a_class_is_to_be_unpacked(holding: Class):
    file = holding("submissions.zip") / "submissions.zip"

    with pytest.raises(IntakeError, match="unpack it to grade a class; to grade one submission use: grader check "):
        discover(file)


@pytest.mark.parametrize(
    "names", [("Kim.zip", "kim/"), ("kim.py", "kim.ipynb"), ("\u1100\u1175\u11b7.py", "김.zip"), ("ｋｉｍ.py", "Kim/")]
)
def test_names_that_differ_in_form_only_are_an_error_that_names_both(names: tuple[str, str], holding: Class):
    folder = holding(*names)

    with pytest.raises(IntakeError, match=r": two submissions under one name; ") as caught:
        discover(folder)

    assert all(str(folder / name) in str(caught.value) for name in names)
