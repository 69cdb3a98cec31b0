"""One task of one submission: what is asked, what answers it, and how workers are told of it."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from grader import casebank, messages
from grader.assignment import Assignment, Task
from grader.model import PARTS, Call, Failure, FailureKind, Outcome, Part
from grader.plan import Plan, Plans
from grader.properties import properties_of
from grader.sandbox.process import Launcher
from grader.sandbox.session import Session
from grader.sandbox.surveyed import Binding, Place
from grader.text import one_line
from grader.worker.conventions.adapter import Adapter


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

    @cached_property
    def adapter(self) -> Adapter:
        """How code of its convention is called."""
        return self.assignment.spelt[self.binding.convention][self.task.spec.name]

    @cached_property
    def parts(self) -> Sequence[Part]:
        """The parts that are graded."""
        there, optional = self.binding.parts, self.adapter.forward_optional
        return [p for p in PARTS if p in self.task.weights and (p in there or (p == "forward" and optional))]

    @cached_property
    def plan(self) -> Plan:
        """The calls that are made for it."""
        adapter, binding = self.adapter, self.binding
        return self.plans.plan(
            self.task,
            self.bank.cases,
            {**adapter.fixed, **{option: adapter.neutral[option][0] for option in binding.lacks}, **binding.alone},
            properties_of(self.task.spec, marks_purity=self.assignment.purity == "mark"),
            backward="backward" in self.parts,
            expressible=adapter.expressible,
            varied=adapter.varied,
        )

    @cached_property
    def near(self) -> Sequence[str]:
        """What is said of functions that are there, and are not what is asked for."""
        return [*self.unfinished, *(messages.near_miss(*miss) for miss in self.binding.near)]

    def session(self, binding: Binding, launcher: Launcher, *, patient: bool) -> Session:
        """Return what talks to workers that run this code; none is started yet."""
        places = {p: {"path": place.path, "name": place.name} for p, place in binding.parts.items()}
        request = {**self.loaded, "parts": places, "convention": binding.convention, "task": self.task.spec.name}
        known = {p: failure for p, place in binding.parts.items() if (failure := self._broken(place))}
        return Session(launcher, self.assignment.limits, request, known, patient)

    def _broken(self, place: Place) -> Failure | None:
        """Say why a file cannot be run, where that is known before it is tried."""
        if place.error:
            return Failure(kind=FailureKind.LOAD, text=one_line(f"{place.path}, line {place.line}: {place.error}", 500))
        return self.lost_files.get(place.path)

    def backward_alone(self, beside: Session, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return what backward gives without forward, with the usual cache."""
        alone = replace(self.binding, parts={"backward": self.binding.parts["backward"]})
        with closing(self.session(alone, beside.launcher, patient=beside.patient)) as session:
            return session.run(calls)
