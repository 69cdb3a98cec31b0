"""What a hostile submission is, and what all of them are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
GOOD = b"def relu_forward(x):\n    return x\n"
SECRET = b"SECRET = 'what only the grader may read'\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile submission."""

    name: str
    build: Callable[[Path], Path]  # writes it below an empty folder, and returns what is handed in
    left: frozenset[str]  # the files that may remain
    note: str  # what a note must begin with: the entry, and why it is left out


def lone(name: str, file: str, make: Callable[[], bytes], note: str, left: Iterable[str] = ()) -> Hostile:
    """Return what is handed in as one file of that name, and holds what `make` returns."""

    def build(root: Path) -> Path:
        (root / file).write_bytes(make())
        return root / file

    return Hostile(name, build, frozenset(left), note)


def outside(root: Path) -> Path:
    """Write a file that is no part of the submission, and return its path."""
    secret = root / "outside" / "secret.py"
    secret.parent.mkdir()
    secret.write_bytes(SECRET)
    return secret
