"""Collects the files of one submission, wherever they come from, within the bounds."""

import contextlib
from collections.abc import Callable, Iterator

from grader.intake.encoding import decoded
from grader.intake.names import LeftOutError, UnreadableError, checked, folded, suffix
from grader.text import Cleaned, clean, one_line

MAX_FILES = 200
MAX_FILE_BYTES = 1 << 20
MAX_TOTAL_BYTES = 8 << 20  # escaped, six times as much at worst, it must pass to the worker
MAX_NOTEBOOK_BYTES = 8 << 20  # images are part of a notebook
MAX_NOTEBOOKS_BYTES = 16 << 20
MAX_NOTES = 20


class FullError(Exception):
    """As many files were read as a submission may have; a note says so."""


class Collector:
    """Takes files one by one; what is left out is noted, and the rest is kept."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self.files: dict[str, str] = {}
        self.notes: list[Cleaned] = []
        self.notebooks: dict[str, bytes] = {}  # as they were read; what they become is kept when they are converted
        self._read = {".py": 0, ".ipynb": 0}  # bytes, those of files that were too large included: reading costs
        self._folded: dict[str, str] = {}

    def note(self, text: str) -> None:
        """Say something about what was handed in."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(clean(text, 400))

    def take(self, path: str, read: Callable[[int], bytes]) -> None:
        """Read one file with `read`, which returns at most as many bytes as asked for, or note why not.

        Raises:
            FullError: It was one too many.
        """
        if len(self.files) + len(self.notebooks) >= MAX_FILES:
            self.note(f"More than {MAX_FILES} Python files; the rest was not read.")
            raise FullError
        with self.noting(one_line(path, 120)):
            self._take(path, read)

    @contextlib.contextmanager
    def noting(self, shown: Cleaned) -> Iterator[None]:
        """Turn why a file, called like that, is left out into a note."""
        try:
            yield
        except LeftOutError as error:
            self.note(f"{shown}: left out, {error}.")
        except OSError as error:
            self.note(f"{shown}: left out, {error.strerror or error}.")
        except UnicodeDecodeError as error:
            self.note(f"{shown}: not UTF-8 text (byte {error.start}); save it as UTF-8 and hand it in again.")

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Keep nothing of an archive that proves unreadable, and what was taken before it.

        Raises:
            UnreadableError: It did.
        """
        before = dict(self.files), list(self.notes), dict(self.notebooks), dict(self._folded)
        try:
            yield
        except UnreadableError:
            self.files, self.notes, self.notebooks, self._folded = before
            raise

    def _take(self, path: str, read: Callable[[int], bytes]) -> None:
        kind = suffix(path)
        path = checked(path)
        path = path[: len(path) - len(kind)] + kind
        self._refuse_twin(path)
        if kind == ".ipynb":
            self.notebooks[path] = self._bytes(read, kind, MAX_NOTEBOOK_BYTES, MAX_NOTEBOOKS_BYTES)
        else:
            data = self._bytes(read, kind, MAX_FILE_BYTES, MAX_TOTAL_BYTES)
            text = decoded(data)
            if "\0" in text:
                raise LeftOutError("it holds NUL characters; save it as UTF-8 text")
            self.files[path] = text.replace("\r\n", "\n").replace("\r", "\n")
        self._folded[folded(path)] = path

    def _bytes(self, read: Callable[[int], bytes], kind: str, most: int, most_in_all: int) -> bytes:
        if self._read[kind] < most_in_all:
            data = read(most + 1)
            self._read[kind] += len(data)
            if len(data) > most:
                raise LeftOutError(too_large(kind))
            if self._read[kind] <= most_in_all:
                return data
        raise LeftOutError(f"the submission is larger than {most_in_all >> 20} MB")

    def twin(self, path: str) -> str | None:
        """Return what was taken already under the same name."""
        return self._folded.get(folded(path))

    def _refuse_twin(self, path: str) -> None:
        same = self.twin(path)
        if same == path:
            raise LeftOutError("a file of the same name came before it")
        if same:
            raise LeftOutError(f"its name is the same as {one_line(same, 120)} on many systems")


def too_large(kind: str) -> str:
    """Say that one file is larger than a file of its kind may be."""
    if kind == ".ipynb":
        return f"it is larger than {MAX_NOTEBOOK_BYTES >> 20} MB; clear its outputs and hand it in again"
    return f"it is larger than {MAX_FILE_BYTES >> 20} MB"
