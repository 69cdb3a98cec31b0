"""What an executor is."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.intake import Bundle

TRIES = 3  # processes that may be lost over one submission before it is given up


@dataclass(frozen=True)
class Try:
    """A submission, and how many processes were lost over it."""

    bundle: Bundle
    losses: int = 0

    def lost(self) -> "Try":
        """Return it after one more loss."""
        return replace(self, losses=self.losses + 1)


class Executor(Protocol):
    """Grades submissions somewhere."""

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Packed]]:
        """Grade all and yield each with its entry of `results.json`, packed, when it is finished; `bundles` are taken as there is room.

        The cases of the terms are drawn where they have none yet, at best while the first of `bundles` is awaited.

        Whoever closes the iterator ends everything that was started, also what is being graded.

        Raises:
            SandboxError: Nothing can be graded there.
        """
        ...
