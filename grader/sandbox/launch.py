"""Which way to start workers this system has, and a new start where one was lost."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.spawn import SpawnLauncher
from grader.worker.jail import Tier

if TYPE_CHECKING:
    from grader.sandbox.process import Exit, Launcher, Process


class Relaunching:
    """A launcher that is started anew when it is lost, so that one submission that brings it down stops no other."""

    def __init__(self, launch: Callable[[], "Launcher"]) -> None:
        """Start the first one."""
        self._launch = launch
        self._current = launch()
        self.tier = self._current.tier
        self._lock = threading.Lock()

    def start(self, memory_mb: int) -> "Process":
        """Start a worker, from a new launcher if the old one does not answer."""
        current = self._current
        try:
            return current.start(memory_mb)
        except SandboxError:
            with self._lock:
                if self._current is current:
                    current.close()
                    self._current = self._launch()
            return self._current.start(memory_mb)

    def end(self, pid: int) -> "Exit":
        """End a worker of the current launcher; a worker knows its own launcher and asks that one."""
        return self._current.end(pid)

    def close(self) -> None:
        """Close the current launcher; those before it are closed."""
        self._current.close()


class Outfitted:
    """The launcher of a run, and one more for each library that workers of some tasks need; that is started when the first of them comes."""

    def __init__(self, plain: "Launcher") -> None:
        """Take the launcher whose workers have NumPy alone; it stays the caller's to close."""
        self.tier = plain.tier
        self._launchers = {"": plain}
        self._opened = contextlib.ExitStack()
        self._lock = threading.Lock()

    def having(self, library: str) -> "Launcher":
        """Return the launcher whose workers have this library. Raises SandboxError."""
        with self._lock:
            if library not in self._launchers:
                self._launchers[library] = self._opened.enter_context(open_launcher(self.tier, library))
            return self._launchers[library]

    def close(self) -> None:
        """End what was started here."""
        self._opened.close()


def can_fork() -> bool:
    """Whether workers are forked here: on macOS and Windows that is unsafe, or missing."""
    return sys.platform == "linux" and hasattr(os, "fork")


@contextlib.contextmanager
def open_launcher(tier: Tier = Tier.PROCESS, library: str = "") -> Iterator["Launcher"]:
    """Start what this system offers for a tier, and end it, with all workers, on the way out; `library` is what they have besides NumPy.

    Raises:
        SandboxError: Workers are spawned here, which have no jail. That the system lacks what a jail needs shows when the first
            worker is started.
    """
    if tier is not Tier.PROCESS and not can_fork():
        raise SandboxError(f"There is no jail on {sys.platform}, only on Linux.")
    launcher: Launcher = Relaunching((lambda: ForkLauncher(tier, library)) if can_fork() else (lambda: SpawnLauncher(library)))
    try:
        yield launcher
    finally:
        launcher.close()
