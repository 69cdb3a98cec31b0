"""What no command can do is said in a sentence, and ends with 2."""

from pathlib import Path

import pytest

from tests.commands.conftest import Run, stopped
from tests.support import tasks


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


@pytest.mark.parametrize(
    "arguments", [["check"], ["grade", "class"], ["check", "class/right", "--seed", "-1"], ["grade", "class", "--out", "r", "--jobs", "0"]]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]):
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
