"""What went wrong with what the student's functions returned, and what to do about it."""

from collections.abc import Iterable

from grader.language import Sentence, say
from grader.model import Case, Part
from grader.text import Cleaned


def differs(name: str, wrong: int, size: int) -> Sentence:
    """Values outside their bounds."""
    if size == 1:
        return say("{name} is wrong.", name=name)
    return say("{name} is wrong at {wrong} of {size} entries.", name=name, wrong=wrong, size=size)


def wrong_where(name: str, wrong: int, size: int, common: tuple[str, int, bool, int] | None) -> Sentence:
    """Where in an array the wrong entries are: what they have in common is a kind, an index, whether that is the last, and its axis."""
    slots: dict[str, object] = {"wrong": wrong, "size": size}
    match common:
        case ("row", _, True, _):
            return say("{wrong} of {size} entries are wrong, all in the last row.", **slots)
        case ("row", at, _, _):
            return say("{wrong} of {size} entries are wrong, all in row {at}.", **slots, at=at)
        case ("column", _, True, _):
            return say("{wrong} of {size} entries are wrong, all in the last column.", **slots)
        case ("column", at, _, _):
            return say("{wrong} of {size} entries are wrong, all in column {at}.", **slots, at=at)
        case ("axis", at, _, axis):
            return say("{wrong} of {size} entries are wrong, all in {place}.", **slots, place=f"{name}[{':, ' * axis}{at}]")
        case ("border", *_):
            return say("{wrong} of {size} entries are wrong, all at the border.", **slots)
    return say("{wrong} of {size} entries are wrong.", **slots)


def shown_by(name: str) -> Sentence:
    """A forward pass that is seen through a gradient."""
    return say("The forward pass seems wrong: for a single sample {name} is softmax minus labels, and here it is not.", name=name)


def wrong_shape(name: str, got: tuple[int, ...], expected: tuple[int, ...], like: str) -> Sentence:
    """A shape other than the right one."""
    if not like:
        return say("{name} has shape {got}; it must have shape {expected}.", name=name, got=got, expected=expected)
    return say("{name} has shape {got}; it must have the shape of {like}, {expected}.", name=name, got=got, like=like, expected=expected)


def wrong_dtype(name: str, dtype: str) -> Sentence:
    """An array of whole numbers or of halves."""
    return say("{name} has dtype {dtype}; it must be float64 or float32. Was it made with an integer dtype?", name=name, dtype=dtype)


def not_finite(name: str, count: int, word: str) -> Sentence:
    """NaN or infinity where there should be numbers."""
    if count == 1:
        return say("{name} is not a finite number at an entry: it is {word}.", name=name, word=word)
    return say("{name} is not a finite number at {count} entries: it is {word}.", name=name, count=count, word=word)


def version_differs(version: str, name: str) -> Sentence:
    """A number that is wrong in a further version of a function."""
    if name == "out":
        return say("The version {version} gives another value than is right.", version=version)
    return say("The version {version} gives another {name} than is right.", version=version, name=name)


TIED = say("Some entries are kept or dropped together in every call, so they share one random number.")
DRAW_EACH = say("Draw a number for every entry: np.random.rand(*x.shape).")


def not_refused(got: str) -> Sentence:
    """An answer to a question that has none."""
    return say("{got} was returned where the filter does not fit; this input must be refused with an error (or None).", got=got)


def mutates(part: Part, names: Iterable[Cleaned]) -> Sentence:
    """Writing into an argument."""
    listed = ", ".join(sorted(names))
    return say(
        "{part} writes into its argument {names}, which the caller may still need. Work on a copy: {names}.copy().",
        part=part,
        names=listed,
    )


DOES = {"imports": say("imports"), "uses": say("uses")}


def earns_nothing(part: Part, places: Iterable[tuple[str, int, str, str]]) -> Sentence:
    """Something that the assignment bans."""
    first, *more = [
        say("line {line} of {path} {does} {name}", line=n, path=path, does=DOES[does], name=name) for path, n, does, name in places
    ]
    for place in more:
        first = say("{places}; {place}", places=first, place=place)
    return say("{part} earns nothing while its code does what this assignment bans: {places}.", part=part, places=first)


WITHOUT_BANNED = say("Do without it, and the other checks count again.")

REPEAT = say("The first call of forward was right; the same call later was not. Does something stay behind between calls?")
ANEW = say(
    "In a new Python process, where other calls came first, the same call of forward is not right. "
    "Does the first call leave something behind that later calls use?"
)
FRESH = say(
    "Backward is right directly after its forward, and wrong after another forward was run in between. "
    "Does it read a global variable instead of its cache?"
)


def retrace(case: Case) -> Sentence:
    """What to do with a wrong number."""
    if case.size <= 40:
        return say("Work this input out by hand, it is small.")
    return say("Compare your steps with the formula on this input.")


def return_shape(name: str, shape: tuple[int, ...]) -> Sentence:
    """What to do with a wrong shape."""
    return say("Print {name}.shape before you return it; it should be {shape}.", name=name, shape=shape)


OVERFLOW = say("Look for exp() of large numbers, a logarithm of 0, or a division by 0.")
