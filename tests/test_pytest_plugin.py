"""`pytest --submission`: as pytest is expected to behave, and with the verdicts of `grader check`."""

import copy
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from grader import grading
from grader.cli import main
from tests.support import AFFINE, RELU, tasks

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "submissions"
# By its module, under whatever name an installed grader has brought it along; in the order of the assignment.
LOADED = ("-p", "no:nablagrade", "-p", "grader.pytest_plugin", "-p", "no:randomly", "-p", "no:cov", "-p", "no:jaxtyping")
ASKED = tasks(
    "id: relu, title: ReLU, points: 5",
    "id: affine, title: Affine, points: 10",
    "id: sigmoid, title: Sigmoid, points: 5",
    "id: tanh, title: Tanh, points: 5, visibility: hidden",
)
WRONG = RELU.replace("cache > 0", "cache > 1") + AFFINE.replace("def affine_backward", "def affine_backwards_not_yet")
Run = Callable[..., pytest.RunResult]
QUICK = [
    "whole-course-right",
    "max-pool-overlap-overwritten",
    "conv-unpad-zero-empty",
    "zero-pad-at-the-end.py",
    "affine-bias-averaged.py",
    "missing-return-cache",
    "relu-returns-none-backward",
    "third-call-wrong",
    "exits",
    "near-miss-name",
    "dropout-one-draw-a-sample",
    "adam-t-stays-one.py",
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the grader finds in a submission with a wrong relu, half an affine layer, no sigmoid and a hidden tanh."""
    folder = tmp_path_factory.mktemp("graded")
    (folder / "tasks.yaml").write_text(ASKED, encoding="utf-8")
    (folder / "kim").mkdir()
    (folder / "kim" / "layers.py").write_text(WRONG, encoding="utf-8")
    return grading.run([folder / "kim"], folder / "tasks.yaml", sandbox="off")


@pytest.fixture
def run(record: dict[str, Any], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest on that submission, whose finished record is at hand."""
    pytester.mkdir("kim").joinpath("layers.py").write_text(WRONG, encoding="utf-8")
    monkeypatch.setattr(grading, "run", lambda *_, **__: copy.deepcopy(record))
    return lambda *arguments: pytester.runpytest_inprocess(*LOADED, "--submission=kim", *arguments)


def status_by_id(results: dict[str, Any]) -> dict[str, str]:
    """Return how pytest should end every check of the record."""
    (submission,) = results["submissions"]
    ends: dict[str, str] = {}
    for task in submission["tasks"]:
        ends |= {f"{task['id']}::{check['id'].partition('.')[2]}": check["status"] for check in task["checks"]}
        if task.get("visibility") == "hidden":
            ends[f"{task['id']}::hidden"] = "skipped"
        elif task["status"] == "missing":
            ends[f"{task['id']}::handed_in"] = "failed"
        else:
            ends |= {f"{task['id']}::{part}.handed_in": "failed" for part, status in task["parts"].items() if status == "missing"}
    return ends


def outcomes(junit: Path) -> dict[str, str]:
    """Return how every item ended."""
    ends = {"failure": "failed", "error": "errored", "skipped": "skipped"}
    cases = ElementTree.parse(junit).iter("testcase")
    return {f"{case.get('classname')}::{case.get('name')}": next((ends[e.tag] for e in case if e.tag in ends), "passed") for case in cases}


def selected(result: pytest.RunResult) -> list[str]:
    """Return the ids that `--collect-only -q` printed."""
    return [line for line in result.outlines if "::" in line]


@pytest.mark.slow
@pytest.mark.parametrize("sample", QUICK)
def test_every_check_of_a_sample_ends_as_in_grader_check(sample: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.modules["grader.diagnosis.diagnose"], "illustrated", lambda *_: {})
    made: list[dict[str, Any]] = []
    grade = grading.run
    off = {"sandbox": "off"}  # where it is graded does not matter here, and trying what this system offers takes a while
    monkeypatch.setattr(grading, "run", lambda *given, **named: made.append(grade(*given, **named | off)) or made[0])

    result = pytester.runpytest_inprocess(*LOADED, f"--submission={SAMPLES / sample}", "--junitxml=junit.xml", "-q")
    monkeypatch.setattr(grading, "run", lambda *_, **__: made[0])
    checked = CliRunner().invoke(main, ["check", str(SAMPLES / sample)])

    assert outcomes(pytester.path / "junit.xml") == status_by_id(made[0])
    assert result.ret == checked.exit_code
    assert checked.stdout.splitlines()[-1] in result.outlines


def test_a_submission_is_graded_as_grader_check_grades_it(record: dict[str, Any], pytester: pytest.Pytester):
    pytester.mkdir("kim").joinpath("layers.py").write_text(WRONG, encoding="utf-8")
    pytester.path.joinpath("week.yaml").write_text(ASKED, encoding="utf-8")

    pytester.runpytest_inprocess(*LOADED, "--submission=kim", "--tasks=week.yaml", "--junitxml=junit.xml")

    found = outcomes(pytester.path / "junit.xml")
    assert found == status_by_id(record)
    assert found["relu::backward.dx"] == found["affine::backward.handed_in"] == found["sigmoid::handed_in"] == "failed"


def test_a_failure_begins_with_its_message_and_holds_no_line_of_the_grader(run: Run):
    result = run("-v")

    result.stdout.fnmatch_lines(["relu::forward.value PASSED*", "relu::backward.dx FAILED*", "tanh::hidden SKIPPED*"])
    result.stdout.fnmatch_lines(
        ["*relu::backward.dx: dx is the gradient of the output*", "dx is wrong.", "dx[[]*[]] is *; it should be *"], consecutive=True
    )
    result.stdout.fnmatch_lines(["FAILED relu::backward.dx - Failed: dx is wrong."])
    result.stdout.fnmatch_lines(["FAILED sigmoid::handed_in - Failed: not handed in"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_checks.py*")


@pytest.mark.parametrize("style", ["auto", "long", "short", "line", "native"])
def test_no_style_of_traceback_shows_one(style: str, run: Run):
    result = run(f"--tb={style}")

    result.stdout.fnmatch_lines(["dx is wrong."])
    result.stdout.no_fnmatch_line("*pytest_checks.py*")


def test_one_line_a_failure_names_the_line_of_the_function(run: Run):
    run("--tb=line").stdout.fnmatch_lines([f"*{Path('kim', 'layers.py')}:7: Failed: dx is wrong."])


def test_hidden_checks_are_one_skipped_item_and_leave_the_points_open(run: Run):
    result = run("-rs", "-k", "tanh")

    result.assert_outcomes(skipped=1, deselected=result.parseoutcomes()["deselected"])
    result.stdout.fnmatch_lines(["*hidden checks decide 5 more", "SKIPPED*kim: decided by hidden checks"])


def test_where_the_rest_is_skipped_because_something_failed_the_reason_is_told(run: Run):
    run("-rs").stdout.fnmatch_lines(["SKIPPED*kim?layers.py: Not checked*"])


def test_k_chooses_by_task_part_and_check(run: Run):
    everything = selected(run("--collect-only", "-q"))

    assert selected(run("--collect-only", "-q", "-k", "relu and backward")) == [i for i in everything if i.startswith("relu::backward.")]
    assert selected(run("--collect-only", "-q", "-k", "relu and not backward")) == [i for i in everything if i.startswith("relu::forward.")]


@pytest.mark.parametrize("asked", ["relu::backward.dx", "relu::backward", "relu", "../elsewhere/relu::backward.dx"])
def test_an_id_a_part_or_a_task_may_be_an_argument(asked: str, run: Run):
    everything, stem = selected(run("--collect-only", "-q")), asked.rpartition("/")[2]

    found = selected(run("--collect-only", "-q", asked))

    assert found == [i for i in everything if f"{i}.".startswith((f"{stem}.", f"{stem}::"))]
    assert found


def test_an_argument_that_names_no_check_is_an_error_of_usage(run: Run):
    result = run("relu", "rel")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: not found: rel is no check of kim"])


def test_x_stops_at_the_first_failure(run: Run):
    run("-x").assert_outcomes(failed=1, passed=len([*selected(run("--collect-only", "-q", "-k", "relu and forward"))]) + 1)


def test_lf_runs_what_failed_last(run: Run):
    first = run("-q").parseoutcomes()["failed"]

    again = run("--lf").parseoutcomes()

    assert (again["failed"], "passed" in again) == (first, False)


def test_fixed_checks_pass_with_lf(run: Run, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    run("-q", "-k", "relu")
    mended = copy.deepcopy(record)
    for check in mended["submissions"][0]["tasks"][0]["checks"]:
        check |= {"status": "passed", "findings": []}
    monkeypatch.setattr(grading, "run", lambda *_, **__: mended)

    result = run("--lf", "-k", "relu")

    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["passed"] >= 1


def test_an_error_of_the_grader_is_an_error_and_no_failure(run: Run, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    broken = copy.deepcopy(record)
    for check in broken["submissions"][0]["tasks"][0]["checks"]:
        check |= {"status": "errored", "findings": [], "reason": "The grader itself failed here. ValueError: ours"}
    monkeypatch.setattr(grading, "run", lambda *_, **__: broken)

    result = run("relu")

    assert set(result.parseoutcomes()) == {"errors"}
    result.stdout.fnmatch_lines(["*: The grader itself failed here. ValueError: ours", "ERROR relu::forward.contract - Failed: *"])


@pytest.mark.slow
def test_workers_of_xdist_are_handed_the_record_that_was_made_once(pytester: pytest.Pytester):
    pytester.mkdir("kim").joinpath("layers.py").write_text(RELU, encoding="utf-8")
    pytester.path.joinpath("tasks.yaml").write_text(tasks("id: relu, title: ReLU, points: 5"), encoding="utf-8")
    count = len(selected(pytester.runpytest_inprocess(*LOADED, "--submission=kim", "--collect-only", "-q")))

    result = pytester.runpytest_inprocess(*LOADED, "--submission=kim", "-n", "1", "relu")

    result.assert_outcomes(passed=count)
    result.stdout.fnmatch_lines(["5 of 5 points"])


def test_code_of_the_student_never_runs_in_the_process_of_pytest(pytester: pytest.Pytester):
    """Neither as a file of tests, nor as a conftest.py or configuration beside it."""
    traced = f"open({str(pytester.path / 'ran')!r}, 'a').write(__file__)\n"
    folder = pytester.mkdir("kim")
    for name in ("conftest.py", "test_layers.py", "evil.py"):
        (folder / name).write_text(traced, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p evil\npythonpath = .\n", encoding="utf-8")
    pytester.path.joinpath("conftest.py").write_text(traced, encoding="utf-8")
    pytester.path.joinpath("tasks.yaml").write_text(tasks("id: relu, title: ReLU, points: 5"), encoding="utf-8")

    result = pytester.runpytest_inprocess(*LOADED, "--submission=kim")

    result.assert_outcomes(failed=1)
    assert not (pytester.path / "ran").exists()


def test_settings_out_of_the_submission_are_refused(pytester: pytest.Pytester):
    pytester.mkdir("kim").joinpath("pytest.ini").write_text("[pytest]\naddopts = -k nothing\n", encoding="utf-8")

    result = pytester.runpytest_inprocess(*LOADED, "--submission", "kim")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: pytest took its configuration from the submission; write --submission=kim*"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--submission=none",), "none: no such*"),
        (("--submission=",), "--submission= names nothing;*"),
        (("--tasks=week.yaml",), "--tasks goes with*"),
    ],
)
def test_what_cannot_be_graded_is_an_error_of_usage(arguments: tuple[str, ...], told: str, pytester: pytest.Pytester):
    result = pytester.runpytest_inprocess(*LOADED, *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {told}"])


def test_it_says_where_there_was_no_jail(run: Run, record: dict[str, Any]):
    assert record["isolation"]["tier"] == "process"

    run("relu").stdout.fnmatch_lines(["There is no jail here*"])


def test_without_a_submission_it_does_nothing_and_imports_nothing_of_the_grader():
    script = (
        "import sys, pytest, grader.pytest_plugin as plugin\n"
        "pytest.main(['--version', '-p', 'no:nablagrade'], plugins=[plugin])\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('grader', 'numpy', 'reference')))\n"
    )

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT / "tests").stdout

    assert printed.splitlines()[-1] == "['grader', 'grader.pytest_plugin', 'grader.version']"


def test_tests_run_as_ever_without_a_submission(pytester: pytest.Pytester):
    pytester.makepyfile("def test_one(): assert 1 == 1")

    pytester.runpytest_inprocess(*LOADED).assert_outcomes(passed=1)


def test_the_distribution_tells_pytest_of_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["entry-points"]["pytest11"] == {"nablagrade": "grader.pytest_plugin"}
