"""What is said of a layer of an instructor's own: of the student's forward where there is no other, and of what the instructor claims."""

from grader.language import Sentence, say

TITLE_OWN_OUTPUT = say("the output has the shape that is asked for and depends on the inputs")
CONSTANT_OUTPUT = say("The output is the same whatever the inputs are.")
NOISY_OUTPUT = say("Not decided: forward gives other values every time for the same inputs. If it draws random numbers, seed them inside.")
NO_OUTPUT = say("Not decided: forward or backward gave nothing usable for inputs that differ a little.")
NO_DIFFERENCES_OF_OUTPUT = say(
    "Not decided: your forward has a kink or a jump there, or too much noise, for differences of its output to tell."
)
DERIVE_OUTPUT = say("Your forward is taken as it is. Work out its derivative by this argument again.")


def title_own_gradient(name: str) -> Sentence:
    """What the check of a gradient asks where there is no reference."""
    return say("{name} is the gradient of your own output", name=name)


def not_the_slope_of_output(gradient: str, got: float, expected: float, bound: float) -> Sentence:
    """A gradient that is not that of the student's own forward."""
    return say(
        "{gradient} is not the gradient of your own forward: along a random direction it says {got:.6g}, and differences of the output "
        "say {expected:.6g}, known to {bound:.1e}.",
        gradient=gradient,
        got=got,
        expected=expected,
        bound=bound,
    )


def no_slope_of_output(argument: str) -> Sentence:
    """A gradient of zeros, rightly."""
    return say(
        "Not decided: your output does not change with {argument}, where the grader looked; zeros are right there and tell nothing.",
        argument=argument,
    )


def not_claimed(claim: str, first: str, count: int, size: int) -> Sentence:
    """Something that an instructor claims, and that does not hold; `first` is the index of the first entry that shows it, if one does."""
    if not first:
        return say("This does not hold: {claim}.", claim=claim)
    return say(
        "This does not hold at {count} of {size} entries, the first of them [{first}]: {claim}.",
        first=first,
        count=count,
        size=size,
        claim=claim,
    )
