"""What a check costs, vectorised student code, median of several runs in one thread."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.measures import Goal, Table
from benchmarks.measures.checkers import comparison_a, comparison_b, numeric_gradients, torch_native, torch_wrapped
from benchmarks.measures.inputs import Input, five

COLUMNS = ("case", "n", "A", "B x3", "torch fast", "torch fast on NumPy", "torch slow", "cs231n", "A/fast", "B/fast", "B/slow", "cs231n/A")


ROUNDS = 5


def milliseconds(function: Callable[[], Any], seconds: float = 0.1) -> float:
    """Return the median time of a call, of as many calls as fit into `seconds`, up to 101."""
    times: list[float] = []
    while not times or (sum(times) < seconds and len(times) < 101):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def checks(given: Input) -> Mapping[str, Callable[[], Any]]:
    """Return the checkers as functions without arguments."""
    return {
        "A": lambda: comparison_a(given),
        "B x3": lambda: comparison_b(given),
        "torch fast": torch_native(given, fast=True),
        "torch fast on NumPy": lambda: torch_wrapped(given, fast=True),
        "torch slow": torch_native(given, fast=False),
        "cs231n": lambda: numeric_gradients(given),
    }


def measure() -> Table:
    """Time all checkers on the five inputs, in turns; each must find the code right."""
    rows, goals = [], []
    for given in five(seed=0):
        rounds: dict[str, list[float]] = {}
        for name, check in checks(given).items():
            if name != "cs231n" and not check():
                raise RuntimeError(f"{name} refuses right code: {given.name}")
            rounds[name] = []
        # In turns, so that a machine that is slow for a while is slow for all of them.
        for _ in range(ROUNDS):
            for name, check in checks(given).items():
                rounds[name].append(milliseconds(check))
        timed = {name: statistics.median(times) for name, times in rounds.items()}
        a, b, fast, slow = (timed[name] for name in ("A", "B x3", "torch fast", "torch slow"))
        rows.append((given.name, given.elements, *timed.values(), a / fast, b / fast, b / slow, timed["cs231n"] / a))
        goals += [
            Goal(f"A / torch fast, {given.name}", a / fast, 0.5),
            Goal(f"cs231n vectorised / A, {given.name}", timed["cs231n"] / a, 80, at_least=True),
            Goal(f"B / torch fast, {given.name}", b / fast, 10),
            Goal(f"B / torch slow, {given.name}", b / slow, 1 / 8),
        ]
    return Table("Cost, ms", COLUMNS, rows, goals)
