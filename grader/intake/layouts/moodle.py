"""Moodle: "View all submissions", "Download all submissions", unpacked.

A folder for each student and kind of submission, `Full Name_12345_assignsubmission_file_`; newer versions end it with `file`. Where
"Download submissions in folders" is off, the files lie beside each other, with that before their own names. The number is the one that
the grading worksheet calls `Participant 12345`: it holds for one assignment. A group's name may stand before the student's, and
"Participant" instead of it where marking is blind. All this is as `mod/assign` wrote it when we knew it; it was not tried against
every version, nor is it known in which order a site puts the parts of a name.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from grader.intake.handed_in import HandedIn
from grader.intake.layouts.entry import Entry
from grader.text import file_name, one_line

# Moodle writes a blank for _ in a name: so whose a file is cannot be changed by what it is called.
NAME = re.compile(r"(?P<name>[^_]+)_(?P<participant>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<original>.*))?", re.DOTALL)


def records(entries: Sequence[Entry]) -> list[HandedIn]:
    """Return a submission for each participant; nothing unless every entry that can be read is named as Moodle names it."""
    named = [(entry, NAME.fullmatch(entry.name)) for entry in entries]
    if not all(match for entry, match in named if entry.is_submission):
        return []
    of: dict[tuple[str, str], list[tuple[Entry, str]]] = defaultdict(list)
    for entry, match in named:
        if match:
            of[match["name"], match["participant"]].append((entry, match["original"] or ""))
    return [
        HandedIn(
            id=file_name(f"{name}_{participant}"),
            paths=tuple(entry.path for entry, _ in parts),
            names={entry.path: original for entry, original in parts if original},
            student={"name": one_line(name), "moodle_id": one_line(f"Participant {participant}")},
        )
        for (name, participant), parts in of.items()
    ]
