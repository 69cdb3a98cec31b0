"""Wrong code, each with one mistake: which checker finds it, on the same inputs.

Comparison A is asked on the whole bank, in float64 and in float32, as the grader asks it, and on the few inputs on which the others
are asked too: those that cost torch's slow mode seconds instead of minutes. The others compare a backward with its own forward, so
that a mistake of the forward whose backward agrees with it cannot show: there they are not counted. Where B is undecided, it has found
nothing and refused nothing.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.measures import Goal, Table
from benchmarks.measures.checkers import central_difference, comparison_a, cs231n, torch_wrapped, verdict_of_b
from benchmarks.measures.inputs import Input
from benchmarks.variants import Wrong
from benchmarks.variants.wrong import WRONG
from grader import casebank
from grader.answers import answer
from grader.audit.right import reference
from grader.model import Case
from grader.numerics.agreement import Agreement
from reference import LayerSpec, catalogue

INPUTS = 3
COLUMNS = ("wrong code", "A", "A in float32", "A, same inputs", "B", "torch fast", "torch slow", "cs231n rule", "central difference")
CHECKERS: Mapping[str, Callable[[Input], bool]] = {
    "A, same inputs": comparison_a,
    "B": lambda given: verdict_of_b(given) is not Agreement.WRONG,
    "torch fast": lambda given: torch_wrapped(given, fast=True),
    "torch slow": lambda given: torch_wrapped(given, fast=False),
    "cs231n rule": cs231n,
    "central difference": central_difference,
}


COMPARED = tuple(wrong for wrong in WRONG if catalogue()[wrong.layer].backward)  # the checkers are of gradients


def accepts(check: Callable[[Input], bool], given: Input) -> bool:
    """Whether a checker finds nothing; code that raises is found by every checker."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return check(given)
        except (ValueError, IndexError, TypeError, RuntimeError, ArithmeticError):
            return False


def bank(spec: LayerSpec, seeds: Sequence[int]) -> list[Case]:
    """Return the cases of several banks that the first reading answers and that have something to send back, or are of forward alone."""
    reading = casebank.readings(spec, {})[0]
    drawn = [case for seed in seeds for case in casebank.draw(spec, (reading,), seed).cases]
    asked = [case for case in drawn if case.dout is not None or spec.forward_only(case.options)]
    return [case for case in asked if not answer(spec, case, reading).refusal]


def single(case: Case) -> Case:
    """Return a case in float32."""
    arrays = {name: a.astype(np.float32) if a.dtype.kind == "f" else a for name, a in case.arrays.items()}
    return replace(case, arrays=arrays, dout=None if case.dout is None else case.dout.astype(np.float32))


def found(wrong: Wrong, cases: Sequence[Case], check: Callable[[Input], bool]) -> bool:
    """Whether a checker finds the mistake in one of the cases."""
    spec = catalogue()[wrong.layer]
    return not all(accepts(check, Input(wrong.name, spec, case, wrong.student)) for case in cases)


def chosen(cases: Sequence[Case]) -> list[Case]:
    """Return the inputs that all checkers share: in float64, of middling size, each with as many new values of options as can be."""
    doubles = sorted((case for case in cases if case.dtype == np.float64 and case.dout is not None), key=lambda case: case.size)
    left = doubles[len(doubles) // 3 :]
    seen: set[tuple[str, Any]] = set()
    picked: list[Case] = []
    while left and len(picked) < INPUTS:
        best = max(left, key=lambda case: len(set(case.options.items()) - seen))
        seen |= set(best.options.items())
        picked.append(best)
        left = [case for case in left if case is not best]
    return picked


def measure(seeds: Sequence[int]) -> Table:
    """Ask all checkers about all wrong variants, and about the reference itself."""
    rows = []
    shown = {"A": 0, "A in float32": 0}
    asked = {"A": 0, "A in float32": 0}
    others = dict.fromkeys(CHECKERS, 0)
    comparable = 0
    refused = dict.fromkeys(CHECKERS, 0)
    undecided = 0
    cases = {name: bank(catalogue()[name], seeds) for name in sorted({wrong.layer for wrong in COMPARED})}
    for name, own in cases.items():
        spec = catalogue()[name]
        if spec.backward is None:
            continue
        student = reference(spec, **casebank.readings(spec, {})[0])
        right = [Input(name, spec, case, student) for case in chosen(own)]
        for checker, check in CHECKERS.items():
            refused[checker] += sum(not accepts(check, given) for given in right)
        undecided += sum(verdict_of_b(given) is Agreement.UNDECIDED for given in right)
    for wrong in COMPARED:
        own = cases[wrong.layer]
        doubles = [case for case in own if case.dtype == np.float64]
        a = found(wrong, doubles, comparison_a)
        a32 = found(wrong, [single(case) for case in doubles], comparison_a) if wrong.single else None
        same = chosen(own)
        asks = wrong.student.backward is not None
        said = {checker: found(wrong, same, check) if asks else None for checker, check in CHECKERS.items()}
        asked["A"] += 1
        shown["A"] += a
        asked["A in float32"] += wrong.single
        shown["A in float32"] += bool(a32)
        if not wrong.in_forward:
            comparable += 1
            others = {checker: others[checker] + bool(said[checker]) for checker in CHECKERS}
        marks = [mark(a), "–" if a32 is None else mark(a32), *("–" if value is None else mark(value) for value in said.values())]
        rows.append((f"{wrong.layer}: {wrong.name}{' (forward)' if wrong.in_forward else ''}", *marks))
    rows.append(
        ("found, all", f"{shown['A']} of {asked['A']}", f"{shown['A in float32']} of {asked['A in float32']}", *[""] * len(CHECKERS))
    )
    rows.append(("found, of wrong backwards", "", "", *(f"{n} of {comparable}" for n in others.values())))
    rows.append(("refused of right code", "", "", *(f"{n} of {INPUTS * len(cases)}" for n in refused.values())))
    rows.append(("undecided of right code", "", "", "", str(undecided), *[""] * (len(CHECKERS) - 2)))
    goals = [
        Goal("wrong variants", len(COMPARED), 60, at_least=True),
        Goal("found by A in float64, %", 100 * shown["A"] / asked["A"], 100, at_least=True),
        Goal("found by A in float32, %", 100 * shown["A in float32"] / asked["A in float32"], 99, at_least=True),
        Goal("right code refused by A", refused["A, same inputs"], 0),
        Goal("right code refused by B", refused["B"], 0),
    ]
    return Table("Detection", COLUMNS, rows, goals)


def mark(is_found: bool) -> str:
    """Return how a cell reads."""
    return "yes" if is_found else "no"
