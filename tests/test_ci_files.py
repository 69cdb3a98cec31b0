"""What is offered to continuous integration runs as it stands: its commands exist, and its scripts end as the record says."""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from grader import pytest_plugin
from grader.cli import main
from tests.support import RELU, tasks

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
CLASSROOM = yaml.safe_load((ROOT / "docs" / "ci" / "github-classroom.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {
    "action": {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step},
    "classroom": {step["name"]: step for step in CLASSROOM["jobs"]["run-autograding-tests"]["steps"] if "run" in step},
}
DOCUMENT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
WRONG = RELU.replace("cache > 0", "cache > 1")
BASH = shutil.which("bash")


def commands(script: str, name: str) -> list[list[str]]:
    """Return the arguments of every such command of a script."""
    found = re.findall(rf"^{name} (.+)$", script, re.MULTILINE)
    shell = {">", ">>", "||", "&&", "|"}
    given = (re.sub(r"\$\{TASKS:\+(.*?)\}", r"\1", line.replace("$SANDBOX", ACTION["inputs"]["sandbox"]["default"])) for line in found)
    split = (shlex.split(line, comments=True) for line in given)
    return [words[: next((i for i, word in enumerate(words) if word in shell), len(words))] for words in split]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The files of a student who has called some as the grader, and modules that it needs, are called."""
    folder = tmp_path / "work space"
    folder.mkdir()
    (folder / "tasks.yaml").write_text(tasks("id: relu, title: ReLU, points: 5"), encoding="utf-8")
    (folder / "layers.py").write_text(RELU, encoding="utf-8")
    for name in ("json.py", "grader.py", "numpy.py"):
        (folder / name).write_text("raise SystemExit(0)\n", encoding="utf-8")
    return folder


@pytest.fixture
def runner(workspace: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a runner, and nothing else; the grader is installed."""
    commands = tmp_path / "temp" / "nablagrade" / "bin"
    commands.mkdir(parents=True)
    for name, does in {"grader": '-P -m grader "$@"', "python": '"$@"', "pip": "-c pass"}.items():
        (commands / name).write_text(f"#!{BASH}\nPYTHONPATH={ROOT} exec {sys.executable} {does}\n", encoding="utf-8")
        (commands / name).chmod(0o755)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        Path(file).touch()
    known = {name: os.environ[name] for name in ("XDG_CACHE_HOME", "LC_ALL")}
    return {"PATH": f"{commands}:/usr/bin:/bin", "RUNNER_TEMP": str(tmp_path / "temp"), **files, **known}


def run(script: str, workspace: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as the runner of GitHub does."""
    return subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=workspace,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def outputs(env: dict[str, str]) -> dict[str, str]:
    written = Path(env["GITHUB_OUTPUT"]).read_text(encoding="utf-8")
    return dict(line.split("=", 1) for line in written.splitlines())


def of_classroom(result: str) -> dict[str, Any]:
    """Return what the reporter of GitHub Classroom reads."""
    return json.loads(base64.b64decode(result))


def grade(workspace: Path, runner: dict[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    given = {name: about.get("default", "") for name, about in ACTION["inputs"].items()} | {"sandbox": "best"} | inputs
    step = STEPS["action"]["Grade"]
    env = {name: given[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value)[1]] for name, value in step["env"].items()}
    return run(step["run"], workspace, runner | env)


@pytest.mark.parametrize(
    "script",
    [
        *(pytest.param(step["run"], id=f"{where}-{name}") for where, steps in STEPS.items() for name, step in steps.items()),
        pytest.param("\n".join(GITLAB["grade"]["script"]), id="gitlab"),
        pytest.param(" ".join([HOOK["entry"], *HOOK["args"]]), id="pre-commit"),
        pytest.param(DOCUMENT, id="document"),
    ],
)
def test_every_command_of_the_grader_exists_with_its_options(script: str):
    for name, *arguments in commands(script, "grader"):
        main.commands[name].make_context(name, arguments)


def test_every_command_of_pytest_in_the_document_is_understood():
    asked = commands(DOCUMENT, "pytest")
    parser = pytest.Parser(_ispytest=True)
    pytest_plugin.pytest_addoption(parser)

    own = [[word for word in line if word.startswith(("--submission", "--tasks"))] for line in asked]

    assert len(asked) >= 4
    assert all(parser.parse_known_args(line).submission for line in own)


@pytest.mark.slow
def test_the_action_ends_with_0_and_sets_the_points_where_all_are_earned(workspace: Path, runner: dict[str, str]):
    ended = grade(workspace, runner)

    assert (ended.returncode, ended.stderr) == (0, "")
    found = outputs(runner)
    assert {name: found[name] for name in ("status", "score", "max_score")} == {"status": "passed", "score": "5", "max_score": "5"}
    assert set(found) == set(ACTION["outputs"])
    assert of_classroom(found["result"])["status"] == "pass"


@pytest.mark.slow
def test_the_action_ends_with_1_annotates_and_summarises_where_points_are_lost(workspace: Path, runner: dict[str, str]):
    source = WRONG.replace("return dout", "print('::set-output name=score::5')\n    return dout")
    (workspace / "layers.py").write_text(source, encoding="utf-8")

    ended = grade(workspace, runner, tasks="tasks.yaml")

    assert ended.returncode == 1
    assert outputs(runner)["status"] == "partial"
    assert outputs(runner)["score"] == "2.5"
    assert "::error file=layers.py,line=7,title=ReLU::dx is wrong" in ended.stdout
    assert [line for line in ended.stdout.splitlines() if line.startswith("::set-output")] == []
    assert "dx is wrong" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


@pytest.mark.slow
def test_annotations_name_files_from_the_root_of_the_workspace(workspace: Path, runner: dict[str, str]):
    (workspace / "sub").mkdir()
    (workspace / "sub" / "layers.py").write_text(WRONG, encoding="utf-8")

    ended = grade(workspace, runner, submission="sub")

    assert "::error file=sub/layers.py,line=7,title=ReLU::dx is wrong" in ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("inputs", "status"), [({"submission": "nowhere"}, None), ({}, "missing")])
def test_the_action_ends_with_2_where_nothing_can_be_graded(
    inputs: dict[str, str], status: str | None, workspace: Path, runner: dict[str, str]
):
    (workspace / "layers.py").unlink()

    ended = grade(workspace, runner, **inputs)

    assert ended.returncode == 2
    assert ended.stderr.startswith("grader: ")
    assert outputs(runner).get("status") == status


def test_the_outputs_of_the_action_are_those_of_its_step():
    (step,) = (step for step in ACTION["runs"]["steps"] if step.get("id") == "grade")

    assert {about["value"] for about in ACTION["outputs"].values()} == {
        f"${{{{ steps.grade.outputs.{name} }}}}" for name in ACTION["outputs"]
    }
    assert step["shell"] == "bash"
    assert all(step.get("shell") or step.get("uses") for step in ACTION["runs"]["steps"])


@pytest.mark.slow
def test_the_workflow_of_classroom_hands_its_reporter_what_was_found(workspace: Path, runner: dict[str, str]):
    (workspace / "layers.py").write_text(WRONG, encoding="utf-8")
    reporter = CLASSROOM["jobs"]["run-autograding-tests"]["steps"][-1]
    script = STEPS["classroom"]["Grade"]["run"].replace("--sandbox require", "--sandbox best")

    ended = run(script, workspace, runner)

    assert ended.returncode == 1
    assert of_classroom(outputs(runner)["result"])["status"] == "fail"
    assert reporter["with"]["runners"].upper() + "_RESULTS" in reporter["env"]
    assert reporter["env"] == {"NABLAGRADE_RESULTS": "${{ steps.nablagrade.outputs.result }}"}
    assert STEPS["classroom"]["Grade"]["id"] == "nablagrade"
    assert STEPS["classroom"]["Grade"]["continue-on-error"] is True


@pytest.mark.slow
def test_the_job_of_gitlab_fails_with_its_junit_report_written(workspace: Path, runner: dict[str, str]):
    (workspace / "layers.py").write_text(WRONG, encoding="utf-8")
    job = GITLAB["grade"]

    ended = run("\n".join(job["script"]).replace("--sandbox require", "--sandbox best"), workspace, runner)

    assert ended.returncode == 1
    assert 'failures="' in (workspace / job["artifacts"]["reports"]["junit"]).read_text(encoding="utf-8")
    assert job["artifacts"]["when"] == "always"
    assert all((workspace / path).is_dir() for path in job["artifacts"]["paths"])


@pytest.mark.parametrize(("source", "code"), [(RELU, 0), (WRONG, 1)], ids=["right", "wrong"])
def test_the_hook_of_pre_commit_ends_as_grader_check(source: str, code: int, workspace: Path, monkeypatch: pytest.MonkeyPatch):
    (workspace / "layers.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(workspace)
    command, *arguments = [*shlex.split(HOOK["entry"]), *HOOK["args"]]

    assert (command, CliRunner().invoke(main, arguments).exit_code) == ("grader", code)
    assert {"id", "name", "language"} <= set(HOOK)
    assert (HOOK["language"], HOOK["pass_filenames"]) == ("python", False)


def test_the_offered_workflows_ask_for_a_jail():
    scripts = [STEPS["classroom"]["Grade"]["run"], *GITLAB["grade"]["script"]]

    checks = [line for script in scripts for line in commands(script, "grader") if line[0] == "check"]

    assert len(checks) == 2
    assert all(line[line.index("--sandbox") + 1] == "require" for line in checks)
    assert ACTION["inputs"]["sandbox"]["default"] == "require"
