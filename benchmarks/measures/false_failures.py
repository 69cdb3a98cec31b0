"""Right code in many styles, on drawn inputs: nothing may fail, and rounding may use up a quarter of a bound at most."""

import warnings
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.variants import Right
from benchmarks.variants.right import ARRAYS, rights
from grader import casebank
from grader.casebank import Bank
from grader.model import PARTS, Call, Case
from grader.numerics.bounds import tolerance
from reference import LayerSpec
from tests.support import call


def shares(spec: LayerSpec, right: Right, bank: Bank) -> Iterator[tuple[float, Case]]:
    """Yield how much of its bound the worst element of every array uses up, for every input that suits the variant."""
    for case, answer in zip(bank.cases, bank.answers[0], strict=True):
        if answer.refusal or not right.suits({**case.arrays, **case.options}):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # exp overflows to infinity on purpose
            outcome = call(spec, right.student, Call(case=case))
        for stage in (outcome.stage(part) for part in PARTS):
            for name, got in stage.values.items() if stage else ():
                expected = answer.values[name]
                error = np.abs(got.astype(np.float64) - expected.value)
                yield float(np.max(error / tolerance(case, expected, got), initial=0)), case


def measure(seeds: range) -> Table:
    """Check every right variant of every layer on the banks of these seeds."""
    worst: dict[str, float] = defaultdict(float)
    checked: dict[str, int] = defaultdict(int)
    wrong = 0
    for spec in ARRAYS:
        reading = casebank.readings(spec, {})[0]
        for seed in seeds:
            bank = casebank.draw(spec, (reading,), seed)
            for right in rights(spec, **reading):
                for share, _ in shares(spec, right, bank):
                    key = f"{spec.name}: {right.name}"
                    worst[key] = max(worst[key], share)
                    checked[key] += 1
                    wrong += not share <= 1
    rows = [(key, checked[key], worst[key]) for key in sorted(worst, key=lambda k: -worst[k])]
    styles = {key.partition(": ")[2] for key in worst}
    goals = [
        Goal("checks", sum(checked.values()), 30_000, at_least=True),
        Goal("right variants, by style", len(styles), 20, at_least=True),
        Goal("right code that fails", wrong, 0),
        Goal("worst error / bound", max(worst.values()), 0.25),
    ]
    return Table("False failures", ("right variant", "checks", "worst error / bound"), rows, goals)
