"""`grader tasks`, `explain` and `start`: what an assignment asks for."""

from pathlib import Path

import click

from grader.commands.options import PATH, language_option, tasks_option
from grader.commands.said import note
from grader.language import say, translated


@click.command()
@tasks_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema of tasks.yaml, for editors.")
@language_option
def tasks(tasks_file: Path | None, schema: bool, language: str) -> None:
    """List what the assignment asks for, with points."""
    from grader import assignment

    if schema:
        import json

        from grader.tasks_file import schema as for_editors

        click.echo(json.dumps(for_editors(), indent=1))
        return
    loaded = assignment.load(assignment.find(tasks_file))
    click.echo(click.style(translated(loaded.title, language), bold=True))
    for task in loaded.tasks:
        parts = ", ".join(task.weights)
        asked = translated(task.description or task.title, language)
        click.echo(f"{task.points:>6g}  {click.style(task.id, bold=True)} ({parts}): {asked}")
    bonus = sum(task.points for task in loaded.tasks if task.id in loaded.policy.bonus)
    in_all = say("points in all, and {bonus} as a bonus", bonus=f"{bonus:g}") if bonus else say("points in all")
    click.echo(f"{sum(t.points for t in loaded.tasks) - bonus:>6g}  {translated(in_all, language)}")


@click.command()
@click.argument("subject", metavar="TASK[.PART]")
@tasks_option
@language_option
def explain(subject: str, tasks_file: Path | None, language: str) -> None:
    """Explain a task: its formula, how it is called, what is checked, the usual mistakes.

    TASK[.PART] is a task of the assignment, such as conv2d, or a part of it, such as conv2d.backward.
    """
    from grader import assignment
    from grader.explaining import explanation

    click.echo(explanation(assignment.load(assignment.find(tasks_file)), subject, language))


@click.command()
@click.argument("folder", type=PATH)
@click.option("--convention", metavar="NAME", help="In this spelling: cs231n, classes, ...; default: what the assignment prefers.")
@tasks_option
@language_option
def start(folder: Path, convention: str | None, tasks_file: Path | None, language: str) -> None:
    """Write the starter files of an assignment into FOLDER: its functions, to be filled in."""
    from grader import assignment, messages, starting

    started = starting.start(assignment.load(assignment.find(tasks_file)), folder, convention)
    click.echo(translated(messages.started(str(started.file), len(started.tasks)), language))
    if started.left_out:
        note(translated(messages.not_spelt(started.left_out), language), language)
