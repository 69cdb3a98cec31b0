"""Ask a worker what is in a submission; no student code runs."""

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from grader.errors import SandboxError
from grader.model import Failure, FailureKind, Limits
from grader.sandbox.process import Late, Launcher, Process
from grader.sandbox.session import Lost, await_ready
from grader.sandbox.surveyed import Surveyed, surveyed
from grader.text import clean
from grader.worker import wire
from grader.worker.conventions.own import Signature, conventions
from grader.worker.wire import Kind

MAX_SURVEYED = 1000  # frames of one survey: one for each task and for each file that does not parse


def survey(
    launcher: Launcher,
    limits: Limits,
    files: Mapping[str, str],
    tasks: Mapping[str, tuple[str, Sequence[str]]],
    *,
    banned: Mapping[str, Sequence[str]] = MappingProxyType({}),
    names: Mapping[str, Mapping[str, Sequence[str]]] = MappingProxyType({}),
    own: Mapping[str, Signature] = MappingProxyType({}),
    leave: Callable[[Process], object] = Process.kill,
) -> Surveyed:
    """Ask a worker which functions of which tasks the files define, and what `imports` and `calls` they use that are banned; nothing
    of them is run. `names` are further names of a task's functions, by task and part, and `own` the layers that no convention knows.
    `leave` is called with the worker, which has done nothing else, when it has answered.

    Raises:
        Lost: No answer came, or none to the question; the files hold a text that no parser survives.
        SandboxError: There is no worker, or its launcher was lost.
    """
    process = launcher.start(limits.memory_mb)
    try:
        await_ready(process)
        deadline = time.monotonic() + limits.load_seconds
        more: dict[str, Any] = {"names": {task: dict(parts) for task, parts in names.items()}} if names else {}
        more |= {"own": dict(own)} if own else {}
        process.send(Kind.SURVEY, {"files": dict(files), "tasks": dict(tasks), **banned, **more}, [], limits.load_seconds)
        found = surveyed(_answer(process, deadline), files, tasks, conventions(own))
    except (Late, wire.Closed, wire.ProtocolError) as error:
        if process.kill().orphaned:
            raise SandboxError("the process that starts the workers was ended while files were read") from error
        raise Lost(Failure(kind=FailureKind.LOAD, text=clean(type(error).__name__))) from error
    except BaseException:
        process.kill()
        raise
    leave(process)
    return found


def _answer(process: Process, deadline: float) -> dict[str, Any]:
    """Put together what comes in parts. One deadline holds for all of them, and so does a bound."""
    found: dict[str, Any] = {}
    for _ in range(MAX_SURVEYED):
        frame = process.receive(deadline - time.monotonic())
        if frame.kind == Kind.DONE:
            return found
        if frame.kind != Kind.SURVEYED:
            break
        for section, entries in frame.meta.items():
            if not isinstance(entries, dict):
                raise wire.ProtocolError("survey")
            found.setdefault(section, {}).update(entries)
    raise wire.ProtocolError("survey")
