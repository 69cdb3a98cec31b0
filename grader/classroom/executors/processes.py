"""Several processes of this machine, each with workers of its own."""

import contextlib
import itertools
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Generator, Iterable
from multiprocessing.connection import Connection, wait
from typing import Any, cast

import psutil

from grader.classroom.executors.deaf import deaf
from grader.classroom.executors.executor import TRIES, Try
from grader.classroom.packed import Packed
from grader.classroom.terms import Terms
from grader.errors import GraderError, SandboxError
from grader.intake import Bundle
from grader.sandbox import home

OWN_MB = 256  # what a process needs itself, with its zygote


def processes_that_fit(memory_mb: int) -> int:
    """Return how many processes this machine has cores and memory for, where student code may use `memory_mb` in each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    reaches_for: int = psutil.virtual_memory().available // ((memory_mb + OWN_MB) << 20)
    return max(1, min(cores, reaches_for))


class Processes:
    """Grades in `jobs` processes. One that dies, for want of memory for example, is replaced, and what it had is tried again."""

    def __init__(self, jobs: int) -> None:
        """Nothing is started yet."""
        self._jobs = jobs

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Packed]]:
        """Grade all; see `Executor`."""
        folder = home.make()  # of this process, since those that are killed cannot remove theirs
        idle = [_Process(terms, folder)]
        busy: dict[Connection, _Process] = {}
        waiting = map(Try, bundles)
        done: list[tuple[Bundle, Packed]] = []
        try:
            # What was read while processes were busy, or lost with one. The first may take the reading of a whole class: cases are drawn meanwhile.
            ahead = list(itertools.islice(waiting, 1))
            terms = terms if terms.banks is not None else self._drawn(terms, idle, folder)
            while True:
                while len(busy) < self._jobs and (one := ahead.pop() if ahead else next(waiting, None)):
                    process = idle.pop() if idle else _Process(terms, folder)
                    busy[process.pipe] = process
                    process.begin(one)
                yield from done  # after processes have something to do: what is done with it takes time
                done.clear()
                if not busy:
                    return
                if not ahead:
                    ahead += itertools.islice(waiting, 1)
                for pipe in cast("list[Connection]", wait(list(busy))):
                    process = busy[pipe]
                    try:
                        done.append((process.has.bundle, process.received()))
                    except (EOFError, OSError):
                        busy.pop(pipe).end()
                        if (lost := process.has.lost()).losses < TRIES:
                            ahead.append(lost)
                        else:
                            done.append((lost.bundle, terms.lost(lost.bundle, f"the process that graded it was lost {TRIES} times")))
                    else:
                        idle.append(busy.pop(pipe))
        finally:
            for process in (*idle, *busy.values()):
                process.end()
            home.remove(folder)

    def _drawn(self, terms: Terms, idle: list["_Process"], folder: str) -> Terms:
        """Return the terms with their cases, which the only process draws; one that is lost over it is replaced, too."""
        for _ in range(TRIES):
            with contextlib.suppress(EOFError, OSError):
                return cast("Terms", idle[0].received())
            idle.pop().end()
            idle.append(_Process(terms, folder))
        raise SandboxError(f"the process that draws the cases was lost {TRIES} times; is there memory for it?")


class _Process:
    """One process, and the submission that it has."""

    has: Try

    def __init__(self, terms: Terms, folder: str) -> None:
        # A new interpreter, not a fork of this one: the same on every system, and threads of this process do no harm.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, folder), daemon=True)
        with deaf():
            self._process.start()
        theirs.close()
        self._send(terms)

    def begin(self, one: Try) -> None:
        """Send it a submission. That it is lost shows when its answer is read."""
        self.has = one
        self._send(one.bundle)

    def received(self) -> Any:
        """Return a packed entry, or the terms with their cases where they had none.

        Raises:
            EOFError, OSError: The process is lost.
            GraderError: It cannot draw, or cannot grade.
        """
        match self.pipe.recv():
            case GraderError() as error:
                raise error
            case what:
                return what

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _send(self, what: Terms | Bundle) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(what)


def _end_with_its_parent(folder: str) -> None:
    """End where the process that started this one is killed, whatever is drawn or graded here, and take its folder away."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    home.remove(folder)
    os._exit(1)


def _serve(pipe: Connection, folder: str) -> None:
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_its_parent, args=(folder,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where `deaf` can do nothing
    try:
        terms: Terms = pipe.recv()
        if terms.banks is None:
            terms = terms.drawn()
            pipe.send(terms)
        with terms.grading() as grade:
            while True:
                pipe.send(grade(pipe.recv()))
    except GraderError as error:
        pipe.send(error)
    except (EOFError, OSError):  # who started this one is gone
        return
