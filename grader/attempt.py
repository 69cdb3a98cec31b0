"""Attempts at a task: its calls are asked of workers, judged, explained and given points.

What may have gone wrong for what other tasks left behind in a worker is tried again in another.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from grader import casebank, messages, remarks, scoring, summing_up
from grader.diagnosis import Diagnosed, Subject, diagnose, reproduced
from grader.errors import SandboxError
from grader.judging import judge, read_notes, ruled_out
from grader.model import PARTS, Answer, Call, Case, CheckResult, FailureKind, Outcome, Part, TaskResult, Verdict
from grader.one_task import OneTask
from grader.properties.parameters import completed
from grader.readings import Followed, agreement, choose
from grader.sandbox.idle import Idle
from grader.sandbox.process import Launcher
from grader.sandbox.session import Session
from grader.text import Cleaned, one_line
from grader.worker.conventions.adapter import Adapter

MOST_GONE_PAST = 2  # failed statements that are named of a task: the others fail for want of what these define
REPEAT = "forward.repeat"  # the check that asks a second worker

Judged = Sequence[tuple[CheckResult, int]]  # each with its weight
Explained = TypeVar("Explained")


class Reuse(Enum):
    """Which workers that other tasks have used a task may use, too: tried in this order, until it comes out right."""

    BOTH = "both"
    SECOND = "the second"
    NONE = "none"


class _AmissError(Exception):
    """Something is wrong, and it may be for what other tasks left behind in the workers."""


def graded(one: OneTask, launcher: Launcher, idle: Idle, *, patient: bool) -> TaskResult:
    """Grade a task.

    Args:
        one: The task, and what answers it.
        launcher: Starts workers.
        idle: Where workers of other tasks of the submission wait, and those of this one are left. What is not right in them is
            tried again without: nothing that another task left behind may cost points.
        patient: Raise SandboxError where the launcher was lost together with a worker; otherwise that is a death like any other.

    Raises:
        SandboxError: There is no worker, or the launcher was lost.
    """
    if not one.binding.parts:
        return summing_up.missing(one.task, one.near)
    if "forward" not in one.parts and ("backward" not in one.parts or one.adapter.usual_cache is None):
        needed = messages.NEEDS_FORWARD
        return summing_up.missing(one.task, [*one.near, needed] if one.unfinished else [needed, *one.near])
    for reuse in Reuse:
        with closing(one.session(one.binding, launcher, patient=patient)) as session:
            if reuse is Reuse.BOTH and "forward" in one.binding.parts:
                session.first = idle.take_first(launcher)
            if reuse is not Reuse.NONE:
                session.second = idle.take_second(launcher)
            try:
                return _Attempt(one, session).result(idle)
            except _AmissError:
                if reuse is Reuse.BOTH:
                    idle.leave(launcher, session.hand_over(), session.hand_over_second())
    raise AssertionError("without used workers nothing is amiss")


class _Attempt:
    """One attempt, and what is known of the task so far.

    Attributes:
        outcomes: What came of every call, by its identity.
        plain: The cases that are held against the reference, with what came of them.
        followed: How well the code follows each of the legal readings.
        parts: The parts that are graded.
        said: What is said beside the checks.
    """

    outcomes: dict[int, Outcome]
    plain: Sequence[tuple[Case, Outcome]]
    followed: Followed

    def __init__(self, one: OneTask, session: Session) -> None:
        self.one, self.session = one, session
        self.parts, self.said = list(one.parts), list(one.near)
        self._used_first, self._used_second = session.first is not None and session.first.used, session.second is not None
        # What backward gives with the usual cache, where it has one.
        self._alone = partial(one.backward_alone, session) if one.adapter.usual_cache and "backward" in self.parts else None

    def result(self, idle: Idle) -> TaskResult:
        """Grade; a worker that may serve another task is left in `idle`.

        Raises:
            _AmissError: Something is wrong, and a worker had another task before.
        """
        if why := self._ask():
            return summing_up.missing(self.one.task, [why, *self.said])
        judged = self._judged()
        wrong = {check.id for check, _ in judged if check.verdict in (Verdict.FAILED, Verdict.ERRORED)}
        if (self._used_first and (wrong or self.session.lost)) or (self._used_second and (REPEAT in wrong or self.session.lost)):
            raise _AmissError
        found = self._diagnosed([check for check, _ in judged])
        checks = self._reproduced(self._scored(judged, found))
        idle.leave(self.session.launcher, None if wrong else self.session.hand_over(), self.session.hand_over_second())
        self.session.close()
        self.one.lost_files |= self.session.lost_files
        shown = {part: place.shown for part, place in self.one.binding.parts.items()}
        return summing_up.result(self.one.task, checks, [*self.said, *self._remarks(checks)], found.diagnoses, shown)

    def _ask(self) -> str | None:
        """Make the calls; return why nothing came of them that could be judged, if so."""
        one, plan = self.one, self.one.plan
        self._hear(dict(zip(map(id, plan.calls), self.session.run(plan.calls), strict=True)))
        if self._used_first and not (self.followed.entirely or one.task.spec.unreferenced):
            raise _AmissError
        if self._early():
            self.outcomes |= zip(map(id, plan.calls_of_laws), self.session.run(plan.calls_of_laws), strict=True)
        if self._alone and _without_forward(self.plain, self.parts):
            there = "forward" in one.binding.parts
            usual = _with_backward(self.outcomes, plan.calls, self._alone(plan.calls)) if there else self.outcomes
            if _understood(one.bank, plan.plain(usual)):
                self._hear(usual)
                self.said.append(messages.usual_cache(one.binding.parts["backward"].shown))
            elif "forward" not in self.parts:
                return messages.NEEDS_FORWARD
        if why := _uncalled(self.plain, "forward"):
            return messages.not_called(why)
        if why := _uncalled(self.plain, "backward"):
            self.parts.remove("backward")
            self.said.append(messages.not_called(why))
        return None

    def _hear(self, outcomes: dict[int, Outcome]) -> None:
        self.outcomes, self.plain = outcomes, self.one.plan.plain(outcomes)
        self.followed = Followed(self.one.bank, self.one.adapter.readings, self.plain)

    def _judged(self) -> Judged:
        """Hold what came back against what is right by the reading that the code follows."""
        one, plan, answers = self.one, self.one.plan, self._answers
        others = _versions(one.bank, one.adapter, self.followed.chosen, plan.versions(self.outcomes))
        self.said += [messages.other_reading(version) for version in others]
        rows = plan.rows(self.outcomes, answers, self._reading, one.assignment.limits, self.session.run, self._anew, others)
        return judge(completed(one.task.spec, self.plain), rows, self.parts)

    def _diagnosed(self, checks: Sequence[CheckResult]) -> Diagnosed:
        """Return what was found out, and say what of ours broke over it: the verdicts stand without."""
        one, bank = self.one, self.one.bank
        subject = Subject(
            spec=one.task.spec,
            reading=self._reading,
            meant=one.plan.meant,
            ask=self.session.run,
            ask_usual=self._alone,
            derived=one.adapter.derived,
        )
        undecided = [(bank.readings[i], bank.answers[i]) for i in self.followed.tied]
        return self._kept_from(lambda: diagnose(subject, self.plain, self._answers, checks, undecided), Diagnosed())

    def _scored(self, judged: Judged, found: Diagnosed) -> Sequence[CheckResult]:
        """Give the checks of each part their points, and what was found out about them."""
        task, asked, binding = self.one.task, self.one.assignment, self.one.binding
        if asked.banned.verdict == "fail" and binding.banned:
            judged = ruled_out(judged, self.parts, binding.banned)
        points = scoring.part_points(task.points, task.weights)
        weights = {check.id: weight for check, weight in judged}
        checks = [c for c in (found.explain(check, accept_numeric=asked.numeric_gradient == "accept") for check, _ in judged) if c]
        credit = dict.fromkeys(found.own, Fraction(str(asked.own_gradient_credit)))
        scored = []
        for part in self.parts:
            scored += scoring.scored([c for c in checks if c.part == part], weights, points[part], credit)
        return scored

    def _reproduced(self, checks: Sequence[CheckResult]) -> Sequence[CheckResult]:
        """Return checks with the lines that show their findings."""
        one, run = self.one, self.session.run
        functions = {part: one_line(place.name) for part, place in one.binding.parts.items()}
        return self._kept_from(
            lambda: [reproduced(check, one.task.spec, one.adapter, functions, one.binding.lacks, run) for check in checks], checks
        )

    def _kept_from(self, explaining: Callable[[], Explained], otherwise: Explained) -> Explained:
        """Explain something: that decides nothing, so a fault of ours in it is said, and must not undo what was decided."""
        try:
            return explaining()
        except SandboxError:  # the worker is lost, and no explanation is to blame
            raise
        except Exception as error:  # noqa: BLE001 - see above
            self.said.append(messages.not_diagnosed(one_line(f"{type(error).__name__}: {error}")))
            return otherwise

    def _remarks(self, checks: Sequence[CheckResult]) -> list[str]:
        """Say what costs nothing: how the code was read, what a library did, what was printed."""
        one, session = self.one, self.session
        said = remarks.on_library(one.adapter, one.binding, self.parts)
        said += [messages.gone_past(*place) for place in session.past[:MOST_GONE_PAST]]
        marked = one.assignment.purity == "note"
        said += read_notes(self.plain, self._answers, one.binding.also, session.output, purity_noted=marked)
        if one.adapter.divided and any(c.verdict is Verdict.FAILED and c.part == "backward" for c in checks):
            said.append(messages.divided(one.adapter.divided))
        if any(c.verdict is Verdict.PASSED and c.max_score for c in checks):
            alike = "reg" not in one.adapter.fixed and all(_right(checks, part) for part in PARTS)
            said += remarks.on_reading(one.bank.readings, self.followed.chosen, forward=_right(checks, "forward"), alike=alike)
        return said

    @property
    def _answers(self) -> Sequence[Answer]:
        """What is right by the reading that the code follows."""
        return self.one.bank.answers[self.followed.chosen]

    @property
    def _reading(self) -> Mapping[str, Any]:
        return self.one.bank.readings[self.followed.chosen]

    def _early(self) -> bool:
        """Whether there is time for what is not needed to give points."""
        return self.session.time_left > self.one.assignment.limits.task_seconds / 2

    def _anew(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        return self.session.anew(calls) if self.one.second_worker and self._early() else []


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
