"""Hostile .zip archives."""

import functools
import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.hostile.hostile import GOOD, MEGABYTE, Hostile, lone

NOTHING_READ = "kim.zip: nothing of it was read, "
NO_ZIP = f"{NOTHING_READ}it is no .zip archive, or only a part of one."
Entries = Iterable[tuple[str | zipfile.ZipInfo, bytes]]


def zipped(entries: Entries, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a .zip with entries as they are given, twins and all."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        warnings.simplefilter("ignore")  # names twice are meant
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def _zip(name: str, make: Callable[[], bytes], note: str, left: Iterable[str] = ()) -> Hostile:
    return lone(f"zip: {name}", "kim.zip", make, note, left)


def _zip_beside(name: str, entry: str, note: str) -> Hostile:
    """One hostile name beside a file that is right."""
    return _zip(name, lambda: zipped([("good.py", GOOD), (_as_is(entry), GOOD)]), note, ["good.py"])


def _as_is(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = name  # past the constructor, which would cut it at a NUL
    return info


def _of_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def _patched(data: bytes, *changes: tuple[bytes, int, bytes]) -> bytes:
    """Overwrite bytes behind every place where a signature stands."""
    patched = bytearray(data)
    for signature, offset, new in changes:
        at = patched.find(signature)
        while at >= 0:
            patched[at + offset : at + offset + len(new)] = new
            at = patched.find(signature, at + 4)
    return bytes(patched)


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@functools.cache
def _bomb() -> bytes:
    return zipped([("good.py", GOOD), ("bomb.py", bytes(64 * MEGABYTE))])


def _lying_bomb() -> bytes:
    return _patched(_bomb(), (LOCAL, 22, struct.pack("<I", 34)), (CENTRAL, 24, struct.pack("<I", 34)))


def _overlapping() -> bytes:
    """Return a zip whose 200 entries share the same compressed data, as in the bomb of Fifield."""
    one = zipped([("m000.py", b"#" * MEGABYTE)])
    start = one.index(CENTRAL)
    entry = one[start : one.index(END)]
    entries = b"".join(entry.replace(b"m000", b"m%03d" % i) for i in range(200))
    return one[:start] + entries + struct.pack("<4s4H2IH", END, 0, 0, 200, 200, len(entries), start, 0)


def _large(root: Path) -> Path:
    with (root / "kim.zip").open("wb") as file:
        file.truncate(1 << 30)
    return root / "kim.zip"


def _lzma() -> bytes:
    return zipped([("good.py", GOOD)], zipfile.ZIP_LZMA)


ZIPS = (
    _zip_beside("a path out of the archive", "../../x.py", "../../x.py: left out, its path leaves the submission."),
    _zip_beside("a path out of a folder in it", "a/b/../../../x.py", "a/b/../../../x.py: left out, its path leaves"),
    _zip_beside("an absolute path", "/tmp/x.py", "/tmp/x.py: left out, its path is absolute."),
    _zip_beside("a network share", "\\\\host\\share\\x.py", "//host/share/x.py: left out, its path is absolute."),
    _zip_beside("a drive", "C:\\x.py", "C:/x.py: left out, its name holds a colon"),
    _zip_beside("a path out with backslashes", "..\\..\\x.py", "../../x.py: left out, its path leaves"),
    _zip_beside("a NUL in a name", "a\0b.py", "a\\x00b.py: left out, its name holds characters that cannot be shown."),
    _zip_beside("an escape sequence in a name", "\x1b[31m.py", "\\x1b[31m.py: left out, its name holds characters"),
    _zip_beside("a name that reads backwards", "a\u202eyp.py", "a\\u202eyp.py: left out, its name holds characters"),
    _zip_beside("a device of Windows", "aux.py", "aux.py: left out, its name stands for a device"),
    _zip_beside("a twin by case", "Good.py", "Good.py: left out, its name is the same as good.py"),
    _zip_beside("a twin by width", "\uff47ood.py", "\uff47ood.py: left out, its name is the same as good.py"),
    _zip_beside("a name twice", "good.py", "good.py: left out, a file of the same name came before it."),
    _zip_beside("folders too deep", "d/" * 40 + "x.py", "d/d/d/d/"),
    _zip_beside("a name too long", "x" * 300 + ".py", "x" * 120),
    _zip(
        "a symbolic link",
        lambda: zipped([("good.py", GOOD), (_of_mode("x.py", 0o120777), b"/etc/passwd")]),
        "x.py: left out, it is a symbolic link.",
        ["good.py"],
    ),
    _zip(
        "a named pipe",
        lambda: zipped([("good.py", GOOD), (_of_mode("x.py", 0o010666), b"")]),
        "x.py: left out, it is not a regular file.",
        ["good.py"],
    ),
    _zip("a bomb", _bomb, "bomb.py: left out, it is larger than 1 MB.", ["good.py"]),
    _zip("a bomb that claims to be small", _lying_bomb, "bomb.py: left out, ", ["good.py"]),
    _zip(
        "many bombs",
        lambda: zipped([(f"m{i:02}.py", b"#" * MEGABYTE) for i in range(20)]),
        "m08.py: left out, the submission is larger than 8 MB.",
        [f"m{i:02}.py" for i in range(8)],
    ),
    _zip("entries that overlap", _overlapping, "m001.py: left out, it is damaged in the archive.", ["m000.py"]),
    _zip("too many entries", lambda: zipped((f"{i}.txt", b"") for i in range(6000)), f"{NOTHING_READ}it lists more than 5000 entries"),
    _zip("a list of entries as large as memory", lambda: _patched(zipped([("x.py", GOOD)]), (END, 12, b"\xff\xff\xff\x7f")), NO_ZIP),
    _zip(
        "a list of entries of 40 MB",
        lambda: (d := bytes(40 * MEGABYTE)) + struct.pack("<4s4H2IH", END, 0, 0, 1, 1, len(d), 0, 0),
        f"{NOTHING_READ}it lists more",
    ),
    _zip("encrypted", lambda: _patched(zipped([("x.py", GOOD)]), (LOCAL, 6, b"\1"), (CENTRAL, 8, b"\1")), f"{NOTHING_READ}it is encrypted"),
    _zip("packed with LZMA, which asks for memory", _lzma, "good.py: left out, it is packed in an unusual way"),
    _zip(
        "damaged data",
        lambda: zipped([("x.py", GOOD)], zipfile.ZIP_STORED).replace(b"return x", b"return y"),
        "x.py: left out, it is damaged in the archive.",
    ),
    _zip(
        "a method that does not exist",
        lambda: _patched(zipped([("x.py", GOOD)]), (CENTRAL, 10, b"\x63\0")),
        "x.py: left out, it is packed in an unusual way",
    ),
    _zip(
        "two names for an entry",
        lambda: zipped([("x.py", GOOD)]).replace(b"x.py", b"y.py", 1),
        "x.py: left out, it is damaged in the archive.",
    ),
    _zip("a name that is no UTF-8", lambda: zipped([("\u00e9.py", GOOD)]).replace("\u00e9".encode(), b"\xff\xff"), NO_ZIP),
    _zip("cut off", lambda: _bomb()[:-30], NO_ZIP),
    _zip("no archive", lambda: b"\x00\xff" * 5000, NO_ZIP),
    _zip("nothing", lambda: b"", NO_ZIP),
    _zip(
        "an archive in the archive", lambda: zipped([("inner.zip", zipped([("x.py", GOOD)]))]), "kim.zip: no Python file in this archive."
    ),
    _zip("a source that is UTF-16", lambda: zipped([("x.py", "x = 1".encode("utf-16-le"))]), "x.py: left out, it holds NUL characters"),
    Hostile("zip: a gigabyte of nothing", _large, frozenset(), f"{NOTHING_READ}it is larger than 64 MB"),
)
