"""An audit for the terminal: each task in a few lines, then what each check was good for."""

from collections.abc import Iterator, Sequence

import click

from grader.audit.findings import Survivor, TaskAudit, altogether, laws
from grader.audit.students import Kind

WIDTH = 28


def render(tasks: Sequence[TaskAudit]) -> str:
    """Return the whole audit."""
    return "\n".join([*(line for task in tasks for line in _task(task)), "", *_checks(tasks)])


def said(survivor: Survivor) -> str:
    """Return a survivor in a line: where, what, and which checks saw it at no cost."""
    seen = f" (seen, at no cost, by {', '.join(survivor.failed)})" if survivor.failed else ""
    return f"{survivor.place or survivor.kind.value}: {survivor.name}{seen}"


def caught(task: TaskAudit, kind: Kind) -> str:
    """Return how many students of a kind were caught, of how many."""
    return f"{task.caught(kind)} of {task.of.get(kind, 0)}"


def _task(task: TaskAudit) -> Iterator[str]:
    yield click.style(task.id, bold=True)
    if not task.reference:
        yield "  not audited: students design it, so there is no reference to get wrong"
        return
    equivalent = task.equivalent
    mutants = f"{caught(task, Kind.MUTANT)} caught" + (f", {equivalent.total()} right as far as tried" if equivalent else "")
    yield f"  {caught(task, Kind.MISCONCEPTION)} misconceptions caught; mutants: {mutants}; habits: {caught(task, Kind.HABIT)} caught"
    for survivor in task.holes:
        yield f"  {click.style('hole', fg='red')}  {said(survivor)}"
    if task.unasked:
        yield f"  no mistake with the options asked for: {', '.join(task.unasked)}"
    for place, count in equivalent.items():
        yield f"  right as far as tried  {place}: {count} change{'s' * (count > 1)}"
    for refused in task.refused:
        yield f"  {click.style('right, and does not pass', fg='red')}  {refused.name}: {', '.join(refused.checks)}"
    needless = [use.check for use in task.uses if use.points and not use.alone]
    if needless:
        yield f"  never the only one to fail a wrong student: {', '.join(needless)}"


def _checks(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    yield f"{click.style('check', bold=True):<{WIDTH}}  fails  alone"
    for use in altogether(tasks):
        points = "" if use.points else "  bears no points"
        yield f"{use.check:<{WIDTH}}  {use.failed:>5}  {use.alone:>5}{points}"
    yield ""
    yield "Laws, a second vote without points, see wrong students that the checks above catch as well:"
    yield ", ".join(f"{name} {count}" for name, count in sorted(laws(tasks).items())) or "none"
