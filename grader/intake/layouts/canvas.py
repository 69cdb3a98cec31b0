"""Canvas: "Download Submissions", unpacked.

The files of all students beside each other, `parkjihoon_LATE_4711_98765_layers.py`: the sortable name without what is neither letter
nor digit, `LATE` where it was, the number of the student, the number of the file, and its name. Where a student hands in a file of the
same name again, Canvas adds -1, -2 to it, and the download has the latest attempt. A text entry is `parkjihoon_4711_text.html`. When a
file came is not said. Files of anonymous assignments (`anon_...`) have no number of a student, and are read plainly. All this is as
downloads were when we knew them; it was not tried against every version.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.intake.handed_in import HandedIn
from grader.intake.layouts.entry import Entry
from grader.intake.names import folded, suffix
from grader.text import file_name, one_line

# No _ in the name of a student: a file that was called 5_6_layers.py must not make it another's.
NAME = re.compile(r"(?P<name>[^\W_]+)_(?:LATE_)?(?P<user>\d+)_(?:(?P<file>\d+)_(?P<original>.+)|text\.html|link\.html)", re.DOTALL)
AGAIN = re.compile(r"(?<=.)-\d{1,2}(?=\.[^.]+$)")


def records(entries: Sequence[Entry]) -> list[HandedIn]:
    """Return a submission for each student; nothing unless every entry that can be read is named as Canvas names it.

    And the numbers have to be what they are in Canvas: no two files share one, and no two students.
    """
    named = [(entry, NAME.fullmatch(unicodedata.normalize("NFC", entry.name))) for entry in entries]
    found = [(entry.path, match) for entry, match in named if match]
    numbers = [match["file"] for _, match in found if match["file"]]
    names = {match["user"]: match["name"] for _, match in found}
    if (
        any(entry.is_folder or not match for entry, match in named if entry.is_submission)
        or len(set(numbers)) < len(numbers)
        or any(names[match["user"]] != match["name"] for _, match in found)
    ):
        return []
    of: dict[str, dict[Path, str]] = defaultdict(dict)
    for path, match in found:
        of[match["user"]][path] = match["original"] or path.name
    return [
        HandedIn(
            id=file_name(f"{names[user]}_{user}"),
            paths=tuple(files),
            names=_as_handed_in(files),
            student={"name": one_line(names[user]), "canvas_id": one_line(user)},
        )
        for user, files in of.items()
    ]


def _as_handed_in(files: Mapping[Path, str]) -> dict[Path, str]:
    """Return the names without the mark of a resubmission, where it keeps them apart from no other of the student.

    Python cannot import a file with a - in its name: one that a student named so is not missed by another.
    """
    first = {path: AGAIN.sub("", name) if suffix(name) else name for path, name in files.items()}
    alike = Counter(folded(name) for name in first.values())
    return {path: name if alike[folded(name)] == 1 else files[path] for path, name in first.items()}
