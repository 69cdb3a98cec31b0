"""What does each dependency cost whoever imports it?

Seconds and megabytes that an interpreter takes more than an empty one, the median of several; what two have in common counts for both.

    python benchmarks/dependencies.py [--runs 5]
"""

import argparse
import re
import statistics
import subprocess
import sys
import time
import tomllib
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORTED_AS = {"pyyaml": "yaml"}
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def names() -> list[str]:
    """Return what the project depends on, and what its extras add at run time, by the names of their modules."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    said = [*project["dependencies"], *extras["cluster"], *extras["torch"]]
    packages = [re.split(r"[<>=;\[ ]", one, maxsplit=1)[0].lower() for one in said]
    return [IMPORTED_AS.get(name, name) for name in packages]


def cost(statement: str, runs: int) -> tuple[float, float]:
    """Return the wall time in seconds and the peak memory in MB of an interpreter that runs a statement."""
    seconds, megabytes = [], []
    for _ in range(runs):
        start = time.perf_counter()
        ran = subprocess.run([sys.executable, "-c", f"{statement}; {PEAK}"], check=True, capture_output=True, text=True)
        seconds.append(time.perf_counter() - start)
        megabytes.append(int(ran.stdout) / 1024)
    return statistics.median(seconds), statistics.median(megabytes)


def main() -> None:
    """Measure all, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    empty_s, empty_mb = cost("pass", runs)
    print("| import | ms | MB |\n|---|---|---|")
    for name in names():
        if find_spec(name):
            s, mb = cost(f"import {name}", runs)
            print(f"| `{name}` | {1000 * (s - empty_s):.0f} | {mb - empty_mb:.0f} |", flush=True)


if __name__ == "__main__":
    main()
