"""Standard streams that cannot show every character: a Korean Windows, a build that knows ASCII only."""

import codecs
import io
import sys

SPELT = {"✓": "+", "✗": "x", "–": "-", "→": "->", "×": "x", "∂": "d"}  # what the grader itself writes
HANDLER = "nablagrade.spelt"


def spelt(error: UnicodeError) -> tuple[str, int]:
    """Return what to write for characters that an encoding has not: our marks in ASCII, anything else as an escape.

    Raises:
        UnicodeError: It is not about writing.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(SPELT.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lost), error.end


def bear_every_text() -> None:
    """Let the standard streams write whatever text there is, each as far as its encoding goes."""
    codecs.register_error(HANDLER, spelt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "backslashreplace"):  # Python's own choices
            stream.reconfigure(errors=HANDLER)
