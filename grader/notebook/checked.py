"""`grader.check`: functions of a running session, graded in another process as if they had been handed in."""

import atexit
import difflib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, Task, find, load
from grader.errors import NotebookError
from grader.grading import PUBLIC_SEED, cache_folder
from grader.language import LANGUAGES, Sentence, language_of_locale, translated
from grader.messages import gone_past
from grader.messages import session as messages
from grader.model import PARTS, Part
from grader.notebook.card import Card
from grader.notebook.gathered import CELLS, Gathered
from grader.sandbox.isolation import Sandbox, open_sandbox
from grader.spelt import unlisted
from grader.text import clean, one_line
from grader.worker.conventions.adapter import Adapter
from grader.worker.conventions.own import conventions

if TYPE_CHECKING:
    from grader.model import Isolation
    from grader.sandbox.process import Launcher

SESSION = "this session"  # what stands where a submission has its name
CLOSE = 0.5  # how much of a task's name a misspelt one shares with it,
MISSPELT = 0.85  # and of a function's: as the survey has it


def check(task: str | None = None, *functions: Callable[..., Any], lang: str | None = None) -> Card:
    """Check functions of this session, or a class, as a task of the assignment: `tasks.yaml` here, else the bundled one.

    They run in another process, together with the code that they use; nothing of them is called in this one.

    Args:
        task: Such as "conv2d"; without it, every task for which something is defined.
        functions: Forward and backward, or forward alone, or one class. Without them, those of the usual names in the caller's namespace.
        lang: "en" or "ko"; by default what the locale asks for.

    Returns:
        A card that a notebook shows as such, and a terminal as text.

    Raises:
        NotebookError: There is no such task, nothing is defined for it, or the code of something that it uses is not known.
    """
    return checked(task, functions, sys._getframe(1).f_globals, lang)


def checked(task: str | None, functions: Sequence[Callable[..., Any]], namespace: Mapping[str, Any], lang: str | None = None) -> Card:
    """Check functions as a task, or what a namespace has for it or, without a task, for any. Raises NotebookError; see `check`."""
    language = lang or language_of_locale()
    if language not in LANGUAGES:
        raise NotebookError(messages.unknown_language(one_line(language), list(LANGUAGES)))
    try:
        return _checked(task, functions, namespace, language)
    except NotebookError as error:
        raise NotebookError(*(translated(said, language) for said in error.args)) from error


def _checked(task: str | None, functions: Sequence[Callable[..., Any]], namespace: Mapping[str, Any], language: str) -> Card:
    asked = load(find(None), cache_folder())
    tasks = asked.tasks if task is None else (_task(asked, task),)
    gathered = Gathered(namespace)
    if functions:
        tasks = (_unmistakable(tasks[0], _added(gathered, functions, namespace), gathered),)
    else:
        names = {one.id: _found(namespace, _usual(one)) for one in tasks}
        tasks = tuple(one for one in tasks if (names[one.id] if task else names[one.id] & _usual(one)))
        if not tasks:
            raise NotebookError(_nothing(asked, task))
        for name in sorted({name for one in tasks for name in names[one.id]}):
            gathered.add(name)
        tasks = tuple(_unmistakable(t, _best(t, names[t.id]), gathered) if gathered.mixed(names[t.id]) else t for t in tasks)
    return Card(_graded(replace(asked, tasks=tasks), gathered.files), gathered.files, language, datetime.now(UTC))


def _task(asked: Assignment, name: str) -> Task:
    known = {one.id: one for one in asked.tasks}
    if name not in known:
        raise NotebookError(messages.unknown_task(one_line(str(name)), difflib.get_close_matches(str(name), known, cutoff=CLOSE), [*known]))
    return known[name]


def _nothing(asked: Assignment, task: str | None) -> str:
    if task is None:
        return messages.NOTHING_AT_ALL
    return messages.nothing_defined(task, [n for a in _adapters(_task(asked, task)) for n in dict.fromkeys(_first(a))][:4])


def _first(adapter: Adapter) -> list[str]:
    return [wanted.names[0] for wanted in adapter.wants.values()]


def _adapters(task: Task, among: Iterable[str] = ()) -> list[Adapter]:
    spelt = conventions(unlisted([task.spec]))
    return [spelt[c][task.spec.name] for c in among or task.conventions if task.spec.name in spelt[c]]


def _usual(task: Task) -> set[str]:
    """Return the names by which a task is found."""
    own = {name for names in task.names.values() for name in names}
    return own | {name for adapter in _adapters(task) for wanted in adapter.wants.values() for name in wanted.names}


def _found(namespace: Mapping[str, Any], usual: set[str]) -> set[str]:
    """Return the names here that are among the usual ones, or so near to one that it may be misspelt."""
    exact = {name for name in namespace.keys() & usual if _gradable(namespace[name])}
    own = [
        name for name, value in namespace.items() if isinstance(value, FunctionType | type) and value.__module__ == namespace["__name__"]
    ]
    return exact | {name for name in own if difflib.get_close_matches(name, usual, 1, MISSPELT)}


def _gradable(value: object) -> bool:
    return callable(value) and not isinstance(value, ModuleType)


def _added(gathered: Gathered, functions: Sequence[Callable[..., Any]], namespace: Mapping[str, Any]) -> dict[Part, str]:
    """Gather what was handed over; return its name by part."""
    if len(functions) > len(PARTS):
        raise NotebookError(messages.TOO_MANY)
    names: dict[Part, str] = {}
    for part, function in zip(PARTS, functions, strict=False):
        if not _gradable(function):
            raise NotebookError(messages.no_function(one_line(type(function).__name__)))
        own = getattr(function, "__name__", part)
        here = [name for name, value in namespace.items() if value is function and not name.startswith("_")]
        if here:
            names[part] = own if own in here else here[0]
            gathered.add(names[part])
        else:
            names[part] = gathered.give(function, own if own.isidentifier() else part)
    return names


def _best(task: Task, names: set[str]) -> dict[Part, str]:
    """Return the names, by part, that answer most of a task in one convention."""
    each = [{p: next((n for n in a.wants[p].names if n in names), "") for p in PARTS if p in a.wants} for a in _adapters(task)]
    found: list[dict[Part, str]] = [{part: name for part, name in parts.items() if name} for parts in each]
    return max(found, key=len)


def _unmistakable(task: Task, given: Mapping[Part, str], gathered: Gathered) -> Task:
    """Return a task that is answered by these names as the session has them, and not by what a file of one's own has of that name."""
    made = _as_given(task, given)
    if not gathered.mixed(given.values()):
        return made
    alone = {name: gathered.alone(name) for name in dict.fromkeys(given.values())}
    return replace(made, names={part: tuple(alone[name] for name in names) for part, names in made.names.items()})


def _as_given(task: Task, given: Mapping[Part, str]) -> Task:
    """Return a task that is answered by these names, in the conventions that know them; in any, if none does."""
    knowing = [c for c in task.conventions for adapter in _adapters(task, [c]) if _knows(adapter, given)]
    accepted = tuple(knowing) or task.conventions
    whole = all(len({wanted.names for wanted in adapter.wants.values()}) == 1 for adapter in _adapters(task, accepted))
    both = dict.fromkeys(PARTS, given["forward"]) if whole and "forward" in given else {}
    names: dict[str, tuple[str, ...]] = {part: (name,) for part, name in {**both, **given}.items()}
    return replace(task, names=names, conventions=accepted)


def _knows(adapter: Adapter, given: Mapping[Part, str]) -> bool:
    return all(part in adapter.wants and name in adapter.wants[part].names for part, name in given.items())


def _graded(asked: Assignment, files: Mapping[str, str]) -> dict[str, Any]:
    """Return the results of a session that hands in these files. No final score: that is not for a part of what is asked."""
    from grader.engine import grade
    from grader.intake import Bundle
    from grader.report.results import to_results
    from grader.report.settled import settled

    try:
        _, launcher, isolation = _workers()
        report = grade(
            [Bundle(id=clean(SESSION), files=files)],
            asked,
            launcher=launcher,
            isolation=isolation,
            seed=PUBLIC_SEED if asked.seed is None else asked.seed,
            jobs=os.cpu_count() or 1,
            cache=cache_folder(),
        )
    except BaseException:  # an interrupted launcher may still owe an answer, which the next question must not get
        _end_workers()
        raise
    # What stopped there did not stop in the session: what was graded is something else.
    for note in (note for submission in report.submissions for task in submission.tasks for note in task.notes):
        if isinstance(note, Sentence) and note.template == gone_past(clean(""), 0, clean("")).template and note.slots["path"] == CELLS:
            raise NotebookError(messages.not_again(one_line(str(note.slots["text"]))))
    results = settled(to_results(report), asked.policy)
    return results | {"submissions": [{key: value for key, value in one.items() if key != "final"} for one in results["submissions"]]}


@cache
def _workers() -> tuple[ExitStack, "Launcher", "Isolation"]:
    """Return what starts workers, kept warm until this session ends."""
    opened = ExitStack()
    launcher, isolation = opened.enter_context(open_sandbox(Sandbox.OFF))
    atexit.register(opened.close)
    return opened, launcher, isolation


def _end_workers() -> None:
    opened, _, _ = _workers()
    _workers.cache_clear()
    atexit.unregister(opened.close)
    opened.close()
