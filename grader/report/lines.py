"""Text for where lines are what counts: a terminal, the log of a continuous integration, Markdown."""

import re
from typing import Any

from grader.text import visible

# GitHub's runner obeys a line of a log that begins with "::", and one that holds "##[" anywhere.
COMMAND = re.compile(r"^(?=[^\S\n]*::)|(?<=##)(?=\[)", re.MULTILINE)


def line(text: str) -> str:
    """Return the text as one visible line that is no command to who reads a log."""
    return COMMAND.sub(r"\\", visible(" ".join(text.split())))


def lines(text: str) -> list[str]:
    """Return every line of the text, visible, and no command."""
    return COMMAND.sub(r"\\", visible(text.rstrip())).splitlines()


def in_lines(value: Any) -> Any:
    """Return a part of the results with every text in it, but for traces, as one line."""
    if isinstance(value, dict):
        return {line(key): "\n".join(lines(entry)) if key == "trace" else in_lines(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [in_lines(entry) for entry in value]
    return line(value) if isinstance(value, str) else value
