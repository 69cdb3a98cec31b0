"""Run the functions of a worker process in forks of the test's own, so that coverage sees them too."""

import os
import sys

import coverage
import pytest

from tests.worker.parent import RELU

FORKS = [
    pytest.mark.skipif(sys.platform != "linux", reason="forks"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),
    pytest.mark.usefixtures("folder"),
]
MEMORY_MB = 1 << 20
leave_at_once = os._exit


def leave(status):
    """End a forked child, and let coverage know what it ran."""
    if measured := coverage.Coverage.current():
        measured.stop()
        measured.save()
    leave_at_once(status)


def in_child(function, *arguments):
    """Run a function in a fork of this process, which ends with status 0 when it returns; return its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        os._exit = leave
        function(*arguments)
        status = 0
    finally:
        leave(status)


def status_of(pid):
    """Wait for a child."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def asks(code):
    """Return a right ReLU whose forward puts the value of an expression into a warning."""
    return f"import os, sys, random, warnings\n{RELU}".replace("return np.max", f"warnings.warn(repr({code})); return np.max")


def told(parent, code):
    """Load and call a student's function that tells a value of its process."""
    assert parent.load(asks(code)) == {}
    return parent.call([1.0])[0][0]["warnings"][0].removeprefix("UserWarning: ")
