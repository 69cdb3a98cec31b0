"""Can the gradient checker be trusted with a grade? Cost, false failures, detection, accuracy, growth, each beside its goal.

    python benchmarks/gradcheck.py [--check] [--json FILE] [--only cost detection ...]

One process, one thread of BLAS. `--check` exits with 1 where a goal is missed.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.measures import Table, accuracy, cost, credit, detection, false_failures, growth  # noqa: E402

MEASURES: Mapping[str, Callable[[], Table]] = {
    "cost": cost.measure,
    "false_failures": lambda: false_failures.measure(range(20)),
    "detection": lambda: detection.measure((0, 1, 2)),
    "credit": lambda: credit.measure(0),
    "accuracy": lambda: accuracy.measure(10_000),
    "growth": growth.measure,
}


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    parser.add_argument("--json", type=Path, default=Path("gradcheck.json"), help="where the figures are written (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES), help="which tables")
    given = parser.parse_args()
    tables = {}
    for name in given.only:
        tables[name] = MEASURES[name]()
        print(tables[name], flush=True)
    given.json.write_text(json.dumps({name: table.document() for name, table in tables.items()}, indent=1) + "\n", encoding="utf-8")
    missed = [goal for table in tables.values() for goal in table.goals if not goal.met]
    print(f"\n{len(missed)} goals missed" if missed else "\nall goals met", *map(str, missed), sep="\n")
    return 1 if missed and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
