"""A million frames that are almost right: each is read, or refused; none crashes, hangs or takes memory for nothing."""

import os
import random
import subprocess
import sys
import tracemalloc
from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import frames, fuzz_wire
from grader.worker import wire

ROOT = Path(fuzz_wire.__file__).parents[1]
REFUSALS = {"closed", "header", "JSON", "meta", "stage", "failure", "arrays", "array", "shape", "size", "trailing bytes"}


@pytest.mark.slow
@pytest.mark.timeout(900)  # where coverage looks on
def test_a_million_frames_are_read_or_refused(capsys):
    rng, seen = random.Random(0), Counter[str]()
    fed = lru_cache(1 << 17)(frames.feed)  # what was replaced in one frame often was in another: the same bytes end the same way

    for _ in range(1_000_000):
        seen[fed(frames.almost_right(rng))] += 1

    different = fed.cache_info().misses
    with capsys.disabled():
        print(f"\n{different} of a million frames were read: {dict(seen.most_common())}")  # noqa: T201 - the figure is asked for
    assert different > 500_000
    assert set(seen) == {"right"} | REFUSALS, "the frames get everywhere, and nowhere else"
    assert min(seen.values()) > 500


def test_no_frame_takes_more_memory_than_the_bounds():
    rng = random.Random(1)
    made = [frames.almost_right(rng) for _ in range(3000)]
    tracemalloc.start()

    for frame in made:
        frames.feed(frame)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert wire.MAX_PAYLOAD <= peak < wire.MAX_PAYLOAD + wire.MAX_META + (1 << 20), "one at the bound was among them"


def test_the_same_seed_makes_the_same_frames():
    first, second = ([frames.almost_right(random.Random(seed)) for seed in range(50)] for _ in range(2))

    assert first == second


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_a_fuzzer_that_looks_for_new_paths_finds_none_that_breaks(tmp_path):
    command = [sys.executable, fuzz_wire.__file__, "--runs", "200000", "--seed", "1"]

    ran = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "Done 200000 runs" in ran.stderr
    assert list(tmp_path.iterdir()) == []
