"""What `grader explain` prints of a task: what it computes, how it is called, what is checked, and what usually goes wrong."""

from collections.abc import Iterator

import click

from grader import starters
from grader.assignment import Assignment, Task, chosen
from grader.errors import AssignmentError
from grader.language import Sentence, say, translated
from grader.model import PARTS, Part
from grader.properties import properties_of
from reference import LayerSpec, Misconception

MOST_MISTAKES = 6
HEADINGS: dict[Part, Sentence] = {"forward": say("Forward"), "backward": say("Backward")}


def explanation(asked: Assignment, subject: str, language: str) -> str:
    """Return what there is to know about a task, "conv2d", or about a part of it, "conv2d.backward".

    Raises:
        AssignmentError: There is no such task, or it has no such part.
    """
    name, _, wanted = subject.partition(".")
    (task,) = chosen(asked, [name])
    if wanted and wanted not in task.weights:
        raise AssignmentError(f"{subject}: {name} has no such part; it has {' and '.join(task.weights)}.")
    parts = [part for part in PARTS if part in task.weights and wanted in ("", part)]
    return "\n".join(_lines(asked, task, parts, language))


def _lines(asked: Assignment, task: Task, parts: list[Part], language: str) -> Iterator[str]:
    def heading(sentence: Sentence) -> str:
        return "\n" + click.style(translated(sentence, language), bold=True)

    spec = task.spec
    yield f"{click.style(task.id, bold=True)}  {translated(task.title, language)}"
    if task.description:
        yield translated(task.description, language)
    for part in parts:
        if lines := spec.formula.get(part):
            yield heading(HEADINGS[part])
            yield from (f"  {line}" for line in lines)
    if shapes := list(_shapes(spec, parts)):
        yield heading(say("Shapes"))
        yield from (f"  {line}" for line in shapes)
    yield heading(say("Called as, for example"))
    yield from (f"  {line}" for line in _calls(asked, task, parts))
    yield heading(say("What is checked"))
    properties = properties_of(spec, marks_purity=asked.purity == "mark")
    titles = [check.title for prop in properties for check in prop.checks(spec) if check.part in parts]
    yield from (f"  – {translated(title, language)}" for title in dict.fromkeys(titles))  # a law may hold for both parts
    if mistakes := list(_mistakes(spec, parts)):
        yield heading(say("Usual mistakes"))
        for cause, advice in mistakes:
            yield f"  ✗ {translated(cause, language)}"
            yield f"    {translated(advice, language)}"


def _shapes(spec: LayerSpec, parts: list[Part]) -> Iterator[str]:
    """The shapes of arguments, each with that of its gradient, and the options."""
    for argument in spec.arguments:
        axes = argument.axes.split()
        gradient = f", {argument.gradient}" if argument.gradient not in (None, argument.name) and "backward" in parts else ""
        yield f"{argument.name}{gradient}: ({', '.join(axes)}{',' * (len(axes) == 1)})"
    if options := [*(spec.axes if spec.whole else ()), *spec.options]:
        yield ", ".join(options)


def _calls(asked: Assignment, task: Task, parts: list[Part]) -> Iterator[str]:
    """How each convention spells the task: the call with options of one case, or, where it depends on the class, what a starter has."""
    spec, backward = task.spec, "backward" in parts
    example = {**{axis: least for axis, (least, _) in spec.axes.items()}, **{option: values[0] for option, values in spec.options.items()}}
    known = [convention for convention in task.conventions if spec.name in asked.spelt[convention]]
    wide = max(map(len, known), default=0)
    for convention in known:
        adapter = asked.spelt[convention][spec.name]
        if spelling := adapter.spelling:  # without forward there is nothing to call backward with
            names = {part: (*task.names.get(part, ()), *wanted.names)[0] for part, wanted in adapter.wants.items()}
            lines = spelling.lines((*spelling.forward, *(spelling.backward if backward else ())), names, example)
        else:
            written = starters.answering(task, convention, adapter).values()
            lines = [line for definition in written for line in starters.calls(definition, backward=backward)]
        for number, line in enumerate(lines):
            yield f"{'' if number else convention:<{wide}}  {line}"


def _mistakes(spec: LayerSpec, parts: list[Part]) -> list[tuple[Sentence, Sentence]]:
    """The causes of the most usual mistakes, each with what to do."""

    def about(known: Misconception) -> list[str]:
        return [name for name in known.of if ("backward" if name in spec.gradients else "forward") in parts]

    told = [(say(m.cause, name=", ".join(about(m))), say(m.advice, name=", ".join(about(m)))) for m in spec.misconceptions if about(m)]
    return list(dict(told).items())[:MOST_MISTAKES]
