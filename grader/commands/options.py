"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from grader.language import LANGUAGES, language_of_locale

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
