"""What each check asks, as a clause without a stop."""

from grader.language import Sentence, say
from grader.model import Part


def title_contract(part: Part) -> Sentence:
    """What the first check of a part asks."""
    return say("{part} returns what it should: as many values, of the right shape, all of them numbers", part=part)


def title_value(*, scalar: bool, whole: bool) -> Sentence:
    """What the check of the forward values asks."""
    if whole:
        return say("forward gives the right number")
    return say("forward gives the right loss") if scalar else say("forward gives the right values")


def title_beside(name: str) -> Sentence:
    """What the check of a further output asks."""
    if name == "keep_rate":  # which the grader counts, and no student returns
        return say("forward keeps as large a share of the entries as p says")
    if name == "tied":
        return say("forward keeps or drops every entry by a draw of its own")
    return say("forward gives the right {name}", name=name)


def title_version(version: str) -> Sentence:
    """What the check of a further version of a function asks."""
    return say("the version {version} gives the same", version=version)


def title_gradient(name: str, *, scalar: bool) -> Sentence:
    """What the check of one gradient asks."""
    return say("{name} is the gradient of the loss", name=name) if scalar else say("{name} is the gradient of the output", name=name)


def title_purity(part: Part) -> Sentence:
    """What the check of the arguments asks."""
    return say("{part} leaves its arguments as they were", part=part)


def title_graded(part: Part) -> Sentence:
    """What stands for the checks of a part where the grader failed before there were any."""
    return say("{part} is graded", part=part)


TITLE_BANNED = say("the code does without what the assignment bans")
TITLE_REPEAT = say("forward gives the same values when it is called again")
TITLE_FRESH = say("backward uses the cache of its own forward")
TITLE_OWN_LOSS = say("the loss is one number that depends on the parameters and on X")
TITLE_OWN_GRADIENTS = say("every gradient is that of the loss")
