"""One task of one submission: the calls, how they are judged, what is found out about them, the points."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from grader import casebank, messages, remarks, scoring, summing_up
from grader.assignment import Assignment, Task
from grader.diagnosis import Diagnosed, Subject, diagnose, reproduced
from grader.errors import SandboxError
from grader.judging import judge, read_notes, ruled_out
from grader.model import PARTS, Answer, Call, Case, CheckResult, Failure, FailureKind, Outcome, Part, TaskResult, Verdict
from grader.plan import Plan, Plans
from grader.properties import properties_of
from grader.properties.parameters import completed
from grader.readings import Followed, agreement, choose
from grader.sandbox.idle import Idle
from grader.sandbox.process import Launcher
from grader.sandbox.session import Session
from grader.sandbox.surveyed import Binding, Place
from grader.text import Cleaned, one_line
from grader.worker.conventions.adapter import Adapter
from reference import LayerSpec

MOST_GONE_PAST = 2  # failed statements that are named of a task: the others fail for want of what these define
REPEAT = "forward.repeat"  # the check that asks a second worker


class Reuse(Enum):
    """Which workers that other tasks have used a task may use, too: tried in this order, until it comes out right."""

    BOTH = "both"
    SECOND = "the second"
    NONE = "none"


class _AmissError(Exception):
    """Something is wrong, and it may be for what other tasks left behind in the workers."""


@dataclass(kw_only=True)
class OneTask:
    """A task as a submission answers it.

    Attributes:
        task: What is asked.
        binding: What answers it.
        unfinished: Sentences about the parts that nobody has filled in.
        assignment: Where the task is from.
        bank: The cases with the reference's answers.
        plans: The plans of the run.
        loaded: What LOAD says for every task of the submission.
        lost_files: Files whose import hung or died, by path: once is enough. Added to.
        second_worker: Make some calls again in a second worker.
    """

    task: Task
    binding: Binding
    unfinished: Sequence[str]
    assignment: Assignment
    bank: casebank.Bank
    plans: Plans
    loaded: Mapping[str, Any]
    lost_files: dict[str, Failure]
    second_worker: bool

    def graded(self, launcher: Launcher, idle: Idle, *, patient: bool) -> TaskResult:
        """Grade the task.

        Args:
            launcher: Starts workers.
            idle: Where workers of other tasks of the submission wait, and those of this one are left. What is not right in them is
                tried again without: nothing that another task left behind may cost points.
            patient: Raise SandboxError where the launcher was lost together with a worker; otherwise that is a death like any other.

        Raises:
            SandboxError: There is no worker, or the launcher was lost.
        """
        if not self.binding.parts:
            return summing_up.missing(self.task, self._near)
        if "forward" not in self._parts and ("backward" not in self._parts or self._adapter.usual_cache is None):
            needed = messages.NEEDS_FORWARD
            return summing_up.missing(self.task, [*self._near, needed] if self.unfinished else [needed, *self._near])
        for reuse in Reuse:
            with closing(self._session(self.binding, launcher, patient=patient)) as session:
                if reuse is Reuse.BOTH and "forward" in self.binding.parts:
                    session.first = idle.take_first(launcher)
                if reuse is not Reuse.NONE:
                    session.second = idle.take_second(launcher)
                try:
                    return self._attempt(session, idle)
                except _AmissError:
                    if reuse is Reuse.BOTH:
                        idle.leave(launcher, session.hand_over(), session.hand_over_second())
        raise AssertionError("without used workers nothing is amiss")

    def _attempt(self, session: Session, idle: Idle) -> TaskResult:
        used_first, used_second = session.first is not None and session.first.used, session.second is not None
        near, parts, bank = list(self._near), list(self._parts), self.bank
        plan = self._plan
        outcomes = dict(zip(map(id, plan.calls), session.run(plan.calls), strict=True))
        plain = plan.plain(outcomes)
        followed = Followed(bank, self._adapter.readings, plain)
        if used_first and not (followed.entirely or self.task.spec.unreferenced):
            raise _AmissError
        if self._early(session):
            outcomes |= zip(map(id, plan.calls_of_laws), session.run(plan.calls_of_laws), strict=True)
        alone = partial(self._backward_alone, session) if self._adapter.usual_cache and "backward" in parts else None
        if alone and _without_forward(plain, parts):
            usual = outcomes if "forward" not in self.binding.parts else _with_backward(outcomes, plan.calls, alone(plan.calls))
            if _understood(bank, plan.plain(usual)):
                outcomes, plain = usual, plan.plain(usual)
                followed = Followed(bank, self._adapter.readings, plain)
                near.append(messages.usual_cache(self.binding.parts["backward"].shown))
            elif "forward" not in parts:
                return summing_up.missing(self.task, [messages.NEEDS_FORWARD, *near])
        if why := _uncalled(plain, "forward"):
            return summing_up.missing(self.task, [messages.not_called(why), *near])
        if why := _uncalled(plain, "backward"):
            parts.remove("backward")
            near.append(messages.not_called(why))
        chosen = followed.chosen
        answers = bank.answers[chosen]
        others = _versions(bank, self._adapter, chosen, plan.versions(outcomes))
        near += [messages.other_reading(version) for version in others]
        limits, anew = self.assignment.limits, partial(self._anew, session)
        rows = plan.rows(outcomes, answers, bank.readings[chosen], limits, session.run, anew, others)
        judged = judge(completed(self.task.spec, plain), rows, parts)
        wrong = {check.id for check, _ in judged if check.verdict in (Verdict.FAILED, Verdict.ERRORED)}
        if (used_first and (wrong or session.lost)) or (used_second and (REPEAT in wrong or session.lost)):
            raise _AmissError
        subject = Subject(
            spec=self.task.spec,
            reading=bank.readings[chosen],
            meant=plan.meant,
            ask=session.run,
            ask_usual=alone,
            derived=self._adapter.derived,
        )
        undecided = [(bank.readings[i], bank.answers[i]) for i in followed.tied]
        found, faults = _diagnosed(subject, plain, answers, [check for check, _ in judged], undecided)
        near += faults
        if self.assignment.banned.verdict == "fail" and self.binding.banned:
            judged = ruled_out(judged, parts, self.binding.banned)
        checks = self._scored(judged, parts, found)
        checks, faults = _reproduced(checks, self.task.spec, self._adapter, self.binding, session)
        near += faults
        idle.leave(session.launcher, None if wrong else session.hand_over(), session.hand_over_second())
        session.close()
        self.lost_files |= session.lost_files
        near += remarks.on_library(self._adapter, self.binding, parts)
        near += [messages.gone_past(*place) for place in session.past[:MOST_GONE_PAST]]
        notes = read_notes(plain, answers, self.binding.also, session.output, purity_noted=self.assignment.purity == "note")
        notes += self._explained(checks, chosen)
        graded = {part: place.shown for part, place in self.binding.parts.items()}
        return summing_up.result(self.task, checks, [*near, *notes], found.diagnoses, graded)

    @cached_property
    def _adapter(self) -> Adapter:
        return self.assignment.spelt[self.binding.convention][self.task.spec.name]

    @cached_property
    def _parts(self) -> Sequence[Part]:
        """The parts that are graded."""
        there, optional = self.binding.parts, self._adapter.forward_optional
        return [p for p in PARTS if p in self.task.weights and (p in there or (p == "forward" and optional))]

    @cached_property
    def _plan(self) -> Plan:
        adapter, binding = self._adapter, self.binding
        return self.plans.plan(
            self.task,
            self.bank.cases,
            {**adapter.fixed, **{option: adapter.neutral[option][0] for option in binding.lacks}, **binding.alone},
            properties_of(self.task.spec, marks_purity=self.assignment.purity == "mark"),
            backward="backward" in self._parts,
            expressible=adapter.expressible,
            varied=adapter.varied,
        )

    @cached_property
    def _near(self) -> Sequence[str]:
        """What is said of functions that are there, and are not what is asked for."""
        return [*self.unfinished, *(messages.near_miss(*miss) for miss in self.binding.near)]

    def _explained(self, checks: Sequence[CheckResult], chosen: int) -> list[str]:
        """Say by which reading and which convention of a batch's gradients a task was graded, where that is worth saying."""
        said: list[str] = []
        if self._adapter.divided and any(c.verdict is Verdict.FAILED and c.part == "backward" for c in checks):
            said.append(messages.divided(self._adapter.divided))
        if any(c.verdict is Verdict.PASSED and c.max_score for c in checks):
            alike = "reg" not in self._adapter.fixed and all(_right(checks, part) for part in PARTS)
            said += remarks.on_reading(self.bank.readings, chosen, forward=_right(checks, "forward"), alike=alike)
        return said

    def _backward_alone(self, beside: Session, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return what backward gives without forward, with the usual cache."""
        alone = replace(self.binding, parts={"backward": self.binding.parts["backward"]})
        with closing(self._session(alone, beside.launcher, patient=beside.patient)) as session:
            return session.run(calls)

    def _early(self, session: Session) -> bool:
        """Whether there is time for what is not needed to give points."""
        return session.time_left > self.assignment.limits.task_seconds / 2

    def _anew(self, session: Session, calls: Sequence[Call]) -> Sequence[Outcome]:
        return session.anew(calls) if self.second_worker and self._early(session) else []

    def _session(self, binding: Binding, launcher: Launcher, *, patient: bool) -> Session:
        places = {p: {"path": place.path, "name": place.name} for p, place in binding.parts.items()}
        request = {**self.loaded, "parts": places, "convention": binding.convention, "task": self.task.spec.name}
        known = {p: failure for p, place in binding.parts.items() if (failure := self._broken(place))}
        return Session(launcher, self.assignment.limits, request, known, patient)

    def _broken(self, place: Place) -> Failure | None:
        """Say why a file cannot be run, where that is known before it is tried."""
        if place.error:
            return Failure(kind=FailureKind.LOAD, text=one_line(f"{place.path}, line {place.line}: {place.error}", 500))
        return self.lost_files.get(place.path)

    def _scored(self, judged: Sequence[tuple[CheckResult, int]], parts: Sequence[Part], found: Diagnosed) -> list[CheckResult]:
        """Give the checks of each part their points, and what was found out about them."""
        points = scoring.part_points(self.task.points, self.task.weights)
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
