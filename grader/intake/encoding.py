"""What the bytes of a source file say: UTF-8, or the encoding that the file declares, as Python itself reads it (PEP 263)."""

import re
from encodings.aliases import aliases

# Those in which editors of the last decades saved text. A list, and not whatever Python knows: some of the rest are no encodings of
# text (rot13, hex, idna), hide ASCII in other letters (utf-7), or need state that no editor kept.
ALLOWED = frozenset(
    {
        *("cp949", "euc_kr", "shift_jis", "cp932", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "cp950"),
        *("latin_1", "iso8859_2", "iso8859_15", "cp1250", "cp1251", "cp1252", "cp1254", "koi8_r"),
    }
)
LINE = rb"[^\r\n]*"
# In the first line, or in the second below a line that holds at most a comment.
COOKIE = re.compile(rb"(?:[ \t\f]*(?:#" + LINE + rb")?(?:\r\n|\r|\n))??[ \t\f]*#" + LINE + rb"?coding[:=][ \t]*([-\w.]{1,40})")


def decoded(data: bytes) -> str:
    """Return the text of a source file.

    Raises:
        UnicodeDecodeError: It is not UTF-8, and declares no encoding that is read, or wrongly.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _as_declared(data)
        if text is None:
            raise
        return text


def _as_declared(data: bytes) -> str | None:
    """Return the text in the encoding that the file declares; None where it declares none, another than the allowed, or wrongly."""
    found = COOKIE.match(data)
    name = found[1].decode("ascii").lower().replace("-", "_") if found else ""
    codec = aliases.get(name, name)
    try:
        return data.decode(codec) if codec in ALLOWED else None
    except UnicodeDecodeError:
        return None
