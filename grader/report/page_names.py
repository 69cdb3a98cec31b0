"""Names of files for ids that anybody may have chosen."""

import hashlib
import re
from collections.abc import Iterable

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class FileNames:
    """Gives every id a name that any file system takes, no two alike; an id that is one stays as it is."""

    def __init__(self) -> None:
        """Begin with all names free."""
        self._taken: set[str] = set()

    def name(self, id: str) -> str:
        """Return the name of the next id; it follows from this one and those before it."""
        name = candidate = _name(id)
        number = 1
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{name}-{number}"
        self._taken.add(candidate.casefold())
        return candidate


def file_names(ids: Iterable[str]) -> list[str]:
    """Return a name for each id."""
    names = FileNames()
    return [names.name(id) for id in ids]


def possible(name: str) -> bool:
    """Whether a name may be one of these: of the characters that are kept, and with nothing at its ends that is taken away."""
    return re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?", name) is not None


def _name(id: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", id).strip(".-")[:60].rstrip(".")
    if name and name == id and not RESERVED.match(name):
        return name
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{'_' if RESERVED.match(name) else ''}{name}-{digest[:8]}".lstrip("-")
