"""How long does `grader check` take on a complete right submission, from the shell to the last line?

The goals are about an assignment of one course week, thirteen tasks; the whole bundled course is timed beside it.

Beside it, in the same run: `python -c "import numpy"`, and pytest with one Hypothesis test of 100 examples of a ReLU, the least
that a grader built on them could cost. Other plugins of pytest are left out. Medians of interleaved runs, so that a machine that slows down slows all of them.

    python benchmarks/cold_start.py [--check] [--runs 9]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

SUBMISSION = Path(__file__).parent.parent / "submissions" / "cs231n-loops-right"
GRADER = [sys.executable, "-m", "grader", "check", str(SUBMISSION)]
COURSE = Path(__file__).parent.parent / "tasks.yaml"
WEEK = (
    *("affine", "relu", "sigmoid", "softmax_loss", "svm_loss", "conv2d", "max_pool2d", "avg_pool2d", "im2col"),
    *("two_layer_net", "three_layer_net", "output_size", "parameter_count"),
)
PROPERTY_TEST = """
import numpy as np
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

@settings(max_examples=100, database=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=5), elements={"allow_nan": False}))
def test_relu(x):
    out = np.maximum(x, 0)
    assert (out >= 0).all() and (out[x > 0] == x[x > 0]).all()
"""


def seconds(command: Sequence[str], environment: Mapping[str, str], folder: Path, *, status: int = 0) -> float:
    """Run a command to its end, which must have this status, and return the wall time."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.perf_counter() - start
    if done.returncode != status:
        raise subprocess.CalledProcessError(done.returncode, command)
    return took


def week(folder: Path) -> list[str]:
    """Write the assignment of a week; return the options that name it."""
    course = yaml.safe_load(COURSE.read_text(encoding="utf-8"))
    course["tasks"] = [task for task in course["tasks"] if task["id"] in WEEK]
    (folder / "week.yaml").write_text(yaml.safe_dump(course), encoding="utf-8")
    return ["--tasks", str(folder / "week.yaml")]


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for member in found:
        found += parents.get(member, [])
    return found


def peak_megabytes(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> float:
    """Return the largest sum over the command's processes of the memory each has of its own (shared pages divided), sampled."""
    peak = 0.0
    with subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        done = threading.Event()

        def wait() -> None:
            child.wait()
            done.set()

        threading.Thread(target=wait, daemon=True).start()
        while not done.wait(0.005):
            total = 0
            for member in family(child.pid):
                try:
                    rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
                except OSError:
                    continue
                total += next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
            peak = max(peak, total / 1024)
    return peak


def main() -> int:
    """Measure, print, and compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_property.py").write_text(PROPERTY_TEST)
        (folder / "pytest.ini").write_text("[pytest]\n")
        warm = {**os.environ, "XDG_CACHE_HOME": str(folder / "warm")}
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "test_property.py"]
        times: dict[str, list[float]] = {
            "import numpy": [],
            "pytest, 100 examples": [],
            "grader check, warm bank": [],
            "grader check, no bank": [],
            "the whole course, warm bank": [],
        }
        checked = [*GRADER, *week(folder)]
        whole = [*GRADER, "--tasks", str(COURSE)]
        seconds(checked, warm, folder)
        seconds(whole, warm, folder, status=1)  # no convention spells all tasks of the course, so some are missing
        for run in range(arguments.runs):
            cold = {**os.environ, "XDG_CACHE_HOME": str(folder / f"cold{run}")}
            times["import numpy"].append(seconds([sys.executable, "-c", "import numpy"], warm, folder))
            times["pytest, 100 examples"].append(seconds(pytest, {**warm, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, folder))
            times["grader check, warm bank"].append(seconds(checked, warm, folder))
            times["grader check, no bank"].append(seconds(checked, cold, folder))
            times["the whole course, warm bank"].append(seconds(whole, warm, folder, status=1))
        memory = peak_megabytes(checked, {**os.environ, "XDG_CACHE_HOME": str(folder / "memory")}, folder)
    median = {name: statistics.median(values) for name, values in times.items()}
    base = median["pytest, 100 examples"]
    goals = {"grader check, warm bank": 1.0, "grader check, no bank": 3.0}
    print(f"wall time in ms, median (min - max) of {arguments.runs} interleaved runs")
    for name, values in times.items():
        goal = f"   {median[name] / base:.2f} x pytest, goal <= {goals[name]:.1f}" if name in goals else ""
        print(f"  {name:<28}{1e3 * median[name]:6.0f} ({1e3 * min(values):.0f} - {1e3 * max(values):.0f}){goal}")
    print(f"  peak memory of all processes, no bank: {memory:.0f} MB, goal < 300")
    missed = [name for name, goal in goals.items() if median[name] > goal * base] + ["memory"] * (memory >= 300)
    print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
