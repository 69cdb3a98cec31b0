"""Read the entries of a .tar or .tar.gz as they stream by; nothing it says about itself is believed.

Not with the reader of the standard library: it gathers extended headers of any size, runs expressions over them that take
quadratic time, and takes four times as long for an entry. The layout is that of POSIX.1-2001 pax, with the long names of GNU.
"""

import re
import tarfile
import zlib
from functools import partial
from typing import BinaryIO, NamedTuple

from grader.intake.collector import Collector
from grader.intake.names import LeftOutError, UnreadableError, matters

MAX_ENTRIES = 5_000
MAX_UNPACKED = 32 << 20  # unpacking zeros as far as this takes about 70 ms
MAX_HEADER = 1 << 20  # of an extended header: a path, and what else a system knows of a file
BLOCK = tarfile.BLOCKSIZE
CHUNK = 256 << 10
OTHERS = {b"BZh": "bzip2", b"\xfd7z": "xz", b"(\xb5/": "Zstandard", b"7z\xbc": "7z", b"Rar": "RAR", b"PK\x03": "zip"}
OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
RECORD = re.compile(rb"(\d{1,7}) ([^=\n]{1,300})=")
EXTENDED = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME})
ABOUT = frozenset({tarfile.DIRTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK})  # folders, and headers that change no name
FILES = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE})
WITHOUT_DATA = frozenset({tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE})
REASONS = {tarfile.SYMTYPE: "it is a symbolic link", tarfile.LNKTYPE: "it is a hard link"}


class _Header(NamedTuple):
    path: str
    type: bytes
    size: int


class _Stream:
    """The unpacked bytes of a file, plain or gzip, up to a bound."""

    def __init__(self, file: BinaryIO) -> None:
        magic = file.read(3)
        if magic in OTHERS:
            raise UnreadableError(f"it is packed with {OTHERS[magic]}; hand in a .zip or a .tar.gz")
        file.seek(0)
        self._file = file
        self._unpack = zlib.decompressobj(wbits=31) if magic[:2] == b"\x1f\x8b" else None
        self._buffer = b""
        self._used = 0
        self._unpacked = 0

    @property
    def given(self) -> int:
        """How many bytes were read or skipped."""
        return self._unpacked - len(self._buffer) + self._used

    def read(self, size: int) -> bytes:
        """Return the next bytes, all of them.

        Raises:
            EOFError: There are not so many.
            UnreadableError: It was unpacked too far.
        """
        pieces = []
        missing = size
        while missing:
            if self._used == len(self._buffer):
                self._fill()
            piece = self._buffer[self._used : self._used + missing]
            self._used += len(piece)
            missing -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Read on without keeping anything."""
        while size:
            if self._used == len(self._buffer):
                self._fill()
            step = min(size, len(self._buffer) - self._used)
            self._used += step
            size -= step

    def ended(self) -> bool:
        """Whether nothing follows."""
        if self._used == len(self._buffer):
            try:
                self._fill()
            except EOFError:
                return True
        return False

    def _fill(self) -> None:
        self._buffer, self._used = self._next(), 0
        if not self._buffer:
            raise EOFError
        self._unpacked += len(self._buffer)
        if self._unpacked > MAX_UNPACKED:
            raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED >> 20} MB; hand in only your own files")

    def _next(self) -> bytes:
        if self._unpack is None:
            return self._file.read(CHUNK)
        data = b""
        while not data and not self._unpack.eof:  # one member: what follows it is not read
            packed = self._unpack.unconsumed_tail or self._file.read(CHUNK)
            if not packed:
                raise UnreadableError("it is cut off; hand it in again")
            data = self._unpack.decompress(packed, CHUNK)
        return data


def untar(file: BinaryIO, collector: Collector) -> None:
    """Take every file of code in a tar archive, plain or gzip.

    Raises:
        UnreadableError: It is none, or damaged, too large, or has too many entries.
        FullError: There are more files than a submission may have.
    """
    try:
        _Reader(_Stream(file), collector).read()
    except zlib.error as error:
        raise UnreadableError("it is damaged, or no .tar archive") from error
    except EOFError as error:
        raise UnreadableError("it is cut off; hand it in again") from error


class _Reader:
    """Goes from header to header. What an extended header says holds for the entry after it."""

    def __init__(self, stream: _Stream, collector: Collector) -> None:
        self._stream = stream
        self._collector = collector
        self._extended: dict[str, str] = {}

    def read(self) -> None:
        for count in range(MAX_ENTRIES + 1):
            block = b"" if self._stream.ended() else self._stream.read(BLOCK)
            if not block.strip(b"\0"):
                if not count:
                    raise UnreadableError("it is empty")
                return
            self._entry(block)
        raise UnreadableError(f"it holds more than {MAX_ENTRIES} entries; hand in only your own files")

    def _entry(self, block: bytes) -> None:
        entry = _header(block)
        if entry.type in EXTENDED:
            self._extend(entry)
            return
        says, self._extended = self._extended, {}
        more = entry.type == tarfile.GNUTYPE_SPARSE and block[482]
        while more:
            more = self._stream.read(BLOCK)[504]
        path = says.get("path", entry.path)
        sparse = entry.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse") for key in says)
        size = (_decimal(says["size"]) if "size" in says else entry.size) if entry.type not in WITHOUT_DATA else 0
        end = self._stream.given + size + -size % BLOCK
        if entry.type not in ABOUT and matters(path):
            reason = "it is stored with holes, as a sparse file" if sparse else REASONS.get(entry.type, "it is not a regular file")
            self._collector.take(path, partial(self._file, size, "" if entry.type in FILES and not sparse else reason))
        self._stream.skip(end - self._stream.given)

    def _file(self, size: int, reason: str, most: int) -> bytes:
        if reason:
            raise LeftOutError(reason)
        return self._stream.read(min(size, most))

    def _extend(self, entry: _Header) -> None:
        size = entry.size
        if size > MAX_HEADER:
            raise UnreadableError("it is damaged: a header in it is larger than 1 MB")
        data = self._stream.read(size)
        self._stream.skip(-size % BLOCK)
        self._extended |= {"path": _text(data.rstrip(b"\0"))} if entry.type == tarfile.GNUTYPE_LONGNAME else _records(data)


def _header(block: bytes) -> _Header:
    checksum = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    if _number(block[148:156]) != checksum:
        raise UnreadableError("it is damaged, or no .tar archive")
    name, kind = _until_nul(block[:100]), block[156:157]
    prefix = _until_nul(block[345:500]) if block[257:263] == b"ustar\0" else b""  # GNU keeps times there
    if kind == tarfile.AREGTYPE and name.endswith(b"/"):
        kind = tarfile.DIRTYPE
    return _Header(_text(prefix + b"/" + name if prefix else name), kind, _number(block[124:136]))


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _number(field: bytes) -> int:
    """Return a number as tar writes it: octal digits, or, marked by the first bit, in base 256."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    match = OCTAL.fullmatch(field)
    if not match:
        raise UnreadableError("it is damaged, or no .tar archive")
    return int(match[1] or b"0", 8)


def _decimal(said: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", said):
        raise UnreadableError("it is damaged: an entry has no proper size")
    return int(said)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _records(data: bytes) -> dict[str, str]:
    """Return what an extended header says: records of their own length, a name, = and a value."""
    found = {}
    at = 0
    while at < len(data):
        match = RECORD.match(data, at)
        end = at + int(match[1]) if match else 0
        if not match or not match.end() < end <= len(data):
            raise UnreadableError("it is damaged: a header in it cannot be read")
        found[_text(match[2])] = _text(data[match.end() : end - 1])
        at = end
    return found
