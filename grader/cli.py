"""The command line: commands and exit codes, no decisions.

Exit codes: 0 graded (and, for `check`, all decided points earned); 1 graded, something failed or is not finished yet (`check`),
or what is audited has a hole (`audit`); 2 could not grade, or found nothing to; 130 stopped by Ctrl-C, as `--watch`
always is; `grade` has reports of what was done by then.
"""

import atexit
import gc
import os

# Small arrays gain nothing from a pool of threads, and starting it costs more than grading: set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from typing import Any

import click

from grader.commands import COMMANDS
from grader.commands.options import INTERRUPTED
from grader.commands.said import fail
from grader.errors import GraderError
from grader.report.streams import bear_every_text
from grader.version import VERSION


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="grader")
def main() -> None:
    """Grade neural-network layers that students wrote by hand in NumPy."""
    bear_every_text()
    atexit.register(gc.freeze)  # at the end nobody waits for what is garbage then to be found: with NumPy that takes a tenth of a second


for _command in COMMANDS:
    main.add_command(_command)
