"""Does a class come out the same, whenever the run over it is killed?

A small class is graded once without a disturbance. Then `grader grade` is started and killed with SIGKILL at a random moment, fifty times,
each time into the folder that the one before left; a run that comes to its end before is looked at, and the next begins a new folder.
At last one runs to its end. `results.json` must be the same as that of the first run, byte for byte apart from times, and no result that
was kept may be lost.

    python benchmarks/killed.py [--check] [--kills 50]
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.measures import Goal, Table
from benchmarks.students import hand_in
from grader.classroom import store
from grader.errors import ReportError

ROOT = Path(__file__).parent.parent
STUDENTS = 40
TIMES = re.compile(rb'"duration_s": [\d.e+-]+')
TASKS = """\
id: week
title: A week
limits: {load_seconds: 2, call_seconds: 1, task_seconds: 5, memory_mb: 512}
tasks:
  - {id: affine, title: Affine layer, points: 10}
  - {id: relu, title: ReLU, points: 5}
"""


@dataclass(frozen=True)
class Class:
    """A class to grade, and by what."""

    submissions: Path
    tasks: Path

    def grade(self, out: Path, *, kill_after: float | None = None) -> bool:
        """Grade it into a folder; return whether the run came to its end, and was not killed after so many seconds."""
        command = [sys.executable, "-m", "grader", "grade", str(self.submissions), "--tasks", str(self.tasks), "--out", str(out)]
        with subprocess.Popen([*command, "--seed", "1", "--jobs", "2", "--sandbox", "best"], cwd=ROOT, stdout=subprocess.DEVNULL) as run:
            try:
                run.wait(kill_after)
            except subprocess.TimeoutExpired:
                run.kill()
                return False
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, command)
        return True


def results(out: Path) -> bytes:
    """Return `results.json` without times."""
    return TIMES.sub(b"", (out / "results.json").read_bytes())


def kept(out: Path) -> int:
    """Return how many results the store of a folder has."""
    try:
        with store.looked_into(out) as opened:
            return opened.count()
    except ReportError:  # it was killed before there was a store
        return 0


def interrupted(given: Class, folder: Path, moments: Iterator[float], kills: int) -> Iterator[tuple[Path, int, bool]]:
    """Kill runs at these moments; yield, for each, where it wrote to, how many results it left there, and whether it had ended before."""
    number = left = 0
    while left < kills:
        out = folder / f"out{number}"
        ended = given.grade(out, kill_after=next(moments))
        yield out, kept(out), ended
        number += ended
        left += not ended


def main() -> int:
    """Kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--kills", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tasks.yaml").write_text(TASKS, encoding="utf-8")
        given = Class(folder / "class", folder / "tasks.yaml")
        hand_in(given.submissions, STUDENTS)
        start = time.monotonic()
        given.grade(folder / "whole")
        seconds, wanted = time.monotonic() - start, results(folder / "whole")
        rng = random.Random(0)
        counts: dict[Path, list[int]] = {}
        partway = 0  # kills that came when some were graded, and some not
        for out, count, ended in interrupted(given, folder, iter(lambda: rng.uniform(0, seconds / 2), None), arguments.kills):
            counts.setdefault(out, [0]).append(count)
            partway += not ended and 0 < count < STUDENTS
        for out in counts:
            given.grade(out)
        different = sum(results(out) != wanted for out in counts)
    rows = [(out.name, len(found) - 1, ", ".join(map(str, found[1:]))) for out, found in counts.items()]
    goals = [
        Goal("folders whose results differ from those of an undisturbed run", different, 0),
        Goal("times that a run left fewer results than the one before", sum(found != sorted(found) for found in counts.values()), 0),
        Goal("kills with some submissions graded and some not", partway, arguments.kills / 2, at_least=True),
    ]
    print(
        Table(f"{arguments.kills} kills; undisturbed, a run takes {seconds:.1f} s", ("folder", "runs", "results after each"), rows, goals)
    )
    return 1 if arguments.check and not all(goal.met for goal in goals) else 0


if __name__ == "__main__":
    sys.exit(main())
