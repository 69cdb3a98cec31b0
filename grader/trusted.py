"""The code of a checks file, which runs in the grader's process: it cannot end the grader, and who waits long for it is told for what.

It is trusted not to do harm, but not to be free of mistakes. What it prints goes to stderr: stdout is for results.
"""

import builtins
import functools
import importlib.abc
import importlib.util
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

from grader.errors import AssignmentError
from reference.spec import no_reference

PATIENCE = 5.0  # seconds


class _Text(importlib.abc.ExecutionLoader):
    """Loads a module from a text, which tracebacks quote."""

    def __init__(self, path: str, text: str, folder: str) -> None:
        self.path, self._text, self._folder = path, text, folder

    def get_source(self, fullname: str) -> str:
        del fullname
        return self._text

    def get_filename(self, fullname: str) -> str:
        del fullname
        return str(Path(self._folder, self.path))


def module(name: str, path: str, text: str, folder: str) -> ModuleType:
    """Return the module of a text that stood in a file.

    Args:
        name: What Python calls it.
        path: What to call the file in messages.
        text: What it holds.
        folder: From which `path` leads to the file, where that is still there.

    Raises:
        AssignmentError: It wants to end the grader.
        Exception: It cannot be run.
    """
    loader = _Text(path, text, folder)
    made = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, loader.get_filename(name), loader=loader))  # type: ignore[arg-type]
    made.__dict__["print"] = _print
    sys.modules[name] = made  # where a dataclass looks up the names in its annotations
    with _called(path):
        loader.exec_module(made)
    return made


def guarded(described: Any) -> Any:
    """Return a description with its functions, and those of what it is made of, such that none can end the grader."""
    if isinstance(described, tuple):
        return tuple(map(guarded, described))
    if is_dataclass(described) and not isinstance(described, type):
        return replace(described, **{field.name: guarded(getattr(described, field.name)) for field in fields(described)})
    return _guarded(described) if callable(described) and described is not no_reference else described


def place(error: BaseException) -> str:
    """Return the last line of a checks file that an exception went through, as in "my_checks.py, line 7"; "" where there is none."""
    return next(_places(reversed([*traceback.walk_tb(error.__traceback__)])), "")


def _print(*values: object, **options: Any) -> None:
    builtins.print(*values, **{"file": sys.stderr, **options})  # noqa: T201 - it is an instructor who prints


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def guard(*arguments: Any, **options: Any) -> Any:
        with _called(getattr(function, "__name__", "")):
            return function(*arguments, **options)

    return guard


def _places(frames: Iterable[tuple[FrameType, int]]) -> Iterator[str]:
    for frame, line in frames:
        if isinstance(loader := frame.f_globals.get("__loader__"), _Text):
            yield f"{loader.path}, line {line}"


class _Call(NamedTuple):
    """What a thread is in, and since when."""

    thread: int
    what: str
    since: float


_calls: dict[int, _Call] = {}  # the outermost of each thread


@contextmanager
def _called(what: str) -> Iterator[None]:
    thread = threading.get_ident()
    outermost = thread not in _calls
    if outermost:
        _calls[thread] = _Call(thread, what, time.monotonic())
        _watched()
    try:
        yield
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise AssignmentError(f"{place(error) or what}: {type(error).__name__}: {error}; a checks file must not end the grader.") from error
    finally:
        if outermost:
            del _calls[thread]


@functools.cache
def _watched() -> None:
    """Begin to say what takes long; nothing ends that but the end of the grader."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    told: set[_Call] = set()
    while True:
        time.sleep(PATIENCE / 4)
        running = set(_calls.copy().values())
        for call in running - told:
            if time.monotonic() - call.since > PATIENCE and (frame := sys._current_frames().get(call.thread)):
                where = next(_places(traceback.walk_stack(frame)), "")
                sys.stderr.write(f"grader: still waiting for {', '.join(filter(None, (where, call.what)))}; Ctrl-C ends it.\n")
                told.add(call)
        told &= running
