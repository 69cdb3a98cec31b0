"""The worker's loop: survey, load, call, until the parent hangs up."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from grader.worker import banned, calls, dialect, loading, wire
from grader.worker.conventions.adapter import Wanted
from grader.worker.conventions.own import Signature, conventions
from grader.worker.definitions import definitions
from grader.worker.instead import put_instead
from grader.worker.probes import attempt
from grader.worker.survey import survey
from grader.worker.wire import Blocking, Kind

# Of one entry of a survey. Even of letters that JSON spells with six bytes, the largest (two parts, with path and error, and four
# full lists) stays below what a frame holds. Files are looked up by the path of a part, so that one is cut where no system has any.
MAX_PATH = 1024
MAX_NAME = 150  # in a list, which is only shown
MAX_LISTED = 8


def load(
    meta: dict[str, Any], finder: loading.SourceFinder, tell: Callable[[str, calls.Failure | None, list[list[Any]]], None]
) -> calls.Runner:
    """Run the files that hold the functions of one task, part by part; those that ran for another task do not run again.

    `tell` gets each part as it ends, with what failed of it, and the statements that failed of the files so far: path, line, what was raised.
    `instead` in the request is what stands in the place of wrong layers, where a net is graded again; `own` are the signatures of layers that no convention knows.
    """
    files: Mapping[str, str] = meta["files"]
    adapter = conventions(_signatures(meta))[meta["convention"]][meta["task"]]
    _as_first()
    found, before = {}, len(finder.failed)
    for part, place in meta["parts"].items():
        try:
            found[part] = getattr(finder.load(place["path"]), place["name"])
            _without_stubs(found[part], place, adapter.wants[part], files)
            if not callable(found[part]):
                raise TypeError(f"{place['name']} is no function but {calls.words(found[part], 60)}")
        except BaseException as error:  # noqa: BLE001 - importing a student's file may raise anything, SystemExit included
            tell(part, calls.failure(error, files), [])
        else:
            past = [[path, line, calls.failure(error, files)["text"]] for path, line, error in _failed(finder, before, place["path"])]
            tell(part, None, past)
    if "instead" in meta:
        put_instead(**meta["instead"])
    return calls.Runner(adapter, found, files)


def _as_first() -> None:
    """Let what draws numbers draw those that it would as the first task of a worker."""
    import random

    import numpy as np

    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - student code that draws from the legacy generator must draw the same every time


def _failed(finder: loading.SourceFinder, before: int, path: str) -> list[loading.Passed]:
    """Return the statements that failed in this load, and earlier in files that ran then and belong to this task, too."""
    earlier = finder.failed[:before]
    belonging = banned.reached(finder.files, [path]) if earlier else set()
    return [*(failed for failed in earlier if failed[0] in belonging), *finder.failed[before:]][:MAX_LISTED]


def _signatures(meta: Mapping[str, Any]) -> dict[str, Signature]:
    """Return the layers of the instructor's own that a request tells of."""
    return {layer: Signature(*map(tuple, told)) for layer, told in meta.get("own", {}).items()}


def _without_stubs(made: Any, place: Mapping[str, Any], wanted: Wanted, files: Mapping[str, str]) -> None:
    """Take from a class the versions of a method that nobody has filled in, so that none of them decides."""
    for definition in definitions(place["path"], dialect.readable(files[place["path"]])) if wanted.versions else ():
        if definition.name == place["name"]:
            for name in definition.passed_over(wanted) & vars(made).keys():
                delattr(made, name)


def serve(channel: Blocking) -> None:
    """Answer frames until the parent closes the socket."""
    runner: calls.Runner | None = None
    finder: loading.SourceFinder | None = None
    channel.send(Kind.READY, {})
    while True:
        try:
            frame = channel.receive()
        except wire.Closed:
            return
        if frame.kind == Kind.SURVEY:
            _tell(survey(**{**frame.meta, "own": _signatures(frame.meta)}), channel)
            channel.send(Kind.DONE, {})
        elif frame.kind == Kind.PROBE:
            channel.send(Kind.PROBED, attempt(**frame.meta))
        elif frame.kind == Kind.LOAD:
            finder = finder or loading.install(frame.meta["files"])
            runner = load(frame.meta, finder, partial(_told, channel))
            _turn()
        elif frame.kind == Kind.TURN:
            channel.send(Kind.DONE, {"turned": _turn()})
        elif runner is not None:
            _run(runner, frame, channel)
            channel.send(Kind.DONE, {})
        calls.flush()


def _turn() -> bool:
    """Begin what is printed anew; return whether it could be, since the student's code may have closed where it goes."""
    calls.flush()
    try:
        return os.write(1, wire.PAGE) == len(wire.PAGE)
    except OSError:
        return False


def _told(channel: Blocking, part: str, failure: calls.Failure | None, past: list[list[Any]]) -> None:
    channel.send(Kind.LOADED, {"part": part, "failure": failure, "past": past})


def _tell(found: Mapping[str, Any], channel: Blocking) -> None:
    """Send what was found entry by entry, since all of it may be more than a frame holds."""
    channel.send(Kind.SURVEYED, {section: {} for section in found})
    for section, entries in found.items():
        for key, entry in entries.items():
            channel.send(Kind.SURVEYED, {section: {key: _cut(entry)}})


def _cut(entry: Any, letters: int = MAX_PATH) -> Any:
    """Return an entry without what is too much to be of use: the ninth near miss, the end of a name of a thousand letters."""
    match entry:
        case str():
            return entry[:letters]
        case dict():
            return {key: _cut(value) for key, value in entry.items()}
        case list():
            return [_cut(value, MAX_NAME) for value in entry[:MAX_LISTED]]
    return entry


def _run(runner: calls.Runner, frame: wire.Frame, channel: Blocking) -> None:
    reader = wire.Reader(frame.payload)
    for number, call in enumerate(frame.meta["calls"]):
        arrays = {key: reader.unpack(call[key]) for key in ("arrays", "dout", "between") if key in call}

        def send(part: str, stage: Any, number: int = number) -> None:
            meta, values = stage
            buffers: list[bytes] = []
            described = wire.pack(values, buffers)
            channel.send(Kind.STAGE, {"call": number, "part": part, "values": described, **meta}, buffers)

        runner.run(call, arrays, send)
