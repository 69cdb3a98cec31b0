"""Documents whose examples are run.

A fenced block with a title is a file, and is written; a `console` block is what somebody types after `$ ` or, where a line goes on,
`> `, and what is printed then. One shell runs all of a document, in the order in which it is read. Every other block is a sketch.
"""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

FENCE = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<first>.*)\n(?P<more>(?:^> .*\n)*)", re.MULTILINE)
ENDED = "\x1e"  # between what one command printed and what the next one did
WHOLE = "whole"


def recorded(document: str, folder: Path, environment: Mapping[str, str], stable: Callable[[str], str] = str) -> str:
    """Return the document with what its commands print now.

    Args:
        document: Markdown.
        folder: Where its files are written and its commands run.
        environment: All that is set for them: what is set here would show in what they print, as `CI` does in pytest's.
        stable: Makes of what is printed what every machine prints on every day.
    """
    script = [step for fence in FENCE.finditer(document) for step in steps(fence)]
    printed = iter(outputs(script, folder, environment))

    def now(fence: re.Match[str]) -> str:
        if fence["language"] != "console":
            return fence[0]
        lines = "".join(command[0] + stable(next(printed)) for command in COMMAND.finditer(fence["body"]))
        return f"```console\n{lines}```"

    return FENCE.sub(now, document)


def steps(fence: re.Match[str]) -> Iterator[str]:
    """Yield what the shell is given for a block."""
    if fence["title"]:
        file = shlex.quote(fence["title"])
        yield f"mkdir -p $(dirname {file}) && cat > {file} <<'END OF THE FILE'\n{fence['body']}END OF THE FILE\n"
    elif fence["language"] == "console":
        for command in COMMAND.finditer(fence["body"]):
            typed = "\n".join([command["first"], *(line.removeprefix("> ") for line in command["more"].splitlines())])
            # `$?` is a command's own, though something is printed after each.
            yield f"{typed}\nstatus=$?; printf '\\036'; (exit $status)\n"


def outputs(script: Sequence[str], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Return what each command prints, errors among it; one that ends with another status than 0 keeps none of the others from running."""
    done = subprocess.run(
        ["bash", "--norc", "-c", "".join([*script, f"printf {WHOLE}"])],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    *printed, rest = done.stdout.split(ENDED)
    if rest != WHOLE:
        raise RuntimeError(f"The shell came to its end too early:\n{done.stdout}")
    return [text if not text or text.endswith("\n") else f"{text}\n" for text in printed]
