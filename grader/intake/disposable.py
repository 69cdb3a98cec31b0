"""Notebooks are converted in a process that may be lost: parsers can be made to crash, to hang, or to eat all memory."""

import atexit
import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import IntakeError
from grader.intake.names import LeftOutError

MAIN = Path(__file__).with_name("converter.py")
START_SECONDS = 30.0
SECONDS = 5.0  # for one notebook; the largest that are read take a fifth of one
MEMORY_MB = 768  # address space: Python and nbformat, and a million values of JSON
MAX_ANSWER = 16 << 20
KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # what Python itself may need; nothing that a notebook could be after


@dataclass(frozen=True, slots=True)
class Converted:
    """What a notebook became: its cells as one module, the files they write, and what is to be said of cells."""

    module: str
    files: Mapping[str, str]
    notes: tuple[str, ...]


class LostError(LeftOutError):
    """The process was lost over a notebook."""


class Converter:
    """Keeps one such process: started when the first notebook comes, warm for the next, started anew after it was lost."""

    def __init__(self, main: Path = MAIN, seconds: float = SECONDS) -> None:
        """Nothing is started yet.

        Args:
            main: The script to run.
            seconds: How long one notebook may take.
        """
        self._main = main
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __call__(self, data: bytes) -> Converted:
        """Convert a notebook.

        Raises:
            LeftOutError: It cannot be converted.
            LostError: And it cost the process.
            IntakeError: The process cannot be started: no fault of the notebook.
        """
        data.decode("utf-8-sig")  # raises for the collector to name the byte
        with self._lock:
            if self._process and self._process.poll() is not None:
                self._lose()  # ended while nobody asked: the system was short of memory
            process = self._process = self._process or self._start()
            text = data.removeprefix(b"\xef\xbb\xbf")
            line = _answer(process, self._seconds, b"%d\n" % len(text) + text)
            try:
                return _understood(line)
            except ValueError as error:
                self._lose()
                raise LostError("reading it takes too long or too much memory, or ends the reader") from error

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._lose()

    def _start(self) -> subprocess.Popen[bytes]:
        # -I -S: no environment, no user site; modules come from where this process has them. Not from the current folder,
        # which may hold submissions, unless the grader is there.
        own = str(Path(__file__).resolve().parents[2])
        folders = dict.fromkeys([own, *(p for p in sys.path if p not in {"", str(Path.cwd())})])
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(self._main), str(MEMORY_MB), *folders],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in KEPT if name in os.environ},
        )
        if _answer(process, START_SECONDS) != b'"ready"\n':
            _end(process)
            raise IntakeError("The process that converts notebooks cannot be started; is nbformat installed?")
        return process

    def _lose(self) -> None:
        if self._process:
            _end(self._process)
        self._process = None


def _answer(process: subprocess.Popen[bytes], seconds: float, request: bytes = b"") -> bytes:
    """Return one line of a process; nothing, or a part of one, where the time was over, it ended or says too much."""
    assert process.stdin
    assert process.stdout
    # Killing is what works everywhere: it ends a read or a write that waits for the process, on any system.
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(OSError):  # it has ended: what it said before is read below
            process.stdin.write(request)
            process.stdin.flush()
        line = process.stdout.readline(MAX_ANSWER)
    finally:
        timer.cancel()
        timer.join()
    return b"" if expired.is_set() else line  # an answer in the last moment would leave a dead process for the next notebook


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):  # what was not written yet never will be
                pipe.close()


def _understood(line: bytes) -> Converted:
    """Check an answer; the process may have been taken over by what it read."""
    answer = json.loads(line) if line.endswith(b"\n") else None
    match answer:
        case {"refused": str(reason)}:
            raise LeftOutError(reason)
        case {"module": str(module), "files": dict(files), "notes": [*notes]} if all(isinstance(s, str) for s in (*files.values(), *notes)):
            return Converted(module, files, tuple(notes))
    raise ValueError(line[:80])


@functools.cache
def shared() -> Converter:
    """Return the converter of this process, which ends with it."""
    converter = Converter()
    atexit.register(converter.close)
    return converter
