"""Grade submissions: the one place that knows the whole flow, from a bundle of sources to a report."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from grader import attempt, carried, casebank, messages, remarks, summing_up
from grader.assignment import Assignment, Task
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.model import Failure, GradeReport, Isolation, SubmissionResult, TaskResult
from grader.one_task import OneTask
from grader.plan import Plans
from grader.sandbox.command import folder_of
from grader.sandbox.idle import Idle
from grader.sandbox.launch import Outfitted, open_launcher
from grader.sandbox.process import Launcher
from grader.sandbox.session import Lost
from grader.sandbox.survey import survey
from grader.sandbox.surveyed import Binding, Surveyed
from grader.text import one_line
from grader.worker.holes import without

MOST_WORKED_AROUND = 12  # notes of one submission about what stood in the way of running it


def grade(
    bundles: Sequence[Bundle],
    assignment: Assignment,
    *,
    launcher: Launcher,
    isolation: Isolation,
    seed: int,
    jobs: int = 1,
    cache: Path | None = None,
    second_worker: bool = False,
    on_done: Callable[[SubmissionResult], None] = lambda _: None,
) -> GradeReport:
    """Grade every bundle; one that fails, in whatever way, stops no other.

    Args:
        bundles: The submissions, in the order of the report.
        assignment: What is asked.
        launcher: Starts the workers.
        isolation: The tier of this run, for the report.
        seed: What the cases are drawn from.
        jobs: How many submissions, or tasks of a single one, are graded at a time.
        cache: Folder that keeps case banks; None keeps none.
        second_worker: Make some calls again in a new worker, which costs as much as starting all of them did.
        on_done: Called for every finished submission, from any thread, in any order.
    """
    banks = {task.id: casebank.bank(task.spec, task.readings, seed, cache) for task in assignment.tasks}

    # Threads suffice: the work is done by student code, in processes of its own. Several submissions are divided among them, a
    # single one by its tasks; a class has processes.
    alone = len(bundles) == 1
    with ThreadPoolExecutor(jobs) as pool, grading(assignment, banks, launcher, second_worker, pool.map if alone else map) as graded:

        def one(bundle: Bundle) -> SubmissionResult:
            result = graded(bundle)
            on_done(result)
            return result

        results = tuple(map(one, bundles) if alone else pool.map(one, bundles))
    return GradeReport(assignment=assignment.about(seed), isolation=isolation, submissions=results)


@contextmanager
def grading(
    assignment: Assignment,
    banks: Mapping[str, casebank.Bank],
    launcher: Launcher,
    second_worker: bool,
    over: Callable[..., Iterable[TaskResult]] = map,
) -> Iterator[Callable[[Bundle], SubmissionResult]]:
    """Give what grades one submission after the other; they share what can be shared.

    Args:
        assignment: What is asked.
        banks: The cases, by the id of the task.
        launcher: Starts the workers.
        second_worker: Make some calls again in a new worker, which costs as much as starting all of them did.
        over: Goes through the tasks of a submission: `map`, or what maps on several threads.
    """
    plans = Plans()
    with closing(Outfitted(launcher)) as launchers:
        yield lambda bundle: _Submission(bundle, assignment, banks, plans, launchers, second_worker).grade(over)


@dataclass(slots=True)
class _Submission:
    """One submission on its way through the tasks."""

    bundle: Bundle
    assignment: Assignment
    banks: Mapping[str, casebank.Bank]
    plans: Plans
    launchers: Outfitted
    second_worker: bool
    files: dict[str, str] = field(default_factory=dict)  # those that are run otherwise than they were handed in
    lost_files: dict[str, Failure] = field(default_factory=dict)  # files whose import hung or died: once is enough
    idle: Idle = field(default_factory=Idle)

    def grade(self, over: Callable[..., Iterable[TaskResult]]) -> SubmissionResult:
        """Grade all tasks; `over` is `map`, or what maps on several threads."""
        start = time.monotonic()
        notes: list[str] = list(self.bundle.notes)
        tasks = self.assignment.tasks
        try:
            found = self._surveyed()
            cut = {one_line(path, 120) for path in found.dropped}
            notes += [messages.does_not_parse(*mistake, rest=mistake[0] in cut) for mistake in found.broken]
            notes += [messages.worked_around(*obstacle) for obstacle in found.obstacles][:MOST_WORKED_AROUND]
            notes += remarks.on_banned(self.assignment, found.tasks)
            self.files |= {path: without(self.bundle.files[path], lost) for path, lost in found.dropped.items()}
            graded = tuple(over(lambda task: self._guarded(task, found, self.idle), tasks))

            def again(task: Task, wrong: carried.Wrong) -> TaskResult:
                with closing(Idle()) as idle:
                    return self._guarded(task, found, idle, wrong.request)

            results = carried.carry_forward(self.assignment, found.tasks, graded, again, over)
        except Lost:
            notes.append(messages.TOO_HARD_TO_PARSE)
            results = tuple(summing_up.missing(task, (messages.TOO_HARD_TO_PARSE,)) for task in tasks)
        except SandboxError as error:
            results = tuple(summing_up.errored(task, messages.errored(one_line(str(error)))) for task in tasks)
        finally:
            self.idle.close()
        return summing_up.summed_up(self.bundle, results, notes, time.monotonic() - start)

    def _surveyed(self) -> Surveyed:
        asked = {t.id: (t.spec.name, t.conventions) for t in self.assignment.tasks}
        banned = {"imports": self.assignment.banned.imports, "calls": self.assignment.banned.calls}
        more: dict[str, Any] = {
            "banned": banned,
            "names": {t.id: t.names for t in self.assignment.tasks if t.names},
            "own": self.assignment.own,
        }
        plain = self.launchers.having("")
        try:
            return survey(plain, self.assignment.limits, self.bundle.files, asked, **more, leave=partial(self.idle.leave, plain))
        except SandboxError:  # a neighbour may have ended the process that starts the workers
            with open_launcher(self.launchers.tier) as own:
                return survey(own, self.assignment.limits, self.bundle.files, asked, **more)

    def _guarded(self, task: Task, found: Surveyed, idle: Idle, instead: Mapping[str, Any] = MappingProxyType({})) -> TaskResult:
        """Grade a task, with what LOAD says of layers that are put in the place of wrong ones."""
        binding, unfinished = _finished(found.tasks[task.id], task)
        needs = self.assignment.spelt[binding.convention][task.spec.name].needs if binding.parts else ""
        if needs and not folder_of(needs):
            return summing_up.errored(task, messages.not_installed(needs))
        own = {"own": dict(self.assignment.own)} if self.assignment.own else {}
        one = OneTask(
            task=task,
            binding=binding,
            unfinished=unfinished,
            assignment=self.assignment,
            bank=self.banks[task.id],
            plans=self.plans,
            loaded={"files": {**self.bundle.files, **self.files}, **own, **instead},
            lost_files=self.lost_files,
            second_worker=self.second_worker,
        )
        try:
            try:
                return attempt.graded(one, self.launchers.having(needs), idle, patient=True)
            except SandboxError:
                # The process that starts the workers is gone: a neighbour may have ended it, or this submission. With one
                # of its own, which no neighbour knows, it can only have been this one.
                with open_launcher(self.launchers.tier, needs) as launcher, closing(Idle()) as none:
                    return attempt.graded(one, launcher, none, patient=False)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one task is reported as ours and stops no other
            return summing_up.errored(task, messages.errored(one_line(f"{type(error).__name__}: {error}")))


def _finished(binding: Binding, task: Task) -> tuple[Binding, list[str]]:
    """Return what somebody has filled in of the parts that a task asks for, and a sentence for each that nobody has."""
    asked = {part: place for part, place in binding.parts.items() if part in task.weights}
    said: list[str] = [
        messages.not_parsed(part, place.shown) if part in binding.unread else messages.not_finished(part, place.shown)
        for part, place in asked.items()
        if part in binding.unfinished
    ]
    return replace(binding, parts={p: place for p, place in asked.items() if p not in binding.unfinished}), said
