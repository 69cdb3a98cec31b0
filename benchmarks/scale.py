"""What does a submission cost on a cluster, and how long would 100,000 take?

Measured: how long each sample is graded on one of two workers of this machine, by the assignment of a course week; what Dask and the
process that hands out cost a submission, with workers that do nothing, of which as many submissions are on their way as of the 64 of the goal;
what reading one and keeping its result costs. Simulated from these:
workers as fast as the two here, fed by one process that serves one submission at a time. That the simulation holds is shown by the
two workers: it says how long they should take.

    python benchmarks/scale.py [--check] [--times 2]
"""

import argparse
import heapq
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.cold_start import week
from grader import assignment
from grader.classroom import store as stores
from grader.classroom.executors import Cluster, cluster
from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.intake import Bundle, HandedIn, discover, read
from grader.sandbox.isolation import Sandbox, open_sandbox

SAMPLES = Path(__file__).parent.parent / "submissions"
CLASS = 100_000
WORKERS = (2, 8, 16, 32, 64, 128, 256, 512)
IDLE = 1000  # submissions that workers only send back
GOAL_WORKERS, GOAL_MINUTES, GOAL_BUSY, GOAL_ERROR = 64, 60, 0.9, 0.25


@dataclass(frozen=True, kw_only=True)
class Idle(Terms):
    """Nothing is graded: every submission gets the same entry."""

    same: Packed

    @contextmanager
    def grading(self) -> Iterator[Callable[[Bundle], Packed]]:
        """Give what grades nothing."""
        yield lambda _: self.same


def simulated(durations: Sequence[float], workers: int, served: float) -> float:
    """Return after how many seconds the last submission is graded.

    Args:
        durations: Seconds that each submission keeps a worker busy.
        workers: How many there are; all are free at first.
        served: Seconds that who hands out is busy with each submission.
    """
    free, ready, last = [0.0] * workers, 0.0, 0.0
    for duration in durations:
        ready += served
        done = max(ready, free[0]) + duration
        heapq.heapreplace(free, done)
        last = max(last, done)
    return last


def graded(terms: Terms, bundles: Sequence[Bundle]) -> tuple[list[Packed], float]:
    """Grade on two workers; return the entries, and the seconds from when the first submission was asked for to the last result."""
    begun: list[float] = []

    def handed_out() -> Iterator[Bundle]:
        begun.append(time.perf_counter())
        yield from bundles

    entries = []
    ended = 0.0
    for _, packed in Cluster("local", 2).run(terms, handed_out()):
        entries.append(packed)
        ended = time.perf_counter()
    return entries, ended - begun[0]


def handling(found: Sequence[HandedIn], entries: Sequence[Packed]) -> float:
    """Return the seconds that reading a submission and keeping its result cost."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, stores.opened(Path(folder)) as store:
        for number, (one, entry) in enumerate(zip(itertools.cycle(found), entries, strict=False)):
            store.enrol([(str(number), read(one).sha256, {})])
            store.put(str(number), entry)
    return (time.perf_counter() - start) / len(entries)


def main() -> int:
    """Measure, simulate, print, and compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--times", type=int, default=2, help="how often every sample is graded")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_sandbox(Sandbox.BEST) as (launcher, _):
        document, sha256 = assignment.document(Path(week(Path(folder))[1]))
        tier = launcher.tier
    found = [one for one in discover(SAMPLES) if one.paths]
    bundles = [read(one) for one in found] * arguments.times
    about: dict[str, Any] = {"document": document, "sha256": sha256, "seed": 0, "tier": tier}

    entries, wall = graded(Terms(**about).drawn(), bundles)
    durations = [packed.entry["duration_s"] for packed in entries]
    typical = sorted(entries, key=lambda packed: len(packed.data))[len(entries) // 2]
    with mock.patch.object(cluster, "IN_FLIGHT", GOAL_WORKERS * cluster.IN_FLIGHT // 2):  # as many on their way as of so many workers
        _, idle = graded(Idle(**about, same=typical), bundles[:1] * IDLE)
    transport, kept = idle / IDLE, handling(found, entries)
    served = transport + kept

    cuts = statistics.quantiles(durations, n=20)
    print(f"{len(durations)} submissions of {len(document['tasks'])} tasks on two workers, {tier}")
    print(f"  a submission keeps a worker busy for {statistics.mean(durations):.2f} s; median {cuts[9]:.2f}, 95% {cuts[18]:.2f}")
    print(f"  and who hands out for {1e3 * served:.1f} ms: Dask {1e3 * transport:.1f}, reading it and keeping its result {1e3 * kept:.1f}")
    expected = simulated(durations, 2, transport)
    print(f"  {wall:.1f} s in all; simulated {expected:.1f} s, {abs(expected / wall - 1):.0%} off, goal <= {GOAL_ERROR:.0%}")

    drawn = random.Random(0).choices(durations, k=CLASS)
    print(f"{CLASS:,} submissions, simulated: workers, minutes, of which they are busy")
    missed = ["the simulation"] * (abs(expected / wall - 1) > GOAL_ERROR)
    for workers in WORKERS:
        seconds = simulated(drawn, workers, served)
        busy = sum(drawn) / workers / seconds
        goal = ""
        if workers == GOAL_WORKERS:
            goal = f"   goal <= {GOAL_MINUTES} minutes, busy >= {GOAL_BUSY:.0%}"
            missed += ["the minutes"] * (seconds > 60 * GOAL_MINUTES) + ["busy"] * (busy < GOAL_BUSY)
        print(f"  {workers:>4} {seconds / 60:>8.0f} {busy:>5.0%}{goal}")
    print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
