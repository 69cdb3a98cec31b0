"""Why a call gave no values, and what is said where nothing is graded."""

from typing import Any

from grader import messages
from grader.model import Failure, FailureKind

LIMITS = {"call_seconds": 2.0, "task_seconds": 30.0, "memory_mb": 1024}


def failed(kind: str, text: str) -> tuple[Any, ...]:
    return "forward", Failure(kind=FailureKind(kind), text=text), LIMITS


SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (messages.failed_call, failed("exception", "ValueError: no"), {}, "forward raised ValueError: no."),
    (messages.failed_call, failed("exception", "ValueError: why?\nsecond line"), {}, "forward raised ValueError: why?"),
    (messages.failed_call, failed("exception", ""), {}, "forward raised an exception."),
    (messages.failed_call, failed("exit", "sys.exit(0)"), {}, "forward called sys.exit(0): a layer must return, not end the program."),
    (messages.failed_call, failed("returned", "dx is None"), {}, "forward: dx is None."),
    (
        messages.failed_call,
        failed("timeout", "timeout"),
        {},
        "forward did not return within 2 s, and was stopped. Is there a loop that never ends?",
    ),
    (
        messages.failed_call,
        failed("died", "signal 11"),
        {},
        "forward ended the Python process (signal 11). A layer must return, not exit.",
    ),
    (
        messages.failed_call,
        failed("timeout", "task"),
        {},
        "All calls of this task together took longer than 30 s, and forward was stopped.",
    ),
    (
        messages.failed_call,
        failed("disturbed", "it wrote to the grader"),
        {},
        "forward was stopped: it wrote to the grader, or started a process that did.",
    ),
    (
        messages.failed_call,
        failed("memory", "2000 MB"),
        {},
        "forward kept asking for memory until it was stopped (1024 MB or 2 s). Is there a loop that never ends, or an array far too large?",
    ),
    (messages.failed_call, failed("load", "ImportError: no torch"), {}, "The file could not be run: ImportError: no torch."),
    (messages.failed_call, failed("not run", "died"), {}, "forward was not called any more: died."),
    (
        messages.mend_loading,
        failed("load", "ModuleNotFoundError: No module named 'torch'")[1:2],
        {},
        "Graded code has NumPy and Python's own library. Import anything else only where it is used, or not at all.",
    ),
    (
        messages.mend_loading,
        failed("load", "sys.exit(0)")[1:2],
        {},
        "Put what your program does when it is started under: if __name__ == '__main__':",
    ),
    (
        messages.after,
        failed("exception", "PermissionError: [Errno 13] Permission denied: '/home/kim/w.npy'")[1:2],
        {},
        (
            "Where code is graded it may read Python's library, NumPy and itself, write small files beside itself, and reach nothing else. "
            "To try it like that: grader check --sandbox require."
        ),
    ),
    (messages.ended, ("Is it?",), {}, "Is it?"),
    (messages.nothing_graded, ("a.py",), {}, "a.py: nothing in it could be graded; `grader tasks` lists what is asked for."),
    (messages.only_these, (["relu", "conv2d"],), {}, "Checked: relu, conv2d. The other tasks of the assignment were not looked at."),
    (messages.watching, ("a.py",), {}, "Save a.py to have it checked again; Ctrl-C ends."),
    (messages.gone, ("a.py",), {}, "a.py is gone; as soon as it is there again, it is checked. Ctrl-C ends."),
    (messages.started, ("new/layers.py", 3), {}, "Written: new/layers.py, with 3 tasks. Fill it in, and see with `grader check new/layers.py`."),
    (messages.not_spelt, (["knn"],), {}, "Not in it, since this convention has no spelling for them: knn."),
]  # fmt: skip
