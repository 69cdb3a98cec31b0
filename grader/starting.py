"""What `grader start` writes: the functions and classes of an assignment in one convention, each waiting to be filled in.

`starters/` has one text a convention with everything that it spells; of that, an assignment takes what its tasks are answered by.
"""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.assignment import Assignment, Task
from grader.errors import AssignmentError, ReportError
from grader.worker.conventions import CONVENTIONS

STARTERS = Path(__file__).parent / "starters"
FILES: Mapping[str, str] = {"cs231n": "layers.py", "deep_learning_from_scratch": "layers.py", "functions": "functions.py"}


class Started(NamedTuple):
    """What was written, for which tasks, and which tasks the convention has no spelling for."""

    file: Path
    tasks: tuple[str, ...]
    left_out: tuple[str, ...]


def start(asked: Assignment, folder: Path, convention: str | None) -> Started:
    """Write the starter file of an assignment; by default in the convention that it prefers.

    Raises:
        AssignmentError: There is no starter in this convention, or it spells none of the tasks.
        ReportError: There is a file of that name already, or it cannot be written.
    """
    chosen = convention or next((c for task in asked.tasks for c in task.conventions if c in FILES), "cs231n")
    if chosen not in FILES:
        raise AssignmentError(f"--convention {chosen}: there are no starter files in this convention; there are in {', '.join(FILES)}.")
    tasks = [task for task in asked.tasks if chosen in task.conventions and task.spec.name in CONVENTIONS[chosen]]
    text = _text((STARTERS / f"{chosen}.txt").read_text(encoding="utf-8"), {name for task in tasks for name in _names(task, chosen)})
    if not tasks:
        raise AssignmentError(f"{asked.id}: {chosen} has no spelling for any of its tasks.")
    file = folder / FILES[chosen]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise ReportError(f"{error.filename}: is there already, and nothing is overwritten; name another folder.") from error
    except OSError as error:
        raise ReportError(f"{error.filename}: cannot be written: {error.strerror}.") from error
    ids = tuple(task.id for task in tasks)
    return Started(file, ids, tuple(task.id for task in asked.tasks if task.id not in ids))


def _names(task: Task, convention: str) -> Sequence[str]:
    """Return the names of all functions and classes that answer a task, as far as it asks for them."""
    wants = CONVENTIONS[convention][task.spec.name].wants
    return [name for part, wanted in wants.items() if part in task.weights for name in wanted.names]


def _text(starter: str, names: set[str]) -> str:
    """Return what a starter begins with, and those of its definitions that have one of these names."""
    definitions = [node for node in ast.parse(starter).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    lines = starter.splitlines()
    head = "\n".join(lines[: definitions[0].lineno - 1]).rstrip()
    bodies = ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in definitions if node.name in names]
    return "\n\n\n".join([head, *bodies]) + "\n"
