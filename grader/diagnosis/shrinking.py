"""The smallest input that shows a mistake: looked for with the student's own functions.

The search goes up, from the smallest input there is to the sizes and options of the one that failed, until an input shows the mistake;
from there it goes down again, an option made plain or an axis cut at a time. In the end no axis can be one shorter, whatever the signs
are. The arrays are 1, 2, 3, ... where that shows it, and else small whole numbers. Every case that is tried is a call of the worker,
so there is an end to their number.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from grader import casebank
from grader.answers import answer
from grader.diagnosis.examination import Subject
from grader.language import say
from grader.model import Answer, Case
from reference import Scenario, ShapeError, Values

TRIALS = 160  # cases tried for one mistake: a number and not a time, so that a busy machine shows the same case
TRIES = 8  # of values for each, to keep away from kinks
SECONDS = 20.0  # for one mistake, where student code is slow beyond measure: the input then stays larger
STEPS = 4  # from the smallest sizes to those of the case that failed
TITLE = say("made as small as the mistake allows")
FOUND = say("of those that were tried")
PLAIN = ((Values.COUNTED, 1), (Values.SPREAD, 3))  # families of values, with so many seeds
SIGNED = (*PLAIN, (Values.WHOLE, 2))
OWN_SEEDS = 4  # of the family of the case that failed

T = TypeVar("T")
Sizes = dict[str, int]
Options = dict[str, Any]


def shrink(subject: Subject, failing: Case, shows: Callable[[Case, Answer], T | None], known: Case | None = None) -> tuple[Case, T] | None:
    """Return a case that shows a mistake, with what it shows, no larger than `failing`; None where none was found in time.

    Args:
        subject: The student's functions.
        failing: A case of the bank.
        shows: What a case shows of the mistake, by the reference's answer to it; None where it shows nothing.
        known: A small case that shows another mistake: where it shows this one as well, there is one input less to understand.
    """
    if known and known.size <= failing.size and (found := shows(known, answer(subject.spec, known, subject.reading))):
        return known, found
    search = _Search(subject, failing, shows)
    shown = search.up()
    return search.down(shown) if shown else None


class _Shown(NamedTuple, Generic[T]):
    """A case that shows a mistake, what it shows of it, and what the case was filled from."""

    case: Case
    found: T
    sizes: Sizes
    options: Options
    family: Values
    seed: int


@dataclass
class _Search(Generic[T]):
    """The search for the smallest case that shows one mistake; `ended` turns false where its limits end it."""

    subject: Subject
    failing: Case
    shows: Callable[[Case, Answer], T | None]
    ended: bool = True
    left: int = field(default_factory=lambda: TRIALS)
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def up(self) -> _Shown[T] | None:
        """Return the first case that shows it on the way from the smallest sizes up to those of the case that failed."""
        steps = list(self._steps())
        for family, seeds in (*PLAIN, (self._kind.values, OWN_SEEDS)):
            for sizes, options in steps:
                for seed in range(seeds):
                    if shown := self._tried(sizes, options, family, seed):
                        return shown
        return None

    def down(self, shown: _Shown[T]) -> tuple[Case, T]:
        """Make a case smaller for as long as it shows the mistake, and say whether anything smaller is left to be tried."""
        while smaller := next(self._smaller(shown), None):
            shown = smaller
        nothing_smaller = all(shown.sizes[name] == least for name, least in self._least.items())
        return replace(shown.case, title=TITLE if self.ended or nothing_smaller else FOUND), shown.found

    def _steps(self) -> Iterator[tuple[Sizes, Options]]:
        """Yield sizes from the least to those of the case that failed, each with the plainest options, with one, and with all of that case."""
        given = dict(self.failing.options)
        plain = {name: values[0] for name, values in self._choices.items()}
        known = [plain, *({**plain, name: given[name]} for name in plain if plain[name] != given[name]), given]
        several = [options for i, options in enumerate(known) if options not in known[:i]]
        for step in range(STEPS + 1):
            sizes = {name: low - (low - self._most[name]) * step // STEPS for name, low in self._least.items()}  # rounded up
            yield from ((sizes, options) for options in several if self._fits(sizes, options))

    def _smaller(self, shown: _Shown[T]) -> Iterator[_Shown[T]]:
        """Yield smaller cases that show it, too: first of the same family of numbers, then of others, an axis as little shorter as may be."""
        for sizes, options in (*self._plainer(shown), *self._cut(shown)):
            if smaller := self._tried(sizes, options, shown.family, shown.seed):
                yield smaller
        for sizes, options in (*self._plainer(shown), *((sizes, shown.options) for sizes in self._one_less(shown))):
            for family, seed in ((family, seed) for family, seeds in SIGNED for seed in range(seeds)):
                if smaller := self._tried(sizes, options, family, seed):
                    yield smaller

    def _plainer(self, shown: _Shown[T]) -> Iterator[tuple[Sizes, Options]]:
        """Yield what has one option plainer."""
        for name, values in self._choices.items():
            for value in values[: values.index(shown.options[name])]:
                options = {**shown.options, name: value}
                if self._fits(shown.sizes, options):
                    yield shown.sizes, options

    def _cut(self, shown: _Shown[T]) -> Iterator[tuple[Sizes, Options]]:
        """Yield what has an axis cut to its least, alone or with another, or to half of what is above that."""
        longer = {name: low for name, low in self._least.items() if shown.sizes[name] > low}
        cuts = [dict(longer), *({name: low} for name, low in longer.items())]
        cuts += [{one: longer[one], other: longer[other]} for one in longer for other in longer if one < other]
        cuts += [{name: (low + shown.sizes[name]) // 2} for name, low in longer.items() if shown.sizes[name] > low + 1]
        yield from ((sizes, shown.options) for cut in cuts if cut and self._fits(sizes := {**shown.sizes, **cut}, shown.options))

    def _one_less(self, shown: _Shown[T]) -> Iterator[Sizes]:
        """Yield sizes with an axis one shorter; where that does not fit alone, as of axes that are flattened, with another shorter, too."""
        least = self._least
        for name in (n for n, length in shown.sizes.items() if length > least[n]):
            sizes = {**shown.sizes, name: shown.sizes[name] - 1}
            if self._fits(sizes, shown.options):
                yield sizes
                continue
            others = ({**sizes, n: length} for n in sizes if n != name for length in range(sizes[n] - 1, least[n] - 1, -1))
            yield from (both for both in others if self._fits(both, shown.options))

    def _fits(self, sizes: Sizes, options: Options) -> bool:
        kind, given = self._kind, {**sizes, **options}
        usual = not (kind.arguments and kind.where) and self.subject.spec.where(given)
        return bool(usual or (kind.where and kind.where(given)))

    def _tried(self, sizes: Sizes, options: Options, family: Values, seed: int) -> _Shown[T] | None:
        """Return the case of these sizes, options and numbers where it shows the mistake."""
        if self.left == 0 or time.monotonic() > self.until:
            self.ended = False
            return None
        self.left -= 1
        subject, spec = self.subject, self.subject.spec
        scenario = replace(self._kind, title=TITLE, values=family, single=self.failing.dtype.itemsize == 4)
        try:
            structure = {"sizes": sizes, "options": options, "seed": seed}
            case = casebank.filled(spec, scenario, structure, self.failing.number, subject.reading, TRIES)
        except (casebank.NoValuesError, ShapeError, ValueError):
            return None
        right = answer(spec, case, subject.reading)
        found = None if right.refusal or not subject.meant(case) else self.shows(case, right)
        return None if found is None else _Shown(case, found, sizes, options, family, seed)

    @cached_property
    def _kind(self) -> Scenario:
        """The scenario of the case that failed."""
        title = self.failing.title
        return next((s for s in self.subject.spec.scenarios if s.title == title), Scenario(title=title))

    @cached_property
    def _least(self) -> Mapping[str, int]:
        """The least length of every axis."""
        spec = self.subject.spec
        least = {name: min([span[0], *(s.axes[name][0] for s in spec.scenarios if name in s.axes)]) for name, span in spec.axes.items()}
        return least | dict.fromkeys(least.keys() & {"H", "W"}, 1)  # planes of a bank are larger, to have a middle

    @cached_property
    def _most(self) -> Mapping[str, int]:
        """The lengths of the axes of the case that failed; of one that its arrays do not have, the longest there is."""
        spec = self.subject.spec
        lengths: dict[str, int] = {}
        for argument in self._kind.arguments or spec.given(self.failing.arrays):
            lengths |= zip(argument.axes.split(), self.failing.arrays[argument.name].shape, strict=False)
        return {name: max(low, lengths.get(name, spec.axes[name][1])) for name, low in self._least.items()}

    @cached_property
    def _choices(self) -> Mapping[str, list[Any]]:
        """The values of every option, the plainest first, up to that of the case that failed."""
        spec, given = self.subject.spec, self.failing.options
        known = {name: [*plain, *(v for s in spec.scenarios for v in s.options.get(name, ()))] for name, plain in spec.options.items()}
        usual = {name: [v for v in values if not isinstance(v, int | float) or v <= given[name]] for name, values in known.items()}
        choices = {name: list(dict.fromkeys([*values, given[name]])) for name, values in usual.items()}
        return {name: sorted(values) if all(type(v) is int for v in values) else values for name, values in choices.items()}
