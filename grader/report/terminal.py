"""What `grader check` prints: a line a check, the message first, then where to look."""

from collections.abc import Iterator
from typing import Any

import click

from grader.report.figures import figure, pair
from grader.report.lines import in_lines
from grader.report.results import Results, telling
from grader.report.workings import formula, numbers

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "errored": ("!", "magenta"), "skipped": ("–", "yellow")}
STANDINGS = {
    "passed": ("full marks", "green"),
    "partial": ("partial", "yellow"),
    "failed": ("failed", "red"),
    "missing": ("not handed in", "bright_black"),
    "errored": ("our error", "magenta"),
}


def render(results: Results) -> str:
    """Return the text for one or more submissions."""
    return "\n".join(line for submission in in_lines(results["submissions"]) for line in _submission(submission))


def _submission(submission: dict[str, Any]) -> Iterator[str]:
    yield click.style(submission["id"], bold=True)
    for note in submission["notes"]:
        yield f"  {click.style('note', fg='blue')} {note}"
    for task in submission["tasks"]:
        if task["status"] != "missing":
            yield from _task(task)
    yield from _missing([t for t in submission["tasks"] if t["status"] == "missing"])
    earned, of = figure(submission["score"]), figure(submission["max_score"])
    yield click.style(f"{earned} of {of} points", bold=True)


def _missing(tasks: list[dict[str, Any]]) -> Iterator[str]:
    """What was not handed in, in one line, and why where a name comes close."""
    word, colour = STANDINGS["missing"]
    if tasks:
        names = ", ".join(t["id"] for t in tasks)
        yield f"{click.style(f'{word:>13}', fg=colour)}  {names}  0 / {figure(sum(t['max_score'] for t in tasks))}"
    for note in (note for t in tasks for note in t["notes"][1:]):
        yield f"{'':>15}{click.style('note', fg='blue')} {note}"


def _task(task: dict[str, Any]) -> Iterator[str]:
    word, colour = STANDINGS[task["status"]]
    points = f"{figure(task['score'])} / {figure(task['max_score'])}"
    graded = ", ".join(dict.fromkeys(task["graded"].values()))
    yield f"{click.style(f'{word:>13}', fg=colour)}  {click.style(task['id'], bold=True)}  {points}  {click.style(graded, dim=True)}"
    for diagnosis in task["diagnoses"]:
        yield f"{'':>15}{click.style('→', fg='cyan', bold=True)} {diagnosis['message']}"
    for check in telling(task["checks"]):
        yield from _check(check)
    yield from _waiting([c for c in task["checks"] if c["status"] == "skipped"])
    for note in task["notes"]:
        yield f"{'':>15}{click.style('note', fg='blue')} {note}"


def _waiting(checks: list[dict[str, Any]]) -> Iterator[str]:
    """Checks that could not be made, by the reason; what follows from a failure above takes no line of its own."""
    mark, colour = MARKS["skipped"]
    if checks:
        names = ", ".join(c["id"].split(".", 1)[-1] for c in checks)
        yield f"{'':>15}{click.style(mark, fg=colour)} Not decided yet: {names}. {checks[0]['reason']}"


def _check(check: dict[str, Any]) -> Iterator[str]:
    mark, colour = MARKS[check["status"]]
    indent = " " * 15
    if not check["findings"]:
        yield f"{indent}{click.style(mark, fg=colour)} {check['title']}: {check['reason']}"
    for finding in check["findings"]:
        yield f"{indent}{click.style(mark, fg=colour)} {finding['what']}"
        if finding["where"] and finding["got"] is not None:
            got, expected = pair(finding["got"], finding["expected"])
            yield f"{indent}  {finding['where']} is {got}; it should be {expected}."
        if finding["worked"]:
            yield f"{indent}  {formula(finding['worked'])} = {numbers(finding['worked'], finding['expected'])}"
        for key in ("cause", "next_step"):
            if finding[key]:
                yield f"{indent}  {finding[key]}"
        if case := finding["case"]:
            shapes = [f"{name} {tuple(shape)}" for name, shape in case["shapes"].items()]
            options = [f"{name}={value}" for name, value in case["options"].items()]
            detail = ", ".join([*shapes, *options, *([case["dtype"]] if case["dtype"] == "float32" else [])])
            yield click.style(
                f"{indent}  wrong on {case['failing']} of {case['of']} inputs; the smallest: {case['title']} ({detail})", dim=True
            )
        if finding["trace"]:
            yield from (click.style(f"{indent}  | {line}", dim=True) for line in finding["trace"].splitlines())
