"""Code whose answers depend on what its process did before is right in one process and wrong in another."""

from pathlib import Path

import pytest

from grader import casebank, engine, messages
from grader.intake import Bundle
from grader.model import Isolation, TaskResult, Verdict
from grader.sandbox.process import Launcher
from tests.support import AFFINE, course, failing, grade_one

TASK = "id: affine, title: Affine, points: 10, parts: {forward: 5, backward: 5}"
# The workspace of the first call is kept; what does not fit into it is done without it, and rightly.
BEGINS_WITH = """
import numpy as np
first = []

def affine_forward(x, w, b):
    if not first:
        first.append(x.shape)
    out = x.reshape(len(x), -1) @ w + b
    return out if first[0] == SHAPE else np.round(out), (x, w)
"""
CACHING = """
import numpy as np
ones, calls = {}, 0

def affine_forward(x, w, b):
    global calls
    calls += 1
    if len(x) not in ones:
        ones[len(x)] = np.ones((len(x), 1))
    print(calls)
    return x.reshape(len(x), -1) @ w + ones[len(x)] * b, (x, w)
"""


def backward() -> str:
    return AFFINE[AFFINE.index("def affine_backward") :]


def first_shape(folder: Path, banks: Path) -> tuple[int, ...]:
    """Return the shape of the first input of the bank."""
    task = course(folder, TASK).tasks[0]
    return casebank.bank(task.spec, task.readings, 0, banks).cases[0].arrays["x"].shape


@pytest.fixture
def graded(tmp_path: Path, launcher: Launcher, banks: Path):
    """Grade the affine layer of one source."""
    return lambda source, head="": grade_one(source, course(tmp_path, TASK, head=head), launcher, banks)


def said(task: TaskResult) -> list[str]:
    return [f.what for c in task.checks for f in c.findings]


def test_what_is_right_because_of_the_first_input_fails_in_a_second_worker_alone(graded, tmp_path: Path, banks: Path):
    source = BEGINS_WITH.replace("SHAPE", str(first_shape(tmp_path, banks))) + backward()

    task = graded(source)

    assert failing(task) == ["affine.forward.repeat"]
    assert said(task) == [messages.ANEW]
    assert task.score == 9


def test_where_nobody_asks_a_second_worker_it_has_full_marks(tmp_path: Path, launcher: Launcher, banks: Path):
    source = BEGINS_WITH.replace("SHAPE", str(first_shape(tmp_path, banks))) + backward()

    report = engine.grade(
        [Bundle(id="a", files={"layers.py": source})],
        course(tmp_path, TASK),
        launcher=launcher,
        isolation=Isolation(tier="process"),
        seed=0,
        cache=banks,
    )

    assert report.submissions[0].score == 10


def test_caches_that_warm_up_are_right_in_every_worker(graded):
    task = graded(CACHING + backward())

    assert (task.score, failing(task)) == (10, [])
    assert all(c.verdict is Verdict.PASSED for c in task.checks)
    assert task.notes == (messages.printed("1"),)


def test_a_process_that_ends_only_in_the_second_worker_is_told(graded, tmp_path: Path):
    dies = f"import os\nMARK = {str(tmp_path / 'mark')!r}\n" + AFFINE.replace(
        "    return x.reshape(len(x), -1) @ w + b, (x, w)",
        "    if not os.path.exists(MARK):\n"
        "        open(MARK, 'w').write(str(os.getpid()))\n"
        "    if open(MARK).read() != str(os.getpid()):\n"
        "        os._exit(3)\n"
        "    return x.reshape(len(x), -1) @ w + b, (x, w)",
    )

    task = graded(dies)

    assert failing(task) == ["affine.forward.repeat"]
    assert said(task) == [messages.ANEW]
    assert task.checks[2].findings[0].got == "forward ended the Python process (exit status 3). A layer must return, not exit."


@pytest.mark.slow
def test_who_does_not_come_back_in_the_second_worker_and_in_a_third_has_another_answer_there(graded, tmp_path: Path, banks: Path):
    sleeps = BEGINS_WITH.replace("SHAPE", str(first_shape(tmp_path, banks))).replace(
        "else np.round(out)", "else __import__('time').sleep(9)"
    )

    task = graded(sleeps + backward(), head="limits: {call_seconds: 0.2}")

    assert failing(task) == ["affine.forward.repeat"]


def test_a_file_that_can_be_run_only_once_decides_nothing(graded, tmp_path: Path):
    once = f"import os\nMARK = {str(tmp_path / 'mark')!r}\nos.mkdir(MARK)\n{AFFINE}"

    assert graded(once).score == 10


@pytest.mark.slow
def test_where_half_of_the_time_is_gone_no_second_worker_is_asked(graded, tmp_path: Path):
    slow = f"import os, time\n{AFFINE}".replace(
        "    return x.reshape(len(x), -1) @ w", "    time.sleep(0.05)\n    return x.reshape(len(x), -1) @ w"
    )
    log = tmp_path / "log"

    task = graded(f"open({str(log)!r}, 'a').write('run ')\n{slow}", head="limits: {task_seconds: 2}")

    assert (task.score, log.read_text()) == (10, "run ")
