"""Frames carry what they were given; what is no frame is refused before anything is allocated for it."""

import json
import socket
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.worker import wire
from grader.worker.wire import DTYPES, HEADER, MAGIC, Blocking, Closed, Frame, Kind, ProtocolError, Reader, decode, encode, pack

ARRAYS = hnp.arrays(st.sampled_from(sorted(DTYPES)), hnp.array_shapes(min_dims=0, max_dims=wire.MAX_DIMENSIONS, min_side=0, max_side=3))
NAMES = st.text(max_size=5)


def read(data: bytes, **bounds: int) -> Frame:
    """Decode a frame from bytes; where they run out, the other side is gone."""
    left = memoryview(data)

    def receive(view: memoryview) -> None:
        nonlocal left
        if len(left) < len(view):
            raise Closed
        view[:], left = left[: len(view)], left[len(view) :]

    return decode(receive, **bounds)


def frame(meta: object, payload: bytes = b"", kind: int = Kind.STAGE) -> bytes:
    text = meta if isinstance(meta, bytes) else json.dumps(meta).encode()
    return HEADER.pack(MAGIC, kind, len(text), len(payload)) + text + payload


@given(st.dictionaries(NAMES, ARRAYS, max_size=4), st.integers(0, 2**32 - 1))
def test_arrays_come_back_as_they_were_sent(arrays, kind):
    buffers: list[bytes] = []

    got = read(encode(kind, {"values": pack(arrays, buffers)}, buffers))
    reader = Reader(got.payload)
    values = reader.unpack(got.meta["values"])
    reader.end()

    assert (got.kind, list(values)) == (kind, list(arrays))
    for name, a in arrays.items():
        np.testing.assert_array_equal(values[name], a, strict=True)


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::-2], np.broadcast_to(np.float64(3), (2, 2)), np.asfortranarray(np.eye(2))],
    ids=["transposed", "reversed", "broadcast", "fortran"],
)
def test_the_layout_in_memory_does_not_matter(array):
    buffers: list[bytes] = []
    described = pack({"a": array}, buffers)

    values = Reader(memoryview(b"".join(buffers))).unpack(described)

    np.testing.assert_array_equal(values["a"], array, strict=True)


def test_what_was_received_cannot_be_written_into():
    values = Reader(memoryview(bytearray(8))).unpack({"a": ["<f8", [1]]})

    with pytest.raises(ValueError, match="read-only"):
        values["a"][0] = 1


@given(st.dictionaries(NAMES, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), max_size=4))
def test_any_json_survives_lone_surrogates_included(meta):
    assert read(encode(1, meta | {"text": "\ud800"}, [])).meta == meta | {"text": "\ud800"}


@pytest.mark.parametrize(
    "header",
    [
        HEADER.pack(b"NBG2", 1, 2, 0),
        HEADER.pack(MAGIC, 1, wire.MAX_META + 1, 0),
        HEADER.pack(MAGIC, 1, 2**32 - 1, 0),
        HEADER.pack(MAGIC, 1, 2, wire.MAX_PAYLOAD + 1),
        HEADER.pack(MAGIC, 1, 2, 2**64 - 1),
        HEADER.pack(MAGIC, 1, 2, 1 << 50),
        b"\x80\x04\x95" + bytes(17),
    ],
)
def test_a_header_that_lies_is_refused_before_anything_is_allocated(header):
    tracemalloc.start()

    with pytest.raises(ProtocolError, match="header"):
        read(header + b"{}" * 100)

    assert tracemalloc.get_traced_memory()[1] < 1 << 16
    tracemalloc.stop()


def test_a_request_may_be_larger_than_an_answer():
    sources = frame({"files": {"layers.py": "x" * (2 << 20)}})

    got = read(sources, max_meta=wire.MAX_REQUEST)

    assert len(got.meta["files"]["layers.py"]) == 2 << 20
    with pytest.raises(ProtocolError, match="header"):
        read(sources)


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"{}{}", "JSON"),
        (b"\xff\xfe\xfd", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"a":' * 50_000, "JSON"),
        (b'{"a":' + b"9" * 10_000 + b"}", "JSON"),
        (b"\x80\x04}q\x00.", "JSON"),
        (b"[]", "meta"),
        (b"null", "meta"),
        (b'"text"', "meta"),
        (b"1e999", "meta"),
    ],
)
def test_a_meta_that_is_no_json_object_is_refused(meta, reason):
    with pytest.raises(ProtocolError, match=reason):
        read(frame(meta))


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ([], "arrays"),
        ("a", "arrays"),
        (None, "arrays"),
        ({str(n): ["|u1", [0]] for n in range(65)}, "arrays"),
        ({"a": None}, "array"),
        ({"a": ["<f8"]}, "array"),
        ({"a": ["<f8", [1], 0]}, "array"),
        ({"a": ["<f8", 1]}, "array"),
        ({"a": [8, [1]]}, "array"),
        ({"a": [["<f8"], [1]]}, "array"),
        ({"a": ["|O", [1]]}, "array"),
        ({"a": ["<U1", [1]]}, "array"),
        ({"a": ["<c16", [0]]}, "array"),
        ({"a": [">f8", [1]]}, "array"),
        ({"a": ["f8,f8", [0]]}, "array"),
        ({"a": ["<f8", [1] * 9]}, "array"),
        ({"a": ["<f8", [-1]]}, "shape"),
        ({"a": ["<f8", [True]]}, "shape"),
        ({"a": ["<f8", [1.0]]}, "shape"),
        ({"a": ["<f8", ["1"]]}, "shape"),
        ({"a": ["<f8", [None]]}, "shape"),
        ({"a": ["<f8", [10**4000]]}, "shape"),
        ({"a": ["|u1", [0] + [1 << 26] * 7]}, "shape"),
        ({"a": ["<f8", [2]]}, "size"),
        ({"a": ["<f8", []], "b": ["|u1", [1]]}, "size"),
        ({"a": ["<f8", [1 << 26] * 8]}, "size"),
    ],
)
def test_an_array_that_is_not_as_described_is_refused(described, reason):
    reader = Reader(memoryview(bytes(8)))

    with pytest.raises(ProtocolError, match=f"^{reason}$"):
        reader.unpack(described)


def test_bytes_that_no_array_claims_are_refused():
    reader = Reader(memoryview(bytes(9)))
    reader.unpack({"a": ["<f8", [1]]})

    with pytest.raises(ProtocolError, match="trailing bytes"):
        reader.end()


def test_a_worker_hears_the_frames_of_its_parent_and_then_that_it_is_gone():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Blocking(theirs)
        ours.sendall(encode(Kind.CALLS, {"n": 1}, [b"abc"]))
        ours.shutdown(socket.SHUT_WR)

        got = channel.receive()

        assert (got.kind, got.meta, bytes(got.payload)) == (Kind.CALLS, {"n": 1}, b"abc")
        with pytest.raises(Closed):
            channel.receive()


def test_a_worker_sends_frames():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Blocking(theirs).send(Kind.READY, {})

        assert ours.recv(100) == encode(Kind.READY, {}, [])
