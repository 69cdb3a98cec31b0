"""Frames that are almost right, and a session's way of reading them."""

import random
import re
from collections.abc import Callable

import numpy as np

from grader.sandbox.heard import read_stage
from grader.worker import wire
from grader.worker.wire import HEADER, MAGIC, Closed, Kind, ProtocolError

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[\d.]+|[\[\]{},:]|null|true|false')
# What a number, a text, a list, ... of the JSON is replaced with: other kinds, bounds and beyond, what only some parsers take.
INSTEAD = (
    *(b"0 1 2 3 -1 8 9 4096 67108864 67108865 2147483648 9223372036854775808 1e999 -0.0 1.5".split()),
    *(b'null true NaN -Infinity [] {} "" "x" [[]] [0] [2,2] [1,1,1,1,1,1,1,1] [1,1,1,1,1,1,1,1,1] [0,67108864,67108864,67108864]'.split()),
    *(
        b'"forward" "backward" "sideways" "|O" "<c16" ">f8" "|b1" "<f4" "<f8" ["<f8",[1]] "exit" "passed" {"kind":"exit","text":"x"}'.split()
    ),
    *(b'"call" "part" "values" "failure" "mutated" "warnings" "out" "kind" "text" "trace" { } [ ] , :'.split()),
    b"9" * 5000,
    b"[" * 5000,
    *(b'"\\ud800"', b'"\xed\xa0\x80"', b'"\x00"', b"\xff", b"\xef\xbb\xbf{}", b"{}\x00\x00", b" ", b'"' + b"x" * 5000 + b'"'),
)
FIELDS = (0, 1, 2, 7, 8, 99, 2**16, 2**16 + 1, 2**26, 2**26 + 1, 2**31, 2**32 - 1)
SIZES = (*FIELDS, 2**40, 2**63, 2**64 - 1)


def _stages() -> list[tuple[bytes, bytes]]:
    """Return JSON and arrays of some right answers."""
    answers: tuple[dict[str, wire.Array], ...] = (
        {"out": np.ones((2, 3))},
        {"dx": np.ones(3, np.float32), "dw": np.zeros((3, 0)), "db": np.array(1)},
        {name: np.ones((1,) * 8, bool) for name in "abcdefgh"},
        {},
    )
    raised = {"kind": "exception", "text": "ValueError: \u2264 \U0001f600", "trace": 'File "layers.py", line 3\n    x = y\n'}
    made = []
    for number, (failure, answer) in enumerate(zip((None, None, None, raised), answers, strict=True)):
        buffers: list[bytes] = []
        meta = {"call": number, "part": "forward", "values": wire.pack(answer, buffers), "failure": failure}
        frame = wire.encode(Kind.STAGE, {**meta, "mutated": ["x"] * number, "warnings": ["UserWarning: no"] * number}, buffers)
        payload = b"".join(buffers)
        made.append((frame[HEADER.size : len(frame) - len(payload)], payload))
    return made


STAGES = [(meta, payload, [match.span() for match in TOKEN.finditer(meta)]) for meta, payload in _stages()]


def almost_right(rng: random.Random) -> bytes:
    """Return a frame of a right answer, with some of its tokens, lengths or bytes replaced, or none."""
    meta, payload, tokens = rng.choice(STAGES)
    kind, sequence = Kind.STAGE.value, 0
    damage = rng.randrange(8)
    if damage == 0:
        meta = rng.choice(INSTEAD) if rng.random() < 0.3 else meta
    elif damage < 4:
        # From the last to the first, so that the places stay right.
        for start, stop in sorted(rng.sample(tokens, rng.randrange(1, 4)), reverse=True):
            meta = meta[:start] + rng.choice(INSTEAD) + meta[stop:]
    elif damage == 4:
        payload = rng.choice((b"", payload[:-1], payload + b"\x00", rng.randbytes(rng.randrange(200))))
    sizes = [len(meta), len(payload)]
    if damage == 5:
        sizes[rng.randrange(2)] = rng.choice(FIELDS)
        kind, sequence = rng.choice(FIELDS), rng.choice(FIELDS)
        if rng.random() < 0.2:
            sizes[1] = rng.choice(SIZES)
    frame = HEADER.pack(MAGIC, kind, sequence, *sizes) + meta + payload
    if damage == 6:
        frame = frame[: rng.randrange(len(frame))]
        return frame if rng.random() < 0.5 else rng.randbytes(len(frame))
    if damage == 7 and rng.random() < 0.8:
        where = rng.randrange(len(frame))
        frame = frame[:where] + rng.randbytes(rng.randrange(1, 4)) + frame[where + rng.randrange(3) :]
    return frame


def feed(data: bytes) -> str:
    """Read what a worker sent, up to its end or the first fault; return which it was. Nothing but these two is ever raised."""
    try:
        stream = wire.Stream(_source(data))
        while True:
            read_stage(wire.decode(stream.take), 0, 4)
            if not len(stream):
                return "right"
    except ProtocolError as error:
        return str(error)
    except Closed:
        return "closed"


def _source(data: bytes) -> Callable[[memoryview], int]:
    left = memoryview(data)

    def receive(view: memoryview) -> int:
        nonlocal left
        count = min(len(view), len(left))
        if not count:
            raise Closed
        view[:count], left = left[:count], left[count:]
        return count

    return receive
