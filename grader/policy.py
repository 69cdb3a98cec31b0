"""What becomes of the points of a submission: what is dropped, what is a bonus, what lateness costs. Pure: no clock, no files.

Scores are those of `results.json`, decimals, and everything between is a Fraction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from grader import messages
from grader.language import Sentence
from grader.messages.policy import Unit
from grader.scoring import decimal, fraction
from grader.text import same_id

Entry = Mapping[str, Any]  # a submission or a task as in results.json
UNITS: Mapping[Unit, timedelta] = MappingProxyType({"day": timedelta(days=1), "hour": timedelta(hours=1)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A share of the points earned, where `share`, or points."""

    value: Fraction
    share: bool

    @classmethod
    def read(cls, text: str) -> "Amount":
        """Read "10 %" or "2"."""
        share = text.endswith("%")
        return cls(value=Fraction(text.rstrip("% ")) / (100 if share else 1), share=share)

    def times(self, count: int) -> "Amount":
        """Return so many of it; a share is never more than the whole."""
        return Amount(value=min(Fraction(1), self.value * count) if self.share else self.value * count, share=self.share)

    def of(self, earned: Fraction) -> Fraction:
        """Return the points that it is."""
        return earned * self.value if self.share else min(earned, self.value)

    def said(self) -> Sentence:
        """Return it in words."""
        return messages.amount(decimal(self.value * (100 if self.share else 1)), share=self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What lateness costs: `rate` for every `unit` begun, nothing within `grace`, all of it beyond `at_most`."""

    rate: Amount | None = None
    unit: Unit = "day"
    grace: timedelta = timedelta(0)
    at_most: timedelta | None = None
    floor: Amount = field(default_factory=lambda: Amount(value=Fraction(0), share=False))

    def left(self, earned: Fraction, by: timedelta) -> tuple[Fraction, Sentence]:
        """Return what is left of the points of work that is late by more than the grace, and why."""
        count = -(-by // UNITS[self.unit])  # each begun counts whole
        said = messages.late_by(count, self.unit)
        if self.at_most is not None and by > self.at_most:
            return Fraction(0), messages.too_late(said, decimal(Fraction(self.at_most / UNITS["day"])))
        if not self.rate:
            return earned, messages.late(said, None, None)
        lost = self.rate.times(count)
        left = max(earned - lost.of(earned), self.floor.of(earned))
        kept = self.floor if left > earned - lost.of(earned) else None
        return left, messages.late(said, lost.said(), kept.said() if kept else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy of an assignment, with what its tasks say of themselves."""

    due: datetime | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)  # by the id of the submission, as `same_id` has it
    late: Late | None = None
    drop: Mapping[str, int] = field(default_factory=dict)  # by group
    best_of: Mapping[str, int] = field(default_factory=dict)
    published: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)  # by task
    bonus: frozenset[str] = frozenset()
    visibility: Mapping[str, str] = field(default_factory=dict)  # of the tasks that are not always visible

    @property
    def opens(self) -> datetime | None:
        """When what is visible after the due date is: when nobody can hand in for points any more."""
        last = max([self.due, *self.extensions.values()]) if self.due else None
        return last + self.late.at_most if last and self.late and self.late.at_most else last

    def of_some_tasks(self) -> "Policy":
        """Return what of it holds for the results of some tasks alone: what is the worst of a group, only all of them tell."""
        return replace(self, drop={}, best_of={}, bonus=frozenset())

    def final(self, submission: Entry, submitted: datetime | None) -> dict[str, Any] | None:
        """Return score, max_score and adjustments after the policy; None where it has nothing to say about any points.

        Args:
            submission: As in `results.json`: id, score, max_score and tasks.
            submitted: When it was handed in; where nobody knows, it is not late.
        """
        if not (self.late or self.drop or self.best_of or self.bonus):
            return None
        score, maximum = _points(submission, "score"), _points(submission, "max_score")
        adjustments = []
        for task, kind, message in self._left_out(submission["tasks"]):
            score -= _points(task, "score")
            maximum -= _points(task, "max_score")
            adjustments.append(_adjustment(kind, message, -_points(task, "score")))
        for task in submission["tasks"]:
            if task["id"] in self.bonus:
                maximum -= _points(task, "max_score")
                adjustments.append(_adjustment("bonus", messages.bonus(task["title"]), Fraction(0)))
        by = self._late_by(submission["id"], submitted)
        if self.late and by > self.late.grace:
            left, message = self.late.left(score, by)
            adjustments.append(_adjustment("late", message, left - score))
            score = left
        return {"score": decimal(score), "max_score": decimal(maximum), "adjustments": adjustments}

    def _late_by(self, id: str, submitted: datetime | None) -> timedelta:
        due = self.extensions.get(same_id(id), self.due)
        return submitted - due if submitted and due else timedelta(0)

    def _left_out(self, tasks: Iterable[Entry]) -> Iterator[tuple[Entry, str, Sentence]]:
        """Yield the tasks that do not count. One that could not be graded counts for nobody, so it is none of them."""
        for group in sorted({*self.drop, *self.best_of}):
            graded = [task for task in tasks if self.groups.get(task["id"]) == group and task["max_score"]]
            ranked = sorted(graded, key=lambda task: (_points(task, "score") / _points(task, "max_score"), task["id"]))
            if group in self.drop:
                for task in ranked[: min(self.drop[group], len(ranked) - 1)]:
                    yield task, "drop", messages.dropped(task["title"], group)
            else:
                for task in ranked[: max(0, len(ranked) - self.best_of[group])]:
                    yield task, "best_of", messages.not_among_best(task["title"], group, self.best_of[group])


def from_document(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a checked `tasks.yaml`."""
    asked, tasks = document["policy"], document["tasks"]
    late = asked["late"]
    return Policy(
        due=_time(asked["due"]),
        extensions={same_id(id): datetime.fromisoformat(due) for id, due in asked["extensions"].items()},
        late=late and _late(late),
        drop=asked["drop"],
        best_of=asked["best_of"],
        published=asked["published"],
        groups={task["id"]: task["group"] for task in tasks if task["group"]},
        bonus=frozenset(task["id"] for task in tasks if task["bonus"]),
        visibility={task["id"]: task["visibility"] for task in tasks if task["visibility"] != "visible"},
    )


def unknown_extensions(policy: Policy, ids: Iterable[str]) -> list[str]:
    """Return the ids that have an extension and are not among those of the submissions: misspelt, for the most part."""
    return sorted(policy.extensions.keys() - set(map(same_id, ids)))


def apart_from(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a checked `tasks.yaml` without its policy, and wherever it stood: what grading follows from."""
    tasks = [{key: value for key, value in task.items() if key not in ("group", "bonus", "visibility")} for task in document["tasks"]]
    return {**{key: value for key, value in document.items() if key not in ("policy", "folder")}, "tasks": tasks}


def _late(asked: Mapping[str, Any]) -> Late:
    rate = asked["per_day"] or asked["per_hour"]
    return Late(
        rate=Amount.read(rate) if rate else None,
        unit="hour" if asked["per_hour"] else "day",
        grace=timedelta(minutes=asked["grace_minutes"]),
        at_most=timedelta(days=asked["at_most_days"]) if asked["at_most_days"] else None,
        floor=Amount.read(asked["floor"]),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _points(entry: Entry, key: str) -> Fraction:
    return fraction(entry[key])


def _adjustment(id: str, message: str, points: Fraction) -> dict[str, Any]:
    return {"id": id, "message": message, "points": decimal(points)}
