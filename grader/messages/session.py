"""What is said where something is checked in a session of Python: a notebook, a script."""

from collections.abc import Sequence

from grader.language import Sentence, say
from grader.text import Cleaned


def unknown_task(task: Cleaned, close: Sequence[str], known: Sequence[str]) -> Sentence:
    """No such task."""
    if close:
        return say("There is no task {task}. Did you mean {close}?", task=task, close=", ".join(close))
    return say("There is no task {task}. The tasks are: {known}.", task=task, known=", ".join(known))


def unknown_language(language: Cleaned, known: Sequence[str]) -> Sentence:
    """No such language."""
    return say("There is no language {language} here; there are {known}.", language=language, known=", ".join(known))


def nothing_defined(task: str, names: Sequence[str]) -> Sentence:
    """No function or class of a task."""
    return say(
        "Nothing is defined here yet for {task}. It is found by its usual name, such as {names}; or hand it over: "
        'grader.check("{task}", forward, backward).',
        task=task,
        names=", ".join(names),
    )


NOTHING_AT_ALL = say("Nothing is defined here yet that a task asks for.")
TOO_MANY = say("A task has two functions at most, forward and then backward, or one class.")


def no_function(what: Cleaned) -> Sentence:
    """Something else than a function or class."""
    return say("Hand over functions or classes themselves, without calling them; this is of type {what}.", what=what)


def no_source(name: Cleaned, user: Cleaned, kind: str) -> Sentence:
    """Something that cannot be run in another process, since nobody knows how it was made."""
    if user:
        return say(
            "{user} uses {name}, of type {kind}, and the code that made it is not known here. Make it in a cell or in a file. "
            "Or check the notebook as a file: grader check NAME.ipynb",
            user=user,
            name=name,
            kind=kind,
        )
    return say(
        "The source of {name} is not known here, so it cannot be checked. Define it in a cell or in a file, or import it again.", name=name
    )


def not_as_it_is(name: Cleaned, kind: str, *, large: bool) -> Sentence:
    """A value that cannot be run with in another process, since no text makes it again."""
    if large:
        return say(
            "{name}, of type {kind}, is too large to be brought along. Use a smaller one, del {name} if it is left over, or make it in the function. "
            "Or check the notebook as a file: grader check NAME.ipynb",
            name=name,
            kind=kind,
        )
    return say(
        "{name}, of type {kind}, cannot be brought along as it is now. Make it inside of the function that uses it, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
        kind=kind,
    )


def shares_memory(other: Cleaned, name: Cleaned) -> Sentence:
    """An array that is a part of another, or has its numbers."""
    return say(
        "{name} shares its memory with {other}, and would not any more if it were brought along. Make one of them a copy, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
        other=other,
    )


def read_only(name: Cleaned) -> Sentence:
    """An array that may not be changed."""
    return say(
        "{name} is read-only, and would not be any more if it were brought along. Use a copy of it, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
    )


def remembers(name: Cleaned) -> Sentence:
    """A function with a cache that is filled."""
    return say(
        "{name} remembers results that came from what its variables were then. Run {name}.cache_clear() first, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
    )


def names_at_run_time(name: Cleaned, what: str) -> Sentence:
    """A function that uses `globals` or the like."""
    return say(
        "{name} uses {what}(), so that what else it needs is not known before it runs. Write names and code as they are, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
        what=what,
    )


def changed_module(name: Cleaned) -> Sentence:
    """Something that the session put into a module."""
    return say(
        "{name} was changed in this session, and is another where the code is graded. Give yours a name of its own, "
        "or check the notebook as a file: grader check NAME.ipynb",
        name=name,
    )


def not_again(text: Cleaned) -> Sentence:
    """A statement that makes something of the session once more, and could not."""
    return say(
        "What these functions use could not be made again in another process, which stopped with {text}. "
        "Check the notebook as a file: grader check NAME.ipynb",
        text=text,
    )


def unreadable(path: str) -> Sentence:
    """A file that was there when it was imported."""
    return say("{path} cannot be read any more, and its code is needed.", path=path)


MAGIC = say("It is used as: %check, %check conv2d, or %%check conv2d in the first line of a cell; --lang ko after it has it in Korean.")
