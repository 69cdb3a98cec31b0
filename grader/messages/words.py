"""What the worker says of a call that cannot be graded, and the reference of an input that has no answer.

Neither of them knows a `Sentence`, so their words are known again by their form.
"""

import re
from typing import NamedTuple

from grader.language import say
from grader.text import Cleaned


class Phrase(NamedTuple):
    """Such words: their template, and what they look like."""

    template: str
    form: re.Pattern[str]


def phrase(template: str) -> Phrase:
    """Return such words; what stands in a slot is found between them."""
    words = re.split(r"\{(\w+)\}", template)
    form = "".join(f"(?P<{word}>.+)" if place % 2 else re.escape(word) for place, word in enumerate(words))
    return Phrase(template, re.compile(form))


PHRASES = (
    phrase("the time for this task was up"),
    phrase("it had failed twice to come back"),
    phrase("it did not finish within {seconds} s"),
    phrase("it wrote to the connection of the grader"),
    phrase("it returned far more than was asked for"),
    phrase("it ended the Python process ({how})"),
    phrase("it wrote more than {size} MB, or more than {count} files"),
    phrase("it started more than {count} threads"),
    phrase("{name} is None"),
    phrase("{name} is a number that NumPy cannot hold"),
    phrase("{name} is of type {type}, not a number or a NumPy array"),
    phrase("{name} has dtype {dtype}, not a real number"),
    phrase("{name} has shape {shape}: far too large"),
    phrase("one value of type {type} was returned instead of {count} values: {names}"),
    phrase("None was returned instead of {count} values: {names}"),
    phrase("{got} values were returned instead of {count}: {names}"),
    phrase("one value of type {type} was returned instead of a dictionary with {names}"),
    phrase("None was returned instead of a dictionary with {names}"),
    phrase("the dictionary of gradients lacks {names}; it holds {held}"),
    phrase("the {what} lacks {names}; it holds {held}"),
    phrase("the gradient of {name} is not of its shape, {shape}"),
    phrase("the class asks for {name}, of which the grader does not know what it is"),
    phrase("the class takes no {name}"),
    phrase("no weights of shape (inputs, outputs) were found in the layer: {names}"),
    phrase("no weights of four axes were found in the layer: {names}"),
    phrase("no bias was found in the layer: {names}"),
    phrase("neither (N, C, H, W) nor (N, H, W, C), nor a single image of either, gave an output of the right shape"),
    phrase("backward left no {name} behind: it is neither returned nor kept as self.{attribute}"),
    phrase("backward left no {name} behind: self.{attribute} is not set"),
    phrase("{name}.params must be a dictionary of arrays, with at least one in it"),
    phrase("{name}.params holds {count} arrays; at most {most} are graded"),
    phrase("grads is of type {type}, not a dictionary"),
    phrase("there is no backward"),
    phrase("{what} has no backward"),
    phrase("forward gave no output of the shape of x, so there is no mask to go by"),
    phrase("Output {axis}: {formula}: the window ({window}) is longer than the padded input ({size})."),
    phrase("Output {axis}: {formula} = {size} is not a whole number; the filter does not fit."),
)


def heard(text: str) -> str:
    """Return such words as a sentence; others, such as those of an exception, as they are."""
    for template, form in PHRASES:
        if found := form.fullmatch(text):
            return say(template, **{name: Cleaned(slot) for name, slot in found.groupdict().items()})
    return text
