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
from grader.worker.wire import DTYPES, HEADER, MAGIC, Blocking, Closed, Frame, Kind, ProtocolError, Reader, Stream, decode, encode, pack

ARRAYS = hnp.arrays(st.sampled_from(sorted(DTYPES)), hnp.array_shapes(min_dims=0, max_dims=wire.MAX_DIMENSIONS, min_side=0, max_side=3))
NAMES = st.text(max_size=5)


def read(data: bytes, **bounds: int) -> Frame:
    """Decode a frame from bytes; where they run out, the other side is gone."""
    left = memoryview(data)

    def take(count: int) -> memoryview:
        nonlocal left
        if len(left) < count:
            raise Closed
        taken, left = left[:count], left[count:]
        return taken

    return decode(take, **bounds)


def frame(meta: object, payload: bytes = b"", kind: int = Kind.STAGE) -> bytes:
    text = meta if isinstance(meta, bytes) else json.dumps(meta, separators=(",", ":")).encode()
    return HEADER.pack(MAGIC, kind, 0, len(text), len(payload)) + text + payload


@given(st.dictionaries(NAMES, ARRAYS, max_size=4), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_arrays_come_back_as_they_were_sent(arrays, kind, sequence):
    buffers: list[bytes] = []

    got = read(encode(kind, {"values": pack(arrays, buffers)}, buffers, sequence=sequence))
    reader = Reader(got.payload)
    values = reader.unpack(got.meta["values"])
    reader.end()

    assert (got.kind, got.sequence, list(values)) == (kind, sequence, list(arrays))
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


@given(
    st.dictionaries(
        NAMES, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), max_size=4
    )
)
def test_any_json_survives_lone_surrogates_included(meta):
    assert read(encode(1, meta | {"text": "\ud800"}, [])).meta == meta | {"text": "\ud800"}


@pytest.mark.parametrize(
    "header",
    [
        HEADER.pack(b"NBG1", 1, 0, 2, 0),
        HEADER.pack(MAGIC, 1, 0, wire.MAX_META + 1, 0),
        HEADER.pack(MAGIC, 1, 0, 2**32 - 1, 0),
        HEADER.pack(MAGIC, 1, 0, 2, wire.MAX_PAYLOAD + 1),
        HEADER.pack(MAGIC, 1, 0, 2, 2**64 - 1),
        HEADER.pack(MAGIC, 1, 0, 2, 1 << 50),
        b"\x80\x04\x95" + bytes(21),
    ],
)
def test_a_header_that_lies_is_refused_before_anything_is_allocated(header):
    tracemalloc.start()

    with pytest.raises(ProtocolError, match=r"^header$"):
        read(header + b"{}" * 100)

    assert tracemalloc.get_traced_memory()[1] < 1 << 16
    tracemalloc.stop()


def test_an_answer_may_be_as_large_as_the_bounds_and_have_as_many_arrays():
    portions = [HEADER.pack(MAGIC, Kind.STAGE, 0, 2, wire.MAX_PAYLOAD), b"{}", np.empty(wire.MAX_PAYLOAD, np.uint8).data]
    left = iter(portions)
    many = {str(n): ["|u1", [0]] for n in range(wire.MAX_ARRAYS)}

    assert len(decode(lambda _: next(left)).payload) == wire.MAX_PAYLOAD
    assert Reader(memoryview(b"")).unpack(many).keys() == many.keys()


def test_a_request_may_be_larger_than_an_answer():
    sources = frame({"files": {"layers.py": "x" * (2 << 20)}})

    got = read(sources, max_meta=wire.MAX_REQUEST)

    assert len(got.meta["files"]["layers.py"]) == 2 << 20
    with pytest.raises(ProtocolError, match=r"^header$"):
        read(sources)


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"{}{}", "JSON"),
        (b"\xff\xfe\xfd", "JSON"),
        (b"[" * wire.MAX_META, "JSON"),
        (b'{"a":' * 13_000, "JSON"),
        (b'{"a":' + b"9" * 10_000 + b"}", "JSON"),
        (b"\x80\x04}q\x00.", "JSON"),
        ("{}".encode("utf-16"), "JSON"),
        ("{}".encode("utf-16-le"), "JSON"),
        ("{}".encode("utf-32"), "JSON"),
        ("{}".encode("utf-8-sig"), "JSON"),
        (b'{"a":"\xed\xa0\x80"}', "JSON"),  # a surrogate as bytes
        (b'{"a":NaN}', "JSON"),
        (b'{"a":-Infinity}', "JSON"),
        (b"{} ", "JSON"),
        (b"[]", "meta"),
        (b"null", "meta"),
        (b'"text"', "meta"),
        (b"1e999", "meta"),
    ],
)
def test_a_meta_that_is_no_json_object_is_refused(meta, reason):
    with pytest.raises(ProtocolError, match=f"^{reason}$"):
        read(frame(meta))


def test_of_a_key_that_is_there_twice_the_last_counts():
    assert read(frame(b'{"a":1,"a":2}')).meta == {"a": 2}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_has_not_is_an_error_of_who_sends_it(number):
    with pytest.raises(ValueError, match="JSON compliant"):
        encode(Kind.CALLS, {"options": {"reg": number}}, [])


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

    with pytest.raises(ProtocolError, match=r"^trailing bytes$"):
        reader.end()


@given(st.lists(st.integers(0, 200), max_size=40), st.data())
def test_a_stream_gives_the_bytes_in_order_however_they_arrive_and_are_asked_for(asked, data):
    sent = bytes(n % 251 for n in range(sum(asked)))
    left = memoryview(sent)

    def receive(view: memoryview) -> int:
        nonlocal left
        count = data.draw(st.integers(1, min(len(view), len(left))))
        view[:count], left = left[:count], left[count:]
        return count

    stream = Stream(receive)
    taken = [stream.take(count) for count in asked]

    assert [len(portion) for portion in taken] == asked
    assert b"".join(taken) == sent


def test_a_stream_reads_ahead_for_little_and_straight_to_its_place_for_much():
    sizes = []

    def receive(view: memoryview) -> int:
        sizes.append(len(view))
        return min(len(view), wire.AHEAD // 2)

    stream = Stream(receive)

    assert (len(stream.take(30)), len(stream), sizes) == (30, wire.AHEAD // 2 - 30, [wire.AHEAD])
    assert len(stream.take(wire.AHEAD * 2)) == wire.AHEAD * 2
    assert (len(stream), sizes[1]) == (wire.AHEAD // 2 - 30, wire.AHEAD * 2 - (wire.AHEAD // 2 - 30))


def test_a_worker_hears_the_frames_of_its_parent_and_then_that_it_is_gone():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Blocking(theirs)
        ours.sendall(encode(Kind.CALLS, {"n": 1}, [b"abc"], sequence=7))
        ours.shutdown(socket.SHUT_WR)

        got = channel.receive()

        assert (got.kind, got.sequence, got.meta, bytes(got.payload)) == (Kind.CALLS, 7, {"n": 1}, b"abc")
        with pytest.raises(Closed):
            channel.receive()


def test_a_worker_hears_requests_with_all_the_sources_of_a_submission():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        asked = encode(Kind.LOAD, {"files": {"layers.py": "x" * wire.MAX_META}}, [])
        ours.sendall(asked)

        assert len(Blocking(theirs).receive().meta["files"]["layers.py"]) == wire.MAX_META


def test_a_worker_says_nothing_before_it_is_asked_but_that_it_is_ready_and_then_answers_the_last_request():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Blocking(theirs)
        channel.send(Kind.READY, {})
        ours.sendall(encode(Kind.CALLS, {}, [], sequence=7))
        channel.receive()
        channel.send(Kind.DONE, {})

        assert ours.recv(200) == encode(Kind.READY, {}, []) + encode(Kind.DONE, {}, [], sequence=7)
