"""Frames between parent and worker: a fixed header, JSON, raw array bytes. No pickle; every size is checked before it is used."""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
HEADER = struct.Struct("<4sIIQ")  # magic, kind, bytes of JSON, bytes of arrays
MAGIC = b"NBG1"
MAX_META = 1 << 20  # from a worker, whom nobody trusts
MAX_REQUEST = 64 << 20  # from the parent: all sources of a submission, escaped
MAX_PAYLOAD = 64 << 20
MAX_DIMENSIONS = 8
DTYPES = {d: np.dtype(d) for d in ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")}


class Kind(IntEnum):
    """What a frame is."""

    READY = 1  # worker: about to serve
    SURVEY = 2  # parent: which functions are in these files?
    SURVEYED = 3
    LOAD = 4  # parent: run these files
    LOADED = 5
    CALLS = 6  # parent: make these calls
    STAGE = 7  # worker: what forward or backward of one call gave
    DONE = 8  # worker: all calls made
    PROBE = 9  # parent: try to break out
    PROBED = 10


class ProtocolError(Exception):
    """The other side sent something that is no frame."""


class Closed(Exception):  # noqa: N818 - not an error of this side
    """The other side is gone."""


class Frame(NamedTuple):
    """One message: its kind, its JSON object, its array bytes."""

    kind: int
    meta: dict[str, Any]
    payload: memoryview


def pack(arrays: Mapping[str, Array], buffers: list[bytes]) -> dict[str, Any]:
    """Append the bytes of the arrays to `buffers` and return their description."""
    described = {}
    for name, a in arrays.items():
        buffers.append(a.tobytes())
        described[name] = [a.dtype.str, list(a.shape)]
    return described


class Reader:
    """Takes described arrays off a payload, in order. Raises ProtocolError for whatever does not add up."""

    def __init__(self, payload: memoryview) -> None:
        """Start at the first byte of the payload."""
        self.payload, self.offset = payload, 0

    def unpack(self, described: object) -> dict[str, Array]:
        """Return read-only arrays over the payload's next bytes."""
        if not isinstance(described, dict) or len(described) > 64:
            raise ProtocolError("arrays")
        return {str(name): self._array(entry) for name, entry in described.items()}

    def _array(self, entry: object) -> Array:
        match entry:
            case [str(code), [*lengths]] if code in DTYPES and len(lengths) <= MAX_DIMENSIONS:
                size, shape = DTYPES[code].itemsize, []
                for length in lengths:
                    if type(length) is not int or not 0 <= length <= MAX_PAYLOAD:
                        raise ProtocolError("shape")
                    shape.append(length)
                    size *= length
                if size > len(self.payload) - self.offset:
                    raise ProtocolError("size")
                data = self.payload[self.offset : self.offset + size].toreadonly()
                self.offset += size
                try:
                    return np.frombuffer(data, DTYPES[code]).reshape(shape)
                except ValueError as error:  # an axis of length 0 hides others whose product NumPy refuses
                    raise ProtocolError("shape") from error
        raise ProtocolError("array")

    def end(self) -> None:
        """Refuse bytes that no array claimed."""
        if self.offset != len(self.payload):
            raise ProtocolError("trailing bytes")


def encode(kind: int, meta: dict[str, Any], buffers: list[bytes]) -> bytes:
    """Return the bytes of one frame."""
    text = json.dumps(meta, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"".join((HEADER.pack(MAGIC, kind, len(text), sum(map(len, buffers))), text, *buffers))


def decode(receive: Callable[[memoryview], None], max_meta: int = MAX_META) -> Frame:
    """Read one frame with `receive`, which fills a buffer or raises.

    Raises:
        ProtocolError: The bytes are not a frame, or it declares more than the bounds allow.
    """
    header = bytearray(HEADER.size)
    receive(memoryview(header))
    magic, kind, meta_size, payload_size = HEADER.unpack(header)
    if magic != MAGIC or meta_size > max_meta or payload_size > MAX_PAYLOAD:
        raise ProtocolError("header")
    body = bytearray(meta_size + payload_size)
    receive(memoryview(body))
    try:
        meta = json.loads(bytes(body[:meta_size]))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("JSON") from error
    if not isinstance(meta, dict):
        raise ProtocolError("meta")
    return Frame(kind, meta, memoryview(body)[meta_size:])


class Blocking:
    """The worker's end of the socket: no deadlines here, the parent has them."""

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected stream socket."""
        self.sock = sock

    def send(self, kind: int, meta: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send one frame."""
        self.sock.sendall(encode(kind, meta, buffers or []))

    def receive(self) -> Frame:
        """Wait for one frame. Raises Closed when the parent is gone."""
        return decode(self._fill, MAX_REQUEST)

    def _fill(self, view: memoryview) -> None:
        while view:
            count = self.sock.recv_into(view)
            if not count:
                raise Closed
            view = view[count:]
