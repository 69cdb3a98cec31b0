"""Gradescope: "Export Submissions", unpacked.

A folder `submission_123456` for each, and `submission_metadata.yml`, which says of each whose it is and when it came:

    submission_123456:
      :submitters:
      - :name: Kim Minsu
        :sid: '20231234'
        :email: minsu@example.edu
      :created_at: 2026-04-01 12:34:56.789012345 Z

What an autograder found stands there, too, and is not looked at. A group is one submission of several students. The keys are those of
exports when we knew them; that `:created_at:` is of the graded submission, and not of the first, was not verified.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from grader.errors import IntakeError
from grader.intake.handed_in import HandedIn
from grader.intake.layouts.entry import Entry
from grader.intake.names import LeftOutError
from grader.intake.opened import hold
from grader.text import file_name, one_line

METADATA = "submission_metadata.yml"
FOLDER = re.compile(r"submission_\d+")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)")
KNOWN = {"name": ":name", "email": ":email", "sis_id": ":sid"}


def records(entries: Sequence[Entry]) -> list[HandedIn]:
    """Return a submission for each student of each folder; nothing unless there are the metadata and such folders only.

    Raises:
        IntakeError: The metadata cannot be read.
    """
    folders = [entry for entry in entries if entry.is_submission]
    beside = next((entry for entry in entries if entry.name == METADATA), None)
    if not beside or not all(entry.is_folder and FOLDER.fullmatch(entry.name) for entry in folders):
        return []
    said = _metadata(beside)
    return [one for entry in folders for one in _of_folder(entry, said.get(entry.name))]


def _metadata(entry: Entry) -> dict[str, Any]:
    import yaml  # here, since other classes have none

    # Texts only, whatever a tag asks for: no objects are made, of Ruby or of Python.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        with hold(entry.path.parent) as folder, folder.file(entry.name) as file:
            said = yaml.load(file.read(), loader)
    except (OSError, LeftOutError, yaml.YAMLError, RecursionError) as error:
        raise IntakeError(f"{entry.path}: cannot be read: {one_line(str(error))}.") from error
    if not isinstance(said, dict):
        raise IntakeError(f"{entry.path}: says nothing of submissions; export them again.")
    return said


def _of_folder(entry: Entry, said: Any) -> list[HandedIn]:
    about = said if isinstance(said, dict) else {}
    submitters = about.get(":submitters")
    students = [s for s in submitters if isinstance(s, dict)] if isinstance(submitters, list) else []
    found = []
    for submitter in students or [{}]:
        known = {key: one_line(value) for key, slot in KNOWN.items() if isinstance(value := submitter.get(slot), str) and value}
        called = known.get("sis_id") or known.get("email") or " ".join([entry.name, *known.values()])
        found.append(HandedIn(id=file_name(called), paths=(entry.path,), student=known, submitted=_time(about.get(":created_at"))))
    return found


def _time(said: Any) -> datetime | None:
    match = TIME.fullmatch(said) if isinstance(said, str) else None
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].replace('UTC', 'Z')}") if match else None
    except ValueError:  # no such day
        return None
