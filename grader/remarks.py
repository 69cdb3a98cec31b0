"""What is said beside the checks of what a submission uses, and of how it was read. It costs nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from grader import messages
from grader.assignment import Assignment
from grader.model import Part
from grader.sandbox.surveyed import Binding
from grader.worker.conventions.adapter import Adapter

MOST_BANNED = 8  # notes of one submission about what it should do without


def on_banned(assignment: Assignment, bindings: Mapping[str, Binding]) -> list[str]:
    """Say what graded code should do without, where that costs nothing; each place once, however many tasks share its file.

    A library with which a task may be written is not said.
    """
    if assignment.banned.verdict != "note":
        return []
    said: list[str] = []
    spelt = assignment.spelt
    for task in assignment.tasks:
        welcome = {spelt[c][task.spec.name].needs for c in task.conventions if task.spec.name in spelt[c]}
        places = bindings[task.id].banned
        said += [messages.uses_banned(p, n, does, name) for p, n, does, name in places if name.partition(".")[0] not in welcome]
    return list(dict.fromkeys(said))[:MOST_BANNED]


def on_reading(readings: Sequence[Mapping[str, Any]], chosen: int, *, forward: bool, alike: bool) -> list[str]:
    """Say which of the legal readings a submission was graded by, where the assignment leaves that open."""
    reading = readings[chosen]
    left_open = {k: v for k, v in reading.items() if len({r[k] for r in readings}) > 1}
    said = [*messages.read_as(left_open), *(messages.accepted(left_open) if forward else ())]
    if "reg_factor" in left_open and alike:
        said.append(messages.regularised(left_open["reg_factor"]))
    return said


def on_library(adapter: Adapter, binding: Binding, parts: Sequence[Part]) -> list[str]:
    """Say what of a task a library did."""
    said = [messages.derived(adapter.needs)] if adapter.derived and "backward" in parts else []
    return [*said, *(messages.ready_made(path, line, name, adapter.needs) for path, line, _, name in binding.made)]
