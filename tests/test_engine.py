"""From sources to a report: everything together, with real workers."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader import engine, messages
from grader.model import Standing, SubmissionResult
from grader.report import results as contract
from grader.sandbox.process import Launcher
from tests.support import AFFINE, AFFINE_TASK, CONV_TASK, FLOORS, PATCHED, REFUSES, RELU, RELU_TASK, course, failing, grade, grade_one, net


def data(submission: SubmissionResult) -> Any:
    """Return a result without its time."""
    return replace(submission, duration_s=0)


def test_an_assignment_may_have_names_of_its_own(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("relu_forward", "rampe").replace("relu_backward", "rampe_retour")
    asked = course(tmp_path, f"{RELU_TASK}, names: {{forward: [rampe], backward: [rampe_retour]}}")

    task = grade_one(source, asked, launcher, banks)

    assert (task.score, dict(task.graded)) == (5, {"forward": "layers.py:4 rampe", "backward": "layers.py:7 rampe_retour"})


def test_a_result_built_on_a_stand_in_fails_and_says_so(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("import numpy as np", "import numpy as np\nimport scipy.special as sc").replace(
        "np.maximum(x, 0)", "x * sc.relu(x)"
    )

    task = grade_one(source, course(tmp_path, RELU_TASK), launcher, banks)

    assert (task.score, task.parts["forward"]) == (Fraction(5, 2), Standing.FAILED)  # backward is right
    assert "scipy" in task.checks[0].findings[0].what


def test_a_misspelt_name_is_pointed_out(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(AFFINE.replace("affine_forward", "affine_foward"), course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert task.standing is Standing.MISSING
    assert "layers.py, line 4: affine_foward looks like affine_forward, misspelt; rename it to have it graded." in task.notes


def test_a_wrong_relu_behind_a_patched_allclose_earns_nothing_and_harms_nobody(tmp_path: Path, launcher: Launcher, banks: Path):
    report = grade([RELU, PATCHED, RELU], course(tmp_path, RELU_TASK), launcher, banks)

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
    asked = course(tmp_path, RELU_TASK, head="limits: {call_seconds: 0.2, memory_mb: 512}")

    report = grade([RELU, source + "\ndef relu_backward(dout, cache):\n    return dout\n", RELU], asked, launcher, banks)

    assert [s.score for s in report.submissions] == [5, 0, 5]
    (task,) = report.submissions[1].tasks
    assert words in task.checks[0].findings[0].what
    assert task.standing is Standing.FAILED


def test_a_file_whose_import_dies_is_run_once_and_fails_all_its_tasks(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import os\nos._exit(3)\n" + AFFINE + RELU

    (submission,) = grade([source], course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks).submissions

    assert [t.checks[0].findings[0].what for t in submission.tasks] == [
        "The file could not be run: it ended the Python process (exit status 3)."
    ] * 2


def test_what_does_not_parse_is_noted_and_the_rest_of_its_file_is_graded(tmp_path: Path, launcher: Launcher, banks: Path):
    files = {"relu.py": RELU, "affine.py": AFFINE + "def broken(:\n"}

    (submission,) = grade([files], course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks).submissions

    assert [t.standing for t in submission.tasks] == [Standing.PASSED, Standing.PASSED]
    (note,) = submission.notes
    assert note.startswith("affine.py, line 10: SyntaxError")
    assert note.endswith("What does parse of this file is graded.")


def test_writing_into_an_argument_is_a_note_or_a_mark_as_the_assignment_says(tmp_path: Path, launcher: Launcher, banks: Path):
    source = RELU.replace("return dout * (cache > 0)", "dout[cache <= 0] = 0\n    return dout")

    noted = grade_one(source, course(tmp_path, RELU_TASK), launcher, banks)
    marked = grade_one(source, course(tmp_path, RELU_TASK, head="purity: mark"), launcher, banks)

    words = messages.mutates("backward", ["dout"])
    assert (noted.score, noted.notes, failing(noted)) == (5, (words,), [])
    assert (marked.score, marked.notes, failing(marked)) == (5 - Fraction(5, 2) * Fraction(1, 6), (), ["relu.backward.purity"])
    assert all("purity" not in c.id for c in noted.checks)


def test_grading_twice_gives_the_same_but_for_the_time(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, AFFINE_TASK, RELU_TASK)
    sources = [RELU + AFFINE, PATCHED, AFFINE.replace("dout.sum", "2 * dout.sum")]

    first, second = (grade(sources, asked, launcher, banks) for _ in range(2))

    assert list(map(data, first.submissions)) == list(map(data, second.submissions))


@pytest.mark.parametrize("count", [1, 4])
def test_several_jobs_give_what_one_gives(count: int, tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, AFFINE_TASK, RELU_TASK, CONV_TASK)
    sources = [RELU + AFFINE + FLOORS, PATCHED, REFUSES, ""][:count]

    one, two = (grade(sources, asked, launcher, banks, jobs=jobs) for jobs in (1, 2))

    assert list(map(data, one.submissions)) == list(map(data, two.submissions))


def test_another_seed_asks_other_cases(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, RELU_TASK)
    telling = RELU.replace("    return np.maximum", "    print(x.tolist())\n    return np.maximum")

    reports = [grade([telling], asked, launcher, banks, seed=seed) for seed in (0, 1)]

    assert [r.assignment["seed"] for r in reports] == [0, 1]
    first, second = (r.submissions[0].tasks[0].notes for r in reports)
    assert "[[" in first[-1]
    assert first != second


def test_every_finished_submission_is_announced(tmp_path: Path, launcher: Launcher, banks: Path):
    done: list[str] = []
    asked, bundles = course(tmp_path, RELU_TASK), [engine.Bundle(id=name, files={"a.py": RELU}) for name in ("kim", "lee")]

    engine.grade(
        bundles, asked, launcher=launcher, isolation=engine.Isolation(tier="process"), seed=0, cache=banks,
        on_done=lambda result: done.append(result.id),
    )  # fmt: skip

    assert sorted(done) == ["kim", "lee"]


def test_no_submissions_are_an_empty_report(tmp_path: Path, launcher: Launcher, banks: Path):
    assert grade([], course(tmp_path, RELU_TASK), launcher, banks).submissions == ()


def test_the_report_obeys_the_published_schema(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, AFFINE_TASK, RELU_TASK, CONV_TASK, "id: two_layer_net, title: Net, points: 10")

    report = contract.to_results(grade([RELU + AFFINE, PATCHED, FLOORS, net(0.5, 2), "(", ""], asked, launcher, banks))

    Draft202012Validator(contract.schema()).validate(report)
    assert json.loads(contract.render(report)) == report


@pytest.mark.slow
def test_a_right_layer_that_is_slow_loses_nothing_to_laws(tmp_path: Path, launcher: Launcher, banks: Path):
    source = "import time\n" + RELU.replace("return np.maximum", "time.sleep(0.09); return np.maximum")
    asked = course(tmp_path, RELU_TASK, head="limits: {task_seconds: 1.6}")  # enough for the calls that bear points

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
    task = grade_one(source, course(tmp_path, AFFINE_TASK), launcher, banks)

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
    task = grade_one(source, course(tmp_path, AFFINE_TASK), launcher, banks)

    assert failing(task) == ["affine.backward.dw", "affine.backward.db"] * notes
    assert sum("have the factor 1/m" in note for note in task.notes) == notes
