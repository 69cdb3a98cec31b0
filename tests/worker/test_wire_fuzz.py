"""Whatever bytes come, the answer is a frame, or that the other side is gone, or a ProtocolError; nothing else ever happens."""

import contextlib
import io
import json
import pickle
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Stage
from grader.sandbox.heard import read_stage
from grader.worker import wire
from grader.worker.wire import HEADER, MAGIC, Closed, Kind, ProtocolError, Reader
from tests.worker.test_wire import frame, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
LENGTHS = st.lists(st.integers(-2, 4) | st.sampled_from([1 << 26, 1 << 31, 1 << 63, 10**30]) | JSON, max_size=9)
DESCRIBED = st.dictionaries(
    st.sampled_from(["out", "dx", ""]), st.tuples(st.sampled_from([*wire.DTYPES, "|O", "<c16", "|V8"]) | JSON, LENGTHS | JSON) | JSON
)
FAILURES = st.none() | JSON | st.fixed_dictionaries({"kind": st.sampled_from(["exit", "memory", "passed"]), "text": st.text()})
STAGES = st.fixed_dictionaries(
    {"call": st.integers(-1, 4) | JSON, "part": st.sampled_from(["forward", "backward"]) | JSON, "values": DESCRIBED, "failure": FAILURES},
    optional={"mutated": JSON, "warnings": JSON, "passed": JSON},
)


@given(st.binary(max_size=64))
def test_random_bytes_are_never_more_than_a_refusal(data):
    with pytest.raises((ProtocolError, Closed)):
        read(data)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.binary(max_size=64))
def test_a_random_header_allocates_no_more_than_the_bounds(kind, meta, payload, rest):
    tracemalloc.start()

    with contextlib.suppress(ProtocolError, Closed):
        read(HEADER.pack(MAGIC, kind, 0, meta, payload) + rest)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < wire.MAX_META + wire.MAX_PAYLOAD + (1 << 20)


@given(DESCRIBED | JSON, st.binary(max_size=64))
def test_a_random_description_of_arrays_gives_arrays_or_a_refusal(described, payload):
    reader = Reader(memoryview(payload))

    try:
        values = reader.unpack(described)
        reader.end()
    except ProtocolError:
        return

    assert sum(a.nbytes for a in values.values()) == len(payload)


@given(STAGES, st.binary(max_size=32), st.sampled_from([Kind.STAGE, Kind.DONE, 99]))
def test_a_random_answer_of_a_worker_is_a_stage_or_a_refusal(meta, payload, kind):
    try:
        number, part, stage = read_stage(read(frame(meta, payload, kind)), 1, 3)
    except ProtocolError:
        return

    assert 1 <= number < 3
    assert part in ("forward", "backward")
    assert isinstance(stage, Stage)


@given(st.binary(max_size=16), st.data())
def test_a_damaged_frame_is_never_more_than_a_refusal(payload, data):
    whole = bytearray(frame({"values": {"out": ["|u1", [len(payload)]]}}, payload))
    where = data.draw(st.integers(0, len(whole) - 1))
    whole[where] ^= data.draw(st.integers(1, 255))

    with contextlib.suppress(ProtocolError, Closed):  # anything else fails the test
        got = read(bytes(whole))
        Reader(got.payload).unpack(got.meta.get("values"))


class Bomb:
    """Says so when it is unpickled."""

    def __reduce__(self):
        return exec, ("raise SystemExit('unpickled')",)  # never run


@pytest.mark.parametrize("where", ["frame", "meta", "payload"])
def test_a_pickle_is_bytes_like_any_others(where):
    bomb = pickle.dumps(Bomb())
    data = {"frame": bomb, "meta": frame(bomb), "payload": frame({"values": {"out": ["|O", [1]]}}, bomb)}[where]

    with pytest.raises((ProtocolError, Closed)):
        Reader(memoryview(b"")).unpack(read(data).meta["values"])


def test_an_npy_file_of_objects_is_bytes_like_any_others():
    file = io.BytesIO()
    file.write(b"\x93NUMPY\x01\x00" + json.dumps({"descr": "|O"}).encode())

    with pytest.raises((ProtocolError, Closed)):
        read(file.getvalue())
