"""Why a call gave no values, and what to do about it."""

import re
from collections.abc import Iterable, Mapping

from grader.language import Sentence, say
from grader.messages.words import heard
from grader.model import Failure, FailureKind, Part

# How sentences about calls begin that did not end by themselves; what a student's code says never begins one.
NO_END = re.compile(
    r"\w+ (did not return within|ended the Python process|kept asking for memory until)"
    r"|All calls of this task together took longer than"
    r"|The file could not be run: it (did not finish|ended)"
)
LONGEST = 240  # characters of what an exception says


def failed_call(part: Part, failure: Failure, limits: Mapping[str, float]) -> Sentence:
    """Tell why a call gave no values."""
    first = next(iter(failure.text.splitlines()), "")
    first = first if len(first) <= LONGEST else f"{first[:LONGEST]} ..."
    match failure.kind:
        case FailureKind.EXCEPTION:
            return _raised(part, first)
        case FailureKind.EXIT:
            return say("{part} called {words}: a layer must return, not end the program.", part=part, words=first)
        case FailureKind.RETURNED | FailureKind.UNKNOWN:
            return say("{part}: {words}", part=part, words=ended(heard(first)))
        case FailureKind.DISTURBED:
            return say("{part} was stopped: {words}, or started a process that did.", part=part, words=heard(first))
        case FailureKind.DIED:
            return say("{part} ended the Python process ({words}). A layer must return, not exit.", part=part, words=first)
        case FailureKind.LOAD:
            return say("The file could not be run: {words}", words=ended(heard(first)))
        case FailureKind.TIMEOUT | FailureKind.MEMORY:
            return _used_up(part, failure, limits)
        case FailureKind.EXCESS:
            return say("{part} was stopped: {words}.", part=part, words=heard(first))
        case FailureKind.ENVIRONMENT:
            return say("{part} could not be called: {words}.", part=part, words=heard(first))
        case FailureKind.NOT_RUN:
            return say("{part} was not called any more: {words}.", part=part, words=heard(first))


def _raised(part: Part, words: str) -> Sentence:
    if words.startswith("NotImplementedError"):
        return say("{part} is not finished yet: it raises NotImplementedError.", part=part)
    return say("{part} raised {words}", part=part, words=ended(words)) if words else say("{part} raised an exception.", part=part)


def _used_up(part: Part, failure: Failure, limits: Mapping[str, float]) -> Sentence:
    if failure.kind is FailureKind.MEMORY:
        return say(
            "{part} kept asking for memory until it was stopped ({memory:g} MB or {seconds:g} s). "
            "Is there a loop that never ends, or an array far too large?",
            part=part,
            memory=limits["memory_mb"],
            seconds=limits["call_seconds"],
        )
    if failure.text == "task":
        return say(
            "All calls of this task together took longer than {seconds:g} s, and {part} was stopped.",
            seconds=limits["task_seconds"],
            part=part,
        )
    return say(
        "{part} did not return within {seconds:g} s, and was stopped. Is there a loop that never ends?",
        part=part,
        seconds=limits["call_seconds"],
    )


def tells_of_no_end(what: str) -> bool:
    """Whether an English sentence of `failed_call` is about a call that was stopped, or that ended the process."""
    return NO_END.match(what) is not None


def ended(text: str) -> str:
    """Return words with a stop after them, if they have none."""
    return text if text.endswith((".", "?", "!")) else say("{words}.", words=text)


def mend_loading(failure: Failure) -> Sentence | None:
    """What to do about a file that could not be run."""
    if failure.text.startswith("ModuleNotFoundError"):
        return say("Graded code has NumPy and Python's own library. Import anything else only where it is used, or not at all.")
    if failure.text.startswith(("sys.exit", "EOFError", "it did not finish", "it ended")):
        return say("Put what your program does when it is started under: if __name__ == '__main__':")
    return after(failure)


def after(failure: Failure) -> Sentence | None:
    """What to do about a call that raised."""
    if failure.text.startswith("PermissionError"):
        return REFUSED
    return READ_TRACE if failure.trace else None


REFUSED = say(
    "Where code is graded it may read Python's library, NumPy and itself, write small files beside itself, and reach nothing else. "
    "To try it like that: grader check --sandbox require."
)
READ_TRACE = say("The last line of your own code in the traceback is where to look.")


def nothing_graded(path: str) -> Sentence:
    """What `grader check` says of a submission without anything in it."""
    return say("{path}: nothing in it could be graded; `grader tasks` lists what is asked for.", path=path)


RAN_AS_YOU = say("your code ran as you, without a jail; for code of somebody else add --sandbox require.")
NO_JAIL = say("There is no jail here (`grader doctor` says why): your code ran as you, with your files and your network.")


def only_these(tasks: Iterable[str]) -> Sentence:
    """What a check of some tasks leaves open."""
    return say("Checked: {tasks}. The other tasks of the assignment were not looked at.", tasks=", ".join(tasks))


def watching(path: str) -> Sentence:
    """What is to be done next, and how to end it."""
    return say("Save {path} to have it checked again; Ctrl-C ends.", path=path)


def gone(path: str) -> Sentence:
    """What is waited for where what was watched is not there any more."""
    return say("{path} is gone; as soon as it is there again, it is checked. Ctrl-C ends.", path=path)


def started(file: str, tasks: int) -> Sentence:
    """What was written, and what to do with it."""
    if tasks == 1:
        return say("Written: {file}, with one task. Fill it in, and see with `grader check {file}`.", file=file)
    return say("Written: {file}, with {count} tasks. Fill it in, and see with `grader check {file}`.", file=file, count=tasks)


def not_spelt(tasks: Iterable[str]) -> Sentence:
    """Tasks of which a convention has no function."""
    return say("Not in it, since this convention has no spelling for them: {tasks}.", tasks=", ".join(tasks))
