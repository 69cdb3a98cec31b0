"""Right code in many styles, on drawn inputs: nothing may fail, and rounding may use up a quarter of a bound at most."""

import warnings
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.measures.checkers import comparison_b
from benchmarks.measures.inputs import Input
from benchmarks.variants import Right, anywhere
from grader import casebank
from grader.audit.calls import call
from grader.audit.right import ARRAYS, rights
from grader.casebank import Bank
from grader.model import PARTS, Call, Case, Verdict
from grader.numerics.bounds import tolerance
from reference import LayerSpec
from tests.support import judged

SINGLE = ("float32",)  # compute in float32, where B decides little


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


def refused_by_properties(spec: LayerSpec, right: Right, bank: Bank) -> list[str]:
    """Return the checks, laws among them, that a right variant does not pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = judged(spec, right.student, bank)
    return [f"{spec.name}: {right.name}: {name}" for name, result in results.items() if result.verdict is not Verdict.PASSED]


def refused_by_b(spec: LayerSpec, right: Right, bank: Bank) -> list[str]:
    """Return the inputs in float64 at which B does not find a right variant right; none of what has no backward."""
    if spec.backward is None:
        return []
    cases = [c for c in bank.cases if c.dtype == np.float64 and c.dout is not None][1:4]
    found = []
    for case in cases:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not comparison_b(Input(right.name, spec, case, right.student)):
                found.append(f"{spec.name}: {right.name}: {case.title}")
    return found


def measure(seeds: range) -> Table:
    """Check every right variant of every layer on the banks of these seeds; on the first two, by all properties, and by B."""
    worst: dict[str, float] = defaultdict(float)
    checked: dict[str, int] = defaultdict(int)
    wrong = 0
    refused: list[str] = []
    doubted: list[str] = []
    for spec in ARRAYS:
        reading = casebank.readings(spec, {})[0]
        for seed in seeds:
            bank = casebank.draw(spec, (reading,), seed)
            for right in rights(spec, **reading):
                if seed < seeds.start + 2 and right.suits is anywhere:
                    refused += refused_by_properties(spec, right, bank)
                    if right.name not in SINGLE and spec.backward:
                        doubted += refused_by_b(spec, right, bank)
                for share, _ in shares(spec, right, bank):
                    key = f"{spec.name}: {right.name}"
                    worst[key] = max(worst[key], share)
                    checked[key] += 1
                    wrong += not share <= 1
    rows = [(key, checked[key], worst[key]) for key in sorted(worst, key=lambda k: -worst[k])]
    styles = {key.partition(": ")[2] for key in worst}
    goals = [
        Goal("arrays compared", sum(checked.values()), 30_000, at_least=True),
        Goal("right variants, by style", len(styles), 20, at_least=True),
        Goal("right code that fails", wrong, 0),
        Goal("worst error / bound", max(worst.values()), 0.25),
        Goal("checks that right code does not pass, laws among them", len(refused), 0),
        Goal("right code that B does not find right", len(doubted), 0),
    ]
    notes = [f"not passed: {each}" for each in refused] + [f"not right by B: {each}" for each in doubted]
    return Table("False failures", ("right variant", "arrays compared", "worst error / bound"), rows, goals, notes)
