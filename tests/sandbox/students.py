"""A ReLU as students hand it in, with whatever misbehaviour a test asks for, and how its calls ended."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from textwrap import indent

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import PARTS, Call, Case, Limits, Outcome, Stage
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.process import Launcher
from grader.sandbox.session import Session, await_ready
from grader.worker.jail import Tier

QUICK = Limits(load_seconds=5, call_seconds=0.25, task_seconds=20)
PATIENT = Limits(load_seconds=20, call_seconds=10, task_seconds=20)
FOREVER = "while True: pass"


def relu(*, top: str = "", forward: str = "", backward: str = "") -> str:
    """Return a right ReLU that runs these statements first: at import, in forward (with x), in backward (with dout and x)."""
    return (
        f"import os, sys, signal, socket, threading, time\nimport numpy as np\n{top}\n"
        f"def relu_forward(x):\n{indent(forward or 'pass', '    ')}\n    return np.maximum(0, x), x\n"
        f"def relu_backward(dout, x):\n{indent(backward or 'pass', '    ')}\n    return dout * (x > 0)\n"
    )


def call(first: float, **options: bool) -> Call:
    """Return a call whose x begins with this number, so that a student's code can tell one from another."""
    return Call(case=Case(number=0, title="", arrays={"x": np.array([first, -2.0])}, options={}, dout=np.array([3.0, 4.0])), **options)


def finished(session: Session, calls: Sequence[Call]) -> list[Outcome]:
    """Run the calls, and end the worker."""
    with closing(session):
        return session.run(calls)


@dataclass
class Ran:
    """A session that is over."""

    session: Session
    outcomes: list[Outcome]

    @property
    def kinds(self) -> list[tuple[str, ...]]:
        """How the stages of each call ended: "ok", or the kind of their failure."""
        return [tuple(_kind(stage) for stage in (o.forward, o.backward) if stage) for o in self.outcomes]

    @property
    def failure(self) -> tuple[str, str]:
        """Kind and text of the first failure of all."""
        failures = (s.failure for o in self.outcomes for s in (o.forward, o.backward) if s and s.failure)
        first = next(failures)
        return first.kind.value, first.text

    @property
    def told(self) -> str:
        """The first warning of the first call: how a student's code speaks to a test."""
        forward = self.outcomes[0].forward
        assert forward
        return forward.warnings[0].removeprefix("UserWarning: ")


def _kind(stage: Stage) -> str:
    return stage.failure.kind.value if stage.failure else "ok"


def request(source: str, **files: str) -> Mapping[str, object]:
    """Return what a session loads."""
    places = {part: {"path": "layers.py", "name": f"relu_{part}"} for part in PARTS}
    return {"files": {"layers.py": source, **files}, "parts": places, "convention": "cs231n", "task": "relu"}


def run(launcher: Launcher, source: str, *, calls: int = 4, limits: Limits = PATIENT) -> Ran:
    """Make so many calls, with x = [1, -2], [2, -2], ..."""
    session = Session(launcher, limits, request(source))
    return Ran(session, finished(session, [call(n + 1.0) for n in range(calls)]))


def jailed_launcher(tier: Tier, library: str = "") -> Launcher:
    """Return what starts workers in a jail of that tier; where this system has none, the test is skipped."""
    made = ForkLauncher(tier, library)
    try:
        await_ready(first := made.start(1024))
        first.kill()
    except SandboxError as error:
        made.close()
        pytest.skip(str(error))
    return made


def tell(expression: str) -> str:
    """Return the statement that makes a value known to the test."""
    return f"import warnings; warnings.warn(repr({expression}))"
