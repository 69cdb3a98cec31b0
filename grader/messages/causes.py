"""Causes that further calls confirmed, and how a wrong value stands to the right one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from grader.language import Sentence, paragraph, say
from grader.model import Part

OWN_GRADIENT = say("It is the right gradient of your forward, which is wrong: mend forward first.")
NUMERIC_GRADIENT = say("It is right but for the noise of its differences.")
WRONG_CACHE = say("Your backward is right; what forward hands over in its cache is not.")
HAND_OVER = say("Look at what forward returns as its cache, and at what backward takes from it.")
OTHER_DOUT = say("dout has the shape that out must have, and your out has another one: mend forward first.")
FRESH_TOO = say("Backward stays the same where another forward comes in between.")


def own_gradient(names: Iterable[str], others: Iterable[str]) -> Sentence:
    """A backward that belongs to a wrong forward, in all of the gradients that failed or in some."""
    rest = ", ".join(others)
    right = say("Backward is right for your own forward ({names}), but your forward is wrong.", names=", ".join(names))
    return paragraph([right, say("That could not be shown of {rest}.", rest=rest) if rest else say("So the mistake is in forward.")])


def numeric_gradient(step: float, *, central: bool) -> Sentence:
    """A backward that calls forward on moved inputs."""
    if central:
        return say(
            "Backward differentiates numerically, by (f(x + h) - f(x - h)) / 2h with h = {step:g}; "
            "what is asked for is the formula of the derivative.",
            step=step,
        )
    return say(
        "Backward differentiates numerically, from one side, with h = {step:g}; what is asked for is the formula of the derivative.",
        step=step,
    )


def wrong_cache(names: Iterable[str], argument: str) -> Sentence:
    """A backward that is right with another cache than that of its own forward, or with one argument in the place of its entry."""
    given = ", ".join(names)
    if argument:
        right = say("With {argument} itself in that place, backward gives {names} rightly on every input.", argument=argument, names=given)
        return paragraph([wrong_entry(argument), right])
    right = say("With the arguments of forward as its cache, backward gives {names} rightly on every input.", names=given)
    return paragraph([WRONG_CACHE, right])


def wrong_entry(argument: str) -> Sentence:
    """Which entry of a cache is wrong."""
    return say("Your backward is right; the cache of forward has something else in the place of {argument}.", argument=argument)


def keep(argument: str) -> Sentence:
    """What belongs in that place."""
    return say("Hand over {argument} as forward got it, neither changed nor replaced by what was made of it.", argument=argument)


def carried_forward(layers: Sequence[str]) -> Sentence:
    """A net that is wrong only since functions that it calls are."""
    named = ", ".join(layers)
    if len(layers) == 1:
        return say("Your net is right once {layers} is replaced by a right one: mend {layers} first.", layers=named)
    return say("Your net is right once {layers} are replaced by right ones: mend {layers} first.", layers=named)


def carried_forward_in(part: Part, layers: Sequence[str]) -> Sentence:
    """One part of a net that is wrong only since functions that it calls are; the other part is wrong itself."""
    return say(
        "The {part} part of your net is right once these are replaced by right ones: {layers}. Mend them first.",
        part=part,
        layers=", ".join(layers),
    )


def right_with(layers: Sequence[str]) -> Sentence:
    """A number of a net that is wrong only since functions that it calls are, where others of its part are wrong themselves."""
    return say("This number is right once these are replaced by right ones: {layers}. Mend them first.", layers=", ".join(layers))


def seen_with_right(layers: Sequence[str], what: str) -> Sentence:
    """What is wrong with a net even where the functions that it calls are right, with numbers that its own do not give."""
    return say("{what} The numbers here were made with right ones in the place of these: {layers}.", what=what, layers=", ".join(layers))


def causes(several: Sequence[str], *, at_once: bool) -> str:
    """One known mistake; or two of them, either of which, or both together, give the student's numbers."""
    if len(several) == 1:
        return several[0]
    if at_once:
        return say("Two things at once. {causes}", causes=paragraph(several))
    return say("One of two. Either: {first} Or: {second}", first=several[0], second=several[1])


CHANNELS = {
    "first_channel": say("in the first channel"),
    "later_channels": say("in all channels but the first"),
}
COLUMNS = {
    "first_channel": say("in the first column"),
    "later_channels": say("in all columns but the first"),
}
AXES = {"first_sample": 0, "last_sample": 0, "later_samples": 0, "first_channel": 1, "later_channels": 1}
PLACES = {
    "first_sample": say("in the first sample"),
    "last_sample": say("in the last sample"),
    "later_samples": say("in all samples but the first"),
    "off_diagonal": say("off the diagonal"),
    "border": say("at the border"),
}


def relation(name: str, kind: str, slots: Mapping[str, Any]) -> Sentence:
    """How a wrong value stands to the right one, on every input that was looked at."""
    match kind:
        case "factor":
            if slots["everywhere"]:
                return say("{name} is {factor} times what it should be, on every input.", name=name, factor=slots["factor"])
            return say("{name} is {factor} times what it should be, wherever it is wrong.", name=name, factor=slots["factor"])
        case "transposed":
            return say(
                "{name} is right but for the order of its axes: it is the right one transposed to {order}.", name=name, order=slots["order"]
            )
        case "flipped":
            along = reduce(lambda some, axis: say("{axes} and {axis}", axes=some, axis=axis), map(str, slots["axes"]))
            return say("{name} is right but turned round: it is the right one in reverse along axis {axes}.", name=name, axes=along)
        case "shifted":
            return say("{name} is right but moved by {step} along axis {axis}.", name=name, step=slots["step"], axis=slots["axis"])
        case "summand":
            return say("{name} is what it should be plus {offset}, everywhere.", name=name, offset=slots["offset"])
        case "overflown":
            return say(
                "{name} is right for small inputs, and no number where an entry is as large as {least}.", name=name, least=slots["least"]
            )
        case "only_where":
            where = reduce(lambda some, more: say("{one}, which here is the same as: {other}", one=some, other=more), slots["where"])
            return say("{name} is wrong on exactly the inputs where {where}; on the others it is right.", name=name, where=where)
        case _:
            place = {**PLACES, **(CHANNELS if slots["axes"] > 2 else COLUMNS)}[kind]
            return say("{name} is wrong {place} only; the rest of it is right, on every input.", name=name, place=place)


def next_of_relation(name: str, kind: str, slots: Mapping[str, Any]) -> Sentence:
    """Where to look for the reason of a relation."""
    match kind:
        case "factor" if slots["factor"] == "-1":
            return say("Look in the code for {name} for a minus that is missing, or one too many.", name=name)
        case "factor" if not slots["counted"]:
            return say("Look in the code for {name} for a factor of {factor}.", name=name, factor=slots["factor"])
        case "factor":
            return say(
                "Look in the code for {name} for a factor of {factor}, or a sum where a mean belongs or the other way round.",
                name=name,
                factor=slots["factor"],
            )
        case "transposed":
            return say(
                "Write down the axes of {name} in every line that makes it, and look for a transpose or reshape that orders them otherwise.",
                name=name,
            )
        case "flipped":
            return say("Look for a [::-1], or for an index that counts down, in the code for {name}.", name=name)
        case "shifted":
            return say("Look at where the slices and loops for {name} begin and end: one of them is off by one.", name=name)
        case "summand":
            return say("Look in the code for {name} for a number that is added where none belongs, or left out.", name=name)
        case "overflown":
            return say(
                "Call exp() on numbers of that size: where it overflows, move its argument first, as by subtracting the largest entry."
            )
        case "only_where":
            return say("Go through the code for {name} on one such input, and look for a line that supposes it is otherwise.", name=name)
        case "off_diagonal":
            return say("Look for what the code for {name} does where its two indices differ.", name=name)
        case "border":
            return say("Look at how the padding is put around the input, and how it is cut off again.")
        case _:
            return say(
                "Look at the loop or slice that runs along axis {axis}: at its first index, its last, and = for +=.", axis=AXES[kind]
            )
