"""A submission that brings down what starts the workers harms no neighbour."""

import os
import select
from pathlib import Path

import pytest

from grader import assignment, engine
from grader.intake import Bundle
from grader.model import Isolation, Limits, Standing, Verdict
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.launch import Relaunching, can_fork
from grader.sandbox.survey import survey
from grader.text import one_line
from grader.worker.jail import Tier
from tests.support import RELU

KILLER = """
import os, signal, time
def relu_forward(x):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
def relu_backward(dout, x):
    return dout
"""
COURSE = "id: c\ntitle: C\nlimits: {call_seconds: 1}\ntasks:\n- {id: relu, title: ReLU, points: 5}\n"


def test_neighbours_of_a_submission_that_kills_the_zygote_are_graded(tmp_path: Path, banks: Path):
    (tmp_path / "tasks.yaml").write_text(COURSE, encoding="utf-8")
    bundles = [Bundle(id=f"{n}", files={"layers.py": KILLER if n == 1 else RELU}) for n in range(3)]
    launcher = Relaunching(ForkLauncher)

    report = engine.grade(
        bundles,
        assignment.load(tmp_path / "tasks.yaml"),
        launcher=launcher,
        isolation=Isolation(tier="process"),
        seed=0,
        cache=banks,
    )

    launcher.close()
    assert [s.standing for s in report.submissions] == [Standing.PASSED, Standing.FAILED, Standing.PASSED]
    assert "ended the Python process" in report.submissions[1].tasks[0].checks[0].findings[0].what


def test_a_survey_whose_zygote_dies_is_no_fault_of_the_files(monkeypatch: pytest.MonkeyPatch):
    launcher = ForkLauncher()
    started = launcher.start

    def start(memory_mb: int):
        process = started(memory_mb)
        death = os.pidfd_open(process.pid)
        launcher._zygote.kill()
        select.select([death], [], [], 10)  # readable once the worker has followed its zygote
        os.close(death)
        return process

    monkeypatch.setattr(launcher, "start", start)

    try:
        with pytest.raises(engine.SandboxError):
            survey(launcher, Limits(), {"layers.py": RELU}, {"relu": ("relu", ["cs231n"])})
    finally:
        launcher.close()


@pytest.mark.skipif(not can_fork(), reason="there is no jail here")
def test_what_a_jail_without_files_cannot_load_is_neither_a_mistake_nor_an_excuse(tmp_path: Path, banks: Path):
    (tmp_path / "tasks.yaml").write_text(COURSE, encoding="utf-8")
    launcher = ForkLauncher(Tier.SECCOMP)

    report = engine.grade(
        [Bundle(id=one_line(name), files={"layers.py": source}) for name, source in {"a": f"import turtledemo\n{RELU}", "b": RELU}.items()],
        assignment.load(tmp_path / "tasks.yaml"),
        launcher=launcher,
        isolation=Isolation(tier=Tier.SECCOMP),
        seed=0,
        cache=banks,
    )

    launcher.close()
    first, second = report.submissions
    checks = first.tasks[0].checks
    assert (first.score, first.max_score, second.standing) == (0, 5, Standing.PASSED)
    assert {check.verdict for check in checks} == {Verdict.SKIPPED}
    assert checks[0].reason.endswith("turtledemo cannot be loaded in this jail, which opens no files; ask your instructor.")
