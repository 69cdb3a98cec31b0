"""Does a student's value equal what a known misconception makes of it, on every input and to rounding?

One misconception that does is named; two that no input tells apart are both named; where none does, pairs of them are tried, one
upon the other. Of anything else nothing is claimed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import permutations
from typing import Any

import numpy as np

from grader.diagnosis.examination import Subject
from grader.model import Answer, Array, Case, Expected, FailureKind, Outcome
from grader.numerics.bounds import TINY, unit
from grader.numerics.comparison import compare, fitted
from reference import MISFIT, MISFITS, Given, LayerSpec, Misconception

ROWS = 16  # inputs that are looked at, the smallest first
INFORMATIVE = 2  # of them, so many must tell the misconception from what is right
MOST_PAIRS = 400  # that are tried: a layer with more misconceptions has only its most frequent ones paired
SLACK = 64  # of rounding: the misconception's own steps are not the student's, and others lie farther away by far
EMPTY_WRITTEN = re.compile(r"could not broadcast input array from shape \((?:\d+, ?)*0[,)]")  # as NumPy says it
INPUTS = 1 << 14  # with all that is right there, kept from submission to submission

Wrong = Callable[[Given], Any]


@dataclass(frozen=True, slots=True)
class Match:
    """What a value was found to be: one misconception, two that cannot be told apart, or two at once."""

    misconceptions: tuple[Misconception, ...]
    at_once: bool = False


@dataclass(frozen=True)
class Row:
    """One input with the student's value, or None and what the call raised."""

    case: Case
    given: Given
    got: Array | None
    expected: Expected
    raised: str = ""

    def agrees(self, wrong: Wrong) -> bool:
        """Whether the value may be what a misconception makes here."""
        made = self._made(wrong)
        if made is MISFIT:  # code that is wrong so may go on with less than it should have
            return self.got is None or self.got.shape != self.expected.value.shape
        if made is None or self.got is None or self._overflows(made):
            return True
        return self.near(made, self.got)

    def tells(self, wrong: Wrong) -> bool:
        """Whether the value, where it agrees with a misconception, tells that from what is right."""
        made = self._made(wrong)
        if made is MISFIT or made is None:
            return False
        if self.got is None:  # something else of the same call may have raised, unless it was that nothing was put into something
            return not made.size and self.may_tell
        return not self._overflows(made) and not self.near(made, self.expected.value)

    @property
    def may_tell(self) -> bool:
        """Whether any misconception could be told here."""
        return self.got is not None or EMPTY_WRITTEN.search(self.raised) is not None

    def _made(self, wrong: Wrong) -> Any:
        made = self.given.made(wrong)
        if made is MISFIT or made is None:
            return made
        value = np.asarray(made)
        shaped = fitted(value, self.expected.value.shape)  # as the student's is
        return value if shaped is None else shaped

    def _overflows(self, made: Array) -> bool:
        """Whether only the misconception overflows: the student may have written the same formula so that it does not."""
        return self.got is not None and bool(np.isfinite(self.got).all()) and not np.isfinite(made).all()

    @cached_property
    def right(self) -> bool:
        """Whether the value is what it should be."""
        return self.got is not None and self.got.shape == self.expected.value.shape and compare(self.case, self.got, self.expected) is None

    @cached_property
    def shows_mistakes(self) -> bool:
        """Whether mistakes would be seen here: more than one known misconception, which alone may be that of doing anything at all."""
        known = [m for m in self.given.spec.misconceptions if self.given.of in m.of]
        return len(known) < 2 or sum(self.tells(m.wrong) for m in known) > 1

    @property
    def differing(self) -> Array:
        """Which elements are wrong; the shape is right."""
        assert self.got is not None
        mismatch = compare(self.case, self.got, self.expected)
        return np.zeros(self.got.shape, bool) if mismatch is None else mismatch.wrong

    def near(self, value: Array, other: Array) -> bool:
        """Whether two arrays are one but for rounding."""
        if value.shape != other.shape or value.dtype.kind not in "fiub":
            return False
        u = unit(self.case, other if self.got is None else self.got)
        finite = value[np.isfinite(value)]
        scale = max(float(self.expected.units.max(initial=0)), 4 * float(np.abs(finite).max(initial=0)))
        with np.errstate(invalid="ignore"):
            close = np.abs(np.subtract(other, value, dtype=np.float64)) <= SLACK * u * scale + TINY[u]
        # What is not finite is near itself alone.
        return bool(close.all()) or bool((close | (other == value) | (np.isnan(other) & np.isnan(value))).all())


def rows(subject: Subject, plain: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer], name: str) -> list[Row]:
    """Return the inputs at which the student was asked for a value, the smallest first."""
    back = name in subject.spec.gradients
    found = []
    for case, outcome in sorted(plain, key=lambda item: (item[0].size, item[0].number)):
        expected, stage = answers[case.number].values.get(name), outcome.backward if back else outcome.forward
        if expected is None or stage is None or (stage.failure and stage.failure.kind is not FailureKind.EXCEPTION):
            continue
        got = stage.values.get(name)
        shaped = got if got is None else fitted(got, expected.value.shape)
        raised = stage.failure.text if stage.failure else ""
        given = _given(subject.spec, case, tuple(subject.reading.items()), name)
        found.append(Row(case, given, got if shaped is None else shaped, expected, raised))
        if len(found) == ROWS:
            break
    return found


@lru_cache(INPUTS)
def _given(spec: LayerSpec, case: Case, reading: tuple[tuple[str, Any], ...], name: str) -> Given:
    """Return an input with all that is right there, one for all submissions, as misconceptions are worked out of it."""
    case = case.in_float64
    return Given(spec, {**case.arrays, **case.options, **dict(reading)}, case.dout, name)


def match(spec: LayerSpec, name: str, found: Sequence[Row], *others: Sequence[Row]) -> Match | None:
    """Return what the value of that name was made by; `others` are the inputs as readings have them that fit the submission as well."""
    known = [m for m in spec.misconceptions if name in m.of]
    # Hundreds of pairs need not be worked out where every call raised.
    readings = [read if any(row.may_tell for row in read) else () for read in (found, *others)]
    for read in readings:
        single = [m for m in known if _agrees(read, m.wrong)]
        if single:
            return Match(tuple(single)) if len(single) <= 2 else None
    fitting = ((a, b) for a, b in _pairs(known) if _agrees(readings[0], _one_upon_the_other(a.wrong, b.wrong)))
    pairs = {frozenset((a.id, b.id)): (a, b) for a, b in fitting if _apart(a, b, found)}
    return Match(next(iter(pairs.values())), at_once=True) if len(pairs) == 1 else None


def _agrees(found: Sequence[Row], wrong: Wrong) -> bool:
    telling = 0
    for row in found:
        if not row.agrees(wrong):
            return False
        telling += row.tells(wrong)
    return telling >= INFORMATIVE or 0 < telling == len(found)


def _pairs(known: Sequence[Misconception]) -> Iterator[tuple[Misconception, Misconception]]:
    most = next((n for n in range(len(known), 0, -1) if n * (n - 1) <= MOST_PAIRS), 0)
    return permutations(known[:most], 2)


def _apart(first: Misconception, second: Misconception, found: Sequence[Row]) -> bool:
    """Whether two misconceptions are about different things: what one changes is no multiple of what the other does, or elsewhere.

    Of two that say how much of one and the same term is missing, some sum gives any number, and none of it was meant.
    """
    multiples = False
    for row in found:
        with np.errstate(all="ignore"):
            try:
                a, b = (np.asarray(one.wrong(row.given), float) - row.given.right for one in (first, second))
            except (*MISFITS, AttributeError):
                continue
        of_a, of_b = np.linalg.norm(a), np.linalg.norm(b)
        if a.shape == b.shape and min(of_a, of_b) > 1e-9 * max(of_a, of_b) and np.isfinite(of_a * of_b):
            if abs(np.vdot(a, b)) < (1 - 1e-9) * of_a * of_b:
                return True
            multiples = True
    return not multiples


@cache
def _one_upon_the_other(first: Wrong, second: Wrong) -> Wrong:
    """Return the misconception that two are together: the same one for the same two, so that what it makes is worked out once."""

    def both(given: Given) -> Any:
        changed = given.after(first)
        return None if changed.right is None else second(changed)

    return both
