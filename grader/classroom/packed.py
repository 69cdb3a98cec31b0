"""An entry of `results.json` as it travels from who grades to the disk: packed once, where it was made, and on its way opened by nobody."""

import json
import zlib
from dataclasses import dataclass

from grader.report.results import Results


@dataclass(frozen=True, slots=True)
class Packed:
    """An entry.

    Attributes:
        status: What became of the submission.
        data: All of it, as JSON that is compressed.
    """

    status: str
    data: bytes

    @classmethod
    def of(cls, entry: Results) -> "Packed":
        """Pack an entry. Raises ValueError where a number in it is none of JSON's."""
        text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
        return cls(entry["status"], zlib.compress(text.encode("utf-8", "surrogatepass")))

    @property
    def entry(self) -> Results:
        """The entry; ValueError or zlib.error where the data is damaged."""
        return unpacked(self.data)


def unpacked(data: bytes) -> Results:
    """Return the entry that was packed. Raises ValueError or zlib.error where the data is damaged."""
    entry: Results = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    return entry
