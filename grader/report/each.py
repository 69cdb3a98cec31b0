"""Submissions that are changed when they are looked at, so that a class need not be in memory as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

Results = dict[str, Any]


class Each(Sequence[Results]):
    """A sequence of submissions, each seen through a function."""

    def __init__(self, change: Callable[[Results], Results], submissions: Sequence[Results]) -> None:
        """Look at nothing yet."""
        self._change, self._submissions = change, submissions

    def __len__(self) -> int:
        """Count them."""
        return len(self._submissions)

    def __iter__(self) -> Iterator[Results]:
        """Look at one after the other."""
        return map(self._change, self._submissions)

    @overload
    def __getitem__(self, index: int) -> Results: ...

    @overload
    def __getitem__(self, index: slice) -> list[Results]: ...

    def __getitem__(self, index: int | slice) -> Results | list[Results]:
        """Look at one, or some."""
        return (
            [self._change(one) for one in self._submissions[index]] if isinstance(index, slice) else self._change(self._submissions[index])
        )
