"""The formats of reports, each a module here: a new format is a new file, and nothing else.

A module is called as its format is, with _ for -. Its docstring begins with one line that says what the format is and who reads
it; `TAKES` names the options that mean something to it; `files` gives the path and the pieces of each file. Both are made when they
are written, so that a file may be larger than memory, and so may a class: `results["submissions"]` is iterated, never copied.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from grader.errors import ReportError
from grader.language import ENGLISH
from grader.report.spoken import Results, localised

Files = Iterable[tuple[str, Iterable[str]]]
NAMES: Sequence[str] = tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)))


def nobody(_: str) -> None:
    """Be told something, and let it be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a format may be asked for, and whom it tells what the user should know beside the files.

    Attributes:
        language: Of the sentences for people.
        now: When it is read: what is hidden from students until some time is shown after it; without a time it is hidden.
        worksheet: What Moodle gave to be filled in.
        gradebook: What Canvas exported, to be filled in.
        submission: The id of the one that a report of one submission is about.
        path: Where that one is, by which its files are found from here; without it they are named as they are in it.
        tell: Called with a sentence.
    """

    language: str = ENGLISH
    now: datetime | None = None
    worksheet: Path | None = None
    gradebook: Path | None = None
    submission: str | None = None
    path: Path | None = None
    tell: Callable[[str], None] = nobody

    def given(self) -> list[str]:
        """Return the names of the options that not every format takes, and that were given."""
        return [name for name in ("worksheet", "gradebook", "submission", "path") if getattr(self, name) is not None]

    def only(self, results: Results) -> Results:
        """Return the submission that is asked for, in the language that is asked for.

        Raises:
            ReportError: There is no such submission, or there are several and none was named.
        """
        submissions = results["submissions"]
        if self.submission is None and len(submissions) != 1:
            raise ReportError(f"A report of one submission was asked for, and there are {len(submissions)}; name one with --submission ID.")
        found = next((one for one in submissions if self.submission in (None, one["id"])), None)
        if found is None:
            raise ReportError(f"--submission {self.submission}: the results hold no submission of this id.")
        (spoken,) = localised(results | {"submissions": [found]}, self.language)["submissions"]
        return cast(Results, spoken)

    def shown(self, results: Results) -> Results:
        """Return the results as students may see them, for a reader who hides nothing from them; and tell which tasks that leaves out."""
        from grader.report.visibility import for_students, left_out  # which loads NumPy, and the command line asks for names only

        if out := left_out(results, self.now):
            self.tell(out)
        return for_students(results, self.now)


ENGLISH_OPTIONS = Options()


class Format(Protocol):
    """What a module of this package offers."""

    TAKES: Sequence[str]

    def files(self, results: Results, options: Options) -> Files:
        """Return the path of every file below the folder of the reports, with its pieces; a file is written before the next is asked for.

        Raises:
            ReportError: What the options name cannot be used.
        """


def load(name: str) -> Format:
    """Return the format of a name."""
    return cast(Format, importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))


def summary(name: str) -> str:
    """Return what a format is, in one line."""
    return (load(name).__doc__ or "").partition("\n")[0]


def expect_used(names: Sequence[str], options: Options) -> None:
    """Make sure that each option that was given means something to one of the formats.

    Raises:
        ReportError: One does not; the message says which formats take it.
    """
    for option in options.given():
        if not any(option in load(name).TAKES for name in names):
            takers = [name for name in NAMES if option in load(name).TAKES]
            raise ReportError(f"--{option}: means nothing to {', '.join(names)}; the formats that take it: {', '.join(takers)}.")
