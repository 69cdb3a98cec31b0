"""Read the entries of a .zip in memory; nothing it says about itself is believed."""

import stat
import struct
import zipfile
import zlib
from functools import partial
from typing import Any, BinaryIO

from grader.intake.collector import MAX_NOTEBOOK_BYTES, Collector, too_large
from grader.intake.names import LeftOutError, UnreadableError, matters, suffix

MAX_ENTRIES = 5_000
MAX_LIST = 1 << 20  # bytes: that of 5,000 entries with long names
ENCRYPTED = 1
# Others (bzip2, LZMA) may ask for gigabytes of memory before they give the first byte.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, RuntimeError, OverflowError)


class _Guarded:
    """A file that gives little at once while the list of entries is read, which zipfile reads as a whole, however long it claims to be."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.most = MAX_LIST
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(data) > self.most:
            raise UnreadableError(f"it lists more than {MAX_ENTRIES} entries; hand in only your own files")
        return data


def unzip(file: BinaryIO, collector: Collector) -> None:
    """Take every file of code in a zip archive.

    Raises:
        UnreadableError: It is none, or damaged, encrypted, or has too many entries.
        FullError: There are more files than a submission may have.
    """
    guarded: Any = _Guarded(file)
    try:
        archive = zipfile.ZipFile(guarded)
    except DAMAGE as error:
        raise UnreadableError("it is no .zip archive, or only a part of one") from error
    guarded.most = MAX_NOTEBOOK_BYTES + 1  # nothing larger is taken; zipfile reads as much of an entry as it is asked for
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise UnreadableError(f"it lists more than {MAX_ENTRIES} entries; hand in only your own files")
        for entry in entries:
            # The original name has what follows a NUL in it, too. Old tools of Windows write \ for /.
            path = entry.orig_filename.replace("\\", "/")
            if not path.endswith("/") and matters(path):
                if entry.flag_bits & ENCRYPTED:
                    raise UnreadableError("it is encrypted; hand it in without a password")
                collector.take(path, partial(_read, archive, entry))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise LeftOutError("it is a symbolic link")
    if kind not in {0, stat.S_IFREG}:
        raise LeftOutError("it is not a regular file")
    if entry.compress_type not in METHODS:
        raise LeftOutError("it is packed in an unusual way; make the archive again with the tool of your system")
    if entry.file_size >= most:  # what it says may be too little, and is: the bound holds while it is read
        raise LeftOutError(too_large(suffix(entry.orig_filename)))
    try:
        with archive.open(entry) as opened:
            return opened.read(most)
    except DAMAGE as error:
        raise LeftOutError("it is damaged in the archive") from error
