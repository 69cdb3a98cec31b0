"""`grader report`: the same files again, others, and those of a changed policy, from the results alone."""

import re
from pathlib import Path

import pytest
from click.testing import Result

from grader.report.files import USUAL
from grader.report.formats import NAMES, load, summary
from tests.commands.conftest import HIDING, Run, stopped, tree, untimed


def test_report_makes_the_same_files_again(run: Run, graded: Result, tmp_path: Path):
    result = run("report", "report/results.json", "--out", "again")

    assert (result.exit_code, result.stdout) == (0, "Written to again.\n")
    reports = {name: data for name, data in tree(tmp_path / "report").items() if not name.startswith("class.sqlite")}
    assert tree(tmp_path / "again") == reports


def test_report_makes_one_format_beside_the_results(run: Run, graded: Result, tmp_path: Path):
    before = tree(tmp_path / "report")
    (tmp_path / "report" / "scores.csv").unlink()
    (tmp_path / "report" / "junit.xml").unlink()

    result = run("report", "report/results.json", "--format", "csv")

    assert result.exit_code == 0
    assert tree(tmp_path / "report") == {name: data for name, data in before.items() if name != "junit.xml"}


@pytest.mark.parametrize(
    ("name", "file"), [("html", "index.html"), ("junit", "junit.xml"), ("csv", "scores.csv"), ("markdown", "report.md")]
)
def test_every_format_can_be_asked_for_by_its_name(run: Run, graded: Result, tmp_path: Path, name: str, file: str):
    result = run("report", "report/results.json", "--format", name, "--out", "again")

    assert result.exit_code == 0
    assert {file, "results.json"} == {path for path in tree(tmp_path / "again") if "/" not in path}
    assert set(USUAL) == {"html", "junit", "csv", "markdown"}


def test_help_lists_every_format_in_its_own_words(run: Run):
    said = " ".join(run("report", "--help").output.split())

    assert [name for name in NAMES if f"{name} {summary(name)}" not in said] == []


def test_a_worksheet_of_moodle_is_filled_in_and_who_is_not_in_it_is_told(run: Run, graded: Result, tmp_path: Path):
    (tmp_path / "w.csv").write_text("Identifier,Full name,Grade,Maximum Grade\nParticipant 1,wrong,,30\n", encoding="utf-8")

    result = run("report", "report/results.json", "--format", "moodle", "--worksheet", "w.csv", "--out", "moodle", "--lang", "ko")

    assert (result.exit_code, result.stdout) == (0, "Written to moodle.\n")
    assert (tmp_path / "moodle" / "moodle.csv").read_text(encoding="utf-8").endswith("\nParticipant 1,wrong,5.00,30\n")
    assert result.stderr == (
        "note: w.csv: has no row, or no certain one, for broken, lone.py, other, right; fill in by hand.\n"
        "note: scaled: 15 points here are 30 in Moodle.\n"
    )


def test_an_option_of_another_format_ends_with_2(run: Run, graded: Result):
    assert stopped(run("report", "report/results.json", "--submission", "right")) == (
        "--submission: means nothing to html, junit, csv, markdown; the formats that take it: "
        f"{', '.join(name for name in NAMES if 'submission' in load(name).TAKES)}."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "r.json: not a results file: Expecting value: line 1 column 1 (char 0)."),
        (b"{}", "r.json: not a results file of this grader: at $: 'schema' is a required property."),
        (b"[1]", "r.json: not a results file of this grader: at $: [1] is not of type 'object'."),
        (b"\xff", "r.json: not a results file: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte."),
        (b"NaN", "r.json: not a results file: Out of range float values are not JSON compliant: nan."),
        (b'"\\ud800"', "r.json: not a results file: 'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed."),
    ],
)
def test_a_broken_results_file_ends_with_2_and_one_sentence(run: Run, text: bytes, words: str, tmp_path: Path):
    (tmp_path / "r.json").write_bytes(text)

    assert stopped(run("report", "r.json")) == words
    assert sorted(p.name for p in tmp_path.iterdir()) == ["class", "empty", "r.json", "tasks.yaml"]


def test_a_report_with_a_changed_policy_publishes_what_was_hidden_and_grades_nothing(run: Run, tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(HIDING, encoding="utf-8")
    run("grade", "class", "--out", "out", "--sandbox", "best")
    page = tmp_path / "out" / "students" / "wrong.html"
    hidden = page.read_text(encoding="utf-8")
    (tmp_path / "published.yaml").write_text(HIDING.replace("seed: 3", "seed: 3\npolicy: {published: true}"), encoding="utf-8")
    again = run("report", "out/results.json", "--tasks", "published.yaml")
    shown = page.read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(HIDING.replace("id: course", "id: other"), encoding="utf-8")

    assert again.exit_code == 0, again.output
    assert "relu_forward" not in hidden
    assert "relu_forward" in shown
    assert "is the assignment other; the results are of course" in stopped(run("report", "out/results.json", "--tasks", "other.yaml"))


def test_reports_are_made_in_either_language_from_the_results_alone(run: Run, tmp_path: Path):
    run("check", "class/wrong", "--out", "korean", "--lang", "ko")
    run("check", "class/wrong", "--out", "english")

    for folder, language, other in (("korean", "en", "english"), ("english", "ko", "korean")):
        made = tmp_path / f"again-{folder}"
        assert run("report", f"{folder}/results.json", "--out", made, "--lang", language).exit_code == 0
        assert (made / "report.md").read_text("utf-8") == (tmp_path / other / "report.md").read_text("utf-8")
        pages = ((folder / "index.html").read_text("utf-8") for folder in (made, tmp_path / other))
        assert len({re.sub(r"[\d.]+( s|초)<", r"\1<", page) for page in pages}) == 1  # but for how long each run took

    assert untimed(tmp_path / "korean" / "results.json") == untimed(tmp_path / "english" / "results.json")
