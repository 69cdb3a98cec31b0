"""The smallest input that shows a mistake: Hypothesis looks for it with the student's own functions, first the sizes, then the numbers.

Sizes and options become as small and as plain as the mistake allows; the arrays are then 1, 2, 3, ... where that shows it too, and
else small whole numbers. In the end no axis of what was found can be one shorter, whatever the signs are. Every case that is tried
is a call of the worker, so there is an end to their number.
"""

import contextlib
import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, NamedTuple, TypeVar

from grader import casebank
from grader.answers import answer
from grader.diagnosis.examination import Subject
from grader.language import say
from grader.model import Answer, Case
from reference import LayerSpec, Scenario, ShapeError, Values

TRIALS = 60  # cases tried for each family of values: a number and not a time, so that a busy machine shows the same case
MISSES = 25  # trials without any success after which the next family is taken: most that show a mistake do within a few
STALE = 6  # trials in vain after which `shortened` takes over: Hypothesis thinks longer about what to try next than that takes
TRIES = 8  # of values for each, to keep away from kinks
SHORTER = 60  # cases tried with an axis one shorter
SECONDS = 20.0  # for one mistake, where student code is slow beyond measure: the input then stays larger
TITLE = say("made as small as the mistake allows")
FOUND = say("of those that were tried")
FAMILIES = (Values.COUNTED, Values.SPREAD)
SIGNED = ((Values.COUNTED, 1), (Values.SPREAD, 3), (Values.WHOLE, 2))  # with so many seeds

T = TypeVar("T")


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
    search = _Search(subject, what, failing, shows)
    for family in (*FAMILIES, _kind(subject.spec, failing).values):
        if smallest := search.smallest(family):
            return search.shortened(smallest)
        search.ended = False  # what a family does not show soon, it might show later
    return None


class _Enough(BaseException):  # Hypothesis takes an Exception for what it looks for
    """The trials are used up: Hypothesis, told no, would go on to draw cases that nobody looks at."""


class _Shown(NamedTuple, Generic[T]):
    """A case that shows a mistake, what it shows of it, and what the case was filled from."""

    case: Case
    found: T
    sizes: dict[str, int]
    options: dict[str, Any]


@dataclass
class _Search(Generic[T]):
    """The search for the smallest case that shows one mistake; `ended` turns false where its limits end it."""

    subject: Subject
    what: str
    failing: Case
    shows: Callable[[Case, Answer], T | None]
    ended: bool = True
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def smallest(self, family: Values) -> _Shown[T] | None:
        """Return the smallest case that Hypothesis finds with numbers of this family."""
        from hypothesis import HealthCheck, Phase, find, settings
        from hypothesis import strategies as st
        from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

        spec, failing = self.subject.spec, self.failing
        best: list[_Shown[T]] = []
        left, stale = iter(range(TRIALS)), 0

        def kept(drawn: tuple[dict[str, int], dict[str, Any], int]) -> bool:
            nonlocal stale
            if not self._fits(*drawn[:2]):
                return False
            if next(left, TRIALS) >= (TRIALS if best or family not in FAMILIES else MISSES) or time.monotonic() > self.until:
                self.ended = False
                raise _Enough
            if shown := self._shown(*drawn, family):
                best.append(shown)
            stale = 0 if shown else stale + 1
            if best and stale == STALE:
                raise _Enough
            return shown is not None

        drawn = st.tuples(_sizes(spec, failing), _options(spec, failing), _upto(7))
        quick = settings(
            max_examples=TRIALS,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        digest = hashlib.sha256(f"{spec.name} {self.what} {failing.number}".encode()).digest()
        # Where the trials are used up, what was found until then stands.
        with contextlib.suppress(NoSuchExample, Unsatisfiable, Flaky, _Enough):
            find(drawn, kept, settings=quick, random=random.Random(digest))
        return min(best, key=lambda each: each.case.size, default=None)

    def shortened(self, shown: _Shown[T]) -> tuple[Case, T]:
        """Make axes one shorter for as long as that shows the mistake, too, and say whether anything smaller is left to be tried."""
        left = iter(range(SHORTER))
        least = _least(self.subject.spec)
        while shorter := next(self._shorter(shown, least, left), None):
            shown = shorter
        nothing_smaller = all(shown.sizes[name] == least[name] for name in least)
        return replace(shown.case, title=TITLE if self.ended or nothing_smaller else FOUND), shown.found

    def _shorter(self, shown: _Shown[T], least: Mapping[str, int], left: Iterator[int]) -> Iterator[_Shown[T]]:
        for sizes in self._one_less(shown, least):
            for family, seed in ((family, seed) for family, seeds in SIGNED for seed in range(seeds)):
                if next(left, None) is None or time.monotonic() > self.until:
                    self.ended = False
                    return
                if shorter := self._shown(sizes, shown.options, seed, family):
                    yield shorter

    def _one_less(self, shown: _Shown[T], least: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """Yield sizes with an axis one shorter; where that does not fit alone, as of axes that are flattened, with another shorter, too."""
        for name in (n for n, length in shown.sizes.items() if length > least[n]):
            sizes = {**shown.sizes, name: shown.sizes[name] - 1}
            if self._fits(sizes, shown.options):
                yield sizes
                continue
            others = ({**sizes, n: length} for n in sizes if n != name for length in range(sizes[n] - 1, least[n] - 1, -1))
            yield from (both for both in others if self._fits(both, shown.options))

    def _fits(self, sizes: Mapping[str, int], options: Mapping[str, Any]) -> bool:
        kind = _kind(self.subject.spec, self.failing)
        return bool(((kind.where if kind.arguments else None) or self.subject.spec.where)({**sizes, **options}))

    def _shown(self, sizes: dict[str, int], options: dict[str, Any], seed: int, family: Values) -> _Shown[T] | None:
        """Return the case of these sizes, options and seed where it shows the mistake."""
        subject, spec = self.subject, self.subject.spec
        scenario = replace(_kind(spec, self.failing), title=TITLE, values=family, single=self.failing.dtype.itemsize == 4)
        try:
            structure = {"sizes": sizes, "options": options, "seed": seed}
            case = casebank.filled(spec, scenario, structure, self.failing.number, subject.reading, TRIES)
        except (casebank.NoValuesError, ShapeError, ValueError):
            return None
        right = answer(spec, case, subject.reading)
        found = None if right.refusal or not subject.meant(case) else self.shows(case, right)
        return None if found is None else _Shown(case, found, sizes, options)


def _upto(most: int) -> Any:
    """Draw a number from 0 to `most`, the smallest first.

    By coin tosses, since into numbers Hypothesis mixes constants of whatever modules the program has loaded, and keeps those on disk.
    """
    from hypothesis import strategies as st

    return st.tuples(*[st.booleans()] * most).map(sum)


def _sizes(spec: LayerSpec, failing: Case) -> Any:
    """Draw lengths of axes up to those of the failing case, the smallest first."""
    from hypothesis import strategies as st

    least = _least(spec)
    lengths: dict[str, int] = {}
    for argument in _kind(spec, failing).arguments or spec.given(failing.arrays):
        lengths |= zip(argument.axes.split(), failing.arrays[argument.name].shape, strict=False)
    more = {name: max(0, lengths.get(name, spec.axes[name][1]) - least[name]) for name in spec.axes}
    return st.tuples(*map(_upto, more.values())).map(lambda drawn: {name: least[name] + n for name, n in zip(more, drawn, strict=True)})


def _least(spec: LayerSpec) -> dict[str, int]:
    """Return the least length of every axis."""
    least = {name: min([span[0], *(s.axes[name][0] for s in spec.scenarios if name in s.axes)]) for name, span in spec.axes.items()}
    return least | dict.fromkeys(least.keys() & {"H", "W"}, 1)  # planes of a bank are larger, to have a middle


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
