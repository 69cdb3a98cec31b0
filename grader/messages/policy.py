"""What the policy of an assignment does with the points, as it stands after the word "after": "after 1 day late (-10 %)"."""

from typing import Literal

from grader.language import Sentence, say

Unit = Literal["day", "hour"]


def late_by(count: int, unit: Unit) -> Sentence:
    """How late something was handed in, in days or hours that have begun."""
    if unit == "day":
        return say("1 day late") if count == 1 else say("{count} days late", count=count)
    return say("1 hour late") if count == 1 else say("{count} hours late", count=count)


def amount(number: float, *, share: bool) -> Sentence:
    """A share of the points, in percent, or points."""
    if share:
        return say("{number} %", number=number)
    return say("1 point") if number == 1 else say("{number} points", number=number)


def late(by: Sentence, lost: Sentence | None, kept: Sentence | None) -> Sentence:
    """What lateness takes off, and what it leaves where that is more."""
    if not lost:
        return by
    if not kept:
        return say("{late} (-{lost})", late=by, lost=lost)
    return say("{late} (-{lost}, but {kept} kept)", late=by, lost=lost, kept=kept)


def too_late(by: Sentence, days: float) -> Sentence:
    """Handed in when nothing was accepted any more."""
    return say("{late} (later than {days} days earns nothing)", late=by, days=days)


def dropped(task: str, group: str) -> Sentence:
    """A task that does not count, since it is among the lowest of its group."""
    return say("dropping {task} (lowest of {group})", task=task, group=group)


def not_among_best(task: str, group: str, count: int) -> Sentence:
    """A task that does not count, since it is not among the best of its group."""
    return say("leaving out {task} (the best {count} of {group} count)", task=task, group=group, count=count)


def bonus(task: str) -> Sentence:
    """A task whose points do not belong to the maximum."""
    return say("taking {task} as a bonus", task=task)
