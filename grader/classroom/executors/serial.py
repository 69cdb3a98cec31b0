"""One submission after the other, in this process."""

from collections.abc import Generator, Iterable

from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.intake import Bundle


class Serial:
    """Grades here."""

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Packed]]:
        """Grade all; see `Executor`."""
        with terms.drawn().grading() as grade:
            for bundle in bundles:
                yield bundle, grade(bundle)
