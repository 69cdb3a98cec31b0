"""A worker's own folder: empty at first, bounded while it runs, gone after it."""

import contextlib
import os

MAX_ENTRIES = 256
MAX_MB = 32


def name(home: str) -> str:
    """Return where a worker's folder will be: below the launcher's, by a name that no earlier worker can have taken."""
    return f"{home}/{os.urandom(8).hex()}"


def make(folder: str) -> None:
    """Make the folder and go there, so that relative paths of student code hit nobody."""
    os.makedirs(folder, 0o700)  # noqa: PTH103 - no pathlib here: the worker imports little; an earlier one may have removed all above it
    os.chdir(folder)


def overfull(folder: str) -> bool:
    """Whether a worker has written more than it may. A jail bounds every file, but cannot count them."""
    used, count, todo = 0, 0, [folder]
    while todo:
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                count += 1
                with contextlib.suppress(OSError):  # gone between two looks: what is there now counts, and is looked at again soon
                    used += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                if count > MAX_ENTRIES or used > MAX_MB << 20:
                    return True
    return False


def remove(folder: str) -> None:
    """Remove the folder and what was left in it; what cannot be removed is left to the system's own cleaning."""
    try:
        os.rmdir(folder)  # noqa: PTH106 - nearly always empty
    except OSError:
        import shutil

        with contextlib.suppress(RecursionError):  # without a jail, folders may have been nested without end
            shutil.rmtree(folder, ignore_errors=True)
