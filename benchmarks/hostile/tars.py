"""Hostile .tar archives, plain and packed."""

import bz2
import functools
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterable

from benchmarks.hostile.hostile import GOOD, MEGABYTE, Hostile, lone

NO_TAR = "kim.tar.gz: nothing of it was read, "


def _member(name: str, data: bytes = GOOD, **fields: object) -> bytes:
    """Return one entry of a tar, whatever its header says."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return _sealed(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")) + data + bytes(-len(data) % 512)


def _sealed(header: bytes, at: int = 0, change: bytes = b"") -> bytes:
    """Return headers of which the last is changed, with a checksum that is right."""
    block = bytearray(header[-512:])
    block[at : at + len(change)] = change
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return header[:-512] + bytes(block)


def _extended(records: bytes) -> bytes:
    return _member("pax", records, type=tarfile.XHDTYPE) + _member("y.py")


def _record(key: bytes, value: bytes) -> bytes:
    rest = b" " + key + b"=" + value + b"\n"
    size = len(rest) + 1
    while len(b"%d" % size) + len(rest) != size:
        size += 1
    return b"%d" % size + rest


def _tar(
    name: str, make: Callable[[], bytes], note: str, left: Iterable[str] = (), pack: Callable[[bytes], bytes] | None = None
) -> Hostile:
    packed = pack or functools.partial(gzip.compress, compresslevel=1)
    return lone(f"tar: {name}", "kim.tar.gz", lambda: packed(make()), note, left)


def _tar_beside(name: str, make: Callable[[], bytes], note: str) -> Hostile:
    return _tar(name, lambda: _member("good.py") + make() + bytes(1024), note, ["good.py"])


def _as_it_is(data: bytes) -> bytes:
    return data


GZIP_HEADER = b"\x1f\x8b\x08%b\0\0\0\0\0\3"
TARS = (
    _tar_beside("a path out of the archive", lambda: _member("../../x.py"), "../../x.py: left out, its path leaves the submission."),
    _tar_beside("an absolute path", lambda: _member("/tmp/x.py"), "/tmp/x.py: left out, its path is absolute."),
    _tar_beside("a backslash", lambda: _member("a\\x.py"), "a\\x.py: left out, its name holds a backslash."),
    _tar_beside("a name that is no UTF-8", lambda: _member("\udcff.py"), "\\udcff.py: left out, its name holds characters"),
    _tar_beside(
        "a symbolic link",
        lambda: _member("x.py", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        "x.py: left out, it is a symbolic link.",
    ),
    _tar_beside(
        "a hard link", lambda: _member("x.py", b"", type=tarfile.LNKTYPE, linkname="good.py"), "x.py: left out, it is a hard link."
    ),
    _tar_beside("a named pipe", lambda: _member("x.py", b"", type=tarfile.FIFOTYPE), "x.py: left out, it is not a regular file."),
    _tar_beside("a device", lambda: _member("x.py", b"", type=tarfile.CHRTYPE), "x.py: left out, it is not a regular file."),
    _tar_beside("a sparse file", lambda: _member("x.py", type=tarfile.GNUTYPE_SPARSE), "x.py: left out, it is stored with holes"),
    _tar_beside(
        "a sparse file of another kind", lambda: _extended(_record(b"GNU.sparse.major", b"1")), "y.py: left out, it is stored with holes"
    ),
    _tar_beside("a path out in an extended header", lambda: _extended(_record(b"path", b"../x.py")), "../x.py: left out, its path leaves"),
    _tar_beside(
        "a path out in a long name",
        lambda: _member("././@LongLink", b"../x.py\0", type=tarfile.GNUTYPE_LONGNAME) + _member("y.py"),
        "../x.py: left out, its path leaves",
    ),
    _tar_beside("a name twice", lambda: _member("good.py", b"x = 2\n"), "good.py: left out, a file of the same name came before it."),
    _tar("an extended header of digits", lambda: _extended(b"1" * 1_000_000), f"{NO_TAR}it is damaged"),
    _tar("an extended header of 20 MB", lambda: _member("pax", b"1" * (20 * MEGABYTE), type=tarfile.XHDTYPE), f"{NO_TAR}it is damaged"),
    _tar(
        "an extended header that claims a negative size",
        lambda: _extended(_record(b"size", b"-512")),
        f"{NO_TAR}it is damaged: an entry has no proper size.",
    ),
    _tar("a negative size", lambda: _sealed(_member("x.py", b""), 124, b"\xff" * 12), f"{NO_TAR}it is damaged"),
    _tar(
        "a size beyond all disks",
        lambda: _sealed(_member("x.py", b""), 124, b"\x80" + b"\0" * 4 + b"\x0f" + b"\0" * 6),
        f"{NO_TAR}it is cut off",
    ),
    _tar("a bomb", lambda: _member("bomb.py", bytes(64 * MEGABYTE)), f"{NO_TAR}it unpacks to more than 32 MB"),
    _tar("too many entries", lambda: _member("x.txt", b"") * 6000, f"{NO_TAR}it holds more than 5000 entries"),
    _tar("cut off", lambda: _member("x.py") * 3, f"{NO_TAR}it is cut off", pack=lambda data: gzip.compress(data)[:-20]),
    _tar("bzip2", lambda: _member("x.py"), f"{NO_TAR}it is packed with bzip2; hand in", pack=bz2.compress),
    _tar("xz", lambda: _member("x.py"), f"{NO_TAR}it is packed with xz; hand in", pack=lzma.compress),
    _tar("no archive", lambda: b"\x00\xff" * 5000, f"{NO_TAR}it is damaged, or no .tar archive."),
    _tar("no archive, not packed", lambda: b"\x00\xff" * 5000, f"{NO_TAR}it is damaged, or no .tar archive.", pack=_as_it_is),
    _tar("nothing", lambda: b"", f"{NO_TAR}it is empty.", pack=_as_it_is),
    _tar(
        "a name in the gzip header that does not end",
        lambda: GZIP_HEADER % b"\x08" + b"x" * (30 * MEGABYTE),
        f"{NO_TAR}it is cut off",
        pack=_as_it_is,
    ),
    _tar(
        "gzip blocks of nothing", lambda: GZIP_HEADER % b"\0" + b"\0\0\0\xff\xff" * (6 * MEGABYTE), f"{NO_TAR}it is cut off", pack=_as_it_is
    ),
    _tar("damaged gzip", lambda: GZIP_HEADER % b"\0" + b"\xff" * 1000, f"{NO_TAR}it is damaged", pack=_as_it_is),
)
