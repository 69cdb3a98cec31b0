"""`grader grade`: a class."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from grader.commands.options import INTERRUPTED, PATH, language_option, sandbox_option, seed_option, tasks_option
from grader.commands.said import fail, note


@click.command()
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
                note("Stopped before anything was graded; the same command begins again.")
                sys.exit(INTERRUPTED)
        results, now = store.results(), datetime.now(UTC)
        state = f"{store.state(now)} {language}"
        if store.noted("written") != state or not up_to_date(out):
            write(results, out, options=Options(language=language, now=now))
            store.note("written", state)
        absent = {one.id for one in found if not one.paths}
        graded = sum(s["id"] not in absent for s in results["submissions"])
        full = sum(s["status"] == "passed" for s in results["submissions"])
    if stopped:
        rest = f", not all of which have {', '.join(regrade)} graded again" if regrade else ""
        note(f"Stopped after {graded} of {len(found) - len(absent)} submissions{rest}; the same command goes on from there.")
    entries = "1 submission" if graded == 1 else f"{graded} submissions"
    again = f", of which {', '.join(regrade)} {'was' if len(regrade) == 1 else 'were'} graded again" if regrade else ""
    before = f" ({kept} had their result already{again})" if kept else ""
    click.echo(f"{entries} graded{before}, {full} with full marks; isolation: {results['isolation']['tier']}.")
    if results["isolation"]["tier"] == "process" and sandbox == "best":
        note("there is no jail here (`grader doctor` says why): student code ran as you, with your files and your network.")
    drawn_from = results["assignment"]["seed"]
    click.echo(f"The cases were drawn from seed {drawn_from}; --seed {drawn_from} repeats this grading.")
    click.echo(f"Report: {out / 'index.html'}")
    if stopped:
        sys.exit(INTERRUPTED)
