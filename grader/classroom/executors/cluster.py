"""The workers of a Dask cluster, on this machine or others.

Dask moves submissions and results; which worker has which submission is decided here, so that a worker that is refused gets none, and
one that takes workers down with it takes no other along. Dask's transport is trusted: see docs/scale.md.
"""

import contextlib
import logging
import queue
import secrets
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.classroom.executors import desk
from grader.classroom.executors.deaf import deaf
from grader.classroom.executors.executor import TRIES, Try
from grader.classroom.packed import Packed
from grader.classroom.terms import Terms, versions
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.sandbox import home

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
IN_FLIGHT = 2  # submissions a thread: one that is graded, and one that is there when it is done
LOOK_SECONDS = 0.5  # how often is seen who has joined and who is gone
PATIENCE_SECONDS = 10.0  # how long a run waits for a worker where it has none
CONNECT_SECONDS = 10.0
FETCH_SECONDS = 2.0  # for a result that is there
LEAVE_SECONDS = 2.0


class Cluster:
    """Grades on the workers of a scheduler. What a worker has when it dies is tried again on another."""

    def __init__(self, address: str, jobs: int = 1, tell: Callable[[str], Any] = lambda _: None) -> None:
        """Nothing is started yet.

        Args:
            address: Of the scheduler, `tcp://HOST:PORT`; `local` starts one, with workers, on this machine.
            jobs: How many workers are started on this machine.
            tell: Called with a sentence for every worker that is refused.
        """
        self._address, self._jobs, self._tell = address, jobs, tell

    def run(self, terms: Terms, bundles: Iterable[Bundle]) -> Generator[tuple[Bundle, Packed]]:
        """Grade all; see `Executor`. What a worker elsewhere is grading when this is closed runs out by its limits, for nobody."""
        with _connected(self._address, self._jobs) as client:
            try:
                yield from _Run(client, terms.drawn(), bundles, self._tell).results()
            except OSError as error:
                raise SandboxError(f"{self._address}: the scheduler is gone ({error}); the same command goes on from here.") from error


@contextlib.contextmanager
def _connected(address: str, jobs: int) -> Iterator["Client"]:
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise SandboxError("--cluster needs Dask; install it with: pip install 'nablagrade[cluster]'") from error
    with contextlib.ExitStack() as stack:
        here: LocalCluster | None = None
        if address == LOCAL:
            folder = home.make()  # of this process, since those that are ended while they grade remove none
            stack.callback(home.remove, folder)
            with deaf():
                here = LocalCluster(
                    n_workers=jobs,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=None,  # students' limits hold in their own processes
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.ERROR,
                    env={"TMPDIR": folder},
                )
            stack.enter_context(here)
        try:
            client = stack.enter_context(Client(here or address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError) as error:
            raise SandboxError(f"{address}: no Dask scheduler answers there ({error}).") from error
        yield client


@dataclass(eq=False)
class _Worker:
    """A worker, what it was asked before it gets work, and the submissions that it has."""

    address: str
    threads: int
    asked: "Future[Any] | None" = None
    accepted: bool = False
    has: dict["Future[Any]", Try] = field(default_factory=dict)

    @property
    def load(self) -> float:
        """Submissions a thread; it is full where one is suspected of taking workers down: that one is graded alone."""
        return float("inf") if any(one.losses for one in self.has.values()) else len(self.has) / self.threads


class _Run:
    """One run: who works for it, and who has what."""

    def __init__(self, client: "Client", terms: Terms, bundles: Iterable[Bundle], tell: Callable[[str], Any]) -> None:
        self._client, self._terms, self._tell = client, terms, tell
        self._id = secrets.token_hex(8)
        self._waiting, self._exhausted = map(Try, bundles), False
        self._again: list[Try] = []  # what a lost worker had
        self._workers: dict[str, _Worker] = {}
        self._refused: dict[str, str] = {}
        self._done: queue.SimpleQueue[tuple[_Worker, Future[Any]]] = queue.SimpleQueue()
        self._looked = float("-inf")
        self._had_workers = time.monotonic()

    def results(self) -> Generator[tuple[Bundle, Packed]]:
        """Grade all."""
        try:
            while True:
                yield from self._look()
                self._hand_out()
                if self._exhausted and not self._again and not any(worker.has for worker in self._workers.values()):
                    return
                yield from self._take()
        finally:
            with contextlib.suppress(OSError):  # who cannot be told, for want of a scheduler, has nothing to do either
                self._leave()

    def _look(self) -> Iterator[tuple[Bundle, Packed]]:
        """See who has joined and who is gone, where it is time to."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        there = self._client.nthreads()
        for address in self._workers.keys() - there.keys():
            yield from self._lost(address)
        self._refused = {address: why for address, why in self._refused.items() if address in there}
        for address in there.keys() - self._workers.keys() - self._refused.keys():
            worker = self._workers[address] = _Worker(address, there[address])
            worker.asked = self._ask(worker, desk.offer, self._terms.tier)
        if self._workers:
            self._had_workers = now
        elif now - self._had_workers > PATIENCE_SECONDS:
            raise SandboxError("\n".join(["No worker of the cluster can grade.", *self._refused.values()]))

    def _hand_out(self) -> None:
        """Give every worker what it has room for."""
        while free := [worker for worker in self._workers.values() if worker.accepted and worker.load < IN_FLIGHT]:
            worker = min(free, key=lambda one: one.load)
            if self._again:
                if worker.has:
                    return  # what a lost worker had may have ended it, and goes to one that has nothing else to lose
                one = self._again.pop()
            elif fresh := next(self._waiting, None):
                one = fresh
            else:
                self._exhausted = True
                return
            worker.has[self._ask(worker, desk.grade, self._id, one.bundle)] = one

    def _take(self) -> Iterator[tuple[Bundle, Packed]]:
        """Wait for an answer, not for long, and do what follows from it."""
        try:
            worker, future = self._done.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        if future is worker.asked:
            self._answered(worker, future)
        elif future in worker.has:
            try:
                packed = future.result(timeout=FETCH_SECONDS)
            except SandboxError:
                raise
            except TimeoutError:  # that it is slow, or gone, shows at the next look
                self._done.put((worker, future))
            except (Exception, CancelledError):  # noqa: BLE001 - for whatever reason there is no result, it is not the submission's
                yield from self._lost(worker.address)
            else:
                yield worker.has.pop(future).bundle, packed

    def _answered(self, worker: _Worker, future: "Future[Any]") -> None:
        """Go on with a worker that was asked what it has, or to begin."""
        worker.asked = None
        if future.status != "finished":
            self._refuse(worker, f"it cannot grade: {future.exception() if future.status == 'error' else future.status}")
            return
        match future.result(timeout=FETCH_SECONDS):
            case desk.Offer(no_jail=why) if why:
                self._refuse(worker, f"the jail of this run ({self._terms.tier}) cannot be had there: {why}")
            case desk.Offer(versions=theirs) if different := [name for name, ours in versions().items() if theirs[name] != ours]:
                said = (f"{name} {theirs[name]}, not {versions()[name]}" for name in different)
                self._refuse(worker, f"it has {', '.join(said)}")
            case desk.Offer():
                worker.asked = self._ask(worker, desk.begin, self._id, self._terms, worker.threads)
            case _:
                worker.accepted = True

    def _refuse(self, worker: _Worker, why: str) -> None:
        if self._workers.pop(worker.address, None):
            self._refused[worker.address] = f"The worker {worker.address} gets no work: {why}"
            self._tell(self._refused[worker.address])

    def _lost(self, address: str) -> Iterator[tuple[Bundle, Packed]]:
        """Have what a worker had tried again; it may come back, as a new one."""
        worker = self._workers.pop(address)
        had, worker.has = worker.has, {}
        self._client.cancel(list(had))
        for one in map(Try.lost, had.values()):
            if one.losses < TRIES:
                self._again.append(one)
            else:
                yield one.bundle, self._terms.lost(one.bundle, f"the worker that graded it was lost {TRIES} times")

    def _leave(self) -> None:
        from distributed import fire_and_forget, wait

        workers = self._workers.values()
        self._client.cancel([future for worker in workers for future in worker.has])
        left = [self._client.submit(desk.leave, self._id, workers=[one.address], pure=False) for one in workers]
        fire_and_forget(left)
        with self._client.as_current(), contextlib.suppress(TimeoutError, CancelledError):
            wait(left, timeout=LEAVE_SECONDS)

    def _ask(self, worker: _Worker, do: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        future = self._client.submit(do, *arguments, workers=[worker.address], pure=False)
        future.add_done_callback(lambda done: self._done.put((worker, done)))
        return future
