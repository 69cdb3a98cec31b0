"""What was handed in, as texts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from grader.language import Sentence
from grader.text import Cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One submission: Python sources by relative path (folders joined by /), and what was left out, as notes."""

    id: Cleaned
    files: Mapping[str, str]
    notes: tuple[Cleaned | Sentence, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of all names and texts, in a fixed order."""
        digest = hashlib.sha256()
        for path in sorted(self.files):
            for text in (path, self.files[path]):
                data = text.encode()
                digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()
