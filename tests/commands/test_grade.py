"""`grader grade`: a class, its jail, its seed, and what is written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from grader.cli import main
from grader.model import Isolation
from grader.report.results import schema
from tests.commands.conftest import ASKED, REPORTS, Run, stopped, tree, untimed
from tests.support import RELU


def test_a_class_with_two_submissions_of_one_name_ends_with_2_and_names_both(run: Run, tmp_path: Path):
    for name in ("kim  lee.py", "kim \\x20lee.py"):
        (tmp_path / "class" / name).write_text(RELU, encoding="utf-8")

    result = run("grade", "class", "--out", "report", "--sandbox", "off")

    assert (result.exit_code, result.stdout) == (2, "")
    first, second = "class/kim \\x20lee.py", "class/kim  lee.py"
    told = f"grader: {second} and {first}: two submissions under one name; rename one, or remove the one that does not count."
    assert told in result.stderr.splitlines()


def test_a_class_is_graded_in_a_jail_unless_told_otherwise(graded: Result, tmp_path: Path, best: Isolation):
    if best.tier == "process":
        pytest.skip("this machine has no jail")

    isolation = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["isolation"]
    assert (isolation["tier"], isolation["probes"]) == (best.tier, dict(best.probes))
    assert "note:" not in graded.stderr


def test_a_class_without_a_jail_says_so(run: Run, unjailed: None):
    assert "isolation: process." in (graded := run("grade", "class", "--out", "report", "--sandbox", "best")).stdout
    assert "note: there is no jail here (`grader doctor` says why): student code ran as you" in graded.stderr
    assert "note: --sandbox off: student code runs as you" in run("grade", "class", "--out", "report", "--sandbox", "off").stderr


def test_grade_writes_all_reports_and_ends_with_0(graded: Result, tmp_path: Path, best: Isolation):
    assert graded.exit_code == 0
    assert f"5 submissions graded, 1 with full marks; isolation: {best.tier}." in graded.stdout
    assert "The cases were drawn from seed 3; --seed 3 repeats this grading." in graded.stdout
    assert set(REPORTS) <= set(tree(tmp_path / "report"))
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(results)
    assert {s["id"]: (s["score"], s["status"]) for s in results["submissions"]} == {
        "right": (15, "passed"),
        "lone.py": (5, "partial"),
        "wrong": (2.5, "partial"),
        "broken": (0, "missing"),
        "other": (0, "missing"),
    }


def test_a_report_that_cannot_be_written_ends_with_2(run: Run):
    result = run("grade", "class", "--out", "tasks.yaml")

    assert result.exit_code == 2
    assert "grader: tasks.yaml" in result.stderr
    assert "Traceback" not in result.output


def test_what_is_left_out_of_a_class_is_said(run: Run, tmp_path: Path):
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "kim.7z").touch()
    (tmp_path / "few" / "lee.py").write_text(RELU, encoding="utf-8")

    result = run("grade", "few", "--out", "report")

    assert result.exit_code == 0
    assert "note: kim.7z: left out, of archives only .zip, .tar.gz and .tar are read.\n" in result.stderr
    assert result.stdout.startswith("1 submission graded, 0 with full marks")


def test_students_of_the_roster_without_a_submission_are_in_the_results(run: Run, tmp_path: Path):
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "20231234.py").write_text(RELU, encoding="utf-8")
    (tmp_path / "few" / "park.py").write_text(RELU, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("id,name\n7,이지은\n20231234,김민수\n", encoding="utf-8")

    result = run("grade", "few", "--out", "report", "--roster", "roster.csv", "--sandbox", "off")

    assert result.stdout.startswith("2 submissions graded")
    assert "note: graded, but of no student of the roster: park.py.\n" in result.stderr
    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(results)
    absent, kim, park = results["submissions"]
    assert (absent["id"], absent["status"], absent["score"], absent["max_score"]) == ("7", "missing", 0, 15)
    assert absent["notes"] == ["Nothing was handed in."]
    assert absent["translations"]["ko"]["Nothing was handed in."] == "제출한 것이 없어요."
    assert (kim["id"], kim["student"], kim["score"]) == ("20231234", {"name": "김민수"}, 5)
    assert (park["id"], park.get("student")) == ("park.py", None)


def test_reports_do_not_land_among_the_submissions(run: Run, tmp_path: Path):
    said = stopped(run("grade", "class", "--out", "class/report"))

    assert said.endswith("lies in the folder that is graded, where it would be taken for a submission; choose another.")
    assert not (tmp_path / "class" / "report").exists()


@pytest.mark.slow
def test_grading_twice_writes_the_same_but_for_the_time(run: Run, tmp_path: Path):
    for name, jobs in {"a": 1, "b": 1, "c": 2}.items():
        run("grade", "class", "--out", name, "--jobs", jobs)

    a, b, c = (untimed(tmp_path / name / "results.json") for name in "abc")
    assert a == b == c
    assert {(tmp_path / name / "scores.csv").read_bytes() for name in "abc"} == {(tmp_path / "a" / "scores.csv").read_bytes()}


def test_a_graded_run_draws_a_seed_of_its_own_tells_it_and_keeps_no_case(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "tasks.yaml").write_text(ASKED.replace("seed: 3\n", ""), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    said = [run("grade", "class", "--out", name).stdout for name in ("a", "b")]
    a, b = (untimed(tmp_path / name / "results.json") for name in "ab")
    run("grade", "class", "--out", "again", "--seed", a["assignment"]["seed"])

    assert 0 <= a["assignment"]["seed"] != b["assignment"]["seed"] < 2**32
    assert f"The cases were drawn from seed {a['assignment']['seed']}; --seed {a['assignment']['seed']} repeats this grading." in said[0]
    assert untimed(tmp_path / "again" / "results.json") == a
    assert [s["score"] for s in a["submissions"]] == [s["score"] for s in b["submissions"]]
    assert list((tmp_path / "cache").rglob("*.*")) == []


def test_a_graded_run_believes_nothing_that_it_finds_on_disk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run("check", "class/right")
    (kept,) = (tmp_path / "cache").rglob("assignment-*.json")
    kept.write_text(kept.read_text(encoding="utf-8").replace('"points": 5.0', '"points": 500.0'), encoding="utf-8")

    believed = run("check", "class/right").stdout.splitlines()[-1]
    run("grade", "class", "--out", "a")

    assert believed == "510 of 510 points"
    assert [s["score"] for s in untimed(tmp_path / "a" / "results.json")["submissions"] if s["id"] == "right"] == [15]


def test_a_report_is_not_written_into_the_folder_that_is_graded(tmp_path: Path):
    (tmp_path / "relu.py").write_text("def relu_forward(x): pass\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["grade", str(tmp_path), "--out", str(tmp_path / "report")])

    assert result.exit_code == 2
    assert "lies in the folder that is graded" in result.stderr
    assert not (tmp_path / "report").exists()
