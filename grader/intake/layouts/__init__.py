"""How a class folder may be laid out: plainly, or as a platform lets it be downloaded.

A layout is a file with `records(entries)`, which returns the submissions, or nothing where the names, and the metadata that the platform
puts beside them, do not say for certain that it is this layout. A new one is a file here and a line in `LAYOUTS`.
"""

from collections.abc import Callable, Mapping, Sequence

from grader.intake.handed_in import HandedIn
from grader.intake.layouts import canvas, github_classroom, gradescope, moodle, plain
from grader.intake.layouts.entry import Entry as Entry

LAYOUTS: Mapping[str, Callable[[Sequence[Entry]], list[HandedIn]]] = {
    "Gradescope": gradescope.records,
    "Moodle": moodle.records,
    "Canvas": canvas.records,
    "GitHub Classroom": github_classroom.records,
}


def recognised(entries: Sequence[Entry]) -> tuple[str, list[HandedIn]]:
    """Return the name of the layout, none where it is plain, and the submissions.

    Raises:
        IntakeError: It is one of a platform for certain, and what the platform says beside it cannot be read.
    """
    for name, records in LAYOUTS.items():
        if found := records(entries):
            return name, found
    return "", plain.records(entries)
