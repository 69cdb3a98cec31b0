"""Assignment files that are begun and continued for an instructor: text is added, and what is there stays byte for byte."""

import difflib
import json
import re
from pathlib import Path
from typing import Any

import yaml

from grader import assignment
from grader.errors import AssignmentError
from grader.tasks_file import NUMPY_ALONE, schema, validate
from reference import askable

SCHEMA = "tasks.schema.json"
FIRST = ("affine", "relu", "softmax_loss", "two_layer_net")
HEAD = f"""\
# yaml-language-server: $schema={SCHEMA}
# An assignment. `grader tasks --tasks FILE` lists it, `grader audit --tasks FILE` says what its checks let pass.

# Names this assignment in reports; letters, digits and -.
id: my-assignment
title: My assignment

# What the cases are drawn from. Without it, `grader grade` draws a secret one each time and tells it.
# seed: 1

# How students may spell their code; all of these by default.
# conventions: [{", ".join(NUMPY_ALONE)}]

# A size that the stride does not divide: error (to be refused), floor, or either.
# inexact_output_size: either

# `grader new-task ID --tasks FILE` adds a task. A layer of your own takes `checks: my_checks.py` and a description there.
tasks:
"""
PLAIN = re.compile(r"[A-Za-z][\w ()'-]*")  # what YAML reads as a text without quotes
WORDS = ("true", "false", "yes", "no", "on", "off", "null")


def begin(file: Path) -> None:
    """Write a commented assignment with a few tasks and, beside it, the schema by which an editor completes it.

    Raises:
        AssignmentError: Something is there already, or the file cannot be written.
    """
    text = HEAD + "".join(f"  - {entry(layer)}\n" for layer in FIRST)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="") as new:
            new.write(text)
        beside = file.with_name(SCHEMA)
        if not beside.exists():
            beside.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")
    except FileExistsError as error:
        raise AssignmentError(f"{file}: is there already, and stays as it is.") from error
    except OSError as error:
        raise AssignmentError(f"{file}: cannot be written: {error.strerror}.") from error


def add(layer: str, file: Path) -> None:
    """Add a task for a bundled layer after the last one.

    Raises:
        AssignmentError: There is no such layer, or it is asked for already; or the file holds mistakes, or tasks in a form to which no
            line can be added. It stays as it is then.
    """
    if layer not in askable():
        close = difflib.get_close_matches(layer.casefold(), askable(), n=5, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(askable())}."
        raise AssignmentError(f"there is no layer {layer}; {hint}")
    text = assignment.text_of(file)
    validate(text, str(file))
    longer = added(text, entry(layer), str(file))
    validate(longer, f"{file}, with {layer}")
    try:
        file.write_bytes(longer.encode())
    except OSError as error:
        raise AssignmentError(f"{file}: cannot be written: {error.strerror}.") from error


def entry(layer: str) -> str:
    """Return the task of a layer as one line of YAML: what the bundled course asks, where it does."""
    course = validate(assignment.bundled().read_text(encoding="utf-8"), "tasks.yaml")
    known = next((task for task in course["tasks"] if (task["layer"] or task["id"]) == layer), None)
    said = {"id": layer, "title": known["title"] if known else layer, "points": f"{known['points']:g}" if known else "10"}
    if known and known["parts"]:
        said["parts"] = "{" + ", ".join(f"{part}: {weight:g}" for part, weight in known["parts"].items()) + "}"
    return "{" + ", ".join(f"{key}: {_scalar(value) if key == 'title' else value}" for key, value in said.items()) + "}"


def added(text: str, task: str, name: str) -> str:
    """Return the text of an assignment with one more task, in the line after the last one.

    Raises:
        AssignmentError: The tasks stand in brackets.
    """
    root: Any = yaml.compose(text, yaml.SafeLoader)
    tasks = next(value for key, value in root.value if key.value == "tasks")
    if tasks.flow_style:
        raise AssignmentError(f"{name}, line {tasks.start_mark.line + 1}: the tasks stand in [ ]; write one in each line, after a -.")
    newline = "\r\n" if "\r\n" in text else "\n"
    # The line after the last entry's: a comment may follow it there, and a text written as a block ends with its blank lines.
    stop = text.find("\n", len(text[: _end(tasks)].rstrip()))
    end = len(text) if stop < 0 else stop + 1
    begun = text[:end] if text[end - 1] == "\n" else text[:end] + newline
    return f"{begun}{' ' * tasks.start_mark.column}- {task}{newline}{text[end:]}"


def _end(node: Any) -> int:
    """Return where the text of a node ends; the end of a block is that of its last entry, since comments may follow."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        index: int = node.end_mark.index
        return index
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _scalar(text: str) -> str:
    return text if PLAIN.fullmatch(text) and text.lower() not in WORDS else json.dumps(text, ensure_ascii=False)
