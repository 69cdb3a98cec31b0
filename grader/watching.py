"""Tell when a submission was saved."""

from collections.abc import Iterator
from pathlib import Path

import watchfiles

from grader.errors import IntakeError
from grader.intake import Bundle, read

# Milliseconds. An editor writes a file in several steps: what comes within a step of the last one belongs to the same save.
STEP = 20
LONGEST_SAVE = 400
GONE = 2  # looks at nothing in a row
LOOK_ANYWAY = 2000  # not every file system tells: those of containers and of networks may not


def versions(path: Path) -> Iterator[Bundle | None]:
    """Yield a submission as it is, and again whenever what it holds has changed, until somebody ends it; None once it is gone.

    Raises:
        IntakeError: There is no submission at the path to begin with.
    """
    current: Bundle | None = read(path)
    yield current
    misses = 0
    folder = path if path.is_dir() else path.parent  # an editor may replace the file, and who watches that would see it go
    for _ in watchfiles.watch(
        folder, step=STEP, debounce=LONGEST_SAVE, rust_timeout=LOOK_ANYWAY, yield_on_timeout=True, recursive=path.is_dir()
    ):
        try:
            found = read(path)
        except IntakeError:  # between the old file and the new one there may be none, but not for long
            misses += 1
            if misses == GONE:
                current = None
                yield None
            continue
        misses = 0
        if current is None or (found.sha256, found.notes) != (current.sha256, current.notes):
            current = found
            yield current
