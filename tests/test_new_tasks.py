"""An assignment is begun and continued without a byte of what an instructor wrote being changed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader import assignment, new_tasks
from grader.cli import main
from grader.errors import AssignmentError
from grader.tasks_file import schema
from reference import askable

WRITTEN = """\
# mine
id: week-3   # odd   spacing
title: "Convolution"
tasks:
- id: conv2d
  title: Convolution
  points: 20   # many
# the end of the tasks

seed: 4
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_new_assignment_is_one_that_can_be_graded_by_with_its_schema_beside_it(tmp_path: Path):
    done = run("new-assignment", tmp_path / "week" / "tasks.yaml")

    assert done.exit_code == 0
    assert [t.id for t in assignment.load(tmp_path / "week" / "tasks.yaml").tasks] == list(new_tasks.FIRST)
    first = (tmp_path / "week" / "tasks.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=tasks.schema.json"
    assert json.loads((tmp_path / "week" / "tasks.schema.json").read_text(encoding="utf-8")) == schema()


def test_a_new_assignment_overwrites_nothing(tmp_path: Path):
    (tmp_path / "tasks.yaml").write_text("mine", encoding="utf-8")

    done = run("new-assignment", tmp_path / "tasks.yaml")

    assert done.exit_code == 2
    assert "is there already" in done.output
    assert (tmp_path / "tasks.yaml").read_text(encoding="utf-8") == "mine"


def test_a_new_task_comes_after_the_last_and_changes_nothing_else(tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    file.write_text(WRITTEN, encoding="utf-8")

    done = run("new-task", "relu", "--tasks", file)

    assert done.exit_code == 0
    line = f"- {new_tasks.entry('relu')}\n"
    assert "title: ReLU" in line
    assert file.read_text(encoding="utf-8") == WRITTEN.replace("# many\n", f"# many\n{line}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tasks:\n  - {id: relu, title: R, points: 1}", "tasks:\n  - {id: relu, title: R, points: 1}\n  - NEW\n"),
        ("tasks:\r\n- {id: relu}  # é\r\nseed: 1\r\n", "tasks:\r\n- {id: relu}  # é\r\n- NEW\r\nseed: 1\r\n"),
        (
            "tasks:\n- id: relu\n  description: |\n    Long.\n\nseed: 1\n",
            "tasks:\n- id: relu\n  description: |\n    Long.\n- NEW\n\nseed: 1\n",
        ),
        ("tasks:\n- id: a\n  parts:\n    forward: 1\n\n# c\n", "tasks:\n- id: a\n  parts:\n    forward: 1\n- NEW\n\n# c\n"),
    ],
)
def test_a_task_is_added_to_every_layout(before: str, after: str):
    assert new_tasks.added(before, "NEW", "tasks.yaml") == after


def test_tasks_in_brackets_are_left_alone():
    with pytest.raises(AssignmentError, match="line 2: the tasks stand in"):
        new_tasks.added("id: a\ntasks: [{id: relu}]\n", "NEW", "tasks.yaml")


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("cov2d", "there is no layer cov2d; did you mean conv2d"),
        ("qqq", "there is no layer qqq; there are affine, "),
        ("conv2d", "this id was used before"),
    ],
)
def test_a_task_that_cannot_be_added_leaves_the_file_as_it_is(layer: str, said: str, tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    file.write_text(WRITTEN, encoding="utf-8")

    done = run("new-task", layer, "--tasks", file)

    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_every_layer_that_the_course_asks_for_can_be_added(tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    course = [task.spec.name for task in assignment.load(assignment.bundled()).tasks]
    lines = "".join(f"- {new_tasks.entry(name)}\n" for name in dict.fromkeys(course))
    file.write_text(f"id: all\ntitle: All\ntasks:\n{lines}", encoding="utf-8")

    assert {task.spec.name for task in assignment.load(file).tasks} == set(course) <= set(askable())
