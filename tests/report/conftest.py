"""A class of eight submissions, made by hand: every status, and ids and texts that try to break a page."""

import json
from typing import Any

import pytest

from grader.policy import Policy
from grader.report import html
from grader.report import settled as policies
from tests.report.page import Page, pages_of

Results = dict[str, Any]
TITLES = {
    "value": "forward gives the right values",
    "shape": "forward returns what it should",
    "dx": "dx is the gradient of the output",
    "dw": "dw is the gradient of the output",
    "db": "db is the gradient of the output",
    "purity": "backward leaves its arguments as they were",
}
HOSTILE = '<script>alert(1)</script>"onmouseover="alert(2)\' &amp; {{ 7*7 }}\x07\x1b[31m\u202ednammoc\u2069'
TRACE = 'Traceback (most recent call last):\n  File "layers.py", line 31, in pool\n    <x>.max()\nIndexError: index 4'


def settled(results: Results, policy: Policy) -> Results:
    """Return results under a policy, all of them looked at."""
    made = policies.settled(results, policy)
    return made | {"submissions": list(made["submissions"])}


def finding(what: str, **slots: Any) -> Results:
    """Return a finding; slots that are not given are empty."""
    empty: Results = {
        "where": "",
        "got": None,
        "expected": None,
        "cause": None,
        "next_step": None,
        "case": {},
        "table": None,
    }
    return {"what": what, **empty, "worked": None, "trace": "", **slots}


def check(name: str, part: str, status: str = "passed", points: int = 4, *found: Results, reason: str = "") -> Results:
    """Return a check, of which nothing is earned unless it passed."""
    score = points if status == "passed" else 0
    return {
        "id": f"{part}.{name}",
        "title": TITLES.get(name, f"{name} is as it should be"),
        "part": part,
        "status": status,
        "score": score,
        "max_score": points,
        "findings": list(found),
        "reason": reason,
        "law": False,
    }


def task(name: str, status: str, *checks: Results, points: float = 10, notes: tuple[str, ...] = ()) -> Results:
    """Return a task whose points are those of its checks, or else none of `points`."""
    parts = {part: _part([c for c in checks if c["part"] == part]) for part in ("forward", "backward")}
    return {
        "id": name,
        "title": name,
        "score": sum(c["score"] for c in checks),
        "max_score": sum(c["max_score"] for c in checks) or points,
        "status": status,
        "parts": parts,
        "graded": {part: f"layers.py:{12 + len(part)} {name}_{part}" for part in parts} if checks else {},
        "diagnoses": [],
        "checks": list(checks),
        "notes": list(notes),
    }


def _part(checks: list[Results]) -> str:
    statuses = {c["status"] for c in checks}
    if "errored" in statuses or not checks:
        return "errored" if checks else "missing"
    return "passed" if statuses <= {"passed"} else "partial" if "passed" in statuses else "failed"


def submission(name: str, status: str, *tasks: Results, notes: tuple[str, ...] = ()) -> Results:
    """Return a submission that sums up its tasks."""
    return {
        "id": name,
        "sha256": f"{len(name) % 16:x}" * 64,
        "status": status,
        "score": sum(t["score"] for t in tasks),
        "max_score": sum(t["max_score"] for t in tasks),
        "duration_s": 0.8125,
        "tasks": list(tasks),
        "notes": list(notes),
        "translations": {"ko": {}},
    }


def whole(name: str) -> Results:
    """Return a task with full marks."""
    return task(name, "passed", check("value", "forward"), check("dx", "backward", points=6))


BIAS = finding(
    "db differs from the right gradient at 2 of 2 entries.",
    where="db[0]",
    got=4,
    expected=8.0,
    cause="db is summed over the rows and columns, but not over the batch: only the first sample counts.",
    next_step="Sum dout over every axis but the channel's.",
    case={
        "number": 3,
        "title": "two samples, one channel",
        "failing": 11,
        "of": 18,
        "shapes": {"x": [2, 1, 3, 3], "b": [2]},
        "options": {"stride": 1, "padding": 0},
        "dtype": "float64",
        "arrays": {
            "dout": [[[[1, 0.5], [2, 1]]], [[[0, "nan"], [1, -0.25]]]],
            "b": [0.1, -2.0],
            "eps": 1e-05,
            "y": [0, 1],
        },
    },
    table={"label": "db", "got": [[4, 1.0000001]], "expected": [[8.0, 1.0]], "wrong": [[True, True]]},
)
PLANE = finding(
    "dx differs from the right gradient at 3 of 16 entries.",
    where="dx[0, 0, 1, 2]",
    got=0.4123456,
    expected=0.8246912,
    next_step="Where windows overlap, add to dx instead of writing over it.",
    case={"number": 7, "title": "windows overlap", "failing": 5, "of": 18, "shapes": {"x": [1, 1, 4, 4]}, "arrays": {}},
    table={
        "label": "dx[0, 0]",
        "got": [[0, 0.5, 0, 0], [0, 0, 0.4123456, 0], [-1.25, 0, "inf", 0], [0, 0, 0, None]],
        "expected": [[0, 0.5, 0, 0], [0, 0, 0.8246912, 0], [-1.25, 0, 0.125, 0], [0, 0, 0, 2]],
        "wrong": [[False] * 4, [False, False, True, False], [False, False, True, False], [False, False, False, True]],
    },
)
RAISED = finding("max_pool2d raised IndexError: index 4 is out of bounds.", got=HOSTILE, trace=TRACE + "\n" + HOSTILE)


def conv(*, right: bool) -> Results:
    """Return conv2d, whose db is wrong or not."""
    last = check("db", "backward") if right else check("db", "backward", "failed", 4, BIAS)
    checks = (
        check("value", "forward", points=8),
        check("dx", "backward"),
        check("dw", "backward"),
        last,
    )
    return task("conv2d", "passed" if right else "partial", *checks)


def pool() -> Results:
    """Return max_pool2d, of which nothing is right."""
    waits = "Not checked: forward must give the right values first."
    return task(
        "max_pool2d",
        "failed",
        check("value", "forward", "failed", 6, RAISED),
        check("shape", "forward", "failed", 2, RAISED),
        check("dx", "backward", "failed", 5, PLANE, BIAS, finding("A second thing.")),
        check("purity", "backward", "skipped", 1, reason=waits),
        notes=("b of shape (1, D) was taken as (D,).",),
    )


def broken() -> Results:
    """Return a task where the grader failed."""
    failed = check("dx", "backward", "errored", 0, reason="G-17 happened.")
    return task("relu", "errored", check("value", "forward"), failed)


def absent(name: str, *notes: str) -> Results:
    """Return a task that was not handed in."""
    return task(name, "missing", notes=notes)


def a_class() -> Results:
    """Return a class: full marks, partly right, failed, missing, errored, twins, and the hostile."""
    names = "affine", "relu", "conv2d", "max_pool2d"
    missing = [absent(name) for name in names]
    unlucky = whole("affine"), broken(), conv(right=False), absent("max_pool2d", "No file.")
    said = finding(HOSTILE, where=HOSTILE, cause=HOSTILE)
    odd = task(HOSTILE, "failed", check(HOSTILE, "forward", "failed", 3, said))
    made = {
        "schema": "urn:nablagrade:results:1",
        "grader_version": "0.1.0",
        "assignment": {"id": "cnn", "title": "CNN from scratch", "sha256": "ab" * 32, "seed": 20261122},
        "isolation": {"tier": "landlock+seccomp", "probes": {"open a file": "refused", "open a socket": "refused"}},
        "submissions": [
            submission("loops-right", "passed", whole("affine"), whole("relu"), conv(right=True), whole("max_pool2d")),
            submission("bias-summed", "partial", whole("affine"), whole("relu"), conv(right=False), pool()),
            submission("only-affine", "partial", whole("affine"), *missing[1:]),
            submission("no-luck", "errored", *unlucky),
            submission("syntax", "missing", *missing, notes=("layers.py, line 3: invalid syntax.",)),
            submission("김하늘/과제 1", "partial", whole("affine"), whole("relu"), conv(right=False), pool()),
            submission("Bias-Summed", "missing"),
            submission(HOSTILE, "failed", odd, notes=(HOSTILE, "x" * 3000)),
        ],
        "translations": {"ko": {}},
    }
    late = [{"id": "late", "message": HOSTILE, "points": 0}]
    made["submissions"][-1]["final"] = {"score": 0, "max_score": 3, "adjustments": late}
    copied: Results = json.loads(json.dumps(made))  # no part is shared
    return copied


@pytest.fixture
def results() -> Results:
    """The class, as each test may change it."""
    return a_class()


@pytest.fixture
def hostile() -> str:
    """The text that tries to break a page."""
    return HOSTILE


@pytest.fixture
def site(results: Results) -> dict[str, Page]:
    """Every page of the class, parsed."""
    return {path: Page(text) for path, text in pages_of(results).items()}


@pytest.fixture
def bias(results: Results) -> Page:
    """The page of a submission that is partly right."""
    return Page(html.render_student(results, results["submissions"][1]))
