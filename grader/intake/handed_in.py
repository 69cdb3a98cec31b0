"""What one student handed in, as a class has it: where it lies, and whose it is. Nothing of it is read yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import IntakeError
from grader.intake.names import archive, suffix
from grader.text import Cleaned, file_name, one_line

Student = Mapping[str, Cleaned]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One submission of a class.

    Attributes:
        id: What reports call it.
        paths: Folders, .py files, notebooks and archives that are read as one; none where nothing was handed in.
        names: What the student called a file, where the download calls it otherwise.
        student: What is known of the student: `name`, `email`, `sis_id`, `login`, `section`, `canvas_id`, `moodle_id`, `github`, and
            what else a roster says.
        submitted: When it was handed in, with an offset.
    """

    id: Cleaned
    paths: tuple[Path, ...]
    names: Mapping[Path, str] = field(default_factory=dict)
    student: Student = field(default_factory=dict)
    submitted: datetime | None = None

    @property
    def about(self) -> Mapping[str, Any]:
        """What results say of whose it is and when it was handed in, as far as that is known."""
        student = {"student": dict(self.student)} if self.student else {}
        return student | ({"submitted": self.submitted.isoformat()} if self.submitted else {})

    @property
    def place(self) -> str:
        """Where it lies, or the first of its files; whose it would be, where it lies nowhere."""
        return str(self.paths[0]) if self.paths else self.id


def alone(path: Path) -> HandedIn:
    """Return what lies at one path, as it is called there.

    Raises:
        IntakeError: There is no such path, or it is no submission.
    """
    try:
        exists, is_folder = path.exists() or path.is_symlink(), path.is_dir()
    except OSError as error:
        raise IntakeError(f"{one_line(str(path))}: cannot be read: {error.strerror}.") from error
    if not exists:
        raise IntakeError(f"{path}: no such file or folder.")
    if not (is_folder or archive(path.name) or suffix(path.name)):
        raise IntakeError(f"{path}: not a .py file, a notebook, an archive (.zip, .tar.gz, .tar) or a folder; hand in one of these.")
    path = path.resolve() if is_folder else path.parent.resolve() / path.name
    return HandedIn(id=file_name(path.name), paths=(path,))
