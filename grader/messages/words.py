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
    phrase("{name} is None: the output does not depend on it, {why}"),
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
    phrase("the class takes its padding as a word such as {word}, and is asked for numbers"),
    phrase("no weights of shape (inputs, outputs) were found in the layer: {names}"),
    phrase("no weights of four axes were found in the layer: {names}"),
    phrase("no bias was found in the layer: {names}"),
    phrase("neither (N, C, H, W) nor (N, H, W, C), nor a single image of either, gave an output of the right shape"),
    phrase("backward left no {name} behind: it is neither returned nor kept as self.{attribute}"),
    phrase("backward left no {name} behind: self.{attribute} is not set"),
    phrase("{name}.params must be a dictionary of arrays, with at least one in it"),
    phrase("{name}.params holds {count} arrays; at most {most} are graded"),
    phrase("grads is of type {type}, not a dictionary"),
    phrase("{name} comes from {value}; this function is graded with NumPy alone, so return what NumPy computes"),
    phrase("it could not be constructed with no arguments: {error}"),
    phrase("it could not be constructed with {arguments}: {error}"),
    phrase("the output has not the shape of the input"),
    phrase("beside {name} there is no {other}"),
    phrase("neither (N, C, H, W) nor (N, H, W, C) gave one number for every plane"),
    phrase("{ways} gave an output of the right shape"),
    phrase("it takes probabilities; asked for is a loss of scores, with the softmax in it"),
    phrase("the loss is not one number"),
    phrase("no parameter {name} was found in the net: {places}"),
    phrase("no {name} was found in the layer: {place} holds no array"),
    phrase("an object of the class has no method {name}"),
    phrase("{function} asks for {name}, of which the grader does not know what it is"),
    phrase("there is no test mode: neither a parameter training of forward, nor a method eval, nor self.training"),
    phrase("the output does not depend on the inputs, {why}"),
    phrase("there is no gradient for an output of shape {shape}"),
    phrase("one {type} was returned instead of one tensor"),
    phrase("forward takes its arguments by a star, so the grader cannot tell what they are"),
    phrase("forward takes {got} arguments besides ctx, and the layer has {count}"),
    phrase("forward takes no {name}"),
    phrase("no {name} was found in the Module: it is looked for as {names}"),
    phrase("a tensor of shape {shape} was found in the Module where weights of shape {right} are to be kept"),
    phrase("{got} {what} were found among the parameters of the net instead of {count}"),
    phrase("there is no backward"),
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
