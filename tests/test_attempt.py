"""Tasks of one submission share workers, and nothing that one of them leaves behind costs another points."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.model import Standing, SubmissionResult
from grader.sandbox.process import Exit, Launcher, Process
from tests.support import AFFINE, RELU, course, grade

ASKED = ("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5")
ONE = "def affine_forward(x, w, b):\n"
OTHER = "def relu_forward(x):\n"


class Counting:
    """A launcher that counts the workers it started."""

    def __init__(self, launcher: Launcher) -> None:
        self.tier, self.launcher, self.started = launcher.tier, launcher, 0

    def start(self, memory_mb: int) -> Process:
        self.started += 1
        return self.launcher.start(memory_mb)

    def end(self, pid: int) -> Exit:
        return self.launcher.end(pid)

    def close(self) -> None: ...


@pytest.fixture
def counting(launcher: Launcher) -> Counting:
    return Counting(launcher)


def graded(source: str, folder: Path, launcher: Launcher, banks: Path, asked: Sequence[str] = ASKED) -> SubmissionResult:
    return grade([source], course(folder, *asked), launcher, banks).submissions[0]


def standings(submission: SubmissionResult) -> list[Standing]:
    return [task.standing for task in submission.tasks]


def test_tasks_that_are_right_share_the_worker_that_read_the_files_and_a_second_one(tmp_path: Path, counting: Counting, banks: Path):
    found = graded(AFFINE + RELU, tmp_path, counting, banks)

    assert standings(found) == [Standing.PASSED] * 2
    assert counting.started == 2


def test_a_wrong_task_has_a_worker_of_its_own(tmp_path: Path, counting: Counting, banks: Path):
    found = graded(AFFINE + RELU.replace("np.maximum(x, 0)", "np.abs(x)"), tmp_path, counting, banks)

    assert standings(found) == [Standing.PASSED, Standing.PARTIAL]
    assert counting.started == 3


@pytest.mark.parametrize(
    ("left", "harm"),
    [
        ("    global state\n    state = 2\n", "    x = x * state\n"),
        ("    np.seterr(all='raise')\n", "    np.float64(1e-300) * np.float64(1e-300)\n"),
        ("    globals()['affine_forward'] = None\n    np.maximum = np.minimum\n", ""),
        ("    import sys\n    sys.stdout.close()\n", "    print('here')\n"),
        ("    global state\n    state = 2\n", "    if state == 2: os.kill(os.getpid(), 9)\n"),
    ],
    ids=["a global", "floating-point errors", "a patch", "a closed stream", "a death"],
)
def test_what_a_task_leaves_behind_costs_another_nothing(left: str, harm: str, tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import os\nstate = 1\n" + AFFINE.replace(ONE, ONE + left) + RELU.replace(OTHER, OTHER + harm)

    found = graded(source, tmp_path, launcher, banks)

    assert found.tasks[1].standing is Standing.PASSED
    assert found.tasks[1] == graded(source, tmp_path, launcher, banks, ASKED[1:]).tasks[0]


def test_what_a_task_leaves_behind_does_not_hide_that_it_remembers(tmp_path: Path, launcher: Launcher, banks: Path):
    remembers = RELU.replace(OTHER, "seen = []\n" + OTHER + "    seen.append(x)\n    x = x if len(seen) < 12 else -x\n")

    alone, after = (graded(AFFINE + remembers, tmp_path, launcher, banks, asked).tasks[-1] for asked in (ASKED[1:], ASKED))

    assert repr(after) == repr(alone)
    assert after.standing is not Standing.PASSED


def test_every_task_is_told_what_it_printed_itself(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE.replace(ONE, ONE + "    print('one')\n") + RELU.replace(OTHER, OTHER + "    print('other')\n") + "\nprint('loading')\n"

    one, other = graded(source, tmp_path, launcher, banks).tasks

    assert [any(word in note for note in one.notes) for word in ("one", "other", "loading")] == [True, False, False]
    assert [any(word in note for note in other.notes) for word in ("one", "other", "loading")] == [False, True, False]


def test_random_numbers_are_those_of_a_task_alone(tmp_path: Path, launcher: Launcher, banks: Path):
    drawn = AFFINE.replace(ONE, ONE + "    np.random.rand(3)\n") + RELU.replace(OTHER, OTHER + "    print(np.random.rand())\n")

    after, alone = (graded(drawn, tmp_path, launcher, banks, asked).tasks[-1].notes for asked in (ASKED, ASKED[1:]))

    assert after == alone
    assert any("0.5488135039273248" in note for note in after)


@pytest.mark.slow
def test_a_hang_after_another_task_costs_nothing(tmp_path: Path, launcher: Launcher, banks: Path):
    source = (
        "state = 1\n"
        + AFFINE.replace(ONE, ONE + "    global state\n    state = 2\n")
        + RELU.replace(OTHER, OTHER + "    while state == 2: pass\n")
    )
    asked = course(tmp_path, *ASKED, head="limits: {call_seconds: 0.5}")

    (submission,) = grade([source], asked, launcher, banks).submissions

    assert standings(submission) == [Standing.PASSED] * 2


def test_a_backward_without_its_forward_is_asked_for_each_call_once(tmp_path: Path, counting: Counting, banks: Path):
    (task,) = graded("def relu_backward(dout, cache):\n    return dout * (cache > 0)\n", tmp_path, counting, banks, ASKED[1:]).tasks

    assert (task.score, task.max_score) == (2.5, 5)
    assert counting.started == 2  # one of them makes some calls again
