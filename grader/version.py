"""The version of the grader, which every report carries, and what it is down to the letter."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"


@cache
def code() -> str:
    """Return the hash of all code of the grader and the reference: two that are alike come to the same verdicts."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(path for folder in (here, here.parent / "reference") for path in folder.rglob("*.py")):
        data = file.read_bytes()
        digest.update(f"{file.relative_to(here.parent)} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:12]
