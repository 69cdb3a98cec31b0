"""What is worth saying and costs no points."""

from collections.abc import Iterable, Mapping

from grader.language import Sentence, say
from grader.messages.calls import ended
from grader.messages.findings import DOES
from grader.messages.words import heard
from grader.model import Part
from grader.text import Cleaned


def near_miss(found: Cleaned, path: Cleaned, line: int, wanted: Cleaned) -> Sentence:
    """A name that is almost right."""
    return say(
        "{path}, line {line}: {found} looks like {wanted}, misspelt; rename it to have it graded.",
        path=path,
        line=line,
        found=found,
        wanted=wanted,
    )


def also_defined(places: Iterable[Cleaned]) -> Sentence:
    """Other definitions of the same name."""
    return say("Also defined, and not graded: {places}.", places=", ".join(places))


def uses_banned(path: Cleaned, line: int, does: str, name: Cleaned) -> Sentence:
    """Something that the assignment asks to do without, and says no more about."""
    return say(
        "{path}, line {line}: {does} {name}, which this assignment asks to do without.", path=path, line=line, does=DOES[does], name=name
    )


def does_not_parse(path: Cleaned, line: int, text: Cleaned, *, rest: bool) -> Sentence:
    """A syntax error."""
    graded = say("What does parse of this file is graded.") if rest else say("Nothing in this file could be graded.")
    return say("{path}, line {line}: {words} {graded}", path=path, line=line, words=ended(text), graded=graded)


def not_finished(part: Part, place: Cleaned) -> Sentence:
    """A function that nobody has filled in yet."""
    return say("{place}: {part} is not finished yet.", place=place, part=part)


def not_parsed(part: Part, place: Cleaned) -> Sentence:
    """A function with a mistake for which the whole file does not parse."""
    return say("{place}: {part} could not be graded: Python cannot read it (see the syntax error named above).", place=place, part=part)


def usual_cache(place: Cleaned) -> Sentence:
    """A backward that was graded without its forward."""
    return say("{place}: backward was graded with the cache that is usual for this function, since forward gave none.", place=place)


def worked_around(path: Cleaned, line: int, kind: str, what: Cleaned) -> Sentence:
    """What stood in the way of running a file: some names of a kind, or its whole language."""
    return say("{path}, line {line}: {obstacle}", path=path, line=line, obstacle=_obstacle(kind, what))


def _obstacle(kind: str, what: Cleaned) -> Sentence:
    if not what:
        return say("this is Python 2. It was run as Python 2 would have run it.")
    if kind == "missing":
        return say("not here: {what}. Something inert was imported instead, and no result can be built on it.", what=what)
    if kind == "known":
        return say("not installed here: {what}. What is known of it was imported instead.", what=what)
    if kind == "numpy":
        return say("no longer in NumPy: {what}. It was given back.", what=what)
    return say("of Python 2: {what}. It was given back.", what=what)


def gone_past(path: Cleaned, line: int, text: Cleaned) -> Sentence:
    """A statement at the top of a file that failed, and took nothing graded with it."""
    return say(
        "{path}, line {line}: this stopped with {text}. It was passed over, and the rest of the file was run.",
        path=path,
        line=line,
        text=text,
    )


def warned(part: Part, text: Cleaned) -> Sentence:
    """A warning of NumPy or Python in the student's code."""
    return say("{part} emitted a warning: {text}. No points are lost.", part=part, text=text)


def printed(text: Cleaned) -> Sentence:
    """Output of the student's code."""
    return say("While it was graded your code printed '{text}'.", text=text)


def not_called(why: Cleaned) -> Sentence:
    """A submission that the grader does not know how to call."""
    return say(
        "Not graded, since the grader does not know how to call it; this need not be a mistake of yours: {words}", words=ended(heard(why))
    )


def divided(names: Iterable[str]) -> Sentence:
    """Gradients that a course divides by the number of samples, of which others have the sum."""
    return say(
        "In this course {names} have the factor 1/m, m being the number of samples. Above they are shown times m: yours are m times "
        "what your function returned, and they should be the sums over the samples.",
        names=", ".join(names),
    )


def leading_axis(names: Iterable[str], got: tuple[int, ...], shape: tuple[int, ...]) -> Sentence:
    """A harmless extra axis."""
    return say(
        "An extra leading axis of length 1, such as {got} for {shape}, is accepted; here: {names}.",
        got=got,
        shape=shape,
        names=", ".join(names),
    )


def other_reading(version: str) -> Sentence:
    """A further version of a function that is right in another way."""
    return say(
        "The version {version} differs from the graded one where the assignment leaves a choice; each is judged by its own.",
        version=version,
    )


def single_precision(name: Cleaned) -> Sentence:
    """A cast to float32."""
    return say("{name} is float32 though the input is float64; it was judged with the precision of float32.", name=name)


TOO_HARD_TO_PARSE = say("The files could not be parsed within the limits; nothing in them could be graded.")
NOTHING_HANDED_IN = say("Nothing was handed in.")


def regularised(factor: object) -> Sentence:
    """Which factor of the regularisation was found."""
    if factor == 1:
        return say("Your regularisation is reg * sum(W*W), in loss and gradient alike.")
    return say("Your regularisation is {factor} * reg * sum(W*W), in loss and gradient alike.", factor=factor)


def derived(library: str) -> Sentence:
    """Gradients that nobody wrote."""
    return say("Its gradients were derived by {library}'s autograd from your forward; no backward was written for it.", library=library)


def ready_made(path: Cleaned, line: int, name: Cleaned, library: str) -> Sentence:
    """A layer that a library has."""
    return say(
        "{path}, line {line}: uses {name}, which is {library}'s own version of this layer.",
        path=path,
        line=line,
        name=name,
        library=library,
    )


def read_as(reading: Mapping[str, object]) -> list[str]:
    """By which of several right ways a submission was graded."""
    said: list[str] = []
    if "activation" in reading:
        relu = reading["activation"] == "relu"
        said.append(say("Graded as a net with ReLU.") if relu else say("Graded as a net with sigmoid."))
    if "p_of" in reading:
        kept = reading["p_of"] == "kept"
        said.append(
            say("Graded with p as the probability of being kept.") if kept else say("Graded with p as the probability of being dropped.")
        )
    if "mean_over" in reading:
        over = say("all elements") if reading["mean_over"] == "elements" else say("the samples")
        half = reading.get("half")
        said.append(
            say("Graded as half the squared error averaged over {over}.", over=over)
            if half
            else say("Graded as the squared error averaged over {over}.", over=over)
        )
    return said


def accepted(reading: Mapping[str, object]) -> list[str]:
    """What a right forward does otherwise than most."""
    said: list[str] = []
    epsilon = reading.get("log_epsilon")
    if isinstance(epsilon, float) and epsilon:
        said.append(_log_epsilon(epsilon))
    if reading.get("unbiased"):
        said.append(say("Your running variance divides by N - 1, as torch's does; accepted."))
    if own_eps := reading.get("own_eps"):
        said.append(say("Your class has an epsilon of its own, {eps:g}; accepted.", eps=own_eps))
    if reading.get("inverted") is False:
        said.append(say("Your dropout scales in test mode and not in training; accepted."))
    if reading.get("flattens") is False:
        said.append(say("Your affine layer takes x of shape (N, D) and flattens nothing; accepted."))
    if reading.get("takes_padding") is False:
        said.append(say("Your pooling takes no padding, or fails with any as the book's own code does; accepted."))
    if reading.get("pads_with") == "zeros":
        said.append(say("Your max pooling pads with 0; accepted."))
    if reading.get("count_include_pad") is False:
        said.append(say("Your average leaves the padding out of its count; accepted."))
    return said


def _log_epsilon(epsilon: float) -> Sentence:
    if epsilon < 0:  # a negative one is in the gradient, too
        return say("Your loss adds {eps:g} inside the logarithm, and your gradient allows for it; accepted.", eps=-epsilon)
    return say("Your loss adds {eps:g} inside the logarithm; accepted.", eps=epsilon)
