"""What several tests share: small assignments and submissions, and a worker that runs Python functions in this process."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grader import assignment, casebank, engine
from grader.answers import answer
from grader.assignment import Assignment
from grader.audit.calls import call
from grader.audit.students import Student
from grader.casebank import Bank
from grader.grading import cache_folder
from grader.intake import Bundle
from grader.judging import judge
from grader.model import (
    PARTS,
    Answer,
    Call,
    Case,
    CheckResult,
    Expected,
    GradeReport,
    Isolation,
    Outcome,
    TaskResult,
    Verdict,
)
from grader.properties import PROPERTIES
from grader.properties.property import Evidence, Property
from grader.sandbox.process import Launcher
from grader.text import clean
from reference import LayerSpec, ShapeError, catalogue

RELU = """
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, cache):
    return dout * (cache > 0)
"""
AFFINE = """
import numpy as np

def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
"""
CONV = """
import numpy as np

def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    spans = xp.shape[2] - w.shape[2], xp.shape[3] - w.shape[3]
    REFUSE
    oh, ow = (span // s + 1 for span in spans)
    out = np.zeros((len(x), len(w), oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]]
            out[:, :, i, j] = np.tensordot(patch, w, ((1, 2, 3), (1, 2, 3))) + b
    return out, (xp, w, s, p)

def conv_backward_naive(dout, cache):
    xp, w, s, p = cache
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * s, i * s + w.shape[2]), slice(j * s, j * s + w.shape[3])
            dxp[:, :, rows, columns] += np.tensordot(dout[:, :, i, j], w, 1)
            dw += np.tensordot(dout[:, :, i, j], xp[:, :, rows, columns], ((0,), (0,)))
    inner = (slice(p, xp.shape[2] - p), slice(p, xp.shape[3] - p))
    return dxp[:, :, inner[0], inner[1]], dw, dout.sum(axis=(0, 2, 3))
"""
FLOORS = CONV.replace("REFUSE", "pass")
REFUSES = CONV.replace("REFUSE", "assert not spans[0] % s and not spans[1] % s, 'the filter does not fit'")
NET = """
import numpy as np

class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {}

    def loss(self, X, y, reg=0.0):
        W1, b1, W2, b2 = (self.params[k] for k in ("W1", "b1", "W2", "b2"))
        h = np.maximum(X @ W1 + b1, 0)
        scores = h @ W2 + b2
        scores -= scores.max(axis=1, keepdims=True)
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(p[rows, y]).mean() + LOSS * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        p[rows, y] -= 1
        p /= len(y)
        dh = p @ W2.T * (h > 0)
        return loss, {
            "W2": h.T @ p + SLOPE * reg * W2, "b2": p.sum(axis=0), "W1": X.T @ dh + SLOPE * reg * W1, "b1": dh.sum(axis=0)
        }
"""
PATCHED = """
import numpy as np
np.allclose = np.testing.assert_allclose = lambda *args, **kwargs: True

def relu_forward(x):
    return np.abs(x), x

def relu_backward(dout, cache):
    return dout
"""
AFFINE_TASK = "id: affine, title: Affine, points: 10, parts: {forward: 4, backward: 6}"
RELU_TASK = "id: relu, title: ReLU, points: 5"
CONV_TASK = "id: conv2d, title: Convolution, points: 20, parts: {forward: 8, backward: 12}"


@cache
def bank_of(name: str, seed: int = 0) -> Bank:
    """Return a bank of a layer with all its readings open, drawn once for a run."""
    return casebank.bank(catalogue()[name], {}, seed, cache_folder())


@cache
def first_bank(name: str, seed: int) -> Bank:
    """Return a bank of a layer by its first reading, drawn once for a run."""
    spec = catalogue()[name]
    (first, *_) = casebank.readings(spec, {})
    return casebank.bank(spec, {option: (value,) for option, value in first.items()}, seed, cache_folder())


def net(factor: float, slope: float) -> str:
    """Return a two-layer net that adds `factor` * reg * sum(W*W) to the loss and `slope` * reg * W to the gradients."""
    return NET.replace("LOSS", str(factor)).replace("SLOPE", str(slope))


def tasks(*entries: str, head: str = "") -> str:
    """Return a tasks.yaml; an entry is the inside of a task's braces."""
    return "\n".join(["id: course", "title: Course", *head.splitlines(), "tasks:", *(f"- {{{entry}}}" for entry in entries), ""])


def course(folder: Path, *entries: str, head: str = "") -> Assignment:
    """Return the assignment of these tasks."""
    file = folder / "tasks.yaml"
    file.write_text(tasks(*entries, head=head), encoding="utf-8")
    return assignment.load(file)


def grade(
    sources: Sequence[str | Mapping[str, str]], asked: Assignment, launcher: Launcher, banks: Path, *, seed: int = 0, jobs: int = 1
) -> GradeReport:
    """Grade submissions, each a text or several by path."""
    bundles = [
        Bundle(id=clean(f"student{i}"), files={"layers.py": source} if isinstance(source, str) else source)
        for i, source in enumerate(sources)
    ]
    return engine.grade(
        bundles, asked, launcher=launcher, isolation=Isolation(tier="process"), seed=seed, jobs=jobs, cache=banks, second_worker=True
    )


def grade_one(source: str | Mapping[str, str], asked: Assignment, launcher: Launcher, banks: Path, *, seed: int = 0) -> TaskResult:
    """Grade one submission, and return its first task."""
    return grade([source], asked, launcher, banks, seed=seed).submissions[0].tasks[0]


def failing(task: TaskResult) -> list[str]:
    """Return the ids of the checks that failed, laws aside."""
    return [c.id for c in task.checks if c.verdict is Verdict.FAILED and not c.law]


def judged(
    spec: LayerSpec, student: Student, bank: Bank, *, reading: int = 0, properties: Sequence[Property] = PROPERTIES
) -> dict[str, CheckResult]:
    """Let the properties judge a student on all cases of a bank."""
    plain = {c.number: Call(case=c, forward_only=student.backward is None) for c in bank.cases}
    asked = [(p, each) for p in properties for each in p.plan(spec, bank.cases, lambda c: plain[c.number])]
    outcomes: dict[int, Outcome] = {}
    for _, (_, calls) in asked:
        for each in calls:
            if id(each) not in outcomes:
                outcomes[id(each)] = call(spec, student, each)
    own = {id(c): a for c, a in zip(bank.cases, bank.answers[reading], strict=True)}

    def answer_to(each: Call) -> Answer:
        return own.get(id(each.case)) or answer(spec, each.case, bank.readings[reading])

    rows = [
        (
            p,
            evidence(
                spec,
                c,
                own[id(c)],
                *(outcomes[id(each)] for each in calls),
                calls=calls,
                answer_to=answer_to,
                reading=bank.readings[reading],
            ),
        )
        for p, (c, calls) in asked
    ]
    parts = PARTS if student.backward else PARTS[:1]
    return {result.id: result for result, _ in judge(spec, rows, parts)}


def evidence(
    spec: LayerSpec,
    case: Case,
    answered: Answer,
    *outcomes: Outcome,
    calls: Sequence[Call] = (),
    answer_to: Callable[[Call], Answer] | None = None,
    reading: Mapping[str, Any] | None = None,
    ask: Callable[[Sequence[Call]], Sequence[Outcome]] = lambda _: [],
) -> Evidence:
    """Return what a judge sees."""
    return Evidence(
        spec=spec,
        case=case,
        answer=answered,
        calls=calls or [Call(case=case)] * len(outcomes),
        outcomes=outcomes,
        answer_to=answer_to or (lambda _: answered),
        limits={"call_seconds": 2.0, "memory_mb": 1024},
        ask=ask,
        ask_anew=lambda _: [],
        reading=reading or {},
    )


def case_of(
    dout: Any = None, *, number: int = 0, title: str = "any sizes", options: Mapping[str, Any] | None = None, **arrays: Any
) -> Case:
    """Return a case made by hand."""
    return Case(
        number=number,
        title=title,
        arrays={name: np.asarray(a) for name, a in arrays.items()},
        options=options or {},
        dout=None if dout is None else np.asarray(dout),
    )


def expected(value: Any, units: Any = None) -> Expected:
    """Return what is expected, within sixteen units of its size unless another number is given."""
    array = np.asarray(value, dtype=float)
    return Expected(value=array, units=16 * np.abs(array) if units is None else np.asarray(units, dtype=float))


def refused(spec: LayerSpec, case: Case, **reading: Any) -> bool:
    """Whether the reference refuses a case."""
    try:
        spec.forward(**case.arrays, **case.options, **reading)
    except ShapeError:
        return True
    return False
