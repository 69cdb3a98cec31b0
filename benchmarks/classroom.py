"""What does it cost to grade a class, and how much of that is the grader's?

Grades the students of `benchmarks/students.py` with `grader grade`, as anybody would, then again with nothing changed; with
--weeks also as many of its heavier mix, whose figures stand beside without a goal; with --thousand also a thousand, which shall take as
much longer as they are more.

The students' CPU is that of their workers. A zygote reaps every worker that it forked, and what these forked, and nothing else; so it
is what the kernel has added up as the CPU of its children, looked at twice a second. All the rest is the grader's own: wall time
times cores, less that. It holds what the cores wait, so whatever else runs on the machine counts against the grader; the CPU that its
processes had is shown beside.

    python benchmarks/classroom.py [--check] [--students 300] [--weeks] [--thousand]
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.measures import Goal, Table
from benchmarks.students import hand_in

ROOT = Path(__file__).parent.parent
CORES = len(os.sched_getaffinity(0))
EVERY_SECONDS = 0.5  # a look costs some 8 ms of a core
ROLES = ("students", "grading", "zygotes", "notebooks", "parent")
COLUMNS = (
    "run",
    "wall s",
    "submissions/s",
    "students' CPU s",
    "own s",
    "own share",
    "of CPU alone",
    *(f"{role} CPU s" for role in ROLES[1:]),
    "parent MB",
)


@dataclass(slots=True)
class Run:
    """One run of a command: the seconds it took, CPU seconds of its processes by what they do, and the most memory of the first, in MB."""

    wall: float = 0.0
    cpu: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ROLES, 0.0))
    parent_mb: float = 0.0

    @property
    def own(self) -> float:
        """Seconds of all cores that student code did not have."""
        return self.wall * CORES - self.cpu["students"]

    @property
    def share(self) -> float:
        """The part of all seconds that is the grader's own."""
        return self.own / (self.wall * CORES)

    def row(self, name: str, count: int) -> tuple[str | float, ...]:
        """Return what is printed of it."""
        own = [self.cpu[role] for role in ROLES[1:]]
        busy = sum(own) / sum(self.cpu.values())
        return (name, self.wall, count / self.wall, self.cpu["students"], self.own, self.share, busy, *own, self.parent_mb)


def watched(command: list[str]) -> Run:
    """Run a command, which must end well, and look at its processes meanwhile."""
    latest: dict[tuple[int, str], float] = {}
    peak, start = 0.0, time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as child:
        parent = psutil.Process(child.pid)
        while child.poll() is None:
            latest |= _cpu(parent)
            peak = max(peak, _memory_mb(parent))
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(EVERY_SECONDS)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    run = Run(time.perf_counter() - start, parent_mb=peak)
    for (_, role), seconds in latest.items():
        run.cpu[role] += seconds
    return run


def _cpu(parent: psutil.Process) -> dict[tuple[int, str], float]:
    """Return the CPU seconds that each process had until now, and each zygote's children, but for workers, which are those children."""
    found: dict[tuple[int, str], float] = {}
    inner = [parent]
    for process in inner:  # grows
        try:
            role, times = _role(process, parent), process.cpu_times()
            inner += [] if role == "zygotes" else process.children()
        except psutil.Error:
            continue  # it ended while we looked
        found[process.pid, role] = times.user + times.system
        if role == "zygotes":
            found[process.pid, "students"] = times.children_user + times.children_system
    return found


def _role(process: psutil.Process, parent: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    if process == parent:
        return "parent"
    return "zygotes" if "worker/main.py" in words else "notebooks" if "converter.py" in words else "grading"


def _memory_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 2**20
    except psutil.Error:
        return 0.0


def graded(folder: Path, students: int, mix: str = "samples") -> tuple[Run, Run]:
    """Grade so many students of a mix, and again; return both runs."""
    hand_in(folder / "class", students, mix)
    command = [sys.executable, "-m", "grader", "grade", str(folder / "class"), "--out", str(folder / "out"), "--seed", "1"]
    runs = watched(command), watched(command)
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    if len(results) != students or any(check["status"] == "errored" for one in results for t in one["tasks"] for check in t["checks"]):
        raise RuntimeError("a submission is missing, or the grader failed over it")
    return runs


def main() -> int:
    """Grade the classes, print the figures beside the goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--weeks", action="store_true", help="grade as many of the heavier mix, too")
    parser.add_argument("--thousand", action="store_true", help="grade 1,000 students too")
    arguments = parser.parse_args()
    number = arguments.students
    with tempfile.TemporaryDirectory() as folder:
        first, again = graded(Path(folder) / "class", number)
        weeks = graded(Path(folder) / "weeks", number, "weeks")[0] if arguments.weeks else None
        larger = graded(Path(folder) / "thousand", 1000)[0] if arguments.thousand else None
    rows = [first.row(f"{number} students", number), again.row("again", number)]
    goals = [
        Goal("submissions a second", number / first.wall, 4, at_least=True),
        Goal("the grader's own share of the time", first.share, 0.4),
        Goal("memory of the parent, MB", first.parent_mb, 400),
        Goal("seconds of a second run", again.wall, 3),
    ]
    if weeks:
        rows.append(weeks.row(f"{number} students, weeks", number))
    if larger:
        times, more = larger.wall / first.wall, round(1000 / number, 1)
        rows.append(larger.row("1000 students", 1000))
        goals += [
            Goal(f"time of 1,000 in that of {number}, off {more}", abs(times - more), 0.4),
            Goal("memory of the parent over 1,000, MB", larger.parent_mb, 400),
            Goal("and in that of the smaller class", larger.parent_mb / first.parent_mb, 1.1),
        ]
    load = f"{CORES} cores, load of the machine {os.getloadavg()[0]:.1f}, which is of this run alone where it is not above {CORES + 1}."
    print(Table("A whole class", COLUMNS, rows, goals, [load]))
    return 1 if arguments.check and not all(goal.met for goal in goals) else 0


if __name__ == "__main__":
    sys.exit(main())
