"""Whatever is handed in: nothing is written, nothing outside is read, memory stays bounded, and a note names what is left out."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hostile import HOSTILE, Hostile
from grader.intake import read
from grader.intake.disposable import Converter

MAX_MEGABYTES = 64


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter()
    yield made
    made.close()


def seen(root: Path) -> list[tuple[str, int, int]]:
    return sorted((str(p), p.lstat().st_size, p.lstat().st_mtime_ns) for p in root.rglob("*"))


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda h: h.name)
def test_a_hostile_submission_is_refused_or_cleaned(hostile: Hostile, tmp_path: Path, converter: Converter):
    try:
        handed_in = hostile.build(tmp_path)
    except (OSError, AttributeError, NotImplementedError) as error:
        pytest.skip(f"this system has no such files: {error}")
    before = seen(tmp_path)
    tracemalloc.start()

    bundle = read(handed_in, converter)

    peak = tracemalloc.get_traced_memory()[1] >> 20
    tracemalloc.stop()
    assert set(bundle.files) == hostile.left
    assert [note for note in bundle.notes if note.startswith(hostile.note)], bundle.notes
    assert all(note.isprintable() and note.endswith(".") and len(note) <= 400 for note in bundle.notes)
    assert not [path for path, text in bundle.files.items() if "SECRET" in text]
    assert seen(tmp_path) == before
    assert peak < MAX_MEGABYTES
    assert bundle.sha256


def test_there_are_at_least_forty_five_hostile_submissions():
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE) >= 45
