"""Does the grader say what a student has misunderstood, and nothing where it does not know?

`misconceived/` holds small submissions as students write them, each with one misconception and written otherwise than that is in
`reference/`, or with a mistake of which nobody has heard. The first lines of each say what must be named for it, by the value that
comes out wrong:

    # expects: conv2d.out: filters_flipped
    # expects: nothing

Every file is graded in a worker, and the causes that it is told are held against that.

    python benchmarks/diagnosis.py [--check] [NAME ...]
"""

import argparse
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from grader import assignment, attempt, engine
from grader.diagnosis import Diagnosed, diagnose
from grader.intake import read
from grader.model import Isolation
from grader.sandbox.launch import open_launcher
from grader.sandbox.process import Launcher
from grader.worker.jail import Tier

FOLDER = Path(__file__).parent / "misconceived"
TASKS = Path(__file__).parent.parent / "tasks.yaml"
EXPECTS = re.compile(r"^# expects: (?:nothing|(?P<task>\w+)\.(?P<value>\w+): (?P<id>[\w+]+))$")
LEAST_KNOWN, LEAST_UNKNOWN = 80, 30
LEAST_RIGHT = 0.95
MOST_SECONDS = 1.5


class Naming(StrEnum):
    """How the causes that a file was told stand to what it says of itself."""

    RIGHTLY = "named rightly"
    WRONGLY = "named wrongly"
    NOT = "not named"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be named for one file: misconceptions by the name of the value, none where it has none that is known."""

    task: str
    named: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What was named for one file, by the name of the value; which values were wrong; and the seconds that finding it took."""

    named: Mapping[str, str]
    failed: frozenset[str]
    seconds: float

    def held_against(self, expected: Expectation) -> Naming:
        """Compare with what must be named."""
        if dict(self.named) == dict(expected.named):
            return Naming.RIGHTLY
        return Naming.NOT if self.named.items() <= expected.named.items() else Naming.WRONGLY


def expectation(path: Path) -> Expectation:
    """Read what a file says of itself.

    Raises:
        ValueError: It does not begin with that, or its name does not begin with the task.
    """
    task, named = path.stem.partition("-")[0], {}
    header = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# expects")]
    for line in header:
        said = EXPECTS.match(line)
        if not said or (said["task"] or task) != task or (said["task"] is None and len(header) > 1):
            raise ValueError(f"{path.name}: {line}")
        if said["task"]:
            named[said["value"]] = said["id"]
    if not header:
        raise ValueError(f"{path.name}: no line '# expects: ...'")
    return Expectation(task, named)


@contextmanager
def watched() -> Iterator[list[tuple[Diagnosed, float]]]:
    """Let the engine diagnose as it does, and keep what came of it and how long it took."""
    seen: list[tuple[Diagnosed, float]] = []

    def timed(*arguments: Any) -> Diagnosed:
        start = time.perf_counter()
        found = diagnose(*arguments)
        seen.append((found, time.perf_counter() - start))
        return found

    with mock.patch.object(attempt, "diagnose", timed):
        yield seen


def examined(path: Path, launcher: Launcher, cache: Path | None = None) -> Found:
    """Grade the one task of a file, and return what is named of it.

    Raises:
        ValueError: Nothing of the task was found in the file, or nothing failed.
    """
    course = assignment.load(TASKS, cache)
    (task,) = (t for t in course.tasks if t.id == expectation(path).task)
    with watched() as seen:
        report = engine.grade(
            [read(path)], replace(course, tasks=(task,)), launcher=launcher, isolation=Isolation(tier=launcher.tier), seed=0, cache=cache
        )
    (result,) = report.submissions[0].tasks
    if not seen:
        raise ValueError(f"{path.name}: nothing was diagnosed, for it {result.standing}. {' '.join(result.notes)}")
    ids = {d.message: d.id for diagnosed, _ in seen for d in diagnosed.diagnoses}
    causes = {value: ids[cause.cause] for diagnosed, _ in seen for value, cause in diagnosed.named.items()}
    known = {m.id for m in task.spec.misconceptions}
    failed = frozenset(c.id.partition(".")[2] for c in result.checks if c.verdict == "failed" and not c.law)
    named = {value: found for value, found in causes.items() if known.issuperset(found.split("+"))}  # of a relation nothing is claimed
    return Found(named, failed, sum(seconds for _, seconds in seen) / max(1, len({name.partition(".")[0] for name in failed})))


def told(naming: Naming, path: Path, expected: Expectation, found: Found) -> str:
    """Return a line about a file that was not named rightly."""
    stated = ", ".join(f"{value}: {misconception}" for value, misconception in expected.named.items())
    said = ", ".join(f"{value}: {misconception}" for value, misconception in found.named.items())
    return f"  {naming}: {path.stem}: {said or 'nothing'} for {stated or 'nothing'}; failed: {', '.join(sorted(found.failed))}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade all of them and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("names", nargs="*", metavar="NAME", help="files whose names begin so; by default all")
    asked = parser.parse_args(arguments)
    paths = [path for path in sorted(FOLDER.glob("*.py")) if path.name.startswith(tuple(asked.names) or "")]
    if not paths:
        parser.error(f"no file of {FOLDER} begins so")
    counts = {True: Counter[Naming](), False: Counter[Naming]()}
    seconds: dict[str, float] = {}
    with open_launcher(Tier.PROCESS) as launcher:
        for path in paths:
            expected, found = expectation(path), examined(path, launcher)
            naming = found.held_against(expected)
            counts[bool(expected.named)][naming] += 1
            seconds[path.stem] = found.seconds
            if naming != Naming.RIGHTLY:
                print(told(naming, path, expected, found))
    known, unknown = counts[True], counts[False]
    share = known[Naming.RIGHTLY] / max(1, known.total())
    slowest = max(seconds, key=lambda name: seconds[name])
    whole = not asked.names  # of a few there are few
    rows = {
        f"misconceived: {known.total()} (goal: at least {LEAST_KNOWN})": known.total() >= LEAST_KNOWN or not whole,
        f"  named rightly: {known[Naming.RIGHTLY]}, {share:.1%} (goal: at least {LEAST_RIGHT:.0%})": share >= LEAST_RIGHT or not known,
        f"  named wrongly: {known[Naming.WRONGLY]} (goal: 0)": not known[Naming.WRONGLY],
        f"wrong in a way that is not known: {unknown.total()} (goal: at least {LEAST_UNKNOWN})": unknown.total() >= LEAST_UNKNOWN
        or not whole,
        f"  named all the same: {unknown[Naming.WRONGLY]} (goal: 0)": not unknown[Naming.WRONGLY],
        f"what a failing part waits for it: median {statistics.median(seconds.values()):.2f} s, at most {seconds[slowest]:.2f} s, for"
        f" {slowest} (goal: at most {MOST_SECONDS} s)": seconds[slowest] <= MOST_SECONDS,
    }
    for row, met in rows.items():
        print(row if met else f"{row} MISSED")
    return 1 if asked.check and not all(rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
