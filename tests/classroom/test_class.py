"""A class with one bad submission of every kind: all others have the results that they have without these."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import assignment
from grader.classroom import run, store
from grader.classroom.executors import Processes
from grader.classroom.terms import Terms
from grader.intake import discover
from grader.sandbox.isolation import Sandbox, open_sandbox
from tests.support import tasks

LIMITS = "limits: {load_seconds: 1, call_seconds: 0.3, task_seconds: 3, memory_mb: 384}"
HONEST = {
    "right": "import numpy as np\n\ndef relu_forward(x):\n    return np.maximum(0, x), x\n\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\n",
    "wrong": "import numpy as np\n\ndef relu_forward(x):\n    return np.abs(x), x\n\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\n",
    "begun": "import numpy as np\n\ndef relu_forward(x):\n    return x * (x > 0), x\n\ndef relu_backward(dout, cache):\n    pass\n",
    "other": "def helper(x):\n    return x\n",
}


def relu(body: str) -> str:
    """Return a file whose forward does something else."""
    return f"import os, signal, time\nimport numpy as np\n\ndef relu_forward(x):\n    {body}\n"


def written(text: str | bytes) -> Callable[[Path], None]:
    """Return what hands in a folder with one file."""

    def make(place: Path) -> None:
        place.mkdir()
        (place / "layers.py").write_bytes(text if isinstance(text, bytes) else text.encode())

    return make


def lone(suffix: str, data: bytes) -> Callable[[Path], None]:
    """Return what hands in a file that is no Python."""
    return lambda place: (place.parent / f"{place.name}{suffix}").write_bytes(data) and None


def zip_bomb(place: Path) -> None:
    """Hand in an archive of half a gigabyte of noughts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("layers.py", "w") as file:
        for _ in range(128):
            file.write(bytes(4 << 20))
    lone(".zip", packed.getvalue())(place)


def fifo(place: Path) -> None:
    """Hand in a file that never comes to an end."""
    place.mkdir()
    os.mkfifo(place / "layers.py")


def unreadable(place: Path) -> None:
    """Hand in a file that nobody but root may read, where there is nothing to read."""
    written("")(place)
    (place / "layers.py").chmod(0)


def linked(place: Path) -> None:
    """Hand in somebody else's file."""
    place.mkdir()
    (place / "layers.py").symlink_to(place.parent / "01-right" / "layers.py")


BAD: dict[str, Callable[[Path], None]] = {
    "hangs-on-load": written("while True:\n    pass\n\n" + relu("return x, x")),
    "hangs-in-a-call": written(relu("time.sleep(60)")),
    "exits": written(relu("os._exit(0)")),
    "memory-bomb": written(relu("return [np.empty(1 << 24) for _ in range(1000)], x")),
    "forks": written(relu("return [os.fork() for _ in range(3)], x")),
    "kills-its-parent": written(relu("os.kill(os.getppid(), signal.SIGKILL)")),
    "floods-the-output": written(relu("os.write(1, b'A' * (1 << 26)); raise SystemExit")),
    "syntax-error": written("def relu_forward(x:\n    return x\n"),
    "not-utf-8": written(b"# \xff\xfe\xb0\ndef relu_forward(x):\n    return '\xb0'\n"),
    "zip-bomb": zip_bomb,
    "broken-zip": lone(".zip", b"PK\x03\x04 and no more"),
    "broken-notebook": lone(".ipynb", b'{"cells": ['),
    "empty": lambda place: place.mkdir(),
    "fifo": fifo,
    "unreadable": unreadable,
    "linked": linked,
}


def graded(submissions: Path, out: Path, folder: Path) -> dict[str, Any]:
    """Return every entry but for times."""
    file = folder / "tasks.yaml"
    file.write_text(tasks("id: relu, title: ReLU, points: 2", head=LIMITS), encoding="utf-8")
    document, sha256 = assignment.document(file)
    with open_sandbox(Sandbox.BEST) as (launcher, _):
        terms = Terms(document=document, sha256=sha256, seed=1, tier=launcher.tier)
    out.mkdir()
    with store.opened(out) as opened:
        opened.begin({"assignment": {"seed": 1}}, document)
        run.grade(discover(submissions), terms, opened, Processes(2))
        return {one["id"]: json.loads(json.dumps(one | {"duration_s": 0})) for one in opened.results()["submissions"]}


@pytest.mark.slow
def test_one_bad_submission_of_every_kind_changes_nothing_for_the_others(tmp_path: Path):
    alone, together = tmp_path / "alone", tmp_path / "together"
    for submissions in (alone, together):
        submissions.mkdir()
        for number, bad in enumerate(BAD):  # between any two of them there is an honest one
            name, text = list(HONEST.items())[number % len(HONEST)]
            written(f"{text}# {number}\n")(submissions / f"{number + 1:02}-{name}")
            if submissions == together:
                BAD[bad](submissions / f"{number + 1:02}-{bad}")

    without, found = graded(alone, tmp_path / "out", tmp_path), graded(together, tmp_path / "out-too", tmp_path)

    assert {name: entry for name, entry in found.items() if name in without} == without
    assert [entry["score"] for entry in list(without.values())[:4]] == [2, 1, 1, 0]
    bad = {name[3:].partition(".")[0]: entry for name, entry in found.items() if name not in without}
    assert bad.keys() == BAD.keys()
    assert {name: (entry["status"], entry["score"]) for name, entry in bad.items() if entry["status"] not in ("failed", "missing")} == {}
