"""What is said of a net of the student's own design, for which there is no reference."""

from grader.language import Sentence, say
from grader.text import Cleaned

NO_PARAMETERS = say("params is empty: a net without parameters has no gradients.")


def too_many_parameters(size: int, most: int) -> Sentence:
    """A net that would take too long."""
    return say(
        "params holds {size} numbers in all; at most {most} are graded. Make the hidden layers smaller, they are a matter of design.",
        size=size,
        most=most,
    )


def unreadable_name(name: Cleaned) -> Sentence:
    """A key that no report can show."""
    return say("params has a key that cannot be shown, {name}; use short names such as 'W1'.", name=name)


def constant_loss(loss: float, what: str) -> Sentence:
    """A loss that shows nothing of what it should depend on: "X is" or "the parameters are"."""
    if what == "X is":
        return say("The loss is {loss:.6g} whatever X is.", loss=loss)
    return say("The loss is {loss:.6g} whatever the parameters are.", loss=loss)


def lacks_gradient(gradient: str, parameter: str) -> Sentence:
    """A key that params has and grads has not."""
    return say(
        "{gradient} is missing: there is a {parameter}, and grads must have the same keys as params.",
        gradient=gradient,
        parameter=parameter,
    )


def not_the_slope(gradient: str, bound: float) -> Sentence:
    """A gradient that is not that of the student's own loss."""
    return say(
        "{gradient} is not the gradient of your own loss: differences of the loss tell another number, known to {bound:.1e}.",
        gradient=gradient,
        bound=bound,
    )


def spread_thin(gradient: str, got: float, expected: float, bound: float) -> Sentence:
    """The same, where no entry alone shows it."""
    return say(
        "{gradient} is not the gradient of your own loss, though no entry alone shows it: along a random direction it says {got:.6g}, "
        "and differences of the loss say {expected:.6g}, known to {bound:.1e}.",
        gradient=gradient,
        got=got,
        expected=expected,
        bound=bound,
    )


DERIVE = say("Your loss is taken as it is. Work out its derivative by this parameter again, from the loss backwards.")


def noisy(first: float, second: float) -> Sentence:
    """A loss that is another number every time."""
    return say(
        "Not decided: your loss is {first:.10g} and then {second:.10g} for the same parameters and X. "
        "If it draws random numbers (dropout), let loss() seed them itself.",
        first=first,
        second=second,
    )


def no_loss(word: str) -> Sentence:
    """A net that does not bear the grader's parameters."""
    return say("Not decided: with parameters of the grader's the loss is {word}.", word=word)


def no_slope(parameter: str) -> Sentence:
    """A gradient of zeros, rightly."""
    return say(
        "Not decided: your loss does not change with {parameter}, where the grader looked; zeros are right there and tell nothing.",
        parameter=parameter,
    )


NO_DIFFERENCES = say("Not decided: your loss has a kink or a jump there, or too much noise, for differences of it to tell.")
