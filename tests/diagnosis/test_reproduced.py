"""The lines to paste below a submission: they show what the report says, or there are none. Whole files are in tests/table."""

from pathlib import Path
from typing import Any

from grader.model import TaskResult
from grader.sandbox.heard import MAX_LINES, read_lines
from grader.sandbox.process import Launcher
from grader.worker.conventions import transcript
from tests.support import course, grade_one

SECOND_BOOK = """\
import numpy as np
class Affine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]
    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]
    def backward(self, dout):
        self.grads[0][...] = self.x.T @ dout
        self.grads[1][...] = dout.mean(axis=0)
        return dout @ self.params[0].T
"""
LISTED_SGD = """\
class SGD:
    def __init__(self, lr):
        self.lr = lr
    def update(self, params, grads):
        for i in range(len(params)):
            params[i] += self.lr * grads[i]
"""
ONE_IMAGE = """\
import numpy as np
class MaxPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride
    def forward(self, x):
        C, H, W = x.shape
        s, k = self.s, self.k
        rows, columns = (H - k) // s + 1, (W - k) // s + 1
        return np.array([[[x[c, i*s:i*s+k, j*s:j*s+k].min() for j in range(columns)] for i in range(rows)] for c in range(C)])
    def backward(self, dout):
        return np.zeros(1)
"""


def calls(task: TaskResult) -> dict[str, list[str]]:
    """Return the lines of every finding that has some, by the check."""
    return {c.id: f.case["call"] for c in task.checks for f in c.findings if "call" in f.case}


def graded(source: str, layer: str, convention: str, folder: Path, launcher: Launcher, banks: Path) -> TaskResult:
    return grade_one(
        source, course(folder, f"id: {layer}, title: Layer, layer: {layer}, points: 10, conventions: [{convention}]"), launcher, banks
    )


def test_a_gradient_of_the_second_book_is_shown_where_it_is_kept(tmp_path: Path, launcher: Launcher, banks: Path):
    task = graded(SECOND_BOOK, "affine", "deep_learning_from_scratch", tmp_path, launcher, banks)

    *lines, last = calls(task)["affine.backward.db"]
    assert lines == [
        "layer = Affine(w, b)",
        "out = layer.forward(x)",
        "dx = layer.backward(dout)",
        "dw = layer.grads[0]",
        "db = layer.grads[1]",
    ]
    assert last.startswith("print(db[")


def test_an_optimiser_of_the_second_book_is_shown_with_lists(tmp_path: Path, launcher: Launcher, banks: Path):
    task = graded(LISTED_SGD, "sgd", "deep_learning_from_scratch", tmp_path, launcher, banks)

    lines = calls(task)["sgd.forward.value"]
    assert lines[1:5] == [
        "params = [w.copy()]",
        "for gradient in dw:",
        "    optimiser.update(params, [gradient.copy()])",
        "out = params[0]",
    ]


def test_a_class_for_single_images_is_shown_with_a_single_one(tmp_path: Path, launcher: Launcher, banks: Path):
    task = graded(ONE_IMAGE, "max_pool2d", "classes", tmp_path, launcher, banks)

    lines = calls(task)["max_pool2d.forward.value"]
    assert lines[1:3] == ["out = layer.forward(x[0])", "out = out[None]"]


def test_what_is_another_number_each_time_has_no_lines(tmp_path: Path, launcher: Launcher, banks: Path):
    source = SECOND_BOOK.replace("+ self.params[1]", "+ self.params[1] * np.random.rand()")

    task = graded(source, "affine", "deep_learning_from_scratch", tmp_path, launcher, banks)

    assert "forward" in {c.part for c in task.checks if c.findings}
    assert "affine.forward.value" not in calls(task)


def test_lines_that_cannot_be_shown_as_they_are_or_are_too_many_are_none():
    told: list[Any] = [
        ["x = 1", "    y = 2"],
        ["x\u202e = 1"],
        ["x = 1\ny = 2"],
        ["x = '" + "a" * 400 + "'"],
        ["x"] * (MAX_LINES + 1),
        [1],
        "x",
    ]

    assert [read_lines(lines) for lines in told] == [("x = 1", "    y = 2"), *[()] * 6]


def test_what_is_noted_while_another_transcript_is_taken_is_in_that_one():
    with transcript.taken() as outer:
        transcript.note("a")
        with transcript.taken() as inner:
            transcript.note("b")
        transcript.note("c")
    transcript.note("d")

    assert (outer, inner) == (["a", "c"], ["b"])


def test_a_transcript_can_begin_again_or_be_given_up():
    with transcript.taken() as lines:
        transcript.note("a")
        transcript.forget()
        transcript.note("b")
    with transcript.taken() as none:
        transcript.note("a")
        transcript.abandon()
        transcript.note("b")

    assert (lines, none) == (["b"], [])
