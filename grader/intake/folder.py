"""Read the Python files and notebooks of a folder."""

from grader.intake.collector import Collector
from grader.intake.names import MAX_DEPTH, matters, passed_over
from grader.intake.opened import Folder
from grader.text import one_line

MAX_ENTRIES = 20_000


class Walk:
    """Walks through a folder and those in it: files first, then folders, by name; symbolic links are not followed."""

    def __init__(self, collector: Collector) -> None:
        """Remember where the files go."""
        self._collector = collector
        self._left = MAX_ENTRIES

    def walk(self, folder: Folder, path: tuple[str, ...] = ()) -> None:
        """Take every file of code below a folder, whose own path is `path`.

        Raises:
            FullError: There are more files than a submission may have.
        """
        try:
            entries = folder.names(max(self._left, 0))
        except OSError as error:
            self._closed(path, error)
            return
        entries = [(name, is_folder) for name, is_folder in entries if not (is_folder and passed_over(name))]
        overdrawn = self._left < 0
        self._left -= len(entries)
        if self._left < 0:
            if not overdrawn:
                self._collector.note(f"More than {MAX_ENTRIES} entries; the rest was not read.")
            return
        for name, is_folder in entries:
            if not is_folder and matters(name):
                self._take(folder, (*path, name))
        folders = [name for name, is_folder in entries if is_folder]
        if folders and len(path) >= MAX_DEPTH:
            self._collector.note(f"{_shown(path)}: folders deeper than {MAX_DEPTH} are not read.")
            return
        for name in folders:
            self._enter(folder, (*path, name))

    def _take(self, folder: Folder, path: tuple[str, ...]) -> None:
        def read(most: int) -> bytes:
            with folder.file(path[-1]) as file:
                return file.read(most)

        self._collector.take("/".join(path), read)

    def _enter(self, folder: Folder, path: tuple[str, ...]) -> None:
        try:
            inside = folder.folder(path[-1])
        except OSError as error:
            self._closed(path, error)
            return
        with inside:
            self.walk(inside, path)

    def _closed(self, path: tuple[str, ...], error: OSError) -> None:
        self._collector.note(f"{_shown(path)}: the folder was left out, {error.strerror}.")


def _shown(path: tuple[str, ...]) -> str:
    return one_line("/".join(path) or ".", 120)
