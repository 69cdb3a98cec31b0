"""GitHub Classroom: `gh classroom clone student-repos`.

It makes a folder `ASSIGNMENT-submissions`, and in it a clone of every repository, `ASSIGNMENT-USER`. Only that folder tells for certain
where the assignment's name ends, since either may have hyphens in it; under another name the clones are read plainly. A repository of a
group bears the team's name, and one that was accepted twice may end with -1: neither can be told from a user's. When somebody pushed
is not looked up.
"""

from collections.abc import Sequence

from grader.intake.handed_in import HandedIn
from grader.intake.layouts.entry import Entry
from grader.text import file_name, one_line

ENDING = "-submissions"


def records(entries: Sequence[Entry]) -> list[HandedIn]:
    """Return a submission for each clone; nothing unless all that can be read is clones named after the folder that they are in."""
    found = []
    for path in (entry.path for entry in entries if entry.is_submission):
        assignment, ending, _ = path.parent.resolve().name.rpartition(ENDING)
        head, _, user = path.name.partition(f"{assignment}-")
        if not (ending and user) or head or not (path / ".git").exists():
            return []
        found.append(HandedIn(id=file_name(user), paths=(path,), student={"github": one_line(user)}))
    return found
