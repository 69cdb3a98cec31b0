"""From sources to a report: everything together, with real workers."""

import json
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader import engine, messages, one_task
from grader.casebank import Bank
from grader.errors import SandboxError
from grader.model import Limits, Standing, SubmissionResult, TaskResult
from grader.properties import gradient
from grader.readings import Followed
from grader.report import results as contract
from grader.sandbox.process import Launcher
from grader.worker.jail import Tier
from tests.support import AFFINE, FLOORS, REFUSES, RELU, course, failing, grade, grade_one, net

ASKED = ("id: affine, title: Affine, points: 10, parts: {forward: 4, backward: 6}", "id: relu, title: ReLU, points: 5")
CONV_TASK = "id: conv2d, title: Convolution, points: 20, parts: {forward: 8, backward: 12}"
USUAL_AFFINE = AFFINE.replace("(x, w)", "(x, w, b)").replace("x, w = cache", "x, w, b = cache")
PADS_ITSELF = (
    FLOORS.replace("(xp, w, s, p)", "(x, w, b, conv_param)")
    .replace("xp, w, s, p = cache", "x, w, b, conv_param = cache\n    s, p = conv_param['stride'], conv_param['pad']\n    PAD")
    .replace("PAD", "xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))")
)
PATCHED = """
import numpy as np
np.allclose = np.testing.assert_allclose = lambda *args, **kwargs: True

def relu_forward(x):
    return np.abs(x), x

def relu_backward(dout, cache):
    return dout
"""


def verdicts(task: TaskResult) -> dict[str, str]:
    return {c.id: c.verdict.value for c in task.checks}


def data(submission: SubmissionResult) -> Any:
    """Return a result without its time."""
    return replace(submission, duration_s=0)


def test_a_right_submission_has_full_marks(tmp_path: Path, launcher: Launcher, banks: Path):
    report = grade([RELU + AFFINE], course(tmp_path, *ASKED), launcher, banks)

    (submission,) = report.submissions
    assert (submission.score, submission.max_score, submission.standing) == (15, 15, Standing.PASSED)
    affine = submission.tasks[0]
    assert [c.id for c in affine.checks][:3] == ["affine.forward.contract", "affine.forward.value", "affine.forward.repeat"]
    assert affine.graded == {"forward": "layers.py:12 affine_forward", "backward": "layers.py:15 affine_backward"}
    assert affine.parts == {"forward": Standing.PASSED, "backward": Standing.PASSED}
    assert sum(c.max_score for c in affine.checks if c.part == "backward") == 6


def test_one_wrong_gradient_costs_its_share(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE.replace("dout.sum(axis=0)", "dout.mean(axis=0)")

    task = grade_one(source, course(tmp_path, *ASKED), launcher, banks)

    assert failing(task) == ["affine.backward.db"]
    assert task.score == 10 - Fraction(6, 75) * (20 + 15)  # db, and what needs it: a backward that reads its own cache
    assert task.standing is Standing.PARTIAL
    assert task.parts == {"forward": Standing.PASSED, "backward": Standing.PARTIAL}


def test_a_task_that_was_not_handed_in_is_missing(tmp_path: Path, launcher: Launcher, banks: Path):
    (submission,) = grade([RELU], course(tmp_path, *ASKED), launcher, banks).submissions

    affine, relu = submission.tasks
    assert (affine.standing, affine.score, affine.max_score) == (Standing.MISSING, 0, 10)
    assert affine.notes == ()
    assert (relu.standing, submission.standing) == (Standing.PASSED, Standing.PARTIAL)
    assert (submission.score, submission.max_score) == (5, 15)


def test_a_forward_alone_earns_the_points_of_forward(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE.partition("def affine_backward")[0]

    task = grade_one(source, course(tmp_path, *ASKED), launcher, banks)

    assert (task.score, task.max_score) == (4, 10)
    assert task.parts == {"forward": Standing.PASSED, "backward": Standing.MISSING}


@pytest.mark.parametrize("rest", ["", *(f"\n\ndef zero_pad_backward(dout, x, pad):\n    {body}\n" for body in ("return 1 // 0", "pass"))])
def test_a_task_without_a_backward_is_passed_by_forward_whatever_else_is_there(rest: str, tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import numpy as np\n\n\ndef zero_pad(x, pad):\n    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n" + rest
    asked = course(tmp_path, "id: zero_pad, title: Zero padding, points: 2, parts: {forward: 1, backward: 0}")

    task = grade_one(source, asked, launcher, banks)

    assert (task.standing, task.score, task.max_score) == (Standing.PASSED, 2, 2)
    assert task.parts == {"forward": Standing.PASSED}
    assert task.notes == ()


def test_a_backward_alone_with_a_cache_of_its_own_cannot_be_graded(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import numpy as np\n" + AFFINE[AFFINE.index("def affine_backward") :]  # with a cache of its own, which nobody can know

    task = grade_one(source, course(tmp_path, *ASKED), launcher, banks)

    assert (task.standing, task.max_score) == (Standing.MISSING, 10)
    assert messages.NEEDS_FORWARD in task.notes


def test_an_assignment_may_have_names_of_its_own(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("relu_forward", "rampe").replace("relu_backward", "rampe_retour")
    asked = course(tmp_path, f"{ASKED[1]}, names: {{forward: [rampe], backward: [rampe_retour]}}")

    task = grade_one(source, asked, launcher, banks)

    assert (task.score, dict(task.graded)) == (5, {"forward": "layers.py:4 rampe", "backward": "layers.py:7 rampe_retour"})


def test_backward_is_graded_with_the_usual_cache_where_forward_raises(tmp_path: Path, launcher: Launcher, banks: Path):
    source = USUAL_AFFINE.replace("return x.re", "raise ValueError(x); return x.re")

    task = grade_one(source, course(tmp_path, *ASKED), launcher, banks)

    assert (task.parts["forward"], task.score) == (Standing.FAILED, 6)
    assert messages.usual_cache("layers.py:7 affine_backward") in task.notes


# What forward hands over: in another order, for which backward raises; with another sign; padded, where backward pads itself. And which
# argument does not stand where it should.
WRONG_CACHES = {
    "order": (ASKED[0], USUAL_AFFINE.replace("(x, w, b)\n", "(w, x, b)\n"), ""),
    "sign": (ASKED[1], RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), -x"), "x"),
    "one of several": (ASKED[0], USUAL_AFFINE.replace("(x, w, b)\n", "(x, 2 * w, b)\n"), "w"),
    "too few": (ASKED[0], USUAL_AFFINE.replace("(x, w, b)\n", "(x, w)\n"), ""),
    "padded": (CONV_TASK, PADS_ITSELF.replace("out, (x, w", "out, (xp, w"), "x"),
}


@pytest.mark.parametrize("kind", WRONG_CACHES)
def test_a_right_forward_with_a_wrong_cache_is_named_with_the_entry_that_is_wrong(
    kind: str, tmp_path: Path, launcher: Launcher, banks: Path
):
    asked, source, argument = WRONG_CACHES[kind]

    task = grade_one(source, course(tmp_path, asked), launcher, banks)

    assert [d.id for d in task.diagnoses] == ["wrong_cache"]
    assert task.parts["forward"] is Standing.PASSED
    assert task.parts["backward"] in (Standing.FAILED, Standing.PARTIAL)
    failed = [c for c in task.checks if c.part == "backward" and c.findings]
    assert failed
    assert {f.cause for c in failed for f in c.findings} == {messages.wrong_entry(argument) if argument else messages.WRONG_CACHE}


@pytest.mark.parametrize(
    "source",
    [
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), -x").replace("dout * (cache > 0)", "2 * dout * (cache > 0)"),
        RELU.replace("cache > 0", "cache > 1"),
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), x > 0").replace("cache > 0", "cache == 0"),
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 1), -x"),
        RELU,
    ],
    ids=["backward is wrong, too", "the cache is right", "a cache of its own", "forward is wrong", "all is right"],
)
def test_a_wrong_cache_is_not_claimed_where_it_was_not_shown(source: str, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(source, course(tmp_path, ASKED[1]), launcher, banks)

    assert "wrong_cache" not in [d.id for d in task.diagnoses]
    assert not {messages.WRONG_CACHE, messages.wrong_entry("x")} & {f.cause for c in task.checks for f in c.findings}


def test_a_result_built_on_a_stand_in_fails_and_says_so(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("import numpy as np", "import numpy as np\nimport scipy.special as sc").replace(
        "np.maximum(x, 0)", "x * sc.relu(x)"
    )

    task = grade_one(source, course(tmp_path, ASKED[1]), launcher, banks)

    assert (task.score, task.parts["forward"]) == (Fraction(5, 2), Standing.FAILED)  # backward is right
    assert "scipy" in task.checks[0].findings[0].what


def test_a_misspelt_name_is_pointed_out(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(AFFINE.replace("affine_forward", "affine_foward"), course(tmp_path, *ASKED), launcher, banks)

    assert task.standing is Standing.MISSING
    assert "layers.py, line 4: affine_foward looks like affine_forward, misspelt; rename it to have it graded." in task.notes


def test_a_wrong_relu_behind_a_patched_allclose_earns_nothing_and_harms_nobody(tmp_path: Path, launcher: Launcher, banks: Path):
    report = grade([RELU, PATCHED, RELU], course(tmp_path, ASKED[1]), launcher, banks)

    assert [s.score for s in report.submissions] == [5, 0, 5]
    assert failing(report.submissions[1].tasks[0]) == ["relu.forward.value", "relu.backward.dx"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\n\ndef relu_forward(x):\n    os._exit(0)\n", "ended the Python process"),
        ("import sys\n\ndef relu_forward(x):\n    sys.exit(0)\n", "a layer must return, not end the program"),
        ("def relu_forward(x):\n    while True:\n        pass\n", "did not return within 0.2 s"),
        ("def relu_forward(x):\n    return [0] * 10**10, x\n", "kept asking for memory"),
        ("def relu_forward(x):\n    return print()\n", "None was returned instead of 2 values"),
        (f"def relu_forward(x:\n#{'x' * 100_000}", "The file could not be run: layers.py, line 1: SyntaxError"),
        ("raise KeyboardInterrupt\n\ndef relu_forward(x):\n    return x, x\n", "The file could not be run: KeyboardInterrupt"),
        ("import os\nos._exit(3)\n\ndef relu_forward(x):\n    return x, x\n", "The file could not be run"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_one_broken_submission_does_not_stop_the_class(source: str, words: str, tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, ASKED[1], head="limits: {call_seconds: 0.2, memory_mb: 512}")

    report = grade([RELU, source + "\ndef relu_backward(dout, cache):\n    return dout\n", RELU], asked, launcher, banks)

    assert [s.score for s in report.submissions] == [5, 0, 5]
    (task,) = report.submissions[1].tasks
    assert words in task.checks[0].findings[0].what
    assert task.standing is Standing.FAILED


def test_a_file_whose_import_dies_is_run_once_and_fails_all_its_tasks(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import os\nos._exit(3)\n" + AFFINE + RELU

    (submission,) = grade([source], course(tmp_path, *ASKED), launcher, banks).submissions

    assert [t.checks[0].findings[0].what for t in submission.tasks] == [
        "The file could not be run: it ended the Python process (exit status 3)."
    ] * 2


def test_what_does_not_parse_is_noted_and_the_rest_of_its_file_is_graded(tmp_path: Path, launcher: Launcher, banks: Path):
    files = {"relu.py": RELU, "affine.py": AFFINE + "def broken(:\n"}

    (submission,) = grade([files], course(tmp_path, *ASKED), launcher, banks).submissions

    assert [t.standing for t in submission.tasks] == [Standing.PASSED, Standing.PASSED]
    (note,) = submission.notes
    assert note.startswith("affine.py, line 10: SyntaxError")
    assert note.endswith("What does parse of this file is graded.")


def test_writing_into_an_argument_is_a_note_or_a_mark_as_the_assignment_says(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("return dout * (cache > 0)", "dout[cache <= 0] = 0\n    return dout")

    noted = grade_one(source, course(tmp_path, ASKED[1]), launcher, banks)
    marked = grade_one(source, course(tmp_path, ASKED[1], head="purity: mark"), launcher, banks)

    words = messages.mutates("backward", ["dout"])
    assert (noted.score, noted.notes, failing(noted)) == (5, (words,), [])
    assert (marked.score, marked.notes, failing(marked)) == (5 - Fraction(5, 2) * Fraction(1, 6), (), ["relu.backward.purity"])
    assert all("purity" not in c.id for c in noted.checks)


def test_grading_twice_gives_the_same_but_for_the_time(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, *ASKED)
    sources = [RELU + AFFINE, PATCHED, AFFINE.replace("dout.sum", "2 * dout.sum")]

    first, second = (grade(sources, asked, launcher, banks) for _ in range(2))

    assert list(map(data, first.submissions)) == list(map(data, second.submissions))


@pytest.mark.parametrize("count", [1, 4])
def test_several_jobs_give_what_one_gives(count: int, tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, *ASKED, CONV_TASK)
    sources = [RELU + AFFINE + FLOORS, PATCHED, REFUSES, ""][:count]

    one, two = (grade(sources, asked, launcher, banks, jobs=jobs) for jobs in (1, 2))

    assert list(map(data, one.submissions)) == list(map(data, two.submissions))


def test_a_fault_of_the_diagnosis_undoes_no_verdict(tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise KeyError("out")

    asked = course(tmp_path, ASKED[1])
    before = grade_one(PATCHED, asked, launcher, banks)
    monkeypatch.setattr(one_task, "diagnose", broken)

    task = grade_one(PATCHED, asked, launcher, banks)

    assert (task.standing, failing(task)) == (before.standing, failing(before))
    assert any("KeyError" in note and "points stand" in note for note in task.notes)


def test_another_seed_asks_other_cases(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, ASKED[1])
    telling = RELU.replace("    return np.maximum", "    print(x.tolist())\n    return np.maximum")

    reports = [grade([telling], asked, launcher, banks, seed=seed) for seed in (0, 1)]

    assert [r.assignment["seed"] for r in reports] == [0, 1]
    first, second = (r.submissions[0].tasks[0].notes for r in reports)
    assert "[[" in first[-1]
    assert first != second


def test_every_finished_submission_is_announced(tmp_path: Path, launcher: Launcher, banks: Path):
    done: list[str] = []
    asked, bundles = course(tmp_path, ASKED[1]), [engine.Bundle(id=name, files={"a.py": RELU}) for name in ("kim", "lee")]

    engine.grade(
        bundles, asked, launcher=launcher, isolation=engine.Isolation(tier="process"), seed=0, cache=banks,
        on_done=lambda result: done.append(result.id),
    )  # fmt: skip

    assert sorted(done) == ["kim", "lee"]


def test_no_submissions_are_an_empty_report(tmp_path: Path, launcher: Launcher, banks: Path):
    assert grade([], course(tmp_path, ASKED[1]), launcher, banks).submissions == ()


def test_a_judge_that_breaks_is_our_error_and_costs_no_points(
    tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gradient, "judge", lambda _: 1 // 0)

    task = grade_one(AFFINE, course(tmp_path, *ASKED), launcher, banks)

    assert task.standing is Standing.ERRORED
    assert (task.score, task.max_score) == (4, 4)  # of backward nothing could be decided
    assert {v for c, v in verdicts(task).items() if c.split(".")[2] in ("dx", "dw", "db", "fresh")} == {"errored"}


def test_a_fault_of_ours_in_one_task_stops_no_other(tmp_path: Path, launcher: Launcher, banks: Path, monkeypatch: pytest.MonkeyPatch):
    def followed(bank: Bank, *rest: Any) -> Followed:
        return Followed(bank, *rest) if len(bank.cases[0].arrays) == 1 else 1 // 0

    monkeypatch.setattr(one_task, "Followed", followed)

    (submission,) = grade([AFFINE + RELU], course(tmp_path, *ASKED), launcher, banks).submissions

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

    (submission,) = grade([RELU], course(tmp_path, *ASKED), NoWorkers(), banks).submissions

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
    (submission,) = grade([RELU], course(tmp_path, ASKED[1]), Stumbles(launcher), banks).submissions

    assert (submission.standing, submission.score) == (Standing.PASSED, 5)


def test_files_that_no_parser_survives_are_missing_with_a_note(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = replace(course(tmp_path, *ASKED), limits=Limits(load_seconds=1e-9))

    (submission,) = grade([RELU], asked, launcher, banks).submissions

    assert submission.notes == (messages.TOO_HARD_TO_PARSE,)
    assert submission.standing is Standing.MISSING


def test_the_report_obeys_the_published_schema(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, *ASKED, CONV_TASK, "id: two_layer_net, title: Net, points: 10")

    report = contract.to_results(grade([RELU + AFFINE, PATCHED, FLOORS, net(0.5, 2), "(", ""], asked, launcher, banks))

    Draft202012Validator(contract.schema()).validate(report)
    assert json.loads(contract.render(report)) == report


OWN = """
import numpy as np

def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w - b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, -dout.sum(axis=0)
"""


@pytest.mark.parametrize(("credit", "score"), [(0, 3.2), (0.5, 4.6), (1, 6)])
def test_a_right_gradient_of_a_wrong_forward_earns_its_share(credit: float, score: float, tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, ASKED[0], head=f"own_gradient_credit: {credit}")

    task = grade_one(OWN, asked, launcher, banks)

    assert [d.id for d in task.diagnoses] == ["own_gradient"]
    assert failing(task) == ["affine.forward.value", "affine.backward.db"]
    assert task.score == Fraction(str(score))
    assert task.parts["backward"] is Standing.PARTIAL


NUMERIC = """
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, x):
    dx = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += 1e-5
        down[index] -= 1e-5
        dx[index] = np.sum((relu_forward(up)[0] - relu_forward(down)[0]) * dout) / 2e-5
    return dx
"""


@pytest.mark.parametrize(("choice", "standing"), [("reject", Standing.FAILED), ("accept", Standing.PASSED)])
def test_whether_a_numeric_gradient_passes_is_the_assignments_choice(
    choice: str, standing: Standing, tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(NUMERIC, course(tmp_path, ASKED[1], head=f"numeric_gradient: {choice}"), launcher, banks)

    assert [d.id for d in task.diagnoses] == ["numeric_gradient"]
    assert task.parts == {"forward": Standing.PASSED, "backward": standing}


@pytest.mark.slow
def test_a_right_layer_that_is_slow_loses_nothing_to_laws(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import time\n" + RELU.replace("return np.maximum", "time.sleep(0.09); return np.maximum")
    asked = course(tmp_path, ASKED[1], head="limits: {task_seconds: 1.6}")  # enough for the calls that bear points

    task = grade_one(source, asked, launcher, banks)

    assert (task.score, task.max_score) == (5, 5)
    assert [c.id for c in task.checks if c.law] == ["relu.backward.euler"]  # which makes no calls of its own


def test_what_the_grader_cannot_call_is_missing_and_says_why(tmp_path: Path, launcher: Launcher, banks: Path):
    source = """
class Linear:
    def __init__(self, n_in, n_out, wiring):
        self.W = wiring.reshape(n_in, n_out)

    def forward(self, x):
        return x @ self.W

    def backward(self, dout):
        return dout @ self.W.T
"""
    task = grade_one(source, course(tmp_path, ASKED[0]), launcher, banks)

    assert (task.standing, task.score, task.max_score) == (Standing.MISSING, 0, 10)
    assert task.notes[0] == (
        "Not graded, since the grader does not know how to call it; this need not be a mistake of yours: "
        "the class asks for wiring, of which the grader does not know what it is."
    )


@pytest.mark.parametrize(("factor", "notes"), [("1 / dZ.shape[1]", 0), ("1", 1)])
def test_the_factor_of_a_course_is_told_where_a_gradient_is_wrong(factor: str, notes: int, tmp_path: Path, launcher: Launcher, banks: Path):
    source = f"""
def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)

def linear_backward(dZ, cache):
    A, W, b = cache
    return W.T @ dZ, {factor} * dZ @ A.T, {factor} * dZ.sum(axis=1, keepdims=True)
"""
    task = grade_one(source, course(tmp_path, ASKED[0]), launcher, banks)

    assert failing(task) == ["affine.backward.dw", "affine.backward.db"] * notes
    assert sum("have the factor 1/m" in note for note in task.notes) == notes
