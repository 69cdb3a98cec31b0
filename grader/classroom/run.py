"""A run over a class: read every submission, grade those whose result is not kept yet, keep each as it is finished."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from grader import scoring
from grader.classroom.executors import Executor
from grader.classroom.store import Store
from grader.classroom.terms import Terms
from grader.intake import Bundle, HandedIn, read
from grader.model import Standing
from grader.report.results import Results


def grade(
    handed_in: Sequence[HandedIn],
    terms: Terms,
    store: Store,
    executor: Executor,
    *,
    regrade: Sequence[str] = (),
    on_done: Callable[[Results], Any] = lambda _: None,
) -> int:
    """Grade a class into a store, and return how many of its results were there already.

    Args:
        handed_in: The submissions, in the order of the report.
        terms: What they are graded by, without the cases, which are drawn where something is left to grade.
        store: Keeps the results. Those that it has are not made again, but for errors of ours.
        executor: Grades.
        regrade: Tasks that are graded again although their results are there.
        on_done: Called for every submission, with its entry, when that is known.

    Raises:
        SandboxError: Nothing can be graded.
        IntakeError: The process that reads notebooks cannot be had.
    """
    kept: list[HandedIn] = []
    in_flight = Counter[str]()  # by key: more than one where several handed in the same

    def left() -> Iterator[Bundle]:
        for position, one in enumerate(handed_in):
            bundle = read(one)
            key = terms.key(bundle)
            store.enrol(position, one.id, key, one.about)
            if entry := store.get(key):
                kept.append(one)
                if not regrade:
                    on_done(entry)
            else:
                in_flight[key] += 1
                if in_flight[key] == 1:
                    yield bundle

    for bundle, entry in _graded(executor, terms, left()):
        key = terms.key(bundle)
        store.put(key, entry)
        for _ in range(in_flight.pop(key)):
            on_done(entry)
    if regrade:
        for bundle, partly in _graded(executor, replace(terms, only=tuple(regrade)), map(read, kept)):
            key = terms.key(bundle)
            whole = merged(store.get(key) or partly, partly, regrade)
            store.put(key, whole)
            on_done(whole)
    return len(kept)


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


def _graded(executor: Executor, terms: Terms, bundles: Iterator[Bundle]) -> Iterator[tuple[Bundle, Results]]:
    """Grade; where there is nothing to grade, nothing is drawn or started."""
    for first in bundles:
        with closing(executor.run(terms.drawn(), itertools.chain([first], bundles))) as results:
            yield from results
