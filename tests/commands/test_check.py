"""`grader check`: what a student is told, and how it ends."""

import re
from pathlib import Path

import click
import pytest

import grader
from tests.commands.conftest import ASKED, HIDING, OWN_CODE, REPORTS, WRONG, Run, stopped, untimed
from tests.support import AFFINE, RELU


def test_check_ends_with_0_where_all_points_are_earned(run: Run):
    result = run("check", "class/right")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "right"
    assert result.stdout.splitlines()[-1] == "15 of 15 points"


def test_check_ends_with_1_where_points_are_lost(run: Run):
    result = run("check", "class/wrong")

    assert result.exit_code == 1
    assert "✗ out is wrong." in result.stdout
    assert "not handed in  affine  0 / 10" in result.stdout
    assert "2.5 of 15 points" in result.stdout


def test_check_takes_a_lone_file_and_writes_reports_where_asked(run: Run, tmp_path: Path):
    result = run("check", "class/lone.py", "--out", "report")

    assert result.exit_code == 1  # affine is missing
    assert sorted(p.name for p in (tmp_path / "report").iterdir() if p.suffix)[: len(REPORTS)] == REPORTS


def test_a_submission_with_nothing_to_grade_ends_with_2_and_why(run: Run, tmp_path: Path):
    (tmp_path / "class" / "other" / "layers.py").write_text("def relu_foward(x):\n    return x\n", encoding="utf-8")

    empty, misspelt = (stopped(run("check", name)).splitlines() for name in ("empty", "class/other"))

    assert empty == [
        "empty: nothing in it could be graded; `grader tasks` lists what is asked for.",
        "empty: no Python file in this folder.",
    ]
    assert misspelt == [
        "class/other: nothing in it could be graded; `grader tasks` lists what is asked for.",
        "layers.py, line 1: relu_foward looks like relu_forward, misspelt; rename it to have it graded.",
    ]


def test_ones_own_code_needs_no_jail_and_is_told_so(run: Run):
    assert run("check", "class/right").stderr == OWN_CODE


@pytest.mark.slow
def test_the_seed_is_the_assignments_or_the_one_given_and_is_stored(run: Run, tmp_path: Path):
    telling = RELU.replace("    return np.maximum", "    print(x.tolist())\n    return np.maximum")
    (tmp_path / "class" / "lone.py").write_text(telling, encoding="utf-8")

    run("check", "class/lone.py", "--out", "own")
    run("check", "class/lone.py", "--out", "other", "--seed", 4)

    own, other = (untimed(tmp_path / name / "results.json") for name in ("own", "other"))
    assert (own["assignment"]["seed"], other["assignment"]["seed"]) == (3, 4)
    notes = [r["submissions"][0]["tasks"][1]["notes"] for r in (own, other)]
    assert "[[" in notes[0][-1]
    assert notes[0] != notes[1]


def test_a_check_takes_the_public_seed_and_keeps_its_cases(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "tasks.yaml").write_text(ASKED.replace("seed: 3\n", ""), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    run("check", "class/right", "--out", "a")

    assert untimed(tmp_path / "a" / "results.json")["assignment"]["seed"] == grader.run(["class/right"])["assignment"]["seed"] == 0
    assert len(list((tmp_path / "cache").rglob("*.bank"))) == 2


def test_a_check_tells_nothing_of_hidden_tasks_and_never_that_all_is_right(run: Run, tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(HIDING, encoding="utf-8")
    (tmp_path / "mixed.py").write_text(AFFINE + WRONG, encoding="utf-8")
    checked = run("check", "mixed.py", "--out", "out")
    right = run("check", "class/lone.py")
    lines = click.unstyle(checked.stdout).splitlines()

    assert checked.exit_code == 0, checked.output  # all that is decided
    assert lines[-1] == "10 of 10 points; hidden checks decide 5 more"
    assert next(line.split() for line in lines if "hidden" in line) == ["hidden", "relu", "decided", "by", "hidden", "checks"]
    assert right.exit_code == 1
    for name in REPORTS:
        told = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert not re.search(r"relu_forward|negative|values at", told), name


def test_check_speaks_the_language_that_is_asked_for_or_that_of_the_locale(run: Run, monkeypatch: pytest.MonkeyPatch):
    asked = run("check", "class/wrong", "--lang", "ko")
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    by_locale = run("check", "class/wrong")

    assert asked.exit_code == by_locale.exit_code == 1
    assert asked.stdout == by_locale.stdout
    assert "15점 중 2.5점" in asked.stdout
    assert asked.stderr.startswith("참고: 코드가 격리 없이 ")
    assert "nothing in it could be graded" in run("check", "class/other", "--lang", "en").stderr
    assert "채점할 수 있는 것이 없어요" in run("check", "class/other").stderr
