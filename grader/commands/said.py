"""What a command says beside its results."""

import sys
from typing import NoReturn

import click

from grader.language import ENGLISH, say, translated
from grader.report.lines import lines


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
