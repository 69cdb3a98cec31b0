"""Checks become a task, and tasks a submission: also where there was nothing to check, or the grader failed over it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader import messages, scoring
from grader.assignment import Assignment, Task
from grader.intake import Bundle
from grader.model import CheckResult, Diagnosis, Part, Standing, SubmissionResult, TaskResult, Verdict
from grader.text import Cleaned, one_line


def result(
    task: Task,
    checks: Sequence[CheckResult],
    notes: Sequence[str],
    diagnoses: Sequence[Diagnosis],
    graded: Mapping[Part, Cleaned],
) -> TaskResult:
    """Return a task whose checks have their points; the points of a part without checks are not earned."""
    points = scoring.part_points(task.points, task.weights)
    by_part = {part: [c for c in checks if c.part == part] for part in points}
    unchecked = sum(points[part] for part, found in by_part.items() if not found)
    standings = {part: scoring.part_standing(found) for part, found in by_part.items()}
    return TaskResult(
        id=task.id,
        title=task.title,
        standing=scoring.standing(standings.values()),
        score=sum((c.score for c in checks), start=points["forward"] * 0),
        max_score=sum((c.max_score for c in checks), start=points["forward"] * 0) + unchecked,
        parts=standings,
        checks=tuple(replace(c, id=f"{task.id}.{c.id}") for c in checks),
        notes=tuple(dict.fromkeys(notes)),
        diagnoses=tuple(diagnoses),
        graded=graded,
    )


def missing(task: Task, notes: Sequence[str]) -> TaskResult:
    """Return a task of which there was nothing to grade."""
    points = scoring.part_points(task.points, task.weights)
    return TaskResult(
        id=task.id,
        title=task.title,
        standing=Standing.MISSING,
        score=points["forward"] * 0,
        max_score=sum(points.values(), start=points["forward"] * 0),
        parts=dict.fromkeys(points, Standing.MISSING),
        notes=tuple(notes),
    )


def errored(task: Task, reason: str) -> TaskResult:
    """Return a task over which the grader failed: it counts neither for nor against."""
    points = scoring.part_points(task.points, task.weights)
    checks = tuple(
        CheckResult(
            id=f"{task.id}.{part}.grading",
            title=messages.title_graded(part),
            part=part,
            verdict=Verdict.ERRORED,
            reason=reason,
        )
        for part in points
    )
    zero = points["forward"] * 0
    return TaskResult(
        id=task.id,
        title=task.title,
        standing=Standing.ERRORED,
        score=zero,
        max_score=zero,
        parts=dict.fromkeys(points, Standing.ERRORED),
        checks=checks,
    )


def lost(bundle: Bundle, assignment: Assignment, why: str) -> SubmissionResult:
    """Return what is told of a submission over which the grader itself was lost: errors of ours, in every task."""
    return summed_up(bundle, tuple(errored(task, messages.errored(one_line(why))) for task in assignment.tasks), bundle.notes, 0.0)


def summed_up(bundle: Bundle, results: tuple[TaskResult, ...], notes: Sequence[str], seconds: float) -> SubmissionResult:
    """Return a submission whose tasks are graded."""
    score, max_score = scoring.totals(results)
    return SubmissionResult(
        id=bundle.id,
        sha256=bundle.sha256,
        standing=scoring.standing(r.standing for r in results),
        score=score,
        max_score=max_score,
        duration_s=seconds,
        tasks=results,
        notes=tuple(notes),
    )
