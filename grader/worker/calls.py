"""Make one call of the student's functions on copies of the inputs, and say what came of it."""

import contextlib
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.worker import wire
from grader.worker.conventions import transcript
from grader.worker.conventions.adapter import Adapter, Unknown, Unusable
from grader.worker.jail import UnloadedError
from grader.worker.standins import StandIn
from grader.worker.wire import Array

MAX_TEXT = 2000
MAX_TRACE = 4000
MAX_WARNINGS = 5
Failure = dict[str, str]


def words(value: object, limit: int = MAX_TEXT) -> str:
    """Return str(value), whatever that does."""
    try:
        return str.__getitem__(str(value), slice(limit))  # not value[:limit], which a subclass of str may answer as it likes
    except BaseException as error:  # noqa: BLE001 - an exception's own __str__ may raise anything
        return f"<its text raised {type(error).__name__}>"


def failure(error: BaseException, paths: Mapping[str, str]) -> Failure:
    """Describe an exception of the student's code; the trace keeps the frames of the student's files."""
    try:
        return _described(error, paths)
    except BaseException:  # noqa: BLE001 - a student's exception class may fight every question
        return {"kind": "exception", "text": "an exception that cannot be shown", "trace": ""}


def _described(error: BaseException, paths: Mapping[str, str]) -> Failure:
    if isinstance(error, Unknown):
        return {"kind": "unknown", "text": words(error)}
    if isinstance(error, Unusable):
        return {"kind": "returned", "text": words(error)}
    if isinstance(error, MemoryError):
        return {"kind": "memory", "text": words(error)}
    if isinstance(error, SystemExit):
        return {"kind": "exit", "text": f"sys.exit({words(error.code, 80)})"}
    if isinstance(error, UnloadedError):
        return {"kind": "environment", "text": words(error)}
    text = f"{type(error).__name__[:100]}: {words(error)}".removesuffix(": ")
    try:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in paths]
        trace = "".join([*traceback.format_list(frames[-8:]), text])[-MAX_TRACE:]
    except BaseException:  # noqa: BLE001 - a student's exception can break the making of its own traceback
        trace = ""
    return {"kind": "exception", "text": text, "trace": trace}


def acceptable(name: str, value: object) -> Array:
    """Return a result as a plain array, or raise Unusable: no subclass, no objects, nothing that computes when looked at."""
    if type(value) is np.ndarray:
        array = value
    elif type(value) in (int, float, bool) or (isinstance(value, np.generic) and type(value).__module__ == "numpy"):
        array = np.array(value)
        if array.dtype == object:
            raise Unusable(f"{name} is a number that NumPy cannot hold")
    elif value is None:
        raise Unusable(f"{name} is None")
    elif type(value) is StandIn:
        raise Unusable(f"{name} comes from {value}; this function is graded with NumPy alone, so return what NumPy computes")
    else:
        raise Unusable(f"{name} is of type {type(value).__name__[:60]}, not a number or a NumPy array")
    if array.dtype.kind in "biuf" and array.dtype.str not in wire.DTYPES:  # another byte order, or long double
        array = array.astype(np.float64 if array.dtype.itemsize > 8 else array.dtype.newbyteorder("="))
    if array.dtype.str not in wire.DTYPES:
        raise Unusable(f"{name} has dtype {words(array.dtype, 60)}, not a real number")
    if array.nbytes > wire.MAX_PAYLOAD // 4 or array.ndim > wire.MAX_DIMENSIONS:
        raise Unusable(f"{name} has shape {array.shape}: far too large")
    return array


def mended(cache: Any, usual: Any, entry: int) -> Any:
    """Return a cache with the array that is usual there in the place of one entry. A cache that is one array is its only entry.

    One whose entries cannot be told, or are fewer, raises what Python raises for that.
    """
    if type(usual) is np.ndarray:
        return usual
    entries = list(cache)
    if type(usual[entry]) is np.ndarray:
        entries[entry] = usual[entry]
    return tuple(entries)


def flush() -> None:
    """Let the parent have what was printed."""
    with contextlib.suppress(BaseException):  # the student's code may have closed or replaced it
        sys.stdout.flush()


class Runner:
    """Runs the calls of one task through its adapter."""

    def __init__(self, adapter: Adapter, found: Mapping[str, Any], paths: Mapping[str, str]) -> None:
        """Take the student's functions by part, and the sources, for tracebacks."""
        self.adapter, self.found, self.paths = adapter, found, paths

    def run(self, call: dict[str, Any], arrays: Mapping[str, Mapping[str, Array]], send: Callable[[str, Any], None]) -> None:
        """Make one call: forward, perhaps another forward in between, then backward. `send` gets each stage as it ends."""
        options = call["options"]
        if "order" in call:
            arrays = {kind: {name: a.copy(call["order"]) for name, a in given.items()} for kind, given in arrays.items()}
        cache: list[Any] = []

        def forward(given: Mapping[str, Array]) -> dict[str, Any]:
            if self.adapter.usual_cache and "forward" not in self.found:
                cache.append(self.adapter.usual_cache(given, dict(options)))
                return {}
            values, kept = self.adapter.forward(self.found, given, dict(options))
            cache.append(kept)
            return values

        def backward(given: Mapping[str, Array]) -> dict[str, Any]:
            if "entry" not in call:
                return self.adapter.backward(self.found, given["dout"], cache[0])
            assert self.adapter.usual_cache
            usual = self.adapter.usual_cache({name: a.copy() for name, a in arrays["arrays"].items()}, dict(options))
            return self.adapter.backward(self.found, given["dout"], mended(cache[0], usual, call["entry"]))

        stage = self.transcribed if call.get("transcribed") else self.stage
        meta, values = stage(forward, arrays["arrays"])
        send("forward", (meta, values))
        if "dout" not in arrays or meta["failure"]:
            return
        if "between" in arrays:
            self.stage(forward, arrays["between"])
        send("backward", stage(backward, arrays["dout"]))

    def transcribed(
        self, function: Callable[[Mapping[str, Array]], dict[str, Any]], given: Mapping[str, Array]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        """Run one function as `stage` does, and add the lines of code that do the same."""
        with transcript.taken() as lines:
            meta, values = self.stage(function, given)
        return {**meta, "lines": lines}, values

    def stage(
        self, function: Callable[[Mapping[str, Array]], dict[str, Any]], given: Mapping[str, Array]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        """Run one function on copies that lie in memory as what is given does; return its values, or its failure, and what it did besides."""
        copies = {name: a.copy("K") for name, a in given.items()}
        meta: dict[str, Any] = {"failure": None, "mutated": [], "warnings": []}
        values: dict[str, Array] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            said = meta["warnings"]
            warnings.showwarning = lambda message, category, *_, **__: (
                said.append(f"{category.__name__[:60]}: {words(message, 200)}") if len(said) < MAX_WARNINGS else None
            )
            try:
                returned = function(copies)
                values = {name: acceptable(name, value) for name, value in returned.items()}
            except BaseException as error:  # noqa: BLE001 - student code may raise anything, SystemExit included
                meta["failure"] = failure(error, self.paths)
                values = {}
        meta["mutated"] = [name for name, a in given.items() if a.shape != copies[name].shape or a.tobytes() != copies[name].tobytes()]
        flush()
        return meta, values
