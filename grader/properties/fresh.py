"""Backward belongs to its own forward: another forward in between does not change it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader import messages
from grader.model import Array, Call, Case, Finding
from grader.properties.property import Asked, Blocked, Check, Evidence, Judgement, Kind, mismatch_finding, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 90

CASES = (0, 2)  # two inputs suffice: nothing here depends on their sizes


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check, a fifth of the backward points."""
    if not spec.backward:
        return []
    needs = tuple(f"backward.{name}" for name in spec.gradients)
    return [Check(name="fresh", title=messages.TITLE_FRESH, part="backward", weight=30, needs=needs)]


def plan(spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """The plain call of the first cases, and the same with a forward of other values and twice as many samples in between."""
    chosen = [case for case in cases if case.number in CASES and base(case).dout is not None]
    return [Asked(case, [base(case), Call(case=case, between=others(spec, case.arrays))]) for case in chosen]


def others(spec: LayerSpec, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
    """Return arrays of other values and a batch of twice the size; labels, and the masks of dropout, come in another order.

    Where a cache is nothing but shapes, no change of values shows that it is a stale one.
    """
    samples = {a.name for a in spec.given(arrays) if a.axes.split()[:1] == ["N"]}
    changed = {name: 1 - a if a.dtype.kind == "f" else np.flip(a) for name, a in arrays.items()}
    return {name: np.concatenate((a, a)) if name in samples else a for name, a in changed.items()}


def judge(evidence: Evidence) -> Judgement:
    """Judge the interrupted backward, where the plain one was right."""
    if evidence.answer.refusal:
        return {}
    plain, interrupted = (o.backward for o in evidence.outcomes)
    if plain is None:
        return {"backward.fresh": Blocked(messages.NEEDS_FORWARD)}
    for name, expected in evidence.expected("backward").items():
        got = usable(plain, name, expected)
        if got is None or mismatch_finding(evidence.case, name, got, expected):
            return {"backward.fresh": Blocked(messages.blocked("backward"))}
        again = usable(interrupted, name, expected)
        if again is None:
            return {"backward.fresh": Finding(what=messages.FRESH)}
        if finding := mismatch_finding(evidence.case, name, again, expected, messages.FRESH):
            return {"backward.fresh": finding}
    return {"backward.fresh": None}
