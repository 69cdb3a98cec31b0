"""What the documents say about the project is so."""

import os
import re
import runpy
import sys
from pathlib import Path

import pytest

from grader import assignment
from scripts.consoles import recorded

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

# What newcomers type is run with the wheel alone, by scripts/newcomer.
WITH_COMMANDS = [path for path in DOCUMENTS if "```console" in path.read_text(encoding="utf-8") and path.parent.name != "transcripts"]


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_shows_what_its_commands_print(document: Path, tmp_path: Path):
    said = document.read_text(encoding="utf-8")
    (tmp_path / "submissions").symlink_to(ROOT / "submissions")

    assert said == recorded(said, tmp_path, {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_points_to_is_there(document: Path):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_picture_of_the_readme_is_that_of_the_architecture():
    readme, page = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/architecture.md"))

    assert (
        re.findall(r"```text\n(submission.*?)```", readme, re.DOTALL) == re.findall(r"```text\n(submission.*?)```", page, re.DOTALL) != []
    )


def test_every_test_that_the_guide_names_is_there():
    named = re.findall(r"`scripts/test ([^`]+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert named
    assert [path for paths in named for path in paths.split() if path.startswith("tests") and not (ROOT / path).exists()] == []


def test_every_test_that_holds_a_promise_is_there():
    written = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promised = []
    for row in written.splitlines():
        if row.startswith("|"):
            for path, names in re.findall(r"\]\(([^)]+)\)((?:,? ?`test_\w+`)+)", row):
                promised += [(path, name) for name in re.findall(r"`(test_\w+)`", names)]

    missing = [name for path, name in promised if f"def {name}(" not in (ROOT / "docs" / path).read_text(encoding="utf-8")]

    assert missing == []
    assert len(promised) >= len(re.findall(r"`test_\w+`", written))


def test_the_structure_that_is_shown_is_that_of_the_contract():
    structure = runpy.run_path(str(ROOT / "scripts" / "structure"))

    assert structure["page"]() == structure["PAGE"].read_text(encoding="utf-8"), "run scripts/structure --write"


def test_every_file_that_a_walk_names_is_there():
    walks = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Three walks")[2]
    named = {name for name in re.findall(r"`([\w/]+\.(?:py|html))`", walks) if "/" in name}

    assert named
    assert [name for name in named if not any((ROOT / place / name).exists() for place in ("", "grader", "grader/report"))] == []


def test_every_task_of_the_course_has_its_place_in_the_curriculum():
    asked = {task.id for task in assignment.load(ROOT / "tasks.yaml").tasks}
    rows = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8").splitlines()

    listed = [name for row in rows if row.startswith("| ") for name in re.findall(r"`(\w+)`", row.split("|")[2])]

    assert sorted(listed) == sorted(asked)


def test_the_example_of_a_policy_is_an_assignment(tmp_path: Path):
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "policy.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "tasks.yaml").write_text(example, encoding="utf-8")
    policy = assignment.load(tmp_path / "tasks.yaml").policy

    assert policy.late
    assert (policy.drop, policy.visibility, policy.bonus) == ({"activations": 1}, {"conv2d": "after_due_date"}, {"leaky_relu"})
