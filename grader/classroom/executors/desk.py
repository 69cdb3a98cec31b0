"""What a run has in a worker process of a cluster: opened once, used for every submission that the process is given.

The functions below are what a worker is asked to do; they run in it, and student code in none of it, only in workers of the launcher.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from grader.classroom.packed import Packed
from grader.classroom.terms import Terms, versions
from grader.errors import SandboxError
from grader.intake import Bundle
from grader.sandbox.isolation import self_test
from grader.sandbox.launch import open_launcher
from grader.worker.jail import Tier


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a worker has: the versions that decide a verdict, and why it cannot keep student code apart as it should, if so."""

    versions: Mapping[str, str]
    no_jail: str = ""


class Desk:
    """What grades, on threads of its own.

    The kernel ends what a worker is forked from together with the thread that started it. Threads of a cluster's worker come and go; these
    stay until the desk is closed.
    """

    def __init__(self, terms: Terms, threads: int) -> None:
        """Start what workers are forked from. Raises SandboxError."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="desk")
        self._opened = ExitStack()
        self._grade: Callable[[Bundle], Packed] = self._pool.submit(self._opened.enter_context, terms.grading()).result()

    def grade(self, bundle: Bundle) -> Packed:
        """Grade a submission."""
        return self._pool.submit(self._grade, bundle).result()

    def close(self) -> None:
        """End everything, when what is being graded is graded."""
        self._pool.shutdown()
        self._opened.close()


_desks: dict[str, Desk] = {}  # by run; the process serves one at a time
_left: set[str] = set()  # runs that are over, of which a desk may be opening still


def offer(tier: Tier) -> Offer:
    """Try to break out of a jail of this tier, and say what this worker has."""
    if tier is not Tier.PROCESS:
        try:
            with open_launcher(tier) as launcher:
                self_test(launcher)
        except SandboxError as error:
            return Offer(versions=versions(), no_jail=str(error))
    return Offer(versions=versions())


def begin(run: str, terms: Terms, threads: int) -> None:
    """Serve a run, and no earlier one any more. Raises SandboxError."""
    for earlier in list(_desks):
        _desks.pop(earlier).close()
    _desks[run] = Desk(terms, threads)
    if run in _left:
        leave(run)


def grade(run: str, bundle: Bundle) -> Packed:
    """Grade a submission of a run.

    Raises:
        SandboxError: The worker serves another run by now.
        LookupError: It serves none: it is a new process at the address of one that was lost.
    """
    if run not in _desks and _desks:
        raise SandboxError("another run of the grader has taken the workers of this cluster; let that one end first.")
    return _desks[run].grade(bundle)


def leave(run: str) -> None:
    """Serve a run no longer; end what was started for it."""
    _left.add(run)
    if desk := _desks.pop(run, None):
        desk.close()
