"""What `policy` and the keys `group`, `bonus` and `visibility` of a task may hold in `tasks.yaml`; with `tasks_file`, all that pydantic sees."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from grader.text import same_id

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
GroupName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=64)]
AMOUNT = re.compile(r"\d{1,5}(\.\d{1,4})?( ?%)?")
EXAMPLE = "2026-11-30T23:59:00+09:00"


def _time(given: object) -> datetime:
    """Return a time; YAML has read it already, unless the seconds are left out."""
    try:
        read = datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        read = None
    if not isinstance(read, datetime):
        raise ValueError(f"should be a time, such as {EXAMPLE}")
    if read.utcoffset() is None:
        raise ValueError(f"needs its offset from UTC, as in {EXAMPLE}")
    return read


def _amount(given: object) -> str:
    """Return "10 %" or "2" of what YAML has read as a text or a number."""
    shown = str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    if not AMOUNT.fullmatch(shown):
        raise ValueError("should be a share, such as 10 %, or points, such as 2")
    if shown.endswith("%") and float(shown[:-1]) > 100:
        raise ValueError("should be 100 % at most")
    return shown


def _ids(given: object) -> object:
    """Return a mapping by ids, of which YAML reads a student number as a number."""
    if not isinstance(given, dict):
        return given
    read = {str(id) if type(id) is int else id: due for id, due in given.items()}
    texts = [id for id in read if isinstance(id, str)]
    twice = [id for id, count in Counter(map(same_id, texts)).items() if count > 1]
    if len(read) < len(given) or twice:
        raise ValueError("has an id twice, however it is spelt")
    return read


Time = Annotated[datetime, BeforeValidator(_time), PlainSerializer(datetime.isoformat, return_type=str)]
Amount = Annotated[
    str,
    BeforeValidator(_amount),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^{AMOUNT.pattern}$"}, {"type": "number", "minimum": 0, "maximum": 99999}]}),
]


class LateModel(BaseModel, extra="forbid", strict=True):
    """What lateness costs. Amounts are shares of the points earned, such as 10 %, or points, such as 2."""

    per_day: Amount | None = Field(None, description="Taken off for every day begun.")
    per_hour: Amount | None = Field(None, description="Taken off for every hour begun; instead of per_day.")
    grace_minutes: float = Field(0, ge=0, le=100_000, description="So late is not late yet.")
    at_most_days: float | None = Field(None, gt=0, le=3650, description="Later than this earns nothing.")
    floor: Amount = Field("0", description="What lateness leaves at least, unless it is later than at_most_days.")

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        if self.per_day and self.per_hour:
            raise ValueError("per_day and per_hour exclude each other")
        if not (self.per_day or self.per_hour or self.at_most_days):
            raise ValueError("needs per_day, per_hour or at_most_days")
        return self


class PolicyModel(BaseModel, extra="forbid", strict=True):
    """What is done with the points of the tasks, and when what is hidden is shown."""

    due: Time | None = Field(None, description=f"When it must be handed in, such as {EXAMPLE}.")
    extensions: Annotated[dict[str, Time], BeforeValidator(_ids)] = Field(
        default={}, max_length=10_000, description="Another due for a submission, by its id."
    )
    late: LateModel | None = None
    drop: dict[GroupName, Annotated[int, Field(ge=1)]] = Field(
        default={}, description="Of a group of tasks, how many do not count: the lowest."
    )
    best_of: dict[GroupName, Annotated[int, Field(ge=1)]] = Field(default={}, description="Of a group of tasks, how many count: the best.")
    published: bool = Field(False, description="Whether what is visible after_published is shown.")

    @model_validator(mode="after")
    def _late_than_what(self) -> Self:
        if self.late and not self.due:
            raise ValueError("late needs due")
        if self.extensions and not self.due:
            raise ValueError("extensions need due")
        if self.due and self.late and self.late.at_most_days:
            try:
                max([self.due, *self.extensions.values()]) + timedelta(days=self.late.at_most_days)
            except OverflowError:
                raise ValueError("at_most_days after the last due is later than the year 9999; name an earlier due") from None
        return self


def across(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where the policy and the tasks of a document disagree, and how; whatever is malformed is told by the models."""
    policy, tasks = document.get("policy"), document.get("tasks")
    policy = policy if isinstance(policy, dict) else {}
    entries = [task if isinstance(task, dict) else {} for task in tasks] if isinstance(tasks, list) else []
    groups = Counter(task["group"] for task in entries if isinstance(task.get("group"), str))
    yield from _all_bonus(entries)
    counted: set[str] = set()
    for rule in ("drop", "best_of"):
        numbers = policy.get(rule)
        for group, number in numbers.items() if isinstance(numbers, dict) else ():
            where = ("policy", rule, group)
            if group not in groups:
                yield where, f"no task has the group {group}."
            elif isinstance(number, int) and not number < groups[group]:
                yield where, f"the group {group} has {groups[group]} tasks; this must be less."
            elif len({task.get("points") for task in entries if task.get("group") == group}) > 1:
                yield where, f"the tasks of the group {group} must be worth the same points, so that it is plain which are the lowest."
            if group in counted:
                yield where, f"the group {group} has a drop already."
            counted.add(group)
    for i, task in enumerate(entries):
        if task.get("bonus") is True and task.get("group") in counted:
            yield ("tasks", i, "bonus"), "a task of a group with drop or best_of cannot be a bonus."
        if task.get("visibility") == "after_due_date":
            late = policy.get("late")
            if "due" not in policy:
                yield ("tasks", i, "visibility"), "after_due_date needs policy.due."
            elif isinstance(late, dict) and "at_most_days" not in late:
                yield (
                    ("tasks", i, "visibility"),
                    "after_due_date needs policy.late.at_most_days: until then what it shows could be handed in.",
                )


def _all_bonus(entries: list[dict[str, Any]]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if entries and all(task.get("bonus") is True for task in entries):
        yield ("tasks", 0, "bonus"), "every task is a bonus, so the maximum is 0; leave one that is none."


def shown(given: object) -> str:
    """Return a value as people write it in YAML."""
    return str(given) if isinstance(given, date) else repr(given)
