"""The commands, what they write, and how they end: 0, 1 or 2."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import grader
from grader import assignment
from grader.cli import main
from grader.errors import IntakeError
from grader.model import Isolation
from grader.report.files import USUAL
from grader.report.formats import NAMES, load, summary
from grader.report.results import schema
from grader.sandbox.isolation import Sandbox, open_sandbox
from grader.version import VERSION
from tests.support import AFFINE, RELU, tasks

ASKED = tasks("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5", head="seed: 3")
WRONG = RELU.replace("np.maximum(x, 0)", "np.abs(x)")
OWN_CODE = "note: your code ran as you, without a jail; for code of somebody else add --sandbox require.\n"
REPORTS = ["index.html", "junit.xml", "report.md", "results.json", "scores.csv"]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with an assignment, and right, wrong and other submissions in `class`."""
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    for name, source in {"right": RELU + AFFINE, "wrong": WRONG, "broken": "def relu_forward(x:\n", "other": "x = 1\n"}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "layers.py").write_text(source, encoding="utf-8")
    (tmp_path / "class" / "lone.py").write_text(RELU, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(scope="session")
def best() -> Isolation:
    """What this machine has."""
    with open_sandbox(Sandbox.BEST) as (_, isolation):
        return isolation


@pytest.fixture
def unjailed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without fork, and so without a jail: every worker is spawned."""
    monkeypatch.setattr("grader.sandbox.isolation.can_fork", lambda: False)
    monkeypatch.setattr("grader.sandbox.launch.can_fork", lambda: False)


def stopped(result: Result) -> str:
    """Return the sentence with which a command refused to go on."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("grader: ")
    return result.stderr.removeprefix("grader: ").rstrip("\n")


def untimed(file: Path) -> Any:
    """Return results.json without its times."""
    return json.loads(re.sub(r'"duration_s": [0-9.e-]+', '"duration_s": 0', file.read_text(encoding="utf-8")))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_check_ends_with_0_where_all_points_are_earned(run: Run):
    result = run("check", "class/right")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "right"
    assert result.stdout.splitlines()[-1] == "15 of 15 points"


@pytest.mark.parametrize("command", [["check", "class/right"], ["tasks"], ["explain", "relu"]])
def test_whatever_is_stopped_by_ctrl_c_ends_with_130(command: list[str], run: Run, monkeypatch: pytest.MonkeyPatch):
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.assignment.load", pressed)

    result = run(*command)

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "\n")


def test_check_ends_with_1_where_points_are_lost(run: Run):
    result = run("check", "class/wrong")

    assert result.exit_code == 1
    assert "✗ out is wrong." in result.stdout
    assert "not handed in  affine  0 / 10" in result.stdout
    assert "2.5 of 15 points" in result.stdout


@pytest.mark.parametrize(("first", "second"), [("kim  lee.py", "kim \\x20lee.py"), ("=kim.py", "'=kim.py"), ("kim", "kim")])
def test_submissions_that_a_report_would_show_under_one_name_are_told_before_anything_is_graded(
    first: str, second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    paths = [tmp_path / "a" / first, tmp_path / "b" / second]
    for path in paths:
        (path if path.suffix else path / "layers").parent.mkdir(parents=True, exist_ok=True)
        (path if path.suffix else path / "layers.py").write_text(RELU, encoding="utf-8")
    monkeypatch.setattr("grader.engine.grade", None)

    with pytest.raises(IntakeError, match=r"; rename one of them\.$") as told:
        grader.run(paths, sandbox="off")

    assert str(told.value).startswith(f"{paths[0]} and {paths[1]}: a report would show both as ")


def test_a_class_with_two_submissions_of_one_name_ends_with_2_and_names_both(run: Run, tmp_path: Path):
    for name in ("kim  lee.py", "kim \\x20lee.py"):
        (tmp_path / "class" / name).write_text(RELU, encoding="utf-8")

    result = run("grade", "class", "--out", "report", "--sandbox", "off")

    assert (result.exit_code, result.stdout) == (2, "")
    first, second = "class/kim \\x20lee.py", "class/kim  lee.py"
    told = f"grader: {second} and {first}: two submissions under one name; rename one, or remove the one that does not count."
    assert told in result.stderr.splitlines()


def test_names_that_differ_in_blanks_or_behind_many_letters_are_graded_each(tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    names = ["kim lee.py", "kim  lee.py", f"{'k' * 240}_1.py", f"{'k' * 240}_2.py"]
    for name in names:
        (tmp_path / name).write_text(RELU, encoding="utf-8")

    results = grader.run([tmp_path / name for name in names], tmp_path / "tasks.yaml", sandbox="off")

    assert [s["id"] for s in results["submissions"]] == [names[0], "kim \\x20lee.py", *names[2:]]


def test_check_takes_a_lone_file_and_writes_reports_where_asked(run: Run, tmp_path: Path):
    result = run("check", "class/lone.py", "--out", "report")

    assert result.exit_code == 1  # affine is missing
    assert sorted(p.name for p in (tmp_path / "report").iterdir() if p.suffix)[: len(REPORTS)] == REPORTS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "none"], "none: no such file or folder."),
        (
            ["check", "tasks.yaml"],
            "tasks.yaml: not a .py file, a notebook, an archive (.zip, .tar.gz, .tar) or a folder; hand in one of these.",
        ),
        (["check", "class/right", "--tasks", "none.yaml"], "none.yaml: cannot be read: No such file or directory."),
        (["grade", "none", "--out", "r"], "none: no such folder."),
        (
            ["grade", "empty", "--out", "r"],
            "empty: nothing to grade; each submission is a folder, a .py file, a notebook or an archive in it.",
        ),
        (["grade", "tasks.yaml", "--out", "r"], "tasks.yaml: not a folder; to grade one submission use: grader check tasks.yaml"),
        (["tasks", "--tasks", "none.yaml"], "none.yaml: cannot be read: No such file or directory."),
        (["report", "none.json"], "none.json: cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_graded_is_said_in_one_sentence(run: Run, arguments: list[str], words: str, tmp_path: Path):
    assert stopped(run(*arguments)) == words
    assert not (tmp_path / "r").exists()


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


@pytest.mark.parametrize("command", [["check", "class/right"], ["grade", "class", "--out", "r"], ["tasks"]])
def test_a_wrong_assignment_ends_with_2_and_all_its_mistakes(run: Run, command: list[str], tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(tasks("id: rellu, points: -1", "id: affine, title: A, points: 1, colour: red"), encoding="utf-8")

    said = stopped(run(*command))

    assert said.splitlines() == [
        "4 mistakes in the assignment:",
        "tasks.yaml, line 4, tasks[0].id (task rellu): there is no layer rellu; did you mean relu?",
        "tasks.yaml, line 4, tasks[0].points (task rellu): should be greater than or equal to 0, but is -1.",
        "tasks.yaml, line 4, tasks[0].title (task rellu): must be given.",
        "tasks.yaml, line 5, tasks[1].colour (task affine): there is no such key here.",
    ]


@pytest.mark.parametrize("command", [["check", "class/right", "--sandbox", "require"], ["grade", "class", "--out", "r"]])
def test_where_a_jail_is_required_and_there_is_none_nothing_is_graded(run: Run, command: list[str], unjailed: None):
    result = run(*command)

    assert result.exit_code == 2
    (said,) = result.stderr.splitlines()
    assert said.startswith("grader: Student code would run without a jail here: ")
    assert said.endswith(", or accept it with --sandbox best.")


def test_a_class_is_graded_in_a_jail_unless_told_otherwise(run: Run, tmp_path: Path, best: Isolation):
    if best.tier == "process":
        pytest.skip("this machine has no jail")

    result = run("grade", "class", "--out", "report")

    isolation = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["isolation"]
    assert (isolation["tier"], isolation["probes"]) == (best.tier, dict(best.probes))
    assert "note:" not in result.stderr


def test_a_class_without_a_jail_says_so(run: Run, unjailed: None):
    assert "isolation: process." in (graded := run("grade", "class", "--out", "report", "--sandbox", "best")).stdout
    assert "note: there is no jail here (`grader doctor` says why): student code ran as you" in graded.stderr
    assert "note: --sandbox off: student code runs as you" in run("grade", "class", "--out", "report", "--sandbox", "off").stderr


def test_ones_own_code_needs_no_jail_and_is_told_so(run: Run):
    assert run("check", "class/right").stderr == OWN_CODE


@pytest.mark.parametrize(
    "arguments", [["check"], ["grade", "class"], ["check", "class/right", "--seed", "-1"], ["grade", "class", "--out", "r", "--jobs", "0"]]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]):
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")


def test_grade_writes_all_reports_and_ends_with_0(run: Run, tmp_path: Path, best: Isolation):
    result = run("grade", "class", "--out", "report")

    assert result.exit_code == 0
    assert f"5 submissions graded, 1 with full marks; isolation: {best.tier}." in result.stdout
    assert "The cases were drawn from seed 3; --seed 3 repeats this grading." in result.stdout
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


def test_report_makes_the_same_files_again(run: Run, tmp_path: Path):
    run("grade", "class", "--out", "report")

    result = run("report", "report/results.json", "--out", "again")

    assert (result.exit_code, result.stdout) == (0, "Written to again.\n")
    reports = {name: data for name, data in tree(tmp_path / "report").items() if not name.startswith("class.sqlite")}
    assert tree(tmp_path / "again") == reports


def test_report_makes_one_format_beside_the_results(run: Run, tmp_path: Path):
    run("grade", "class", "--out", "report")
    before = tree(tmp_path / "report")
    (tmp_path / "report" / "scores.csv").unlink()
    (tmp_path / "report" / "junit.xml").unlink()

    result = run("report", "report/results.json", "--format", "csv")

    assert result.exit_code == 0
    assert tree(tmp_path / "report") == {name: data for name, data in before.items() if name != "junit.xml"}


@pytest.mark.parametrize(
    ("name", "file"), [("html", "index.html"), ("junit", "junit.xml"), ("csv", "scores.csv"), ("markdown", "report.md")]
)
def test_every_format_can_be_asked_for_by_its_name(run: Run, tmp_path: Path, name: str, file: str):
    run("grade", "class", "--out", "report")

    result = run("report", "report/results.json", "--format", name, "--out", "again")

    assert result.exit_code == 0
    assert {file, "results.json"} == {path for path in tree(tmp_path / "again") if "/" not in path}
    assert set(USUAL) == {"html", "junit", "csv", "markdown"}


def test_help_lists_every_format_in_its_own_words(run: Run):
    said = " ".join(run("report", "--help").output.split())

    assert [name for name in NAMES if f"{name} {summary(name)}" not in said] == []


def test_a_worksheet_of_moodle_is_filled_in_and_who_is_not_in_it_is_told(run: Run, tmp_path: Path):
    run("grade", "class", "--out", "report")
    (tmp_path / "w.csv").write_text("Identifier,Full name,Grade,Maximum Grade\nParticipant 1,wrong,,30\n", encoding="utf-8")

    result = run("report", "report/results.json", "--format", "moodle", "--worksheet", "w.csv", "--out", "moodle", "--lang", "ko")

    assert (result.exit_code, result.stdout) == (0, "Written to moodle.\n")
    assert (tmp_path / "moodle" / "moodle.csv").read_text(encoding="utf-8").endswith("\nParticipant 1,wrong,5.00,30\n")
    assert result.stderr == (
        "note: w.csv: has no row, or no certain one, for broken, lone.py, other, right; fill in by hand.\n"
        "note: scaled: 15 points here are 30 in Moodle.\n"
    )


def test_an_option_of_another_format_ends_with_2(run: Run):
    run("grade", "class", "--out", "report")

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


def test_the_function_behind_the_commands_takes_paths_or_their_names(run: Run):
    results = grader.run(["class/right"], seed=4)

    assert (results["submissions"][0]["score"], results["assignment"]["seed"]) == (15, 4)
    with pytest.raises(IntakeError, match=r"grader\.run takes a list of paths"):
        grader.run("class/right")


@pytest.mark.slow
def test_grading_twice_writes_the_same_but_for_the_time(run: Run, tmp_path: Path):
    for name, jobs in {"a": 1, "b": 1, "c": 2}.items():
        run("grade", "class", "--out", name, "--jobs", jobs)

    a, b, c = (untimed(tmp_path / name / "results.json") for name in "abc")
    assert a == b == c
    assert {(tmp_path / name / "scores.csv").read_bytes() for name in "abc"} == {(tmp_path / "a" / "scores.csv").read_bytes()}


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


def test_a_check_takes_the_public_seed_and_keeps_its_cases(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "tasks.yaml").write_text(ASKED.replace("seed: 3\n", ""), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    run("check", "class/right", "--out", "a")

    assert untimed(tmp_path / "a" / "results.json")["assignment"]["seed"] == grader.run(["class/right"])["assignment"]["seed"] == 0
    assert len(list((tmp_path / "cache").rglob("*.bank"))) == 2


def test_a_graded_run_believes_nothing_that_it_finds_on_disk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run("check", "class/right")
    (kept,) = (tmp_path / "cache").rglob("assignment-*.json")
    kept.write_text(kept.read_text(encoding="utf-8").replace('"points": 5.0', '"points": 500.0'), encoding="utf-8")

    believed = run("check", "class/right").stdout.splitlines()[-1]
    run("grade", "class", "--out", "a")

    assert believed == "510 of 510 points"
    assert [s["score"] for s in untimed(tmp_path / "a" / "results.json")["submissions"] if s["id"] == "right"] == [15]


def test_tasks_lists_what_is_asked_for_with_points(run: Run, tmp_path: Path):
    here, bundled = run("tasks"), run("tasks", "--tasks", assignment.bundled())

    assert here.stdout.splitlines() == [
        "Course",
        "    10  affine (forward, backward): Affine",
        "     5  relu (forward, backward): ReLU",
        "    15  points in all",
    ]
    assert len(bundled.stdout.splitlines()) == 42
    assert bundled.stdout.splitlines()[-1] == "   199  points in all"


def test_tasks_tells_bonus_points_apart(run: Run, tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text(ASKED.replace("title: ReLU,", "title: ReLU, bonus: true,"), encoding="utf-8")

    assert run("tasks").stdout.splitlines()[-1] == "    10  points in all, and 5 as a bonus"


def test_tasks_prints_the_schema_for_editors(run: Run):
    result = run("tasks", "--schema")

    assert json.loads(result.stdout) == json.loads(Path(assignment.__file__).with_name("tasks.schema.json").read_text(encoding="utf-8"))


def test_doctor_shows_versions_and_what_isolation_there_is(run: Run, best: Isolation):
    result = run("doctor")

    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert first.startswith(f"grader {VERSION}, Python {sys.version.split()[0]}, NumPy ")
    assert rest[0].startswith(f"isolation: {best.tier}")
    assert rest[1:-1] == [f"  {name}: {outcome}" for name, outcome in best.probes.items()]
    assert rest[-1].startswith("worker: ")


def test_every_command_has_a_help_text(run: Run):
    for command in main.commands.values():
        result = run(command.name, "--help")
        assert result.exit_code == 0
        assert command.help
        assert all(p.help for p in command.params if isinstance(p, click.Option)), command.name
    assert run("--version").stdout == f"grader, version {VERSION}\n"


@pytest.mark.slow
def test_the_command_and_the_module_are_one_and_the_same_program(run: Run, tmp_path: Path):
    program = [str(Path(sys.executable).with_name("grader"))]
    module = [sys.executable, "-m", "grader"]

    answers = {}
    for arguments in (["check", "class/right"], ["check", "class/wrong"], ["check", "none"]):
        made = [
            subprocess.run([*start, *arguments], check=False, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "error"})
            for start in (program, module)
        ]
        assert len({(m.returncode, m.stdout, m.stderr) for m in made}) == 1
        answers[arguments[1]] = (made[0].returncode, made[0].stdout.splitlines()[-1:], made[0].stderr)

    assert answers == {
        "class/right": (0, ["15 of 15 points"], OWN_CODE),
        "class/wrong": (1, ["2.5 of 15 points"], OWN_CODE),
        "none": (2, [], "grader: none: no such file or folder.\n"),
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["class", "empty", "tasks.yaml"]  # nothing is left behind


HIDING = ASKED.replace("title: ReLU,", "title: ReLU, visibility: after_published,")


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


def test_a_report_is_not_written_into_the_folder_that_is_graded(tmp_path: Path):
    (tmp_path / "relu.py").write_text("def relu_forward(x): pass\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["grade", str(tmp_path), "--out", str(tmp_path / "report")])

    assert result.exit_code == 2
    assert "lies in the folder that is graded" in result.stderr
    assert not (tmp_path / "report").exists()


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
