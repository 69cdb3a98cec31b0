"""The smallest input that shows a mistake: Hypothesis looks for it with the student's own functions, first the sizes, then the numbers.

Sizes and options become as small and as plain as the mistake allows; the arrays are then 1, 2, 3, ... where that shows it too, and
else small whole numbers. Every case that is tried is a call of the worker, so there is an end to their number and to their time.
"""

import contextlib
import hashlib
import random
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import casebank
from grader.answers import answer
from grader.diagnosis.examination import Subject
from grader.language import say
from grader.model import Array, Call, Case, Expected
from grader.numerics.comparison import compare, fitted
from grader.properties.property import flawed
from reference import LayerSpec, Scenario, ShapeError, Values

TRIALS = 60  # cases tried for each family of values: a number and not a time, so that a busy machine shows the same case
TRIES = 8  # of values for each, to keep away from kinks
LEAST = 1e-2  # of the right value: of two samples the gradient of a normalisation is next to nothing, which teaches nothing
SECONDS = 5.0  # for one value, where student code is slow: the input then stays larger
TITLE = say("made as small as the mistake allows")
FAMILIES = (Values.COUNTED, Values.WHOLE)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A case with one value that came back wrong for it, and the right one."""

    case: Case
    got: Array
    expected: Expected


def shrink(subject: Subject, name: str, failing: Case) -> Shrunk | None:
    """Return a case that shows the same value wrong, no larger than `failing`; None where none was found in time.

    Args:
        subject: The student's functions.
        name: The value.
        failing: A case of the bank.
    """
    ends = time.monotonic() + SECONDS
    for family in (*FAMILIES, _kind(subject.spec, failing).values):
        if found := _smallest(subject, name, failing, family, ends):
            return found
    return None


def _smallest(subject: Subject, name: str, failing: Case, family: Values, ends: float) -> Shrunk | None:
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

    spec = subject.spec
    kind = _kind(spec, failing)
    where = (kind.where if kind.arguments else None) or spec.where
    scenario = replace(kind, title=TITLE, values=family, single=failing.dtype.itemsize == 4)
    best: list[Shrunk] = []
    left = iter(range(TRIALS))

    def shows(drawn: tuple[dict[str, int], dict[str, Any], int]) -> bool:
        sizes, options, seed = drawn
        if not where({**sizes, **options}) or next(left, None) is None or time.monotonic() > ends:
            return False
        structure = {"sizes": sizes, "options": options, "seed": seed}
        try:
            case = casebank.filled(spec, scenario, structure, failing.number, subject.reading, TRIES)
        except (casebank.NoValuesError, ShapeError, ValueError):
            return False
        found = _wrong(subject, name, case)
        if found:
            best.append(found)
        return found is not None

    drawn = st.tuples(_sizes(spec, failing), _options(spec, failing), _upto(7))
    quick = settings(
        max_examples=TRIALS, database=None, deadline=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)
    )
    digest = hashlib.sha256(f"{spec.name} {name} {failing.number}".encode()).digest()
    # Where the trials are used up while it shrinks, the predicate turns false: what was found until then stands.
    with contextlib.suppress(NoSuchExample, Unsatisfiable, Flaky):
        find(drawn, shows, settings=quick, random=random.Random(digest))
    return min(best, key=lambda each: each.case.size, default=None)


def _wrong(subject: Subject, name: str, case: Case) -> Shrunk | None:
    """Return a case with its outcome where the value is there and wrong."""
    if not subject.meant(case):
        return None
    right = answer(subject.spec, case, subject.reading)
    if right.refusal or name not in right.values:
        return None
    (outcome,) = subject.ask([Call(case=case, forward_only=name not in subject.spec.gradients)])
    stage = outcome.backward if name in subject.spec.gradients else outcome.forward
    if stage is None or stage.failure or name not in stage.values:
        return None
    expected = right.values[name]
    got = fitted(stage.values[name], expected.value.shape)
    if got is None or flawed(got) or compare(case, got, expected) is None:
        return None
    if 0 < np.abs(expected.value).max() < LEAST:
        return None
    return Shrunk(case, got, expected)


def _upto(most: int) -> Any:
    """Draw a number from 0 to `most`, the smallest first.

    By coin tosses, since into numbers Hypothesis mixes constants of whatever modules the program has loaded, and keeps those on disk.
    """
    from hypothesis import strategies as st

    return st.tuples(*[st.booleans()] * most).map(sum)


def _sizes(spec: LayerSpec, failing: Case) -> Any:
    """Draw lengths of axes up to those of the failing case, the smallest first."""
    from hypothesis import strategies as st

    least = {name: min([span[0], *(s.axes[name][0] for s in spec.scenarios if name in s.axes)]) for name, span in spec.axes.items()}
    least |= dict.fromkeys(least.keys() & {"H", "W"}, 1)  # planes of a bank are larger, to have a middle
    lengths: dict[str, int] = {}
    for argument in _kind(spec, failing).arguments or spec.given(failing.arrays):
        lengths |= zip(argument.axes.split(), failing.arrays[argument.name].shape, strict=False)
    more = {name: max(0, lengths.get(name, spec.axes[name][1]) - least[name]) for name in spec.axes}
    return st.tuples(*map(_upto, more.values())).map(lambda drawn: {name: least[name] + n for name, n in zip(more, drawn, strict=True)})


def _options(spec: LayerSpec, failing: Case) -> Any:
    """Draw options: the plainest first, or those of the failing case."""
    from hypothesis import strategies as st

    def choices(name: str) -> list[Any]:
        values = [v for s in spec.scenarios for v in s.options.get(name, ())]
        plain = [v for v in (*spec.options[name], *values) if not isinstance(v, int) or v <= failing.options[name]]
        return list(dict.fromkeys([*plain, failing.options[name]]))

    several = {name: choices(name) for name in spec.options}
    places = st.tuples(*(_upto(len(values) - 1) for values in several.values()))
    return places.map(lambda drawn: {name: values[i] for i, (name, values) in zip(drawn, several.items(), strict=True)})


def _kind(spec: LayerSpec, failing: Case) -> Scenario:
    """Return the scenario of a case."""
    return next((s for s in spec.scenarios if s.title == failing.title), Scenario(title=failing.title))
