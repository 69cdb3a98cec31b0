"""`grader check`: one submission, for who wrote it."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from grader.commands.options import PATH, language_option, out_option, sandbox_option, seed_option, tasks_option
from grader.commands.said import complain, note
from grader.language import translated


@click.command()
@click.argument("path", type=PATH)
@click.option("--task", "only", multiple=True, metavar="ID", help="Check this task alone; may be given more than once.")
@click.option("--watch", is_flag=True, help="Check again whenever it is saved, until Ctrl-C.")
@tasks_option
@seed_option("0")
@sandbox_option("off")
@out_option
@language_option
def check(
    path: Path, only: tuple[str, ...], watch: bool, tasks_file: Path | None, seed: int | None, sandbox: str, out: Path | None, language: str
) -> None:
    """Check one submission: a .py file, a notebook, an archive or a folder."""
    from grader.checking import checking, nothing_found

    if out:
        from grader.report.files import prepare

        prepare(out)

    def show(results: dict[str, Any]) -> int:
        from grader import messages
        from grader.report import spoken, terminal, visibility

        now = datetime.now(UTC)
        shown = visibility.for_students(results, now)
        if out:
            from grader.report.files import write
            from grader.report.formats import Options

            write(shown, out, options=Options(language=language, now=now))
        (submission,) = spoken.localised(shown, language)["submissions"]
        if nothing_found(results["submissions"][0]):
            reasons = dict.fromkeys([*submission["notes"], *(note for t in submission["tasks"] for note in t["notes"])])
            complain("\n".join([translated(messages.nothing_graded(str(path)), language), *terminal.few([*reasons], language)]))
            return 2
        click.echo(terminal.render(shown, language, now))
        if only:
            note(translated(messages.only_these(dict.fromkeys(only)), language), language)
        if sandbox == "off":
            note(translated(messages.RAN_AS_YOU, language), language)
        return 0 if submission["status"] in ("passed", visibility.HIDDEN) else 1

    with checking(tasks_file, only=only, seed=seed, sandbox=sandbox, jobs=os.cpu_count() or 1) as checked:
        if not watch:
            from grader.intake import read

            sys.exit(show(checked(read(path))))
        from grader.messages import gone, watching
        from grader.watching import versions

        for bundle in versions(path):
            if bundle is None:
                note(translated(gone(str(path)), language), language)
                continue
            results = checked(bundle)
            click.clear()
            show(results)
            note(translated(watching(str(path)), language), language)
