"""Grade submissions: the one place that knows the whole flow, from a bundle of sources to a report."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from grader import carried, casebank, messages, remarks, scoring, summing_up
from grader.assignment import Assignment, Task
from grader.diagnosis import Diagnosed, Subject, diagnose, reproduced
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.judging import judge, read_notes, ruled_out
from grader.model import (
    PARTS,
    Answer,
    Call,
    Case,
    CheckResult,
    Failure,
    FailureKind,
    GradeReport,
    Isolation,
    Outcome,
    Part,
    SubmissionResult,
    TaskResult,
    Verdict,
)
from grader.plan import Plans
from grader.properties import properties_of
from grader.properties.parameters import completed
from grader.readings import agreement, choose, tied
from grader.sandbox.command import folder_of
from grader.sandbox.launch import Outfitted, open_launcher
from grader.sandbox.process import Launcher
from grader.sandbox.session import Lost, Session
from grader.sandbox.survey import survey
from grader.sandbox.surveyed import Binding, Place, Surveyed
from grader.text import Cleaned, one_line
from grader.worker.conventions.adapter import Adapter
from grader.worker.holes import without
from reference import LayerSpec

MOST_GONE_PAST = 2  # failed statements that are named of a task: the others fail for want of what these define
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
    instead: Mapping[str, Any] = field(default_factory=dict)  # what LOAD says besides: see `carried`

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
            graded = tuple(over(lambda task: self._guarded(task, found), tasks))

            def again(task: Task, wrong: carried.Wrong) -> TaskResult:
                return replace(self, instead=wrong.request)._guarded(task, found)

            results = carried.carry_forward(self.assignment, found.tasks, graded, again, over)
        except Lost:
            notes.append(messages.TOO_HARD_TO_PARSE)
            results = tuple(summing_up.missing(task, (messages.TOO_HARD_TO_PARSE,)) for task in tasks)
        except SandboxError as error:
            results = tuple(summing_up.errored(task, messages.errored(one_line(str(error)))) for task in tasks)
        return summing_up.summed_up(self.bundle, results, notes, time.monotonic() - start)

    def _surveyed(self) -> Surveyed:
        asked = {t.id: (t.spec.name, t.conventions) for t in self.assignment.tasks}
        banned = {"imports": self.assignment.banned.imports, "calls": self.assignment.banned.calls}
        more: dict[str, Any] = {
            "banned": banned,
            "names": {t.id: t.names for t in self.assignment.tasks if t.names},
            "own": self.assignment.own,
        }
        try:
            return survey(self.launchers.having(""), self.assignment.limits, self.bundle.files, asked, **more)
        except SandboxError:  # a neighbour may have ended the process that starts the workers
            with open_launcher(self.launchers.tier) as own:
                return survey(own, self.assignment.limits, self.bundle.files, asked, **more)

    def _guarded(self, task: Task, found: Surveyed) -> TaskResult:
        binding, unfinished = _finished(found.tasks[task.id], task)
        needs = self.assignment.spelt[binding.convention][task.spec.name].needs if binding.parts else ""
        if needs and not folder_of(needs):
            return summing_up.errored(task, messages.not_installed(needs))
        try:
            try:
                return self._task(task, binding, unfinished, self.launchers.having(needs), patient=True)
            except SandboxError:
                # The process that starts the workers is gone: a neighbour may have ended it, or this submission. With one
                # of its own, which no neighbour knows, it can only have been this one.
                with open_launcher(self.launchers.tier, needs) as own:
                    return self._task(task, binding, unfinished, own, patient=False)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one task is reported as ours and stops no other
            return summing_up.errored(task, messages.errored(one_line(f"{type(error).__name__}: {error}")))

    def _task(self, task: Task, binding: Binding, unfinished: Sequence[str], launcher: Launcher, *, patient: bool) -> TaskResult:
        near = [*unfinished, *(messages.near_miss(*miss) for miss in binding.near)]
        if not binding.parts:
            return summing_up.missing(task, near)
        adapter = self.assignment.spelt[binding.convention][task.spec.name]
        bank = self.banks[task.id]
        parts: list[Part] = [
            p for p in PARTS if p in task.weights and (p in binding.parts or (p == "forward" and adapter.forward_optional))
        ]
        if "forward" not in parts and ("backward" not in parts or adapter.usual_cache is None):
            return summing_up.missing(task, [*near, messages.NEEDS_FORWARD] if unfinished else [messages.NEEDS_FORWARD, *near])
        properties, asked_back = properties_of(task.spec, marks_purity=self.assignment.purity == "mark"), "backward" in parts
        fixed = {**adapter.fixed, **{option: adapter.neutral[option][0] for option in binding.lacks}, **binding.alone}
        plan = self.plans.plan(
            task, bank.cases, fixed, properties, backward=asked_back, expressible=adapter.expressible, varied=adapter.varied
        )
        session = self._session(task, binding, launcher, patient=patient)
        with closing(session):
            outcomes = dict(zip(map(id, plan.calls), session.run(plan.calls), strict=True))
            if self._early(session):
                outcomes |= zip(map(id, plan.calls_of_laws), session.run(plan.calls_of_laws), strict=True)
            alone = partial(self._backward_alone, task, binding, launcher, patient=patient) if adapter.usual_cache and asked_back else None
            if alone and _without_forward(plan.plain(outcomes), parts):
                usual = outcomes if "forward" not in binding.parts else _with_backward(outcomes, plan.calls, alone(plan.calls))
                if _understood(bank, plan.plain(usual)):
                    outcomes = usual
                    near.append(messages.usual_cache(binding.parts["backward"].shown))
                elif "forward" not in parts:
                    return summing_up.missing(task, [messages.NEEDS_FORWARD, *near])
            plain = plan.plain(outcomes)
            if why := _uncalled(plain, "forward"):
                return summing_up.missing(task, [messages.not_called(why), *near])
            if why := _uncalled(plain, "backward"):
                parts.remove("backward")
                near.append(messages.not_called(why))
            chosen = choose(bank, adapter.readings, plain)
            answers = bank.answers[chosen]
            others = _versions(bank, adapter, chosen, plan.versions(outcomes))
            near += [messages.other_reading(version) for version in others]
            rows = plan.rows(
                outcomes, answers, bank.readings[chosen], self.assignment.limits, session.run, partial(self._anew, session), others
            )
            judged = judge(completed(task.spec, plain), rows, parts)
            subject = Subject(
                spec=task.spec,
                reading=bank.readings[chosen],
                meant=plan.meant,
                ask=session.run,
                ask_usual=alone,
                derived=adapter.derived,
            )
            undecided = [(bank.readings[i], bank.answers[i]) for i in tied(bank, adapter.readings, plain, chosen)]
            found, faults = _diagnosed(subject, plain, answers, [check for check, _ in judged], undecided)
            near += faults
            if self.assignment.banned.verdict == "fail" and binding.banned:
                judged = ruled_out(judged, parts, binding.banned)
            checks = self._scored(task, judged, parts, found)
            checks, faults = _reproduced(checks, task.spec, adapter, binding, session)
            near += faults
        self.lost_files |= session.lost_files
        near += remarks.on_library(adapter, binding, parts)
        near += [messages.gone_past(*place) for place in session.past[:MOST_GONE_PAST]]
        notes = read_notes(plain, answers, binding.also, session.output, purity_noted=self.assignment.purity == "note")
        if adapter.divided and any(c.verdict is Verdict.FAILED and c.part == "backward" for c in checks):
            notes.append(messages.divided(adapter.divided))
        if any(c.verdict is Verdict.PASSED and c.max_score for c in checks):
            alike = "reg" not in adapter.fixed and all(_right(checks, part) for part in PARTS)
            notes += remarks.on_reading(bank.readings, chosen, forward=_right(checks, "forward"), alike=alike)
        return summing_up.result(
            task, checks, [*near, *notes], found.diagnoses, {part: place.shown for part, place in binding.parts.items()}
        )

    def _backward_alone(
        self, task: Task, binding: Binding, launcher: Launcher, calls: Sequence[Call], *, patient: bool
    ) -> Sequence[Outcome]:
        """Return what backward gives without forward, with the usual cache."""
        alone = replace(binding, parts={"backward": binding.parts["backward"]})
        with closing(self._session(task, alone, launcher, patient=patient)) as session:
            return session.run(calls)

    def _early(self, session: Session) -> bool:
        """Whether there is time for what is not needed to give points."""
        return session.time_left > self.assignment.limits.task_seconds / 2

    def _anew(self, session: Session, calls: Sequence[Call]) -> Sequence[Outcome]:
        return session.anew(calls) if self.second_worker and self._early(session) else []

    def _session(self, task: Task, binding: Binding, launcher: Launcher, *, patient: bool) -> Session:
        request = {
            "files": {**self.bundle.files, **self.files},
            "parts": {p: {"path": place.path, "name": place.name} for p, place in binding.parts.items()},
            "convention": binding.convention,
            "task": task.spec.name,
            **({"own": dict(self.assignment.own)} if self.assignment.own else {}),
            **self.instead,
        }
        known = {p: failure for p, place in binding.parts.items() if (failure := self._broken(place))}
        return Session(launcher, self.assignment.limits, request, known, patient)

    def _broken(self, place: Place) -> Failure | None:
        """Say why a file cannot be run, where that is known before it is tried."""
        if place.error:
            return Failure(kind=FailureKind.LOAD, text=one_line(f"{place.path}, line {place.line}: {place.error}", 500))
        return self.lost_files.get(place.path)

    def _scored(self, task: Task, judged: Sequence[tuple[CheckResult, int]], parts: Sequence[Part], found: Diagnosed) -> list[CheckResult]:
        """Give the checks of each part their points, and what was found out about them."""
        points = scoring.part_points(task.points, task.weights)
        weights = {check.id: weight for check, weight in judged}
        accept = self.assignment.numeric_gradient == "accept"
        checks = [c for c in (found.explain(check, accept_numeric=accept) for check, _ in judged) if c]
        credit = dict.fromkeys(found.own, Fraction(str(self.assignment.own_gradient_credit)))
        scored = []
        for part in parts:
            scored += scoring.scored([c for c in checks if c.part == part], weights, points[part], credit)
        return scored


def _diagnosed(*examined: Any) -> tuple[Diagnosed, list[str]]:
    """Return what was found out, and what of ours broke over it: the verdicts stand without."""
    try:
        return diagnose(*examined), []
    except SandboxError:  # the worker is lost, and no diagnosis is to blame
        raise
    except Exception as error:  # noqa: BLE001 - a diagnosis decides nothing, so its fault must not undo what was decided
        return Diagnosed(), [messages.not_diagnosed(one_line(f"{type(error).__name__}: {error}"))]


def _reproduced(
    checks: list[CheckResult], spec: LayerSpec, adapter: Adapter, binding: Binding, session: Session
) -> tuple[list[CheckResult], list[str]]:
    """Return checks with the lines that show their findings, and what of ours broke over those: the verdicts stand without."""
    functions = {part: one_line(place.name) for part, place in binding.parts.items()}
    try:
        return [reproduced(check, spec, adapter, functions, binding.lacks, session.run) for check in checks], []
    except SandboxError:
        raise
    except Exception as error:  # noqa: BLE001 - lines to paste decide nothing, either
        return checks, [messages.not_diagnosed(one_line(f"{type(error).__name__}: {error}"))]


def _finished(binding: Binding, task: Task) -> tuple[Binding, list[str]]:
    """Return what somebody has filled in of the parts that a task asks for, and a sentence for each that nobody has."""
    asked = {part: place for part, place in binding.parts.items() if part in task.weights}
    said: list[str] = [
        messages.not_parsed(part, place.shown) if part in binding.unread else messages.not_finished(part, place.shown)
        for part, place in asked.items()
        if part in binding.unfinished
    ]
    return replace(binding, parts={p: place for p, place in asked.items() if p not in binding.unfinished}), said


def _without_forward(plain: Sequence[tuple[Case, Outcome]], parts: Sequence[Part]) -> bool:
    """Whether there is no forward, or it raised on every input, so that backward has never had a cache."""
    kinds = {o.forward.failure.kind if o.forward and o.forward.failure else None for _, o in plain}
    return "forward" not in parts or kinds == {FailureKind.EXCEPTION}


def _with_backward(outcomes: Mapping[int, Outcome], calls: Sequence[Call], again: Sequence[Outcome]) -> dict[int, Outcome]:
    """Return the outcomes with what backward gave another time."""
    backward = {id(call): replace(outcomes[id(call)], backward=o.backward) for call, o in zip(calls, again, strict=True)}
    return {**outcomes, **backward}


def _understood(bank: casebank.Bank, plain: Sequence[tuple[Case, Outcome]]) -> bool:
    """Whether backward took the usual cache for what it is. A wrong gradient otherwise may be for want of another cache."""
    alone = [(case, Outcome(backward=outcome.backward)) for case, outcome in plain if outcome.backward]
    return bool(alone) and agreement(bank.answers[0], alone) > len(alone) / 4


def _versions(
    bank: casebank.Bank, adapter: Adapter, chosen: int, plain: Mapping[str, Sequence[tuple[Case, Outcome]]]
) -> dict[str, Sequence[Answer]]:
    """Return the answers for each further version that follows another legal reading than the one that was graded."""
    others: dict[str, Sequence[Answer]] = {}
    for version, outcomes in plain.items():
        own = bank.answers[choose(bank, adapter.readings, outcomes)]
        if agreement(own, outcomes) > agreement(bank.answers[chosen], outcomes):
            others[version] = own
    return others


def _right(checks: Sequence[CheckResult], part: Part) -> bool:
    return all(c.verdict is Verdict.PASSED for c in checks if c.part == part)


def _uncalled(plain: Sequence[tuple[Case, Outcome]], part: Part) -> Cleaned | None:
    """Return why a part could not be called with any input, if so: that is nobody's mistake."""
    stages = [outcome.forward if part == "forward" else outcome.backward for _, outcome in plain]
    failures = [stage and stage.failure for stage in stages]
    unknown = [f.text for f in failures if f and f.kind is FailureKind.UNKNOWN]
    return unknown[0] if unknown and len(unknown) == len(failures) else None
