"""The class of the other reports, with what a roster and a policy add, and a way to render one format of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.report.formats import Options, load

Results = dict[str, Any]
Made = Callable[..., dict[str, str]]
SECRET = {"got": 0.123456789, "expected": 0.987654321}


@pytest.fixture
def made() -> Made:
    """Return the files of a format as texts."""

    def render(name: str, results: Results, **options: Any) -> dict[str, str]:
        return {path: "".join(pieces) for path, pieces in load(name).files(results, Options(**options))}

    return render


@pytest.fixture
def one(results: Results) -> Results:
    """The results of one submission: two tasks right, one partly, one failed."""
    return results | {"submissions": results["submissions"][1:2]}


@pytest.fixture
def covered(one: Results) -> Results:
    """The same, where conv2d is decided by hidden checks; whatever is said of it holds one of two numbers, or a word."""
    task = one["submissions"][0]["tasks"][2]
    task["visibility"] = "hidden"
    finding = task["checks"][3]["findings"][0]
    task["checks"][3]["findings"] = [
        finding | SECRET | {"what": "SECRET", "cause": "SECRET", "next_step": "SECRET", "trace": "SECRET", "case": {"title": "SECRET"}}
    ]
    task |= {"notes": ["SECRET"], "diagnoses": [{"id": "a", "message": "SECRET"}], "graded": {"forward": "SECRET.py:1 f"}}
    copied: Results = json.loads(json.dumps(one))
    return copied


def leaked(text: str) -> list[str]:
    """Return what a text holds of the hidden task."""
    return [word for word in ("SECRET", "0.1234", "0.9876") if word in text]
