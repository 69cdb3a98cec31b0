"""`grader report`: reports again, from what is kept."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from grader.commands.options import PATH, language_option
from grader.commands.said import fail, note
from grader.report.formats import NAMES, summary


class WithFormats(click.Command):
    """Ends its help with the formats, each in the words of its module."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them."""
        with formatter.section("Formats"):
            formatter.write_dl([(name, summary(name)) for name in NAMES])


@click.command(cls=WithFormats)
@click.argument("graded", metavar="RESULTS", type=PATH)
@click.option("--format", "formats", type=click.Choice(NAMES), metavar="NAME", multiple=True, help="Default: those that `grade` makes.")
@click.option("--out", type=PATH, help="Folder to write to; default: where the results are.")
@click.option("--tasks", "tasks_file", type=PATH, help="Assignment file whose policy is applied anew; default: none is.")
@click.option("--worksheet", type=PATH, help="The grading worksheet of Moodle to fill in.")
@click.option("--gradebook", type=PATH, help="The gradebook that Canvas exported, to fill in.")
@click.option("--submission", metavar="ID", help="The one that a report of one submission is about.")
@click.option("--path", type=PATH, help="Where that submission is, so that its files are named as they are found from here.")
@language_option
def report(
    graded: Path,
    formats: tuple[str, ...],
    out: Path | None,
    worksheet: Path | None,
    gradebook: Path | None,
    submission: str | None,
    path: Path | None,
    tasks_file: Path | None,
    language: str,
) -> None:
    """Make reports again, without grading again.

    RESULTS is a results.json, or the folder that a class was graded into, also while it is graded: then of what is finished.
    """
    from grader import assignment
    from grader.classroom.store import looked_into
    from grader.report.files import USUAL, write
    from grader.report.formats import Options
    from grader.report.results import read
    from grader.report.settled import settled

    is_class = graded.is_dir()
    target = out or (graded if is_class else graded.parent)
    now = datetime.now(UTC)
    options = Options(language=language, worksheet=worksheet, gradebook=gradebook, submission=submission, path=path, now=now, tell=note)
    with ExitStack() as stack:
        results = stack.enter_context(looked_into(graded)).results() if is_class else read(graded)
        if tasks_file:
            loaded = assignment.load(tasks_file)
            if loaded.id != results["assignment"]["id"]:
                fail(f"--tasks {tasks_file}: is the assignment {loaded.id}; the results are of {results['assignment']['id']}.")
            results = settled(results, loaded.policy)
        write(results, target, formats or USUAL, options=options)
    click.echo(f"Written to {target}.")
