"""What the worker says of a call that cannot be graded. It knows no `Sentence`, so its words are known again by their form."""

import re
from typing import NamedTuple

from grader.language import say
from grader.text import Cleaned


class Known(NamedTuple):
    """A sentence of the worker's: its template, and what it looks like."""

    template: str
    form: re.Pattern[str]


def known(template: str) -> Known:
    """Return a sentence of the worker's; what stands in its slots is found between its words."""
    words = re.split(r"\{(\w+)\}", template)
    form = "".join(f"(?P<{word}>.+)" if place % 2 else re.escape(word) for place, word in enumerate(words))
    return Known(template, re.compile(form))


KNOWN = (
    known("the time for this task was up"),
    known("it had failed twice to come back"),
    known("it did not finish within {seconds} s"),
    known("it wrote to the connection of the grader"),
    known("it returned far more than was asked for"),
    known("it ended the Python process ({how})"),
    known("it wrote more than {size} MB, or more than {count} files"),
    known("it started more than {count} threads"),
    known("{name} is a number that NumPy cannot hold"),
    known("{name} is of type {type}, not a number or a NumPy array"),
    known("{name} has dtype {dtype}, not a real number"),
    known("{name} has shape {shape}: far too large"),
    known("one value of type {type} was returned instead of {count} values: {names}"),
    known("None was returned instead of {count} values: {names}"),
    known("{got} values were returned instead of {count}: {names}"),
    known("one value of type {type} was returned instead of a dictionary with {names}"),
    known("None was returned instead of a dictionary with {names}"),
    known("the dictionary of gradients lacks {names}; it holds {held}"),
    known("the {what} lacks {names}; it holds {held}"),
    known("the gradient of {name} is not of its shape, {shape}"),
    known("the class asks for {name}, of which the grader does not know what it is"),
    known("the class takes no {name}"),
    known("no weights of shape (inputs, outputs) were found in the layer: {names}"),
    known("no weights of four axes were found in the layer: {names}"),
    known("no bias was found in the layer: {names}"),
    known("neither (N, C, H, W) nor (N, H, W, C), nor a single image of either, gave an output of the right shape"),
    known("backward left no {name} behind: it is neither returned nor kept as self.{attribute}"),
    known("backward left no {name} behind: self.{attribute} is not set"),
    known("{name}.params must be a dictionary of arrays, with at least one in it"),
    known("{name}.params holds {count} arrays; at most {most} are graded"),
    known("grads is of type {type}, not a dictionary"),
    known("forward gave no output of the shape of x, so there is no mask to go by"),
)


def heard(text: str) -> str:
    """Return words of the worker's as a sentence; others, such as those of an exception, as they are."""
    for template, form in KNOWN:
        if found := form.fullmatch(text):
            return say(template, **{name: Cleaned(slot) for name, slot in found.groupdict().items()})
    return text
