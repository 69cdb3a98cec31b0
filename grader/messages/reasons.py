"""Why something was not checked."""

from grader.language import Sentence, paragraph, say
from grader.model import Part
from grader.text import Cleaned


def needs(title: str) -> Sentence:
    """A check that waits for another."""
    return say("Not checked: it makes sense only once this holds: {title}.", title=title)


def blocked(part: Part) -> Sentence:
    """A value that could not be compared on any input."""
    return say("Not checked: {part} must first return what it should.", part=part)


NEEDS_FORWARD = say("Not checked: backward needs the cache of your forward, and forward gave none.")


def partly_blocked(name: str, count: int, total: int, *, waits: bool) -> Sentence:
    """A value that could not be compared on some inputs; "value" is the output."""
    shown = say("The output") if name == "value" else name
    why = say("they need your forward first") if waits else say("see the check above")
    return say("{name} could not be compared on {count} of {total} inputs: {why}.", name=shown, count=count, total=total, why=why)


UNDECIDED = say("Not checked: no input of this assignment decides it.")

OURS = say("The grader itself failed here. This is not your mistake; no points are lost.")


def errored(fault: Cleaned) -> Sentence:
    """A fault of the grader's, with its own words."""
    return paragraph([OURS, fault])


def not_installed(library: str) -> Sentence:
    """A submission in a library that this machine lacks."""
    return say(
        "This was written with {library}, which is not installed where it was graded. This is not your mistake; no points are lost. "
        "Whoever grades it can add {library}: pip install 'nablagrade[{library}]'.",
        library=library,
    )


def not_diagnosed(fault: Cleaned) -> Sentence:
    """A fault of the grader's after the verdicts, with its own words."""
    return paragraph([say("The grader failed while it looked for the cause of what is wrong. The verdicts and points stand."), fault])
