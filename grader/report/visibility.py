"""What a student may see of a submission."""

from datetime import datetime

from grader.report.spoken import Results


def hidden(task: Results, _: datetime | None) -> bool:
    """Whether a student may not see, or not yet, what became of a task."""
    return bool(task.get("visibility", "visible") != "visible")


def for_student(submission: Results, now: datetime | None = None) -> Results:
    """Return a submission without the tasks that its student may not see; for one of which nothing is hidden, itself."""
    shown = [task for task in submission["tasks"] if not hidden(task, now)]
    return submission if len(shown) == len(submission["tasks"]) else submission | {"tasks": shown}
