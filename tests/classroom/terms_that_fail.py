"""Terms by which grading goes wrong, for processes that import them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.errors import SandboxError
from grader.intake import Bundle


@dataclass(frozen=True, kw_only=True)
class Refused(Terms):
    """There is no jail."""

    @contextmanager
    def grading(self) -> Iterator[Callable[[Bundle], Packed]]:
        raise SandboxError("no jail here")
        yield


@dataclass(frozen=True, kw_only=True)
class Deadly(Terms):
    """Some submissions end the process that grades them, the first `times` times; a file counts them."""

    counted: Path
    times: int

    @contextmanager
    def grading(self) -> Iterator[Callable[[Bundle], Packed]]:
        def grade(bundle: Bundle) -> Packed:
            if bundle.id == "student1":
                with self.counted.open("a") as file:
                    file.write(".")
                if self.counted.stat().st_size <= self.times:
                    os._exit(9)
            return Packed.of({"id": bundle.id, "status": "passed"})

        yield grade


@dataclass(frozen=True, kw_only=True)
class Undrawn(Terms):
    """Who draws the cases ends, the first `times` times; a file counts them."""

    counted: Path
    times: int

    def drawn(self) -> Terms:
        with self.counted.open("a") as file:
            file.write(".")
        if self.counted.stat().st_size <= self.times:
            os._exit(9)
        return super().drawn()


@dataclass(frozen=True, kw_only=True)
class Endless(Terms):
    """Drawing the cases never ends."""

    def drawn(self) -> Terms:
        while True:
            pass


@dataclass(frozen=True, kw_only=True)
class Telling(Terms):
    """No fault; an entry tells which process made it."""

    @contextmanager
    def grading(self) -> Iterator[Callable[[Bundle], Packed]]:
        yield lambda bundle: Packed.of({"id": bundle.id, "status": "passed", "process": os.getpid()})
