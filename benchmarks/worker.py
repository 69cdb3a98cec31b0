"""What does it cost to have a student's function called in a worker instead of here?

A cold `python -c "import numpy"`, the start of a worker up to its first word, round trips with arrays of 1 KB, 100 KB and 4 MB, and
a function that does nothing called 500 times: one call after the other, and all in one batch, through `Session.run`. One column
for each tier of isolation. Medians of interleaved runs, so that a machine that slows down slows all of them.

    python benchmarks/worker.py [--check] [--runs 15]
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from timeit import repeat, timeit

import numpy as np

from grader.errors import SandboxError
from grader.model import PARTS, Call, Case, Limits
from grader.sandbox.launch import open_launcher
from grader.sandbox.process import Launcher
from grader.sandbox.session import Session, await_ready
from grader.worker.jail import Tier

SOURCE = "def relu_forward(x):\n    return x, None\ndef relu_backward(dout, cache):\n    return dout\n"
REQUEST = {
    "files": {"layers.py": SOURCE},
    "parts": {part: {"path": "layers.py", "name": f"relu_{part}"} for part in PARTS},
    "convention": "cs231n",
    "task": "relu",
}
LIMITS = Limits(load_seconds=20, call_seconds=10, task_seconds=3600)
CALLS = 500
COLD = "python -c 'import numpy'"
SPAWN = "start of a worker"
SINGLY = f"{CALLS} small calls, one by one"
BATCH = "a call in a batch"
SIZES = {"1 KB": 1 << 10, "100 KB": 100 << 10, "4 MB": 4 << 20}


@contextmanager
def launchers() -> Iterator[Mapping[str, Launcher]]:
    """Open a launcher for each tier of isolation that this system has."""
    with ExitStack() as stack:
        found = {}
        for tier in Tier:
            try:
                launcher = stack.enter_context(open_launcher(tier))
                spawn(launcher)
            except SandboxError as error:
                print(f"{tier}: not here, {error}")
            else:
                found[tier.value] = launcher
        yield found


def forward(size: int) -> Call:
    """Return a call of forward alone with an array of so many bytes."""
    return Call(case=Case(number=0, title="", arrays={"x": np.zeros(size // 8)}, options={}, dout=None))


def cold() -> None:
    """Start a Python that imports NumPy, and see it end."""
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def spawn(launcher: Launcher) -> float:
    """Return how long it takes until a new worker says that it is ready; its end is not counted."""
    start = time.perf_counter()
    process = launcher.start(LIMITS.memory_mb)
    await_ready(process)
    taken = time.perf_counter() - start
    process.kill()
    return taken


def measure(launcher: Launcher, session: Session) -> Iterator[tuple[str, float]]:
    """Yield what one run of everything takes, in seconds."""
    small = forward(32)
    yield SPAWN, spawn(launcher)
    for name, size in SIZES.items():
        call = forward(size)
        yield name, statistics.median(repeat(lambda call=call: session.run([call]), number=1, repeat=7))  # type: ignore[misc]
    yield SINGLY, timeit(lambda: session.run([small]), number=CALLS)
    yield BATCH, timeit(lambda: session.run([small] * CALLS), number=1) / CALLS


def main() -> int:
    """Measure, print, and compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    starts: list[float] = []
    with launchers() as opened, ExitStack() as stack:
        sessions = {tier: stack.enter_context(closing(Session(launcher, LIMITS, REQUEST))) for tier, launcher in opened.items()}
        times: dict[str, dict[str, list[float]]] = {tier: {} for tier in opened}
        for session in sessions.values():
            outcomes = session.run([forward(32)] * CALLS)
            assert all(outcome.forward and not outcome.forward.failure for outcome in outcomes)
        for _ in range(arguments.runs):
            starts.append(timeit(cold, number=1))
            for tier, launcher in opened.items():
                for name, taken in measure(launcher, sessions[tier]):
                    times[tier].setdefault(name, []).append(taken)
    median = {tier: {name: statistics.median(values) for name, values in rows.items()} for tier, rows in times.items()}
    start = statistics.median(starts)
    goals = {SPAWN: start / 4, SINGLY: 0.150, BATCH: 30e-6}
    print(f"medians of {arguments.runs} interleaved runs, load {os.getloadavg()[0]:.1f}; in brackets the best run")
    print(f"  {'':<28}" + "".join(f"{tier:>22}" for tier in median) + "   goal")
    print(f"  {COLD:<28}" + f"{_shown(start, min(starts)):>22}" * len(median))
    for name in next(iter(median.values())):
        cells = "".join(f"{_shown(median[tier][name], min(times[tier][name])):>22}" for tier in median)
        title = f"round trip of {name}" if name in SIZES else name
        goal = f"   <= {_time(goals[name])}" if name in goals else ""
        print(f"  {title:<28}{cells}{goal}")
    print(f"  {'calls a second, one by one':<28}" + "".join(f"{CALLS / rows[SINGLY]:>20.0f}  " for rows in median.values()))
    missed = [f"{name} ({tier})" for tier, rows in median.items() for name, goal in goals.items() if rows[name] > goal]
    print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if arguments.check and missed else 0


def _shown(median: float, best: float) -> str:
    return f"{_time(median)} ({_time(best)})"


def _time(value: float) -> str:
    return f"{1e3 * value:.1f} ms" if value >= 1e-3 else f"{1e6 * value:.0f} us"


if __name__ == "__main__":
    sys.exit(main())
