"""Several processes of this machine, each with workers of its own."""

import contextlib
import itertools
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, cast

import psutil

from grader.classroom.executors.desk import Desk
from grader.classroom.executors.executor import TRIES, Try
from grader.classroom.terms import Terms
from grader.errors import GraderError, SandboxError
from grader.intake import Bundle
from grader.report.results import Results
from grader.sandbox import home

AT_A_TIME = 2  # submissions of a process: it judges one while code of the other runs, and what it has worked out serves both
OWN_MB = 256  # what a process needs itself, with its zygote


def jobs_that_fit(memory_mb: int) -> int:
    """Return how many submissions this machine has cores and memory for at a time, where student code may use `memory_mb` in each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    reaches_for: int = psutil.virtual_memory().available // ((memory_mb + OWN_MB) << 20)
    return max(1, min(cores, reaches_for))


class Processes:
    """Grades `jobs` submissions at a time. A process that dies, for want of memory for example, is replaced, and what it had tried again."""

    def __init__(self, jobs: int) -> None:
        """Nothing is started yet."""
        self._jobs = jobs

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Results]]:
        """Grade all; see `Executor`."""
        folder = home.make()  # of this process, since those that are killed cannot remove theirs
        processes = [_Process(terms, min(AT_A_TIME, self._jobs), folder)]
        waiting = map(Try, bundles)
        done: list[tuple[Bundle, Results]] = []
        try:
            ahead = list(itertools.islice(waiting, 1))  # it may take the reading of a whole class, and the cases are drawn meanwhile
            terms = self._drawn(terms, processes, folder)
            while True:
                while one := ahead.pop() if ahead else next(waiting, None):
                    if not (process := self._room_for(one, processes, terms, folder)):
                        ahead.append(one)
                        break
                    process.begin(one)
                yield from done  # after processes have something to do: what is done with it takes time
                done.clear()
                busy = {process.pipe: process for process in processes if process.has}
                if not busy:
                    return
                for pipe in wait(list(busy)):
                    process = busy[cast("Connection", pipe)]
                    try:
                        done.append(process.answer())
                    except (EOFError, OSError):
                        processes.remove(process)
                        process.end()
                        for one in map(Try.lost, process.has.values()):
                            if one.losses < TRIES:
                                ahead.append(one)
                            else:
                                done.append((one.bundle, terms.lost(one.bundle, f"the process that graded it was lost {TRIES} times")))
        finally:
            for process in processes:
                process.end()
            home.remove(folder)

    def _drawn(self, terms: Terms, processes: list["_Process"], folder: str) -> Terms:
        """Return the terms with their cases, which the only process draws; one that is lost over it is replaced, too."""
        for _ in range(TRIES):
            with contextlib.suppress(EOFError, OSError):
                return terms if terms.banks is not None else processes[0].draw()
            processes.pop().end()
            processes.append(_Process(terms, min(AT_A_TIME, self._jobs), folder))
        raise SandboxError(f"the process that draws the cases was lost {TRIES} times; is there memory for it?")

    def _room_for(self, one: Try, processes: list["_Process"], terms: Terms, folder: str) -> "_Process | None":
        """Return a process that can take a submission now, a new one where there are fewer than there may be."""
        if free := [process for process in processes if process.has_room_for(one)]:
            return min(free, key=lambda process: len(process.has))
        if left := self._jobs - sum(process.at_a_time for process in processes):
            processes.append(_Process(terms, min(AT_A_TIME, left), folder))
            return processes[-1]
        return None


class _Process:
    """One process and the submissions that it has."""

    def __init__(self, terms: Terms, at_a_time: int, folder: str) -> None:
        # A new interpreter, not a fork of this one: the same on every system, and threads of this process do no harm.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.at_a_time = at_a_time
        self.has: dict[str, Try] = {}
        self._process = context.Process(target=_serve, args=(theirs, at_a_time, folder), daemon=True)
        self._process.start()
        theirs.close()
        self._send(terms)

    def draw(self) -> Terms:
        """Return the terms that it was sent with their cases, which it draws. Raises EOFError or OSError where it is lost, GraderError."""
        return cast("Terms", self._received())

    def has_room_for(self, one: Try) -> bool:
        """Whether it can take a submission. One over which a process was lost shares it with none, and so takes no other along."""
        alone = one.losses or any(other.losses for other in self.has.values())
        return len(self.has) < (1 if alone else self.at_a_time)

    def begin(self, one: Try) -> None:
        """Send it a submission. That it is lost shows when its answer is read."""
        self.has[one.bundle.id] = one
        self._send(one.bundle)

    def answer(self) -> tuple[Bundle, Results]:
        """Return a submission with its entry. Raises EOFError or OSError where the process is lost, SandboxError where it cannot grade."""
        name, entry = self._received()
        return self.has.pop(name).bundle, entry

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _send(self, what: Terms | Bundle) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(what)

    def _received(self) -> Any:
        match self.pipe.recv():
            case GraderError() as error:
                raise error
            case what:
                return what


def _end_with_its_parent(folder: str) -> None:
    """End where the process that started this one is killed, whatever is drawn or graded here, and take its folder away."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    home.remove(folder)
    os._exit(1)


def _serve(pipe: Connection, at_a_time: int, folder: str) -> None:
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_its_parent, args=(folder,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one, which ends it
    one_by_one = threading.Lock()

    def answer(bundle: Bundle, graded: Future[Results]) -> None:
        with one_by_one, contextlib.suppress(OSError):  # who started this one may be gone
            if graded.exception():
                os._exit(1)  # nothing but the loss of this process tells that there will be no answer
            pipe.send((bundle.id, graded.result()))

    try:
        terms: Terms = pipe.recv()
        if terms.banks is None:
            terms = terms.drawn()
            pipe.send(terms)
        desk = Desk(terms, at_a_time)
        while True:
            bundle = pipe.recv()
            desk.submit(bundle).add_done_callback(partial(answer, bundle))
    except GraderError as error:
        pipe.send(error)
    except (EOFError, OSError):  # who started this one is gone
        return
