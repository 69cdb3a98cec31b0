"""The tables of submissions/README.md, held against what the grader says."""

import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from grader import assignment, engine
from grader.intake import discover, read
from grader.model import Isolation, SubmissionResult, Verdict
from grader.sandbox.process import Launcher
from grader.worker.conventions import CONVENTIONS

SAMPLES = Path(__file__).parent.parent / "submissions"
README = (SAMPLES / "README.md").read_text(encoding="utf-8")
RIGHT = re.findall(r"^\| `([^`]+right[^`]*)` \|", README, re.MULTILINE)
WRONG = [
    (name, re.findall(r"`([^`]+)`", fails), re.findall(r"`([^`]+)`", passes))
    for name, fails, passes in re.findall(r"^\| `([^`]+)` \| .* \| ([^|]+) \| ([^|]+) \|$", README, re.MULTILINE)
    if name not in RIGHT
]
IN_TORCH = tuple(name for name in RIGHT if name.startswith("torch-"))  # graded at once: their workers first load torch for seconds
SLOW = {"never-returns", "memory-bomb"}  # they use up the limits, which may as well be lower


@pytest.fixture(autouse=True)
def unillustrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts are asked for here, and no smaller inputs, which take longer than all else."""
    monkeypatch.setattr(sys.modules["grader.diagnosis.diagnose"], "illustrated", lambda *_: {})


@cache
def at_once(names: tuple[str, ...], launcher: Launcher, banks: Path) -> dict[str, SubmissionResult]:
    course = assignment.load(SAMPLES.parent / "tasks.yaml", banks)
    if SLOW & set(names):
        course = replace(course, limits=replace(course.limits, call_seconds=0.5, memory_mb=512))
    report = engine.grade(
        [read(SAMPLES / name) for name in names],
        course,
        launcher=launcher,
        isolation=Isolation(tier="process"),
        seed=course.seed,
        cache=banks,
    )
    return dict(zip(names, report.submissions, strict=True))


def graded(name: str, launcher: Launcher, banks: Path) -> SubmissionResult:
    return at_once(IN_TORCH if name in IN_TORCH else (name,), launcher, banks)[name]


def test_every_sample_stands_in_a_table():
    named = {*RIGHT, *(name for name, _, _ in WRONG)}

    assert {one.id for one in discover(SAMPLES)} == named
    assert len(WRONG) >= 15


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_sample_has_full_marks(name: str, launcher: Launcher, banks: Path):
    result = graded(name, launcher, banks)

    lost = [f"{c.id}: {c.findings[0].what if c.findings else c.reason}" for t in result.tasks for c in t.checks if c.score < c.max_score]
    assert lost == []
    assert result.score == sum(t.max_score for t in result.tasks if t.standing != "missing") >= 100


def test_the_whole_course_can_be_handed_in_each_task_in_a_convention_that_has_it(launcher: Launcher, banks: Path):
    course = assignment.load(SAMPLES.parent / "tasks.yaml", banks)

    result = graded("whole-course-right", launcher, banks)

    assert {t.id: (t.standing, t.score) for t in result.tasks} == {t.id: ("passed", t.points) for t in course.tasks}
    assert result.score == result.max_score == sum(t.points for t in course.tasks) == 199


@pytest.mark.parametrize(
    ("name", "convention"),
    [("cs231n-loops-right", "cs231n"), ("scratch-classes-right", "deep_learning_from_scratch"), ("layer-classes-right", "classes")],
)
def test_of_every_convention_there_is_a_right_sample_of_every_task_that_it_spells(
    name: str, convention: str, launcher: Launcher, banks: Path
):
    course = assignment.load(SAMPLES.parent / "tasks.yaml", banks)

    result = graded(name, launcher, banks)

    spelt = {task.id for task in course.tasks if task.spec.name in CONVENTIONS[convention]}
    assert spelt <= {t.id for t in result.tasks if t.standing == "passed"}


@pytest.mark.parametrize(
    ("name", "fails", "passes"), [pytest.param(*row, id=row[0], marks=[pytest.mark.slow] * (row[0] in SLOW)) for row in WRONG]
)
def test_a_wrong_sample_fails_exactly_the_checks_of_its_row(
    name: str, fails: list[str], passes: list[str], launcher: Launcher, banks: Path
):
    result = graded(name, launcher, banks)

    checks = [c for t in result.tasks for c in t.checks]
    assert sorted(fails) == sorted(c.id for c in checks if c.verdict is Verdict.FAILED and not c.law)
    passed = {c.id for c in checks if c.verdict is Verdict.PASSED and not c.law}
    for entry in passes:
        asked = {entry} if entry.count(".") == 2 else {c.id for c in checks if c.id.startswith(f"{entry}.") and not c.law}
        assert asked
        assert asked <= passed
    assert passed <= {c.id for c in checks if c.id in passes or c.id.rpartition(".")[0] in passes}


def test_the_misspelt_name_is_named(launcher: Launcher, banks: Path):
    result = graded("near-miss-name", launcher, banks)

    affine = result.tasks[0]
    assert affine.parts == {"forward": "missing", "backward": "passed"}
    assert "layers.py, line 4: affine_foward looks like affine_forward, misspelt; rename it to have it graded." in affine.notes
