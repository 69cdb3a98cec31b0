"""Text from outside: cleaned once, where it enters; escaped for HTML, XML or CSV where it leaves."""

import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str, limit: int = 2000) -> str:
    """Return text that can be shown anywhere: control, direction and surrogate characters as visible escapes, cut at `limit`."""
    shown = "".join(
        c if c in "\n\t" or unicodedata.category(c) not in INVISIBLE else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}"
        for c in text[:limit]
    )
    return shown if len(text) <= limit else f"{shown} ... ({len(text) - limit} more characters)"


def one_line(text: str, limit: int = 300) -> str:
    """Return cleaned text without line breaks."""
    return clean(" ".join(text.split()), limit)
