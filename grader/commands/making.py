"""`grader new-assignment`, `new-task` and `package`: what instructors begin with, and what platforms take."""

from pathlib import Path

import click

from grader.commands.options import PATH, tasks_option


@click.command("new-assignment")
@click.argument("file", type=PATH)
def new_assignment(file: Path) -> None:
    """Write an assignment to begin with; what is there is never overwritten."""
    from grader import new_tasks

    new_tasks.begin(file)
    click.echo(f"Written to {file}.")


@click.command("new-task")
@click.argument("layer", metavar="ID")
@click.option("--tasks", "tasks_file", type=PATH, default=Path("tasks.yaml"), show_default=True, help="Assignment file.")
def new_task(layer: str, tasks_file: Path) -> None:
    """Add a task for a layer that the grader knows to an assignment; the rest of the file stays as it is."""
    from grader import new_tasks

    new_tasks.add(layer, tasks_file)
    click.echo(f"{tasks_file}: asks for {layer} now.")


@click.command()
@click.argument("platform", type=click.Choice(["gradescope", "prairielearn"]))
@tasks_option
@click.option("--out", type=PATH, required=True, help="A .zip file or a folder, neither of which is there yet.")
def package(platform: str, tasks_file: Path | None, out: Path) -> None:
    """Write the autograder that a platform takes: scripts, this grader, and the assignment."""
    from grader import assignment, packaging

    packaging.write(platform, assignment.find(tasks_file), out)
    click.echo(f"Written to {out}.")
