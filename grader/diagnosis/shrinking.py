"""The smallest input that shows a mistake: Hypothesis looks for it with the student's own functions, first the sizes, then the numbers.

Sizes and options become as small and as plain as the mistake allows; the arrays are then 1, 2, 3, ... where that shows it too, and
else small whole numbers. Every case that is tried is a call of the worker, so there is an end to their number and to their time.
"""

import contextlib
import hashlib
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from grader import casebank
from grader.answers import answer
from grader.diagnosis.examination import Subject
from grader.language import say
from grader.model import Answer, Case
from reference import LayerSpec, Scenario, ShapeError, Values

TRIALS = 60  # cases tried for each family of values: a number and not a time, so that a busy machine shows the same case
MISSES = 25  # trials without any success after which the next family is taken: most that show a mistake do within a few
TRIES = 8  # of values for each, to keep away from kinks
SECONDS = 5.0  # for one mistake, where student code is slow: the input then stays larger
TITLE = say("made as small as the mistake allows")
FAMILIES = (Values.COUNTED, Values.SPREAD)

T = TypeVar("T")


class _Enough(BaseException):
    """No more cases are tried."""


def shrink(
    subject: Subject, what: str, failing: Case, shows: Callable[[Case, Answer], T | None], known: Case | None = None
) -> tuple[Case, T] | None:
    """Return a case that shows a mistake, with what it shows, no larger than `failing`; None where none was found in time.

    Args:
        subject: The student's functions.
        what: What is wrong: with the case, it says from what seed cases are drawn.
        failing: A case of the bank.
        shows: What a case shows of the mistake, by the reference's answer to it; None where it shows nothing.
        known: A small case that shows another mistake: where it shows this one as well, there is one input less to understand.
    """
    if known and known.size <= failing.size and (found := shows(known, answer(subject.spec, known, subject.reading))):
        return known, found
    ends = time.monotonic() + SECONDS
    for family in (*FAMILIES, _kind(subject.spec, failing).values):
        if smallest := _smallest(subject, what, failing, shows, family, ends):
            return smallest
    return None


def _smallest(
    subject: Subject, what: str, failing: Case, shows: Callable[[Case, Answer], T | None], family: Values, ends: float
) -> tuple[Case, T] | None:
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

    spec = subject.spec
    kind = _kind(spec, failing)
    where = (kind.where if kind.arguments else None) or spec.where
    scenario = replace(kind, title=TITLE, values=family, single=failing.dtype.itemsize == 4)
    best: list[tuple[Case, T]] = []
    left = iter(range(TRIALS))

    def kept(drawn: tuple[dict[str, int], dict[str, Any], int]) -> bool:
        sizes, options, seed = drawn
        if not where({**sizes, **options}):
            return False
        trial = next(left, TRIALS)
        if trial >= (TRIALS if best or family not in FAMILIES else MISSES) or time.monotonic() > ends:
            raise _Enough
        structure = {"sizes": sizes, "options": options, "seed": seed}
        try:
            case = casebank.filled(spec, scenario, structure, failing.number, subject.reading, TRIES)
        except (casebank.NoValuesError, ShapeError, ValueError):
            return False
        right = answer(spec, case, subject.reading)
        found = None if right.refusal or not subject.meant(case) else shows(case, right)
        if found is not None:
            best.append((case, found))
        return found is not None

    drawn = st.tuples(_sizes(spec, failing), _options(spec, failing), _upto(7))
    quick = settings(
        max_examples=TRIALS, database=None, deadline=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)
    )
    digest = hashlib.sha256(f"{spec.name} {what} {failing.number}".encode()).digest()
    # Where the trials are used up, what was found until then stands.
    with contextlib.suppress(NoSuchExample, Unsatisfiable, Flaky, _Enough):
        find(drawn, kept, settings=quick, random=random.Random(digest))
    return min(best, key=lambda each: each[0].size, default=None)


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
        plain = [v for v in (*spec.options[name], *values) if not isinstance(v, int | float) or v <= failing.options[name]]
        return list(dict.fromkeys([*plain, failing.options[name]]))

    several = {name: choices(name) for name in spec.options}
    places = st.tuples(*(_upto(len(values) - 1) for values in several.values()))
    return places.map(lambda drawn: {name: values[i] for i, (name, values) in zip(drawn, several.items(), strict=True)})


def _kind(spec: LayerSpec, failing: Case) -> Scenario:
    """Return the scenario of a case."""
    return next((s for s in spec.scenarios if s.title == failing.title), Scenario(title=failing.title))
