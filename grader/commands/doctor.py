"""`grader doctor`: what this system has."""

import platform

import click

from grader.version import VERSION


@click.command()
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
