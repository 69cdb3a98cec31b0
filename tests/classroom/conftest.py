"""A class of small submissions, and an executor that needs no worker."""

import hashlib
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from grader import assignment
from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.intake import Bundle
from grader.worker.jail import Tier
from tests.support import tasks

TASKS = tasks("id: relu, title: ReLU, points: 2", "id: affine, title: Affine, points: 3")
WITH_NET = tasks("id: relu, title: ReLU, points: 2", "id: affine, title: Affine, points: 3", "id: two_layer_net, title: Net, points: 4")
RELU = "import numpy as np\n\ndef relu_forward(x):\n    return np.maximum(0, x), x\n"


def terms_of(folder: Path, text: str = TASKS, **changed: Any) -> Terms:
    """Return the terms of a small assignment."""
    file = folder / "tasks.yaml"
    file.write_text(text, encoding="utf-8")
    document, sha256 = assignment.document(file)
    return Terms(**{"document": document, "sha256": sha256, "seed": 1, "tier": Tier.PROCESS} | changed)


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    return terms_of(tmp_path)


@pytest.fixture
def document(terms: Terms) -> Any:
    """The assignment, checked."""
    return terms.document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five submissions, two of which hold the same."""
    handed_in = tmp_path / "class"
    handed_in.mkdir()
    for number in range(4):
        hand_in(handed_in / f"student{number}", f"{RELU}# {number}\n")
    hand_in(handed_in / "twin", f"{RELU}# 0\n")
    return handed_in


def hand_in(folder: Path, text: str) -> None:
    """Hand in one file."""
    folder.mkdir(exist_ok=True)
    (folder / "layers.py").write_text(text, encoding="utf-8")


class Counting:
    """An executor that grades nothing: every task has points that follow from the text. It counts what it is given."""

    def __init__(self) -> None:
        self.given: list[tuple[str, tuple[str, ...]]] = []
        self.runs = 0

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Packed]]:
        self.runs += 1
        for bundle in bundles:
            self.given.append((bundle.id, terms.only))
            yield bundle, Packed.of(self.entry(terms, bundle))

    def entry(self, terms: Terms, bundle: Bundle) -> dict[str, Any]:
        """Return an entry; graded by `only` it has other points, so that it shows."""
        points = int(hashlib.sha256(bundle.sha256.encode()).hexdigest(), 16) % 3 / 3 + (1 if terms.only else 0)
        asked = [
            {"id": task.id, "status": "partial", "score": round(points, 4), "max_score": task.points, "checks": [], "notes": []}
            for task in terms.assignment.tasks
        ]
        return {
            "id": bundle.id,
            "sha256": bundle.sha256,
            "status": "partial",
            "score": round(points * len(asked), 4),
            "max_score": sum(task["max_score"] for task in asked),
            "tasks": asked,
            "notes": list(bundle.notes),
            "translations": {"ko": {f"{terms.only}": "말"}},
        }
