"""The command line: commands and exit codes, no decisions.

Exit codes: 0 graded (and, for `check`, all decided points earned); 1 graded, something failed or is not finished yet (`check`),
or what is audited has a hole (`audit`); 2 could not grade, or found nothing to; 130 stopped by Ctrl-C, as `--watch`
always is; `grade` has reports of what was done by then.
"""

import os

# Small arrays gain nothing from a pool of threads, and starting it costs more than grading: set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import platform
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from grader.errors import GraderError
from grader.language import ENGLISH, LANGUAGES, language_of_locale, say, translated
from grader.report.formats import NAMES, summary
from grader.report.lines import lines
from grader.report.streams import bear_every_text
from grader.version import VERSION

INTERRUPTED = 130  # what a shell makes of it, too
PATH = click.Path(path_type=Path)
tasks_option = click.option("--tasks", "tasks_file", type=PATH, help="Assignment file; default: tasks.yaml here, else the bundled one.")
out_option = click.option("--out", type=PATH, help="Folder for results.json, index.html, junit.xml, scores.csv and report.md.")

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(list(LANGUAGES)),
    default=language_of_locale,
    help="What language reports are in; a page has all, and shows this one first. Default: that of your system, if it is one of them.",
)


def seed_option(otherwise: str) -> Callable[[Any], Any]:
    """Return the option that says what the cases are drawn from."""
    help = f"What the cases are drawn from; default: the assignment's, else {otherwise}."
    return click.option("--seed", type=click.IntRange(0, 2**63 - 1), help=help)


def sandbox_option(default: str) -> Callable[[Any], Any]:
    """Return the option that says how far student code must be kept apart."""
    return click.option(
        "--sandbox",
        type=click.Choice(["require", "best", "off"]),
        default=default,
        show_default=True,
        help="Demand a jail, take the best there is, or none.",
    )


class Commands(click.Group):
    """Turns what keeps the grader from grading into one sentence and exit code 2, and Ctrl-C into 130."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except GraderError as error:
            fail(str(error))
        except KeyboardInterrupt:
            click.echo(err=True)  # below the ^C that a terminal shows
            sys.exit(INTERRUPTED)


def complain(message: str) -> None:
    """Say why nothing could be graded."""
    said = "\n".join(lines(message))  # it may hold the name of a file that a student chose
    click.echo(f"{click.style('grader:', fg='red')} {said}", err=True)


def fail(message: str) -> NoReturn:
    """Say why nothing could be graded, and end with 2."""
    complain(message)
    sys.exit(2)


def note(text: str, language: str = ENGLISH) -> None:
    """Say something beside the results."""
    word = translated(say("note"), language)
    click.echo(f"{click.style(f'{word}:', fg='blue')} {text}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="grader")
def main() -> None:
    """Grade neural-network layers that students wrote by hand in NumPy."""
    bear_every_text()


@main.command()
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


@main.command()
@click.argument("folder", type=PATH)
@click.option("--out", type=PATH, required=True, help="Folder for results.json, index.html, junit.xml, scores.csv and report.md.")
@click.option("--roster", type=PATH, help="CSV of the students: id, name, email, ...; or an export of Canvas, Moodle or Gradescope.")
@tasks_option
@seed_option("a secret one")
@sandbox_option("require")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes that grade; default: one a core, as far as the memory reaches.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Grade on a Dask cluster: tcp://HOST:PORT of its scheduler, or local for one of this machine."
)
@click.option(
    "--regrade", multiple=True, metavar="TASK", help="Grade this task again where results are there; may be given more than once."
)
@language_option
def grade(
    folder: Path,
    out: Path,
    roster: Path | None,
    tasks_file: Path | None,
    seed: int | None,
    sandbox: str,
    jobs: int | None,
    cluster: str | None,
    regrade: tuple[str, ...],
    language: str,
) -> None:
    """Grade a class: every folder, .py file, notebook and archive in FOLDER is a submission.

    Every result is kept in --out as soon as it is there. The same command again goes on where a run ended, and grades what has changed.
    """
    from grader import progress
    from grader.classroom import store as stores
    from grader.grading import grade_class
    from grader.intake import discover, left_out, read_roster
    from grader.report.files import prepare, up_to_date, write
    from grader.report.formats import Options

    if out.resolve().is_relative_to(folder.resolve()):
        fail(f"--out {out}: lies in the folder that is graded, where it would be taken for a submission; choose another.")
    found = discover(folder, read_roster(roster, note) if roster else (), note)
    for entry in left_out(folder):
        note(entry)
    if sandbox == "off":
        note("--sandbox off: student code runs as you, can read your files, write them and reach the network.")
    prepare(out)
    stopped = False
    with stores.opened(out) as store:
        try:
            with progress.bar(len(found)) as done:
                kept = grade_class(
                    found,
                    store,
                    tasks_file,
                    seed=seed,
                    sandbox=sandbox,
                    jobs=jobs,
                    cluster=cluster,
                    tell=note,
                    regrade=regrade,
                    on_done=done,
                )
        except KeyboardInterrupt:
            stopped, kept = True, 0
            if store.head is None:
                raise
        results, now = store.results(), datetime.now(UTC)
        state = f"{store.state(now)} {language}"
        if store.noted("written") != state or not up_to_date(out):
            write(results, out, options=Options(language=language, now=now))
            store.note("written", state)
        absent = {one.id for one in found if not one.paths}
        graded = sum(s["id"] not in absent for s in results["submissions"])
        full = sum(s["status"] == "passed" for s in results["submissions"])
    if stopped:
        note(f"Stopped after {graded} of {len(found) - len(absent)} submissions; the same command goes on from there.")
    entries = "1 submission" if graded == 1 else f"{graded} submissions"
    again = f", of which {', '.join(regrade)} was graded again" if regrade else ""
    before = f" ({kept} had their result already{again})" if kept else ""
    click.echo(f"{entries} graded{before}, {full} with full marks; isolation: {results['isolation']['tier']}.")
    if results["isolation"]["tier"] == "process" and sandbox == "best":
        note("there is no jail here (`grader doctor` says why): student code ran as you, with your files and your network.")
    drawn_from = results["assignment"]["seed"]
    click.echo(f"The cases were drawn from seed {drawn_from}; --seed {drawn_from} repeats this grading.")
    click.echo(f"Report: {out / 'index.html'}")
    if stopped:
        sys.exit(INTERRUPTED)


class WithFormats(click.Command):
    """Ends its help with the formats, each in the words of its module."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them."""
        with formatter.section("Formats"):
            formatter.write_dl([(name, summary(name)) for name in NAMES])


@main.command(cls=WithFormats)
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


@main.command()
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


@main.command()
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


@main.command()
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


@main.command()
@tasks_option
@click.option("--task", "only", multiple=True, metavar="ID", help="Audit this task alone; may be given more than once.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="What the cases are drawn from; default: the assignment's, else 0.")
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
    from grader.audit import report as reports

    file = assignment.find(tasks_file)
    loaded = assignment.load(file)
    asked = [task.id for task in loaded.tasks]
    if unknown := [name for name in only if name not in asked]:
        fail(f"--task {unknown[0]}: {file} asks for no such task; it asks for {', '.join(asked)}.")
    chosen = [name for name in asked if not only or name in only]
    drawn_from = next(s for s in (seed, loaded.seed, 0) if s is not None)
    with click.progressbar(length=len(chosen), label="Auditing", file=sys.stderr) as bar:
        found = audited(file, chosen, drawn_from, jobs, on_done=lambda _: bar.update(1))
    click.echo(reports.render(found, form))
    sys.exit(0 if all(task.sound for task in found) else 1)


@main.command("new-assignment")
@click.argument("file", type=PATH)
def new_assignment(file: Path) -> None:
    """Write an assignment to begin with; what is there is never overwritten."""
    from grader import new_tasks

    new_tasks.begin(file)
    click.echo(f"Written to {file}.")


@main.command("new-task")
@click.argument("layer", metavar="ID")
@click.option("--tasks", "tasks_file", type=PATH, default=Path("tasks.yaml"), show_default=True, help="Assignment file.")
def new_task(layer: str, tasks_file: Path) -> None:
    """Add a task for a layer that the grader knows to an assignment; the rest of the file stays as it is."""
    from grader import new_tasks

    new_tasks.add(layer, tasks_file)
    click.echo(f"{tasks_file}: asks for {layer} now.")


@main.command()
@click.argument("platform", type=click.Choice(["gradescope", "prairielearn"]))
@tasks_option
@click.option("--out", type=PATH, required=True, help="A .zip file or a folder, neither of which is there yet.")
def package(platform: str, tasks_file: Path | None, out: Path) -> None:
    """Write the autograder that a platform takes: scripts, this grader, and the assignment."""
    from grader import assignment, packaging

    packaging.write(platform, assignment.find(tasks_file), out)
    click.echo(f"Written to {out}.")


@main.command()
def doctor() -> None:
    """Show versions, and what isolation this system offers, tried out."""
    from importlib.metadata import version

    from grader.grading import probe

    click.echo(f"grader {VERSION}, Python {platform.python_version()}, NumPy {version('numpy')}, {platform.platform()}")
    isolation, started = probe()
    click.echo(f"isolation: {isolation.tier}{' (no jail: `grader grade` asks for --sandbox best)' if isolation.tier == 'process' else ''}")
    for name, answer in isolation.probes.items():
        click.echo(f"  {name}: {answer}")
    click.echo(f"worker: {started}")
