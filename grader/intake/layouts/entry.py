"""One entry of a class folder, as a layout sees it."""

from pathlib import Path
from typing import NamedTuple

from grader.intake.names import archive, suffix


class Entry(NamedTuple):
    """A file or a folder directly in the class folder; links and hidden ones are none."""

    path: Path
    is_folder: bool

    @property
    def name(self) -> str:
        """How it is called."""
        return self.path.name

    @property
    def is_submission(self) -> bool:
        """Whether it can be read: a folder, a .py file, a notebook or an archive."""
        return self.is_folder or bool(suffix(self.name) or archive(self.name))
