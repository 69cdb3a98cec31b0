"""`grader grade` goes on where it ended, and `grader report` reads what it keeps."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.classroom.store import NAME, Store
from grader.cli import main
from tests.classroom.conftest import RELU, TASKS, hand_in

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command beside the class, in this process."""
    (tmp_path / "tasks.yaml").write_text(TASKS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


GRADE = ("grade", "class", "--out", "report", "--sandbox", "off", "--jobs", "1")


def reports(folder: Path) -> dict[str, bytes]:
    """Return every report, the store aside."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.name.startswith(NAME)}


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch):
    put = Store.put

    def put_one(self: Store, key: str, entry: Any) -> None:
        put(self, key, entry)
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(Store, "put", put_one)
        first = run(*GRADE)
    second, third = run(*GRADE), run(*GRADE)

    assert first.exit_code == 130
    assert "note: Stopped after 2 of 5 submissions; the same command goes on from there.\n" in first.stderr
    assert first.stdout.startswith("2 submissions graded, 0 with full marks")  # a twin has its result, too
    assert second.stdout.startswith("5 submissions graded (2 had their result already), ")
    assert third.stdout.startswith("5 submissions graded (5 had their result already), ")
    assert {r.exit_code for r in (second, third)} == {0}
    seeds = {line for r in (first, second, third) for line in r.stdout.splitlines() if "seed" in line}
    assert len(seeds) == 1


@pytest.mark.slow
def test_reports_are_made_again_from_the_folder_of_a_class(run: Run, tmp_path: Path):
    run(*GRADE)
    before = reports(tmp_path / "report")

    result = run("report", "report", "--out", "again")

    assert (result.exit_code, result.stdout) == (0, "Written to again.\n")
    assert reports(tmp_path / "again") == before


@pytest.mark.slow
def test_a_run_without_news_writes_nothing_and_a_report_that_is_gone_is_made_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run(*GRADE)
    before = reports(tmp_path / "report")
    with monkeypatch.context() as once:
        once.setattr("grader.report.files.write", None)
        assert run(*GRADE).exit_code == 0
    (tmp_path / "report" / "scores.csv").unlink()

    run(*GRADE)

    assert reports(tmp_path / "report") == before


@pytest.mark.slow
def test_one_task_is_graded_again(run: Run, tmp_path: Path):
    run(*GRADE)
    before = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["submissions"]

    result = run(*GRADE, "--regrade", "relu")

    after = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert result.exit_code == 0
    assert [one | {"duration_s": 0} for one in after] == [one | {"duration_s": 0} for one in before]


def test_a_task_that_the_assignment_has_not_cannot_be_regraded(run: Run):
    result = run(*GRADE, "--regrade", "conv")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == "grader: --regrade conv: the assignment has no such task; it has relu, affine."


def test_a_folder_into_which_no_class_was_graded_is_told(run: Run):
    result = run("report", "class")

    assert (result.exit_code, result.stderr) == (2, "grader: class: no class was graded into this folder.\n")


@pytest.mark.slow
def test_another_policy_grades_nothing_again(run: Run, tmp_path: Path):
    run(*GRADE)
    (tmp_path / "tasks.yaml").write_text(TASKS.replace("title: ReLU, ", "title: ReLU, bonus: true, "), encoding="utf-8")

    result = run(*GRADE)

    results = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert "(5 had their result already)" in result.stdout
    assert [one["final"]["max_score"] for one in results["submissions"]] == [3] * 5


@pytest.mark.slow
def test_a_changed_file_is_graded_again_and_no_other(run: Run, tmp_path: Path):
    run(*GRADE)
    hand_in(tmp_path / "class" / "student1", RELU.replace("0, x", "1, x"))

    result = run(*GRADE)

    assert "(4 had their result already)" in result.stdout


@pytest.mark.slow
def test_an_extension_of_nobody_is_told(run: Run, tmp_path: Path):
    late = (
        "policy: {due: 2026-11-30T23:59:00+09:00, extensions: {studnet1: 2026-12-01T23:59:00+09:00, STUDENT2: 2026-12-01T23:59:00+09:00}}"
    )
    (tmp_path / "tasks.yaml").write_text(f"{TASKS}\n{late}\n", encoding="utf-8")

    result = run(*GRADE)

    assert result.exit_code == 0
    told = [line for line in result.stderr.splitlines() if "extensions" in line]
    assert told == ["note: extensions: studnet1 is no submission of this class; an extension is of the id that reports show."]
