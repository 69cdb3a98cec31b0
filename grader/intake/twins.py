"""Two submissions of one name are a mistake that only the instructor can decide."""

from collections.abc import Iterable

from grader.errors import IntakeError
from grader.intake.handed_in import HandedIn
from grader.intake.names import folded, stem


def refuse_twins(found: Iterable[HandedIn]) -> None:
    """Make sure that no two ids are the same but for case, width, composition of letters, and what kind of file it is.

    Raises:
        IntakeError: Two are, as `Kim.zip` and a folder `kim`; it names both.
    """
    seen: dict[str, HandedIn] = {}
    for one in found:
        before = seen.setdefault(folded(stem(one.id)), one)
        if before is not one:
            raise IntakeError(
                f"{before.place} and {one.place}: two submissions under one name; rename one, or remove the one that does not count."
            )
