"""What can keep the grader from grading. Each is told to the user in one sentence, and the command exits with 2.

GraderError
├── AssignmentError   tasks.yaml is wrong; lists every mistake
├── IntakeError       no such path, nothing to grade, over a bound
├── NotebookError     nothing of the session can be checked, or no source of it can be had
├── ReportError       results.json cannot be read or rendered
└── SandboxError      the worker process cannot be had

What a submission does wrong is never an exception: it is an `Outcome`, and then a `Finding`.
"""


class GraderError(Exception):
    """Could not grade; the message is one sentence for the user."""


class AssignmentError(GraderError):
    """The assignment file is wrong; the message lists every mistake, one a line."""


class IntakeError(GraderError):
    """The submission cannot be read."""


class NotebookError(GraderError):
    """What was asked for cannot be checked in this session."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows: the sentence, since where it was raised in the grader helps nobody."""
        return [str(self)]


class ReportError(GraderError):
    """A report cannot be read or written."""


class SandboxError(GraderError):
    """The worker process, or the isolation asked for, cannot be had."""
