"""How long does `grader check --watch` take from a save to the verdict, for one task?

A convolution with a naive loop is saved right and wrong in turn, as an editor does it; what is timed ends when the line with the points
has come out of the command. Some rounds are run before, so that what is done once is done.

    python benchmarks/watch.py [--check] [--runs 20]
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.commands.options import INTERRUPTED

SUBMISSION = Path(__file__).parent.parent / "submissions" / "cs231n-loops-right" / "layers.py"
TASK = "conv2d"
RIGHT, WRONG = "db[f] += d\n", "db[f] += 2 * d\n"
GOAL = 0.5
WARM_UP = 4
PAUSE = 0.3  # seconds between two saves: nobody saves while the last verdict is on its way


def points(watch: "subprocess.Popen[str]") -> str:
    """Return the next line with the points, as soon as it is there; what follows it is read, too."""
    assert watch.stdout
    for line in watch.stdout:
        if line.endswith(" points\n"):
            return line.strip()
    raise RuntimeError("the command ended")


def rounds(file: Path, count: int) -> tuple[list[float], list[float]]:
    """Return the seconds from save to verdict, of right and of wrong versions."""
    source = file.read_text(encoding="utf-8")
    if RIGHT not in source:
        raise ValueError(f"{SUBMISSION} has nothing like {RIGHT!r}")
    command = [sys.executable, "-m", "grader", "check", str(file), "--task", TASK, "--watch"]
    took: tuple[list[float], list[float]] = ([], [])
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as watch:
        points(watch)
        for number in range(WARM_UP + count):
            time.sleep(PAUSE)
            wrong = number % 2 == 0
            start = time.perf_counter()
            file.write_text(f"{source.replace(RIGHT, WRONG) if wrong else source}\n# {number}\n", encoding="utf-8")
            verdict = points(watch)
            if verdict.startswith("20 of 20") is wrong:
                raise RuntimeError(f"a {'wrong' if wrong else 'right'} version earned {verdict}")
            if number >= WARM_UP:
                took[wrong].append(time.perf_counter() - start)
        watch.send_signal(signal.SIGINT)
    if watch.returncode != INTERRUPTED:
        raise subprocess.CalledProcessError(watch.returncode, command)
    return took


def main() -> int:
    """Measure, print, and compare with the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where the goal is missed")
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which the command inherits: a shell may have it ignored in the background
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "layers.py"
        file.write_text(SUBMISSION.read_text(encoding="utf-8"), encoding="utf-8")
        measured = rounds(file, arguments.runs)
    print(f"{TASK}, from save to verdict in ms, median (min - max) of {arguments.runs} saves; goal < {1e3 * GOAL:.0f}")
    for version, times in zip(("right", "wrong, with its cause"), measured, strict=True):
        print(f"  {version:<24}{1e3 * statistics.median(times):5.0f} ({1e3 * min(times):.0f} - {1e3 * max(times):.0f})")
    missed = any(statistics.median(times) >= GOAL for times in measured)
    print("goal missed" if missed else "goal met")
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
