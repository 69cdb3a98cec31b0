"""results.json: what goes in comes out, and what is no results file is refused with the place."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from grader.errors import ReportError
from grader.intake import HandedIn
from grader.model import (
    CheckResult,
    Finding,
    GradeReport,
    Isolation,
    Standing,
    SubmissionResult,
    TaskResult,
    Verdict,
)
from grader.report import files, formats, results
from grader.text import clean

Results = dict[str, Any]
WHERE_KNOWN = {"student", "submitted", "visibility", "visible_from", "final"}  # keys that are absent where there is nothing to say
FINDING = Finding(
    what="dx is wrong at 1 of 2 entries.",
    where="dx[0]",
    got=float("nan"),
    expected=float("inf"),
    case={"number": 0, "title": "any", "shapes": {"x": [2]}, "options": {"reg": 0.1}, "arrays": {"x": [1.0, float("-inf")]}},
    table={"label": "dx[:]", "got": [[1.5, float("nan")]], "expected": [[1.5, 2.0]], "wrong": [[False, True]]},
)
REPORT = GradeReport(
    assignment={"id": "course", "title": "Course", "sha256": "ab" * 32, "seed": 3},
    isolation=Isolation(tier="process", probes={"separate process": "yes"}),
    submissions=(
        SubmissionResult(
            id="kim",
            sha256="0" * 64,
            standing=Standing.PARTIAL,
            score=Fraction(1, 3),
            max_score=Fraction(2, 3),
            duration_s=0.123456,
            notes=("a note",),
            tasks=(
                TaskResult(
                    id="relu",
                    title="ReLU",
                    standing=Standing.PARTIAL,
                    score=Fraction(1, 3),
                    max_score=Fraction(2, 3),
                    parts={"forward": Standing.PASSED, "backward": Standing.FAILED},
                    graded={"forward": "a.py:1 relu_forward"},
                    checks=(
                        CheckResult(
                            id="relu.backward.dx",
                            title="dx is the gradient of the output",
                            part="backward",
                            verdict=Verdict.FAILED,
                            max_score=Fraction(1, 3),
                            findings=(FINDING, Finding(what="Bare.")),
                        ),
                    ),
                ),
            ),
        ),
    ),
)


def test_a_report_obeys_the_schema_and_survives_a_file(tmp_path: Path):
    made = results.to_results(REPORT)
    file = tmp_path / "results.json"
    file.write_text(results.render(made), encoding="utf-8")

    read = results.read(file)

    assert read == made
    assert results.render(read) == results.render(made)


def test_what_a_report_says_is_what_was_found():
    (submission,) = results.to_results(REPORT)["submissions"]

    task = submission["tasks"][0]
    check = task["checks"][0]
    assert (submission["score"], submission["max_score"], submission["duration_s"]) == (0.3333, 0.6667, 0.1235)
    assert (task["status"], task["parts"]) == ("partial", {"forward": "passed", "backward": "failed"})
    assert (check["status"], check["score"], check["max_score"]) == ("failed", 0, 0.3333)


def test_numbers_that_are_not_finite_become_words():
    finding, bare = results.to_results(REPORT)["submissions"][0]["tasks"][0]["checks"][0]["findings"]

    assert (finding["got"], finding["expected"]) == ("nan", "inf")
    assert finding["case"]["arrays"] == {"x": [1.0, "-inf"]}
    assert finding["table"]["got"] == [[1.5, "nan"]]
    assert bare["table"] is None


@given(st.fractions(0, 10000))
def test_points_have_at_most_four_places(value: Fraction):
    shown = results.points(value)

    assert abs(shown - value) <= Fraction(1, 20000) + Fraction(1, 10**9)
    assert len(repr(shown).partition(".")[2]) <= 4
    assert isinstance(shown, int) == (round(shown, 4) == int(shown))


def test_whose_a_submission_is_and_when_it_came_are_told_where_they_are_known():
    known = HandedIn(id=clean("kim"), paths=(), student={"email": clean("kim@example.edu")}, submitted=datetime(2026, 4, 1, 12, tzinfo=UTC))
    told = results.to_results(REPORT)
    (one,) = told["submissions"]

    Draft202012Validator(results.schema()).validate(told | {"submissions": [one | known.about, one]})

    assert known.about == {"student": {"email": "kim@example.edu"}, "submitted": "2026-04-01T12:00:00+00:00"}
    assert HandedIn(id=clean("kim"), paths=()).about == {}
    assert WHERE_KNOWN.isdisjoint(one)


def test_the_schema_is_a_schema_and_leaves_no_key_open():
    schema = results.schema()

    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == results.SCHEMA
    for definition in (schema, *(d for d in schema["$defs"].values() if d.get("type") == "object")):
        assert definition["additionalProperties"] is False
        assert set(definition["properties"]) - set(definition["required"]) <= WHERE_KNOWN
        assert set(definition["required"]) <= set(definition["properties"])


def broken(text: str | bytes, folder: Path) -> str:
    """Read a file that must be refused, and return what was said of it."""
    file = folder / "results.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ReportError) as caught:
        results.read(file)
    said = str(caught.value)
    assert said.startswith(f"{file}: ")
    assert "\n" not in said
    return said.removeprefix(f"{file}: ")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("score", "ten", "at $.submissions[0].score: 'ten' is not of type 'number'."),
        ("score", -1, "at $.submissions[0].score: -1 is less than the minimum of 0."),
        (
            "status",
            "fine",
            "at $.submissions[0].status: 'fine' is not one of ['passed', 'partial', 'failed', 'missing', 'errored', 'hidden'].",
        ),
        ("sha256", "xyz", "at $.submissions[0].sha256: 'xyz' does not match '^[0-9a-f]{64}$|^$'."),
        ("grade", "A", "at $.submissions[0]: Additional properties are not allowed ('grade' was unexpected)."),
    ],
)
def test_what_breaks_the_schema_is_said_with_its_place(key: str, value: Any, words: str, tmp_path: Path):
    made = results.to_results(REPORT)
    made["submissions"][0][key] = value

    assert broken(json.dumps(made), tmp_path) == f"not a results file of this grader: {words}"


def test_two_submissions_of_one_id_are_refused(tmp_path: Path):
    made = results.to_results(REPORT)
    made["submissions"] *= 2

    assert broken(json.dumps(made), tmp_path) == "holds more than one submission of the id kim; give each an id of its own."


def test_a_case_that_no_report_could_show_is_refused(tmp_path: Path):
    made = results.to_results(REPORT)
    made["submissions"][0]["tasks"][0]["checks"][0]["findings"][0]["case"]["shapes"] = 3

    assert "findings[0].case.shapes: 3 is not of type 'object'" in broken(json.dumps(made), tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "results", b"\xff\xfe", "[" * 200_000, "NaN", '{"score": 1e999}', '"\\ud800"', "1" * 5000],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_json_is_refused(text: str | bytes, tmp_path: Path):
    assert broken(text, tmp_path).startswith("not a results file: ")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(ReportError, match=r"none\.json: cannot be read: No such file or directory\.$"):
        results.read(tmp_path / "none.json")


def test_files_are_written_below_a_new_folder_and_only_those_asked_for(tmp_path: Path):
    made = results.to_results(REPORT)

    files.write(made, tmp_path / "a" / "b", ["csv", "junit"])

    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == ["junit.xml", "results.json", "scores.csv"]


def test_what_a_link_in_the_folder_leads_to_is_not_written_to(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "diary").write_text("Mine.", encoding="utf-8")
    (tmp_path / "out" / "results.json").symlink_to(tmp_path / "diary")

    files.write(results.to_results(REPORT), tmp_path / "out", [])

    assert (tmp_path / "diary").read_text(encoding="utf-8") == "Mine."
    assert results.read(tmp_path / "out" / "results.json") == results.to_results(REPORT)
    assert not (tmp_path / "out" / "results.json").is_symlink()


def test_a_file_that_breaks_off_leaves_the_earlier_one_and_nothing_beside_it(tmp_path: Path):
    files.write(results.to_results(REPORT), tmp_path, [])
    before = (tmp_path / "results.json").read_bytes()

    with pytest.raises(TypeError):
        files.write(results.to_results(REPORT) | {"submissions": [object()]}, tmp_path, [])

    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("results.json", before)]


def test_pages_of_who_left_the_class_are_taken_away_and_nothing_else(tmp_path: Path):
    made = results.to_results(REPORT)
    (kim,) = made["submissions"]
    students = tmp_path / "students"
    files.write(made | {"submissions": [kim, kim | {"id": "lee"}, kim | {"id": "박/1"}]}, tmp_path, ["html"])
    ours = (students / "lee.html").read_bytes()
    for name in ("notes.txt", "my page.html"):
        (students / name).write_bytes(ours)
    (students / "own.html").write_text("<p>Mine.</p>", encoding="utf-8")
    (tmp_path / "elsewhere.html").write_bytes(ours)
    (students / "link.html").symlink_to(tmp_path / "elsewhere.html")

    files.write(made, tmp_path, ["csv"])
    assert len(list(students.iterdir())) == 7
    files.write(made, tmp_path, ["html"])

    assert sorted(p.name for p in students.iterdir()) == ["kim.html", "link.html", "my page.html", "notes.txt", "own.html"]
    assert (tmp_path / "elsewhere.html").read_bytes() == ours


def test_no_page_is_looked_for_behind_a_link(tmp_path: Path):
    made = results.to_results(REPORT)
    files.write(made, tmp_path / "old", ["html"])
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "students").symlink_to(tmp_path / "old" / "students")

    files.write(made | {"submissions": []}, tmp_path / "new", ["html"])

    assert [p.name for p in (tmp_path / "old" / "students").iterdir()] == ["kim.html"]


def test_a_folder_is_tried_before_an_hour_of_grading_goes_into_it(tmp_path: Path):
    (tmp_path / "file").touch()

    files.prepare(tmp_path / "new" / "folder")

    assert list((tmp_path / "new" / "folder").iterdir()) == []
    for folder in ("file", "file/below"):
        with pytest.raises(ReportError, match=r"file.*: cannot be written to: .*\.$"):
            files.prepare(tmp_path / folder)


def test_every_format_is_a_pure_rendering(tmp_path: Path):
    made = results.to_results(REPORT)
    before = json.dumps(made)

    for name in files.USUAL:
        once, again = (formats.load(name).files(given, formats.Options(language="ko")) for given in (made, json.loads(before)))
        assert {path: "".join(text) for path, text in once} == {path: "".join(text) for path, text in again}

    assert json.dumps(made) == before


def test_a_folder_that_cannot_be_made_is_a_report_error(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(ReportError, match=r"results\.json: cannot be written: Not a directory\.$"):
        files.write(results.to_results(REPORT), tmp_path / "file" / "below")


def test_numpy_numbers_do_not_reach_the_file():
    assert results.plain({"a": (np.float64("nan"), [1, "x", None, True])}) == {"a": ["nan", [1, "x", None, True]]}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ([("dx", "failed", False), ("adjoint", "failed", True)], ["dx"]),
        ([("dx", "passed", False), ("adjoint", "failed", True)], ["adjoint"]),
        ([("dx", "failed", False), ("adjoint", "errored", True)], ["dx", "adjoint"]),
        ([("dx", "skipped", False), ("adjoint", "passed", True)], []),
    ],
)
def test_a_law_is_shown_where_nothing_else_failed_or_where_it_is_our_error(said: list[tuple[str, str, bool]], shown: list[str]):
    checks = [{"id": name, "part": "backward", "status": status, "law": law} for name, status, law in said]

    assert [c["id"] for c in results.telling(checks)] == shown


def test_a_law_of_backward_is_shown_beside_a_failure_of_forward():
    checks = [
        {"id": "a", "part": "forward", "status": "failed", "law": False},
        {"id": "b", "part": "backward", "status": "failed", "law": True},
    ]

    assert [c["id"] for c in results.telling(checks)] == ["a", "b"]
