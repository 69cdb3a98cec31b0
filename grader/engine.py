"""Grade submissions: the one place that knows the whole flow, from a bundle of sources to a report."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from grader import casebank, messages, scoring
from grader.answers import answer
from grader.assignment import Assignment, Task
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.judging import judge, read_notes
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
    Limits,
    Outcome,
    Part,
    Standing,
    SubmissionResult,
    TaskResult,
    Verdict,
)
from grader.properties import PROPERTIES, Property, purity
from grader.properties.property import Evidence
from grader.readings import choose
from grader.sandbox.launch import open_launcher
from grader.sandbox.process import Launcher
from grader.sandbox.session import Lost, Session, survey
from grader.text import one_line
from grader.version import VERSION
from grader.worker.conventions import CONVENTIONS
from reference import LayerSpec


def grade(
    bundles: Sequence[Bundle],
    assignment: Assignment,
    *,
    launcher: Launcher,
    isolation: Isolation,
    seed: int,
    jobs: int = 1,
    cache: Path | None = None,
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
        on_done: Called for every finished submission, from any thread, in any order.
    """
    banks = {task.id: casebank.bank(task.spec, task.readings, seed, cache) for task in assignment.tasks}

    plans = _Plans()

    # Threads suffice: the work is done by student code, in processes of its own. A class is divided by submissions, a
    # single submission by its tasks.
    alone = len(bundles) == 1
    with ThreadPoolExecutor(jobs) as pool:

        def one(bundle: Bundle) -> SubmissionResult:
            result = _Submission(bundle, assignment, banks, plans, launcher).grade(pool.map if alone else map)
            on_done(result)
            return result

        results = tuple(map(one, bundles) if alone else pool.map(one, bundles))
    about = {"id": assignment.id, "title": assignment.title, "sha256": assignment.sha256, "seed": seed}
    return GradeReport(grader_version=VERSION, assignment=about, isolation=isolation, submissions=results)


@dataclass(slots=True)
class _Submission:
    """One submission on its way through the tasks."""

    bundle: Bundle
    assignment: Assignment
    banks: Mapping[str, casebank.Bank]
    plans: "_Plans"
    launcher: Launcher
    lost_files: dict[str, Failure] = field(default_factory=dict)  # files whose import hung or died: once is enough

    def grade(self, over: Callable[..., Iterable[TaskResult]]) -> SubmissionResult:
        """Grade all tasks; `over` is `map`, or what maps on several threads."""
        start = time.monotonic()
        notes = list(self.bundle.notes)
        tasks = self.assignment.tasks
        try:
            found = self._surveyed()
            notes += [messages.does_not_parse(p, line, one_line(text)) for p, (line, text) in sorted(found["broken"].items())]
            results = tuple(over(lambda task: self._guarded(task, found["tasks"][task.id]), tasks))
        except Lost:
            notes.append(messages.TOO_HARD_TO_PARSE)
            results = tuple(_missing(task, (messages.TOO_HARD_TO_PARSE,)) for task in tasks)
        except SandboxError as error:
            results = tuple(_errored(task, str(error)) for task in tasks)
        score, max_score = scoring.totals(results)
        return SubmissionResult(
            id=self.bundle.id,
            sha256=self.bundle.sha256,
            standing=scoring.standing(r.standing for r in results),
            score=score,
            max_score=max_score,
            duration_s=time.monotonic() - start,
            tasks=results,
            notes=tuple(notes),
        )

    def _surveyed(self) -> dict[str, Any]:
        asked = {t.id: (t.spec.name, t.conventions) for t in self.assignment.tasks}
        try:
            return survey(self.launcher, self.assignment.limits, self.bundle.files, asked)
        except SandboxError:  # a neighbour may have ended the process that starts the workers
            with open_launcher() as own:
                return survey(own, self.assignment.limits, self.bundle.files, asked)

    def _guarded(self, task: Task, binding: Mapping[str, Any]) -> TaskResult:
        try:
            try:
                return self._task(task, binding, self.launcher, patient=True)
            except SandboxError:
                # The process that starts the workers is gone: a neighbour may have ended it, or this submission. With one
                # of its own, which no neighbour knows, it can only have been this one.
                with open_launcher() as own:
                    return self._task(task, binding, own, patient=False)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one task is reported as ours and stops no other
            return _errored(task, f"{type(error).__name__}: {error}")

    def _task(self, task: Task, binding: Mapping[str, Any], launcher: Launcher, *, patient: bool) -> TaskResult:
        near = [messages.near_miss(*miss) for miss in binding["near"]]
        if "parts" not in binding:
            return _missing(task, [messages.NO_FUNCTIONS, *near])
        adapter = CONVENTIONS[binding["convention"]][task.spec.name]
        bank = self.banks[task.id]
        parts: list[Part] = [
            p for p in PARTS if p in task.weights and (p in binding["parts"] or (p == "forward" and adapter.forward_optional))
        ]
        if "forward" not in parts:
            return _missing(task, [messages.NEEDS_FORWARD, *near])
        plan = self.plans.plan(task, bank.cases, adapter.fixed, self._properties(), backward="backward" in parts)
        outcomes, output = self._run(task, binding, plan.calls, launcher, patient=patient)
        chosen = choose(bank, adapter.readings, plan.plain(outcomes))
        answers = bank.answers[chosen]
        rows = plan.rows(outcomes, answers, bank.readings[chosen], self.assignment.limits)
        checks = self._scored(task, judge(task.spec, rows, parts), parts)
        noted = self.assignment.purity == "note"
        notes = read_notes(plan.plain(outcomes), answers, binding, output, purity_noted=noted)
        if any(c.verdict is Verdict.PASSED and c.max_score for c in checks):
            alike = "reg" not in adapter.fixed and all(c.verdict is Verdict.PASSED for c in checks)
            notes += _reading_notes(bank.readings, chosen, alike=alike)
        return self._result(task, checks, [*near, *notes], _graded(binding))

    def _properties(self) -> tuple[Property, ...]:
        return PROPERTIES if self.assignment.purity == "mark" else tuple(p for p in PROPERTIES if p is not purity)

    def _run(
        self, task: Task, binding: Mapping[str, Any], calls: Sequence[Call], launcher: Launcher, *, patient: bool
    ) -> tuple[dict[int, Outcome], str]:
        places = binding["parts"]
        request = {
            "files": dict(self.bundle.files),
            "parts": {p: {"path": place["path"], "name": place["name"]} for p, place in places.items()},
            "convention": binding["convention"],
            "task": task.spec.name,
        }
        known = {p: failure for p, place in places.items() if (failure := self._broken(place))}
        session = Session(launcher, self.assignment.limits, request, known, patient)
        outcomes = session.run(calls)
        self.lost_files |= session.lost_files
        return dict(zip(map(id, calls), outcomes, strict=True)), session.output

    def _broken(self, place: Mapping[str, Any]) -> Failure | None:
        """Say why a file cannot be run, where that is known before it is tried."""
        if place["error"]:
            return Failure(kind=FailureKind.LOAD, text=f"{place['path']}, line {place['line']}: {one_line(place['error'])}")
        return self.lost_files.get(place["path"])

    def _scored(self, task: Task, checks: Sequence[tuple[CheckResult, int]], parts: Sequence[Part]) -> list[CheckResult]:
        """Give the checks of each part their ids and points."""
        points = scoring.part_points(task.points, task.weights)
        weights = {c.id: weight for c, weight in checks}
        scored = []
        for part in parts:
            scored += scoring.scored([c for c, _ in checks if c.part == part], weights, points[part])
        return scored

    def _result(self, task: Task, checks: Sequence[CheckResult], notes: Sequence[str], graded: Mapping[str, str]) -> TaskResult:
        points = scoring.part_points(task.points, task.weights)
        by_part = {part: [c for c in checks if c.part == part] for part in points}
        missing = sum(points[part] for part, found in by_part.items() if not found)
        standings = {part: scoring.part_standing(found) for part, found in by_part.items()}
        return TaskResult(
            id=task.id,
            title=task.title,
            standing=scoring.standing(standings.values()),
            score=sum((c.score for c in checks), start=points["forward"] * 0),
            max_score=sum((c.max_score for c in checks), start=points["forward"] * 0) + missing,
            parts=standings,
            checks=tuple(_named(task.id, c) for c in checks),
            notes=tuple(dict.fromkeys(notes)),
            graded=graded,
        )


class _Plans:
    """The plans of a run, each made once: submissions that spell a task alike share it, and what was worked out for it."""

    def __init__(self) -> None:
        self._made: dict[Any, _Plan] = {}

    def plan(
        self, task: Task, cases: Sequence[Case], fixed: Mapping[str, Any], properties: Sequence[Property], *, backward: bool
    ) -> "_Plan":
        """Return the plan of a task for a convention that cannot express all options."""
        key = (task.id, *fixed.items(), backward)
        if key not in self._made:
            meant = [c for c in cases if all(c.options.get(k, v) == v for k, v in fixed.items())]
            self._made.setdefault(key, _Plan(task.spec, meant, properties, fixed, backward=backward))
        return self._made[key]


class _Plan:
    """Which calls the properties need of which cases; the plain call of a case is made once and shared."""

    def __init__(
        self, spec: LayerSpec, cases: Sequence[Case], properties: Sequence[Property], fixed: Mapping[str, Any], *, backward: bool
    ) -> None:
        self.spec, self.cases = spec, cases
        self.base = {id(c): Call(case=c, forward_only=not backward) for c in cases}

        def expressible(calls: Sequence[Call]) -> bool:
            return all(call.case.options.get(k, v) == v for call in calls for k, v in fixed.items())

        planned = [(p, asked) for p in properties for asked in p.plan(spec, cases, lambda c: self.base[id(c)])]
        self._asked = [(p, asked) for p, asked in planned if expressible(asked.calls)]
        self.calls = list({id(call): call for _, asked in self._asked for call in asked.calls}.values())
        self._worked_out: dict[Any, Answer] = {}

    def rows(
        self, outcomes: Mapping[int, Outcome], answers: Sequence[Answer], reading: Mapping[str, Any], limits: Limits
    ) -> Iterator[tuple[Property, Evidence]]:
        """Yield every property with what it sees of a case."""
        bounds = {"call_seconds": limits.call_seconds, "task_seconds": limits.task_seconds, "memory_mb": limits.memory_mb}
        for prop, (case, calls) in self._asked:
            yield (
                prop,
                Evidence(
                    spec=self.spec,
                    case=case,
                    answer=answers[case.number],
                    calls=calls,
                    outcomes=[outcomes[id(call)] for call in calls],
                    answer_to=partial(self._answer, answers=answers, reading=reading),
                    limits=bounds,
                ),
            )

    def _answer(self, call: Call, answers: Sequence[Answer], reading: Mapping[str, Any]) -> Answer:
        """Return the reference's answer to a call: the bank's, or, for a case of a law's own, one worked out once for all."""
        if id(call.case) in self.base:
            return answers[call.case.number]
        key = (id(call.case), *reading.items())
        if key not in self._worked_out:
            self._worked_out[key] = answer(self.spec, call.case, reading)
        return self._worked_out[key]

    def plain(self, outcomes: Mapping[int, Outcome]) -> list[tuple[Case, Outcome]]:
        """Return every case with the outcome of its plain call."""
        return [(c, outcomes[id(self.base[id(c)])]) for c in self.cases]


def _named(task: str, check: CheckResult) -> CheckResult:
    return replace(check, id=f"{task}.{check.id}")


def _graded(binding: Mapping[str, Any]) -> dict[str, str]:
    return {part: f"{place['path']}:{place['line']} {place['name']}" for part, place in binding["parts"].items()}


def _reading_notes(readings: Sequence[Mapping[str, Any]], chosen: int, *, alike: bool) -> list[str]:
    reading = readings[chosen]
    left_open = {k: v for k, v in reading.items() if len({r[k] for r in readings}) > 1}
    said = messages.read_as(left_open)
    if "reg_factor" in left_open and alike:
        said.append(messages.regularised(left_open["reg_factor"]))
    return said


def _missing(task: Task, notes: Sequence[str]) -> TaskResult:
    points = scoring.part_points(task.points, task.weights)
    return TaskResult(
        id=task.id,
        title=task.title,
        standing=Standing.MISSING,
        score=points["forward"] * 0,
        max_score=sum(points.values(), start=points["forward"] * 0),
        parts=dict.fromkeys(points, Standing.MISSING),
        notes=tuple(notes),
    )


def _errored(task: Task, why: str) -> TaskResult:
    points = scoring.part_points(task.points, task.weights)
    checks = tuple(
        CheckResult(
            id=f"{task.id}.{part}.grading",
            title=f"{part} is graded",
            part=part,
            verdict=Verdict.ERRORED,
            reason=f"{messages.OURS} {one_line(why)}",
        )
        for part in points
    )
    zero = points["forward"] * 0
    return TaskResult(
        id=task.id,
        title=task.title,
        standing=Standing.ERRORED,
        score=zero,
        max_score=zero,
        parts=dict.fromkeys(points, Standing.ERRORED),
        checks=checks,
    )
