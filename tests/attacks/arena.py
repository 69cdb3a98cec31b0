"""A grader to attack, in a process of its own: `python -m tests.attacks.arena TIER` grades each attack named on standard input.

It answers with JSON lines. Everything that watches - signals, limits, children - watches this process; so it is not the one that
runs the tests, and it can be another user's. An attack that could do what it must not says "ESCAPED: ..." besides.
"""

import ctypes
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader import assignment
from grader.engine import grade
from grader.errors import SandboxError
from grader.intake import read
from grader.model import Isolation
from grader.report.files import USUAL
from grader.report.formats import Options, load
from grader.report.results import render, to_results
from grader.sandbox.isolation import self_test
from grader.sandbox.launch import open_launcher
from grader.sandbox.process import Exit, Launcher, Process
from grader.worker.jail import Tier
from tests.attacks.bait import HONEST, Bait

HERE = Path(__file__).parent
PR_SET_CHILD_SUBREAPER = 36
PATIENCE_SECONDS = 5.0  # for one attack: two deadlines, new workers, and a slow machine
GROWTH_MB = 300  # what one submission may cost the grader at a time
# How a report begins to say that a function gave no values; what it says of values that it got is none of these.
NO_VALUES = (
    "raised",
    "called",
    "was stopped",
    "did not return",
    "were stopped",
    "ended the Python",
    "kept asking",
    "was not called",
    "took longer",
    "could not be called",
)


class Watched:
    """A launcher whose workers can be asked for all that they printed."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher, self.tier = launcher, launcher.tier
        self.processes: list[Process] = []

    def start(self, memory_mb: int) -> Process:
        self.processes.append(self.launcher.start(memory_mb))
        return self.processes[-1]

    def end(self, pid: int) -> Exit:
        return self.launcher.end(pid)

    def close(self) -> None:
        self.launcher.close()

    @property
    def zygote(self) -> int:
        pid: int = self.launcher._current._zygote.pid  # type: ignore[attr-defined]
        return pid

    @property
    def folder(self) -> Path:
        return Path(self.launcher._current._home)  # type: ignore[attr-defined]


class Arena:
    """Grades an attack before an honest neighbour, and in a jail beside another, and says what became of both and of everything around them."""

    def __init__(self, launcher: Launcher, folder: Path) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # nothing that a worker leaves behind can get out of sight
        self.launcher = Watched(launcher)
        # Beside each other only where a jail keeps them apart: elsewhere one may end the other's process, which nobody promised.
        self.jobs = 1 if launcher.tier is Tier.PROCESS else 2
        self.assignment = assignment.load(HERE / "tasks.yaml")
        self.cache = folder / "banks"
        honest = folder / "honest.py"
        honest.write_text(HONEST.format(secret=""))
        self.honest = read(honest)
        self._grade([self.honest])  # the bank is made, and everything is loaded, before anything is measured
        self.bait = Bait(jailed=launcher.tier is not Tier.PROCESS)

    def _grade(self, bundles: list[Any]) -> dict[str, Any]:
        isolation = Isolation(tier=self.launcher.tier)
        report = grade(bundles, self.assignment, launcher=self.launcher, isolation=isolation, seed=0, jobs=self.jobs, cache=self.cache)
        return to_results(report)

    def fight(self, name: str) -> dict[str, Any]:
        """Grade one attack and say everything about it."""
        bundle = read(HERE / "submissions" / name)
        attack = replace(bundle, files={path: self.bait.fill_in(text) for path, text in bundle.files.items()})
        if not _alive(self.launcher.zygote):
            self._grade([self.honest])  # the attack before this one ended it, which was said then; now there is a new one
        zygote, start = self.launcher.zygote, time.monotonic()
        Path("/proc/self/clear_refs").write_text("5")  # from here on the peak is this attack's
        before = _memory_mb("VmRSS")
        results = self._grade([attack, *[self.honest] * self.jobs])
        seconds, grown = time.monotonic() - start, _memory_mb("VmHWM") - before
        attacked, *neighbours = results["submissions"]
        verdict, said = judged(attacked)
        found = self._leaks(results) + self.bait.taken() + self._left()
        if self.launcher.zygote != zygote:
            found.append("the process that starts the workers was ended")
        found += [f"the neighbour has {neighbour['score']} points" for neighbour in neighbours if neighbour["score"] != 10]
        if seconds > PATIENCE_SECONDS:
            found.append("it took too long")
        if grown > GROWTH_MB:
            found.append(f"it filled {grown} MB of the grader's memory")
        return {"attack": name, "verdict": verdict, "said": said, "violations": found, "seconds": round(seconds, 2), "grown_mb": grown}

    def _leaks(self, results: dict[str, Any]) -> list[str]:
        texts = {"results.json": render(results)}
        for name in USUAL:
            texts |= {path: "".join(text) for path, text in load(name).files(results, Options(language="ko"))}
        printed = "".join(process.output for process in self.launcher.processes)
        self.launcher.processes.clear()
        leaks = [f"the secret is in {file}" for file, text in texts.items() if self.bait.secret_in(text)]
        escaped = sorted(set(re.findall(r"ESCAPED[-:/\w ]{0,60}", json.dumps(results["submissions"][0]) + printed)))
        return [*leaks, *["the secret was printed"] * self.bait.secret_in(printed), *escaped]

    def _left(self) -> list[str]:
        """What the workers left behind; it is removed."""
        found = []
        for pid in sorted(_descendants(os.getpid()) - {self.launcher.zygote}):
            found.append("a process was left behind")
            os.kill(pid, signal.SIGKILL)
        _reap(keep=self.launcher.zygote)
        if left := [path.name for path in self.launcher.folder.iterdir()]:
            found.append(f"{len(left)} folders of workers were left behind")
        if not _alive(self.launcher.zygote):
            found.append("the process that starts the workers is gone")
        return sorted(set(found))


def judged(submission: dict[str, Any]) -> tuple[str, str]:
    """Return OK (full marks), PART (some), WRONG (values, and none right), ERR (no values, and why), OURS (the grader is to blame)."""
    checks = [check for task in submission["tasks"] for check in task["checks"]]
    if submission["status"] == "errored" or any(check["status"] == "errored" for check in checks):
        return "OURS", next((c["reason"] for c in checks if c["status"] == "errored"), "")
    if submission["score"] == submission["max_score"] == 10:
        return "OK", ""
    findings = [finding["what"] for check in checks for finding in check["findings"]]
    notes = [*submission["notes"], *(note for task in submission["tasks"] for note in task["notes"])]
    said = next(iter(findings or notes), "")
    if submission["score"]:
        return "PART", said
    of_no_values = said.startswith("The file could not be run") or any(said.removeprefix("forward ").startswith(w) for w in NO_VALUES)
    return "ERR" if not findings or of_no_values else "WRONG", said


def _memory_mb(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) >> 10


def _descendants(root: int) -> set[int]:
    parents = dict(_parents())
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for pid in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        if (parent := _parent(pid)) is not None:
            yield pid, parent


def _parent(pid: int) -> int | None:
    """Return the parent of a process; None where it has ended."""
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in "ZX" else int(parent)


def _alive(pid: int) -> bool:
    return _parent(pid) is not None


def _reap(keep: int) -> None:
    """Collect what became a child of this process, but not the zygote, for whom its launcher asks."""
    for pid in [pid for pid, parent in _children() if parent == os.getpid() and pid != keep]:
        os.waitpid(pid, 0)


def _children() -> Iterator[tuple[int, int]]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    yield from ((int(pid), os.getpid()) for pid in listed)


@contextmanager
def arena(tier: Tier) -> Iterator[Arena]:
    """Open an arena. Raises SandboxError where this system has no such tier."""
    with tempfile.TemporaryDirectory(prefix="arena-") as folder, open_launcher(tier) as launcher:
        self_test(launcher)
        made = Arena(launcher, Path(folder))
        with closing(made.bait):
            yield made


def main(tier: Tier) -> None:
    """Serve until standard input ends."""
    try:
        with arena(tier) as made:
            print(json.dumps({"user": os.geteuid()}), flush=True)  # noqa: T201 - this is the answer
            for line in sys.stdin:
                print(json.dumps(made.fight(line.strip())), flush=True)  # noqa: T201
    except SandboxError as error:
        print(json.dumps({"unavailable": str(error)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Tier(sys.argv[1]))
