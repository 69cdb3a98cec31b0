"""What `grader start` writes: the functions and classes of an assignment in one convention, each waiting to be filled in."""

from pathlib import Path
from typing import NamedTuple

from grader.assignment import Assignment, Task
from grader.errors import AssignmentError, ReportError
from grader.starters import FILES, answering, starter


class Started(NamedTuple):
    """What was written, for which tasks, and which tasks the convention has no spelling for."""

    file: Path
    tasks: tuple[str, ...]
    left_out: tuple[str, ...]


def start(asked: Assignment, folder: Path, convention: str | None) -> Started:
    """Write the starter file of an assignment; by default in the convention that it prefers.

    Raises:
        AssignmentError: There is no such convention, or it spells none of the tasks.
        ReportError: There is a file of that name already, or it cannot be written.
    """
    chosen = convention or next((c for task in asked.tasks for c in task.conventions if task.spec.name in asked.spelt[c]), "cs231n")
    if chosen not in FILES:
        raise AssignmentError(f"--convention {chosen}: there is no starter in such a convention; there are {', '.join(FILES)}.")
    tasks = [task for task in asked.tasks if chosen in task.conventions and task.spec.name in asked.spelt[chosen]]
    if not tasks:
        would = [c for c in FILES if any(c in task.conventions and task.spec.name in asked.spelt[c] for task in asked.tasks)]
        hint = f"; {', '.join(would)} would have" if would else ""
        raise AssignmentError(f"{asked.id}: {chosen} has no spelling for any of its tasks{hint}.")
    file = folder / FILES[chosen]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(_text(asked, tasks, chosen))
    except FileExistsError as error:
        raise ReportError(f"{error.filename}: is there already, and nothing is overwritten; name another folder.") from error
    except OSError as error:
        raise ReportError(f"{error.filename}: cannot be written: {error.strerror}.") from error
    return Started(file, tuple(task.id for task in tasks), tuple(task.id for task in asked.tasks if task not in tasks))


def _text(asked: Assignment, tasks: list[Task], convention: str) -> str:
    """Return what answers the tasks, in the order in which the convention has it, and layers of an instructor's own at last."""
    known = starter(convention)
    found = {name: text for task in tasks for name, text in answering(task, convention, asked.spelt[convention][task.spec.name]).items()}
    ordered = [text for name, text in known.definitions.items() if name in found]
    ordered += [text for name, text in found.items() if name not in known.definitions]
    return "\n\n\n".join([known.head, *ordered]) + "\n"
