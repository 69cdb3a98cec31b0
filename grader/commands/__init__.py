"""The commands of the command line, by subject. A new one is a `click.Command` in a file here, and nothing else: whatever is one, is found.

A command takes what was typed, calls one function that does it, and says what came of it; it decides nothing. What it needs for that it
imports when it runs, so that `--help` need not wait for NumPy.
"""

import importlib
import pkgutil
from typing import Any

import click

_MODULES: list[Any] = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
COMMANDS = [one for module in _MODULES for one in vars(module).values() if isinstance(one, click.Command)]
