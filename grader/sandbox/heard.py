"""What a worker is asked, and what it is heard to answer: believing nothing, wire.ProtocolError for whatever makes no sense."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from grader.model import PARTS, Call, Failure, FailureKind, Stage
from grader.text import Cleaned, clean, one_line
from grader.worker import wire
from grader.worker.wire import Kind

MAX_LINES, MAX_LETTERS = 60, 400  # of code


def read_past(told: object, files: Mapping[str, str]) -> list[tuple[Cleaned, int, Cleaned]]:
    """Return the statements that failed while files were run: path, line, what was raised."""
    past = []
    for one in told if isinstance(told, list) else [told]:
        match one:
            case [str(path), int(line), str(text)] if path in files and 0 <= line < 10**8:
                past.append((one_line(path, 120), line, one_line(text)))
            case _:
                raise wire.ProtocolError("past")
    return past


def read_load_failure(described: Mapping[str, str]) -> Failure:
    """Return why a file could not be run."""
    failure = _failure(described)
    if failure.kind is FailureKind.ENVIRONMENT:
        return failure
    return Failure(kind=FailureKind.LOAD, text=failure.text or clean(failure.kind), trace=failure.trace)


def _failure(described: object) -> Failure:
    match described:
        case {"kind": "exception" | "exit" | "returned" | "memory" | "environment" | "unknown" as kind, "text": str(text), **rest}:
            trace = rest.get("trace", "")
            return Failure(kind=FailureKind(kind), text=clean(text), trace=clean(trace if isinstance(trace, str) else "", 4000))
    raise wire.ProtocolError("failure")


def describe(call: Call, buffers: list[bytes], backward: bool) -> dict[str, Any]:
    """Return how a call is asked for, and append the bytes of its arrays to `buffers`."""
    described, own = _described(call, backward)
    buffers += own
    return described


@lru_cache(maxsize=4096)
def _described(call: Call, backward: bool) -> tuple[dict[str, Any], list[bytes]]:
    """Return the same with the bytes; what a plan asks, it asks of every submission."""
    buffers: list[bytes] = []
    described: dict[str, Any] = {"options": dict(call.case.options), "arrays": wire.pack(call.case.arrays, buffers)}
    if backward and call.dout is not None:
        described["dout"] = wire.pack({"dout": call.dout}, buffers)
    if call.between:
        described["between"] = wire.pack(call.between, buffers)
    if call.entry is not None:
        described["entry"] = call.entry
    if call.transcribed:
        described["transcribed"] = True
    if call.order != "C":
        described["order"] = call.order
    return described, buffers


def read_stage(frame: wire.Frame, start: int, end: int) -> tuple[int, str, Stage]:
    """Return the number of the call, the part and what came of it."""
    meta = frame.meta
    number, part, failure = meta.get("call"), meta.get("part"), meta.get("failure")
    if frame.kind != Kind.STAGE or type(number) is not int or not 0 <= number < end - start or part not in PARTS:
        raise wire.ProtocolError("stage")
    reader = wire.Reader(frame.payload)
    values = reader.unpack(meta.get("values"))
    reader.end()
    return number + start, part, Stage(
        values=values,
        failure=None if failure is None else _failure(failure),
        mutated=_texts(meta.get("mutated")),
        warnings=_texts(meta.get("warnings")),
        lines=read_lines(meta.get("lines")),
    )  # fmt: skip


def _texts(value: object) -> tuple[Cleaned, ...]:
    return tuple(one_line(v) for v in value[:8] if isinstance(v, str)) if isinstance(value, list) else ()


def read_lines(value: object) -> tuple[Cleaned, ...]:
    """Return lines of code; none, where one of them cannot be shown as it is."""
    told = value if isinstance(value, list) and len(value) <= MAX_LINES else []
    shown = tuple(clean(line, MAX_LETTERS) for line in told if isinstance(line, str) and "\n" not in line)
    return shown if list(shown) == told else ()
