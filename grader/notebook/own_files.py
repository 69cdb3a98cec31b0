"""The files of one's own that a session has imported modules from: they are handed in beside its cells."""

import sys
import sysconfig
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from grader.errors import NotebookError
from grader.messages import session as messages

INSTALLED = ("site-packages", "dist-packages")
GRADER = Path(__file__).resolve().parents[1]


class OwnFile(NamedTuple):
    """A module of one's own, and its file."""

    module: ModuleType
    path: str  # it begins with the name of the folder that the import starts from
    text: str


def own_files(module: ModuleType) -> list[OwnFile]:
    """Return the file of a module, and of the others of one's own that it uses; nothing, for what is installed.

    Raises:
        NotebookError: A file cannot be read.
    """
    files: list[OwnFile] = []
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        one = waiting.pop()
        place = _place(one)
        if place is None or one.__name__ in seen:
            continue
        seen.add(one.__name__)
        files.append(OwnFile(one, place[0], _read(place[1])))
        used = {value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None) for value in vars(one).values()}
        packages = {one.__name__.rsplit(".", i)[0] for i in range(1, one.__name__.count(".") + 1)}
        waiting += [sys.modules[name] for name in sorted(packages | {n for n in used if isinstance(n, str)}) if name in sys.modules]
    return files


def is_own(module: ModuleType) -> bool:
    """Whether a module is a file of one's own."""
    return _place(module) is not None


def _place(module: ModuleType) -> tuple[str, Path] | None:
    """Return the path of a module of one's own in what is handed in, and on the disk."""
    file = getattr(module, "__file__", None) or ""
    path = Path(file).resolve()
    library = Path(sysconfig.get_path("stdlib")).resolve()
    if not file.endswith(".py") or module.__name__ == "__main__" or any(part in INSTALLED for part in path.parts):
        return None
    if path.is_relative_to(library) or path.is_relative_to(GRADER):
        return None
    inside = module.__name__.replace(".", "/") + ("/__init__.py" if path.name == "__init__.py" else ".py")
    folder = path.parents[inside.count("/")].name or "files"
    return f"{folder}/{inside}", path


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(messages.unreadable(str(path))) from error
