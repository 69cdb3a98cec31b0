"""The workers of one submission that have nothing to do: what has graded one task can grade the next, and need not be started."""

from grader.sandbox.process import Launcher, Process


class Idle:
    """Workers that wait for another task of the same submission.

    First ones have made all calls of a task, second ones those that are made again elsewhere: the two are never exchanged.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._first: list[tuple[Launcher, Process]] = []
        self._second: list[tuple[Launcher, Process]] = []

    def take_first(self, launcher: Launcher) -> Process | None:
        """Return a worker of this launcher, which is the caller's from then on; None where none waits."""
        return _taken(self._first, launcher)

    def take_second(self, launcher: Launcher) -> Process | None:
        """Return a worker for what is made again elsewhere."""
        return _taken(self._second, launcher)

    def leave(self, launcher: Launcher, first: Process | None, second: Process | None = None) -> None:
        """Let workers of this launcher wait."""
        self._first += [(launcher, first)] if first else []
        self._second += [(launcher, second)] if second else []

    def close(self) -> None:
        """End them all."""
        for waiting in (self._first, self._second):
            while waiting:
                waiting.pop()[1].kill()


def _taken(waiting: list[tuple[Launcher, Process]], launcher: Launcher) -> Process | None:
    for one in waiting[::-1]:
        if one[0] is launcher:
            try:
                waiting.remove(one)
            except ValueError:  # another thread, which grades another task, was quicker
                continue
            return one[1]
    return None
