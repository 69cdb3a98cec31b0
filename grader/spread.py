"""What is worked out of every submission of a large class is worked out on all cores."""

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any

from grader.errors import ReportError

Over = Callable[..., Iterable[Any]]  # `map`, or what maps as it does
MANY = 100  # submissions: with fewer, processes take longer to start than they save
AHEAD = 4  # values that are asked for before they are taken, for each process


def cores() -> int:
    """Return how many processes of ours run at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def spread(count: int) -> Iterator[Over]:
    """Give what maps over so many submissions as `map` does: over many in processes, a few ahead of what is taken, never all at once.

    What is mapped, and what comes of it, is pickled on its way.

    Raises:
        ReportError: A process was lost.
    """
    if count < MANY or cores() == 1:
        yield map
        return
    # New interpreters, not forks of this one: the same on every system, and threads of this process do no harm.
    with ProcessPoolExecutor(cores(), get_context("spawn"), _begin) as pool:

        def over(function: Callable[..., Any], *values: Iterable[Any]) -> Iterator[Any]:
            ahead: deque[Any] = deque()
            for each in zip(*values, strict=False):
                ahead.append(pool.submit(function, *each))
                if len(ahead) > AHEAD * cores():
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

        try:
            yield over
        except BrokenProcessPool as error:
            raise ReportError("A process that writes reports was lost, perhaps for want of memory; the same command goes on.") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()  # one that is killed says nothing, and its processes would wait for it
    os._exit(1)
