"""What a student may see of a submission: everything that students read is made from this, and nothing else is."""

from datetime import datetime
from functools import partial

from grader.model import Standing
from grader.report.each import Each
from grader.report.spoken import Results, texts
from grader.scoring import decimal, fraction, standing
from grader.text import one_line

HIDDEN = "hidden"  # the status in the eyes of a student of what hidden checks decide


def for_student(submission: Results, now: datetime | None = None) -> Results:
    """Return a submission as its student may see it; for one of which nothing is hidden, itself.

    Of a hidden task stay its title and what it is worth. The score is that of the others, and there is no final score, since both
    together would tell the hidden one; how late it was handed in is a note.

    Args:
        submission: As in `results.json`.
        now: When it is read; without it, what is shown from some time on is hidden.
    """
    if not any(hidden(task, now) for task in submission["tasks"]):
        return submission
    tasks = [_covered(task) if hidden(task, now) else task for task in submission["tasks"]]
    shown = [task for task in tasks if task["status"] != HIDDEN]
    late = [entry["message"] for entry in submission.get("final", {"adjustments": []})["adjustments"] if entry["id"] == "late"]
    seen = {key: value for key, value in submission.items() if key not in ("final", "translations")} | {
        "status": _status(submission, shown),
        "score": _total(shown, "score"),
        "max_score": _total(shown, "max_score"),
        "tasks": tasks,
        "notes": [*submission["notes"], *late],
    }
    said = set(texts(seen, str))  # a translation would tell what its sentence may not
    tables = {
        language: {text: other for text, other in table.items() if text in said} for language, table in submission["translations"].items()
    }
    return seen | {"translations": tables}


def for_students(results: Results, now: datetime | None = None) -> Results:
    """Return results with every submission as its student may see it."""
    return results | {"submissions": Each(partial(for_student, now=now), results["submissions"])}


def hidden(task: Results, now: datetime | None) -> bool:
    """Whether a student may not see yet what became of a task. What is not understood stays hidden."""
    visibility, opens = task.get("visibility", "visible"), task.get("visible_from")
    if visibility == "after_due_date" and opens and now:
        try:
            return now < datetime.fromisoformat(opens)
        except ValueError:
            return True
    return bool(visibility != "visible")


def left_out(results: Results, now: datetime | None = None) -> str | None:
    """Return what an instructor is told whose scores are those that students may see; None where that is all of them."""
    titles = dict.fromkeys(task["title"] for submission in results["submissions"] for task in submission["tasks"] if hidden(task, now))
    return f"left out of the scores until students may see them: {', '.join(map(one_line, titles))}." if titles else None


def undecided(submission: Results) -> float | None:
    """Return how many points hidden checks decide, of a submission as its student sees it; None where there are no hidden checks."""
    tasks = [task for task in submission["tasks"] if task["status"] == HIDDEN]
    return _total(tasks, "max_score") if tasks else None


def _status(submission: Results, shown: list[Results]) -> str:
    """Return the status of a submission of which some tasks are shown.

    It is missing only where nothing at all was handed in, and where all that is shown passed, the hidden checks decide.
    """
    if submission["status"] == Standing.MISSING.value:
        return Standing.MISSING.value
    found = standing(Standing(task["status"]) for task in shown) if shown else Standing.PASSED
    told = {Standing.PASSED: HIDDEN, Standing.MISSING: Standing.FAILED.value}
    return told.get(found, found.value)


def _covered(task: Results) -> Results:
    """Return what is left of a task: nothing in it was computed by, or said of, the submission."""
    kept = {key: task[key] for key in ("id", "title", "max_score", "visibility", "visible_from") if key in task}
    return kept | {"score": 0, "status": HIDDEN, "parts": {}, "graded": {}, "diagnoses": [], "checks": [], "notes": []}


def _total(tasks: list[Results], key: str) -> float:
    return decimal(sum((fraction(task[key]) for task in tasks), fraction(0)))
