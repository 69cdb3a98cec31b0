"""What the grader cannot do is its own error: it costs no points, and stops nothing else."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import attempt, engine, messages
from grader.casebank import Bank
from grader.errors import SandboxError
from grader.model import Limits, Standing, TaskResult
from grader.properties import gradient
from grader.readings import Followed
from grader.sandbox.process import Launcher
from grader.worker.jail import Tier
from tests.support import AFFINE, AFFINE_TASK, PATCHED, RELU, RELU_TASK, course, failing, grade, grade_one


def verdicts(task: TaskResult) -> dict[str, str]:
    return {c.id: c.verdict.value for c in task.checks}


def test_a_fault_of_the_diagnosis_undoes_no_verdict(tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise KeyError("out")

    asked = course(tmp_path, RELU_TASK)
    before = grade_one(PATCHED, asked, launcher, banks)
    monkeypatch.setattr(attempt, "diagnose", broken)

    task = grade_one(PATCHED, asked, launcher, banks)

    assert (task.standing, failing(task)) == (before.standing, failing(before))
    assert any("KeyError" in note and "points stand" in note for note in task.notes)


def test_a_judge_that_breaks_is_our_error_and_costs_no_points(
    tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gradient, "judge", lambda _: 1 // 0)

    task = grade_one(AFFINE, course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert task.standing is Standing.ERRORED
    assert (task.score, task.max_score) == (4, 4)  # of backward nothing could be decided
    assert {v for c, v in verdicts(task).items() if c.split(".")[2] in ("dx", "dw", "db", "fresh")} == {"errored"}


def test_a_fault_of_ours_in_one_task_stops_no_other(tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch):
    def followed(bank: Bank, *rest: Any) -> Followed:
        return Followed(bank, *rest) if len(bank.cases[0].arrays) == 1 else 1 // 0

    monkeypatch.setattr(attempt, "Followed", followed)

    (submission,) = grade([AFFINE + RELU], course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks).submissions

    affine, relu = submission.tasks
    assert (affine.standing, affine.max_score) == (Standing.ERRORED, 0)
    assert affine.checks[0].reason == f"{messages.OURS} ZeroDivisionError: integer division or modulo by zero"
    assert (relu.standing, submission.standing) == (Standing.PASSED, Standing.ERRORED)
    assert (submission.score, submission.max_score) == (5, 5)


class NoWorkers:
    """A launcher that cannot start anything."""

    tier = Tier.PROCESS

    def start(self, memory_mb: int) -> Any:
        raise SandboxError("The worker process cannot be started: no more processes.")

    def end(self, pid: int) -> Any: ...

    def close(self) -> None: ...


def test_where_no_worker_starts_everything_is_our_error(tmp_path: Path, banks: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "open_launcher", lambda _: nullcontext(NoWorkers()))

    (submission,) = grade([RELU], course(tmp_path, AFFINE_TASK, RELU_TASK), NoWorkers(), banks).submissions

    assert {t.standing for t in submission.tasks} == {Standing.ERRORED}
    assert (submission.score, submission.max_score) == (0, 0)
    assert submission.tasks[0].checks[0].reason.endswith("The worker process cannot be started: no more processes.")


class Stumbles:
    """A launcher that fails once, when it starts the worker of the first task."""

    tier = Tier.PROCESS

    def __init__(self, launcher: Launcher) -> None:
        self.launcher, self.started = launcher, 0

    def start(self, memory_mb: int) -> Any:
        self.started += 1
        if self.started == 2:
            raise SandboxError("The worker process cannot be started: out of memory.")
        return self.launcher.start(memory_mb)

    def end(self, pid: int) -> Any:
        return self.launcher.end(pid)

    def close(self) -> None: ...


def test_a_worker_that_could_not_be_started_is_started_again(tmp_path: Path, launcher: Launcher, banks: Path):
    (submission,) = grade([RELU], course(tmp_path, RELU_TASK), Stumbles(launcher), banks).submissions

    assert (submission.standing, submission.score) == (Standing.PASSED, 5)


def test_files_that_no_parser_survives_are_missing_with_a_note(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = replace(course(tmp_path, AFFINE_TASK, RELU_TASK), limits=Limits(load_seconds=1e-9))

    (submission,) = grade([RELU], asked, launcher, banks).submissions

    assert submission.notes == (messages.TOO_HARD_TO_PARSE,)
    assert submission.standing is Standing.MISSING
