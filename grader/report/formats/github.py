"""GitHub Actions: annotations for the log of a step, where the student's code is, and a summary of the job; of one submission.

A command begins a line. So what a submission says stands in one line of a command, escaped; or, in the log below the commands,
between two lines that have the runner obey nothing. Their token is a digest of what stands between them, which no text can hold.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from grader import messages
from grader.language import say, translated
from grader.report.figures import figure
from grader.report.formats import Files, Options
from grader.report.lines import line
from grader.report.markdown import render as summary
from grader.report.places import in_source, said_of
from grader.report.results import Results, telling
from grader.report.terminal import render as log
from grader.report.visibility import for_student, hidden
from grader.text import one_line

TAKES: Sequence[str] = ("submission", "path")
OF_A_KIND = 10  # annotations of a kind and a step that are shown; two kinds and a notice are 21 of the 50 of a job
SUMMARY = 1024 * 1024 // 4 - 1000  # characters, which have at most four bytes in UTF-8; over 1024 KiB the whole summary is lost
TEXT = 1000  # characters of an annotation


def files(results: Results, options: Options) -> Files:
    """Return `github/log.txt`, to be printed, and `github/summary.md`, to be appended to `$GITHUB_STEP_SUMMARY`."""
    submission = for_student(options.only(results))
    told = results | {"submissions": [submission], "translations": {}}
    if submission != options.only(results):  # from the seed anybody could draw the inputs of what is hidden
        told["assignment"] = results["assignment"] | {"seed": "–"}
    below = click.unstyle(log(told, options.language))
    token = hashlib.sha256(below.encode()).hexdigest()
    lines = (*_commands(submission, options), f"::stop-commands::{token}", below, f"::{token}::")
    logged = (f"{one}\n" for one in lines)
    return [("github/log.txt", logged), ("github/summary.md", [summary(told, options.language, longest=SUMMARY)])]


def _commands(submission: Results, options: Options) -> Iterator[str]:
    """Yield the annotations; the last of a kind counts those for which there is no room."""
    language = options.language
    found = [(task, check) for task in submission["tasks"] if not hidden(task, None) for check in telling(task["checks"])]
    for kind, status in (("error", "failed"), ("warning", "errored")):
        ours = translated(messages.OURS, language) if kind == "warning" else ""
        said = [_annotation(kind, ours, task, check, options.path) for task, check in found if check["status"] == status]
        if len(said) > OF_A_KIND:
            rest = say("{count} more of this kind", count=len(said) - OF_A_KIND + 1)
            said[OF_A_KIND - 1 :] = [_command(kind, translated(rest, language), title=submission["id"])]
        yield from said
    points = say("{earned} of {points} points", earned=figure(submission["score"]), points=figure(submission["max_score"]))
    yield _command("notice", translated(points, language), title=submission["id"])


def _annotation(kind: str, ours: str, task: Results, check: Results, path: Path | None) -> str:
    place = in_source(task, check, path)
    where = {"file": place.file, "line": str(place.line)} if place else {}
    return _command(kind, " ".join(filter(None, (ours, said_of(check)))), **where, title=task["title"])


def _command(kind: str, text: str, **properties: str) -> str:
    said = (f"{name}={_escaped(line(one_line(value))).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties.items())
    return f"::{kind} {','.join(said)}::{_escaped(line(one_line(text, TEXT)))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
