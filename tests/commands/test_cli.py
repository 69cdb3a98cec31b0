"""The program as a whole: its commands, its names, and how it ends when it is stopped."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from grader.cli import main
from grader.version import VERSION
from tests.commands.conftest import OWN_CODE, Run


@pytest.mark.parametrize("command", [["check", "class/right"], ["tasks"], ["explain", "relu"]])
def test_whatever_is_stopped_by_ctrl_c_ends_with_130(command: list[str], run: Run, monkeypatch: pytest.MonkeyPatch):
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.assignment.load", pressed)

    result = run(*command)

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "\n")


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


@pytest.mark.parametrize("first", ["grader.cli", "grader.checking", "grader.grading"])
def test_what_starts_the_zygote_does_not_wait_for_numpy(first: str):
    code = f"import sys, {first}; print('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout == "False\n"
