"""Several processes of this machine, each with workers of its own."""

import contextlib
import itertools
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable
from multiprocessing.connection import Connection, wait
from typing import cast

import psutil

from grader.classroom.executors.executor import TRIES
from grader.classroom.terms import Terms
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.report.results import Results

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

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Results]]:
        """Grade all; see `Executor`."""
        waiting = ((bundle, 1) for bundle in bundles)
        # What was read while processes were busy, or lost with one, and which try comes next.
        ahead = list(itertools.islice(waiting, self._jobs))
        idle = [_Process() for _ in ahead]
        busy: dict[Connection, _Process] = {}
        done: list[tuple[Bundle, Results]] = []
        try:
            terms = terms.drawn()  # while they start
            for process in idle:
                process.agree(terms)
            while True:
                while len(busy) < self._jobs and (one := ahead.pop() if ahead else next(waiting, None)):
                    process = idle.pop() if idle else _Process().agree(terms)
                    busy[process.pipe] = process
                    process.begin(*one)
                yield from done  # after processes have something to do: what is done with it takes time
                done.clear()
                if not busy:
                    return
                if not ahead:
                    ahead += itertools.islice(waiting, 1)
                for pipe in cast("list[Connection]", wait(list(busy))):
                    process = busy[pipe]
                    try:
                        entry = process.answer()
                    except (EOFError, OSError):
                        del busy[pipe]
                        process.end()
                        if process.tries < TRIES:
                            ahead.append((process.bundle, process.tries + 1))
                        else:
                            done.append((process.bundle, terms.lost(process.bundle, f"the process that graded it was lost {TRIES} times")))
                    else:
                        idle.append(busy.pop(pipe))
                        done.append((process.bundle, entry))
        finally:
            for process in (*idle, *busy.values()):
                process.end()


class _Process:
    """One process, the submission that it has, and which try that is."""

    bundle: Bundle
    tries: int

    def __init__(self) -> None:
        # A new interpreter, not a fork of this one: the same on every system, and threads of this process do no harm.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def agree(self, terms: Terms) -> "_Process":
        """Send it what submissions are graded by, before any of them."""
        with contextlib.suppress(OSError):
            self.pipe.send(terms)
        return self

    def begin(self, bundle: Bundle, tries: int) -> None:
        """Send it a submission. That it is lost shows when its answer is read."""
        self.bundle, self.tries = bundle, tries
        with contextlib.suppress(OSError):
            self.pipe.send(bundle)

    def answer(self) -> Results:
        """Return the entry. Raises EOFError or OSError where the process is lost, SandboxError where it cannot grade."""
        match self.pipe.recv():
            case SandboxError() as error:
                raise error
            case entry:
                return cast("Results", entry)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one, which ends it
    try:
        with pipe.recv().grading() as grade:
            while True:
                pipe.send(grade(pipe.recv()))
    except SandboxError as error:
        pipe.send(error)
    except (EOFError, OSError):  # who started this one is gone
        return
