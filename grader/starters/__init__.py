"""What students write for a task in a convention, before anybody has filled it in: the functions and classes of `grader start`.

There is one text a convention, with everything that it spells, by which `grader explain` shows a call, too; a convention without one has no
starter. What answers a layer that no convention lists, such as an instructor's own, follows from its description.

Nothing of this runs here: it is text, for students to fill in.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from grader.assignment import Task
from grader.spelt import unlisted
from grader.starters import own
from grader.worker.conventions.adapter import Adapter, Wanted

FILES: Mapping[str, str] = MappingProxyType({
    "cs231n": "layers.py",
    "deep_learning_from_scratch": "layers.py",
    "lecture": "gradients.py",
    "functions": "functions.py",
    "deeplearning_ai": "layers.py",
    "classes": "layers.py",
    "torch_functions": "functions.py",
    "torch_modules": "modules.py",
})  # fmt: skip


class Starter(NamedTuple):
    """A text: how it begins, and its functions and classes by name, in order."""

    head: str
    definitions: Mapping[str, str]


def starter(convention: str) -> Starter:
    """Return all that a convention spells."""
    return _parsed((Path(__file__).parent / f"{convention}.txt").read_text(encoding="utf-8"))


def answering(task: Task, convention: str, adapter: Adapter) -> Mapping[str, str]:
    """Return the functions and classes that answer a task, as far as it asks for them, by name."""
    spec = task.spec
    if unlisted([spec]):
        text = own.starter(spec, convention, backward="backward" in task.weights)
        return _parsed(text).definitions
    if convention not in FILES:
        return {}
    wants = [wanted for part, wanted in adapter.wants.items() if part in task.weights]
    return {n: text for n, text in starter(convention).definitions.items() if any(_answers(n, text, wanted) for wanted in wants)}


def calls(definition: str, *, backward: bool) -> Iterator[str]:
    """Yield how a function or class is called: the name with its parameters, and then the methods that somebody fills in."""
    (node,) = ast.parse(definition).body
    if isinstance(node, ast.FunctionDef):
        yield f"{node.name}({ast.unparse(node.args)})"
    elif isinstance(node, ast.ClassDef):
        methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
        made = next((m for m in methods if m.name == "__init__"), None)
        static = any(m.decorator_list for m in methods)
        yield node.name if static else f"{node.name}({_given(made) if made else ''})"
        yield from (
            f"  .{m.name}({ast.unparse(m.args) if static else _given(m)})"
            for m in methods
            if m is not made and (backward or m.name != "backward")
        )


def _given(method: ast.FunctionDef) -> str:
    return ast.unparse(method.args).partition(", ")[2]


@cache
def _parsed(text: str) -> Starter:
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    lines = text.splitlines()
    head = "\n".join(lines[: nodes[0].lineno - 1]).rstrip()
    return Starter(head, MappingProxyType({node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in nodes}))


def _answers(name: str, definition: str, wanted: Wanted) -> bool:
    """Whether it has one of the names, and, where that is what tells it from another, one of the parameters."""
    if name not in wanted.names or not wanted.parameters:
        return name in wanted.names
    nodes = [node for node in ast.walk(ast.parse(definition)) if isinstance(node, ast.FunctionDef)]
    return bool({argument.arg for argument in nodes[0].args.args} & wanted.parameters)
