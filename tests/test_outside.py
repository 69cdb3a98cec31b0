"""Text of a student on its whole way: from names, exceptions, prints and warnings through the results into every report."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader import engine
from grader.intake import read
from grader.model import Isolation
from grader.report import files
from grader.report.results import to_results
from grader.sandbox.process import Launcher
from grader.text import visible
from tests.support import course

ATTACK = (
    '\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>\x00\x0b\ufffe]]>&quot; =HYPERLINK("http://x")\u202egnp.exe \ud800'
    "z\u0300" + "\u0316" * 9
)
LAYERS = f"""
import sys
import warnings
import numpy as np

ATTACK = {ATTACK!a}
Raised = type(ATTACK.replace("\\0", "").replace("\\ud800", ""), (Exception,), {{}})

def relu_forward(x):
    warnings.warn(ATTACK)
    sys.stdout.buffer.write((ATTACK + "\\n").encode("utf-8", "surrogatepass"))
    x += 1
    return np.maximum(x, 0).astype(np.float32), x

def relu_backward(dout, cache):
    raise Raised(ATTACK)

def affine\u3164_foward(x, w, b):
    pass

def affine_foward(x, w, b):
    pass

def sigmoid_forward(x):
    sys.exit(ATTACK)
"""
ENTRIES = ("id: relu, title: ReLU, points: 5", "id: affine, title: Affine, points: 10", "id: sigmoid, title: Sigmoid, points: 5")


@pytest.fixture
def results(tmp_path: Path, launcher: Launcher, banks: Path) -> dict[str, Any]:
    """The results of a submission that says as little good as it can, wherever it can."""
    folder = tmp_path / "=김\u3164하늘 <img src=x>|`@all`"
    folder.mkdir()
    (folder / "layers\u3164<b>.py").write_text(LAYERS, encoding="utf-8")
    (folder / "syntax`\u115f.py").write_text("def relu_forward(:\n", encoding="utf-8")
    (folder / "bytes\u2800.py").write_bytes(b"\xff")
    report = engine.grade(
        [read(folder)], course(tmp_path, *ENTRIES), launcher=launcher, isolation=Isolation(tier="process"), seed=0, cache=banks
    )
    return to_results(report)


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the results, with the key that it stands under."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from ((key, k), *texts(v, k))
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry, key)
    elif isinstance(value, str):
        yield key, value


def test_every_text_of_the_results_was_cleaned_once(results: dict[str, Any]):
    found = list(texts(results))

    assert [t for _, t in found if visible(t) != t] == []
    assert [t for k, t in found if "\n" in t and k != "trace"] == []
    said = json.dumps(results, ensure_ascii=False)
    assert "\\\\\\\\" not in said  # an escape of an escape
    for what in (
        "\\\\x1b[2J",
        "\\\\u202egnp.exe",
        "\\\\ud800",
        "\\\\u3164",
        "\\\\u115f",
        "\\\\u2800",
        "z\u0300" + "\u0316" * 3 + "\\\\u0316",
    ):
        assert what in said


def test_what_the_student_said_is_there(results: dict[str, Any]):
    (submission,) = results["submissions"]
    relu, affine, sigmoid = submission["tasks"]

    assert submission["id"] == "=김\\u3164하늘 <img src=x>|`@all`"
    assert len(submission["notes"]) == 2
    assert relu["graded"]["forward"] == "layers\\u3164<b>.py:9 relu_forward"
    assert any("emitted a warning: UserWarning: \\x1b[2J" in note for note in relu["notes"])
    assert any("your code printed '\\x1b[2J" in note for note in relu["notes"])
    assert any("writes into its argument x" in note for note in relu["notes"])
    assert any("affine_foward looks like affine_forward" in note for note in affine["notes"])
    raised = [f for t in (relu, sigmoid) for c in t["checks"] for f in c["findings"]]
    assert any(f["what"].startswith("backward raised \\x1b[2J") for f in raised)
    assert any(f["what"].startswith("forward called sys.exit(\\x1b[2J") for f in raised)


def test_every_report_of_it_can_be_written_and_read(results: dict[str, Any], tmp_path: Path):
    files.write(results, tmp_path / "out")

    written = [p.read_text(encoding="utf-8") for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert len(written) == 6
    assert not {c for text in written for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn")}
