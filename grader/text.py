"""Text from outside: cleaned once, where it enters; escaped for HTML, XML, CSV, Markdown or a terminal where it leaves."""

import re
import unicodedata
from typing import NewType

# What students, their files and their code say, cleaned. Only the functions below make it: where a field or a sentence asks
# for it, forgetting to clean is a type error.
Cleaned = NewType("Cleaned", str)
NOTHING = Cleaned("")

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters, marks and symbols that show nothing: what Unicode lets a renderer ignore (Default_Ignorable_Code_Point), and the
# blank of Braille. The rest of what it may ignore is in the categories above.
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
COLOURED = "\ufe0f"  # asks for the coloured form of the symbol before it
# Blanks of a name that pages and tables show as one, or not at all: at its ends, after another, or of another kind.
UNSEEN = re.compile(r"[^\S ]|^ | $|(?<=\s) ")
MARKS = 4  # on one letter: more than any spelling needs, too few to climb into the lines above


def visible(text: str) -> str:
    """Return the text with whatever cannot be seen, or hides what can be, as visible escapes: as a sink needs it, uncut."""
    if text.isascii() and text.isprintable():
        return text
    shown, marks, symbol = [], 0, False
    for c in text:
        category = unicodedata.category(c)
        marks = marks + 1 if category.startswith("M") else 0
        seen = category not in INVISIBLE and marks <= MARKS and not BLANK.match(c)
        kept = symbol if c == COLOURED else seen or c in "\n\t"
        symbol = kept and category == "So"
        shown.append(c if kept else _escape(ord(c)))
    return "".join(shown)


def same_id(text: str) -> str:
    """Return what two spellings of an id share: case, width, and how letters are composed, aside."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 1 << 8 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def clean(text: str, limit: int = 2000) -> Cleaned:
    """Return text that can be shown anywhere, cut at `limit` characters.

    Control, direction, invisible and half characters become escapes, and so do marks that pile up on a letter.
    """
    shown = visible(text[:limit])
    return Cleaned(shown if len(text) <= limit else f"{shown} ... ({len(text) - limit} more characters)")


def file_name(text: str) -> Cleaned:
    """Return the whole name of a file, in which every character shows that could tell it from another name."""
    return Cleaned(visible(UNSEEN.sub(lambda blank: _escape(ord(blank[0])), text)))


def one_line(text: str, limit: int = 300) -> Cleaned:
    """Return cleaned text without line breaks."""
    return clean(" ".join(text.split()), limit)
