"""How long does the command line take before it does anything?

What everybody waits for: `--help`, of the whole and of a command, the version, and a wrong option. Medians; the first run, which
compiles, is left out.

    python benchmarks/start_up.py [--check] [--runs 9]
"""

import argparse
import statistics
import subprocess
import sys
import time

GOAL = 0.3
COMMANDS = (["--help"], ["--version"], ["check", "--help"], ["check", "--no-such-option"])


def seconds(arguments: list[str]) -> float:
    """Run the command line and return the wall time."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "grader", *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print, and compare with the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where the goal is missed")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    slow = 0
    for command in COMMANDS:
        seconds(command)
        median = statistics.median(seconds(command) for _ in range(arguments.runs))
        slow += median > GOAL
        print(f"grader {' '.join(command):24} {1000 * median:4.0f} ms (goal: at most {1000 * GOAL:.0f})")
    return 1 if arguments.check and slow else 0


if __name__ == "__main__":
    sys.exit(main())
