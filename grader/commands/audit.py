"""`grader audit`: how good an assignment is."""

import os
import sys
from pathlib import Path

import click

from grader.commands.options import seed_option, tasks_option
from grader.commands.said import fail


@click.command()
@tasks_option
@click.option("--task", "only", multiple=True, metavar="ID", help="Audit this task alone; may be given more than once.")
@seed_option("0")
@click.option("--jobs", type=click.IntRange(1, 256), default=os.cpu_count() or 1, help="Tasks audited at a time; default: one a core.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="For the terminal, a document, or programs.",
)
def audit(tasks_file: Path | None, only: tuple[str, ...], seed: int | None, jobs: int, form: str) -> None:
    """Say how good an assignment is: which wrong layers its checks let pass, and which right ones they do not."""
    from grader import assignment
    from grader.audit import audit as audited
    from grader.audit.report import render

    file = assignment.find(tasks_file)
    loaded = assignment.load(file)
    asked = [task.id for task in loaded.tasks]
    if unknown := [name for name in only if name not in asked]:
        fail(f"--task {unknown[0]}: {file} asks for no such task; it asks for {', '.join(asked)}.")
    chosen = [name for name in asked if not only or name in only]
    drawn_from = next(s for s in (seed, loaded.seed, 0) if s is not None)
    with click.progressbar(length=len(chosen), label="Auditing", file=sys.stderr) as bar:
        found = audited(file, chosen, drawn_from, jobs, on_done=lambda _: bar.update(1))
    click.echo(render(found, form))
    sys.exit(0 if all(task.sound for task in found) else 1)
