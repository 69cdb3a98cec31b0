"""A run over a class: read every submission, grade those whose result is not kept yet, keep each as it is finished."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from grader import scoring
from grader.classroom.executors import Executor
from grader.classroom.packed import Packed
from grader.classroom.store import Store
from grader.classroom.terms import Terms
from grader.intake import Bundle, HandedIn, read
from grader.model import Standing
from grader.report.results import Results

KEPT = 8 << 20  # characters of sources that are kept between telling what is new and grading it


def grade(
    handed_in: Sequence[HandedIn],
    terms: Terms,
    store: Store,
    executor: Executor,
    *,
    regrade: Sequence[str] = (),
    on_done: Callable[[str], Any] = lambda _: None,
) -> int:
    """Grade a class into a store, and return how many of its results were there already.

    Args:
        handed_in: The submissions, in the order of the report.
        terms: What they are graded by, without the cases, which are drawn where something is left to grade.
        store: Keeps the results. Those that it has are not made again, but for errors of ours.
        executor: Grades.
        regrade: Tasks that are graded again although their results are there.
        on_done: Called for every submission, with its status, when that is known.

    Raises:
        SandboxError: Nothing can be graded.
        IntakeError: The process that reads notebooks cannot be had.
    """
    everybody = _Everybody(handed_in, terms)
    places = everybody.places
    again: list[int] = []
    there, empty = 0, not store.count()

    def left() -> Iterator[Bundle]:
        nonlocal there
        everybody.enrol(store)  # before anybody is graded: whenever the run ends, a report has what was there before
        regraded = store.regraded(regrade)  # by a run that was ended before it had regraded all
        new = []
        for key, alike in places.items():
            first = alike[0]
            if (entry := store.get(key)) is None:
                new.append(first)
                continue
            there += sum(bool(handed_in[place].paths) for place in alike)
            if regrade and key not in regraded:
                again.append(first)
            else:
                _told(entry["status"], alike, on_done)
        yield from everybody.bundles(new)

    # What changes while it is graded is in no place of this class: its result is kept, for the next run.
    for key, packed in _graded(executor, terms, left(), surely=empty):
        store.put(key, packed)
        _told(packed.status, places.get(key, ()), on_done)
    for key, partly in _graded(executor, replace(terms, only=tuple(regrade)), everybody.bundles(again)):
        entry = partly.entry
        whole = Packed.of(merged(store.get(key) or entry, entry, regrade))
        store.put(key, whole, regraded=regrade)
        _told(whole.status, places.get(key, ()), on_done)
    store.forget_regraded()
    return there


class _Everybody:
    """Who is in a class.

    Attributes:
        places: Where the submissions of a key are in the class: at several where the same was handed in. Empty before `enrol`.
    """

    def __init__(self, handed_in: Sequence[HandedIn], terms: Terms) -> None:
        self._handed_in, self._terms = handed_in, terms
        self.places: dict[str, list[int]] = defaultdict(list)
        self._kept: dict[int, Bundle] = {}  # what was read, and need not be read again

    def enrol(self, store: Store) -> None:
        """Read every submission, and say all at once who is in the class."""
        room = KEPT
        for place, one in enumerate(self._handed_in):
            bundle = read(one)
            self.places[self._terms.key(bundle)].append(place)
            size = sum(map(len, bundle.files.values()))
            if size <= room:
                self._kept[place], room = bundle, room - size
        keys = {place: key for key, alike in self.places.items() for place in alike}
        store.enrol((one.id, keys[place], one.about) for place, one in enumerate(self._handed_in))

    def bundles(self, places: Sequence[int]) -> Iterator[Bundle]:
        """Return submissions, read again where too much was read to keep all of it."""
        return (self._kept.pop(place) if place in self._kept else read(self._handed_in[place]) for place in places)


def _told(status: str, places: Sequence[int], on_done: Callable[[str], Any]) -> None:
    for _ in places:
        on_done(status)


def merged(old: Results, new: Results, tasks: Sequence[str]) -> Results:
    """Return an old entry with some tasks of a new one in their place."""
    fresh = {task["id"]: task for task in new["tasks"] if task["id"] in tasks}
    now = [fresh.get(task["id"], task) for task in old["tasks"]]
    standing = scoring.standing(Standing(task["status"]) for task in now)
    sums = {
        # Points are rounded one by one: what a task changes is added, so that a total whose tasks stay as they are stays too.
        points: round(old[points] + sum(n[points] - o[points] for n, o in zip(now, old["tasks"], strict=True)), 4)
        for points in ("score", "max_score")
    }
    both = {language: {**old["translations"].get(language, {}), **said} for language, said in new["translations"].items()}
    return old | sums | {"status": standing.value, "tasks": now, "translations": both}


def _graded(executor: Executor, terms: Terms, bundles: Iterator[Bundle], *, surely: bool = False) -> Iterator[tuple[str, Packed]]:
    """Grade, and yield each key with its packed entry.

    Where there is nothing to grade, nothing is drawn or started. `surely`: there is, so that may begin before the first is there.
    """
    first = [] if surely else list(itertools.islice(bundles, 1))
    if first or surely:
        with closing(executor.run(terms, itertools.chain(first, bundles))) as results:
            yield from ((terms.key(bundle), packed) for bundle, packed in results)
