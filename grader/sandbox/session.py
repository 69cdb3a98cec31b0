"""One task of one submission in a worker: load, make the calls, survive what they do, and leave the worker to the next task."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.errors import SandboxError
from grader.model import Call, Failure, FailureKind, Limits, Outcome, Part, Stage
from grader.sandbox.command import START_SECONDS
from grader.sandbox.heard import describe, read_load_failure, read_past, read_stage
from grader.sandbox.process import Late, Launcher, Process
from grader.text import NOTHING, Cleaned, clean, one_line
from grader.worker import wire
from grader.worker.wire import Kind

LOSSES = 2  # hangs or deaths of one function before its other calls are given up
SEND_SECONDS = 5.0  # beside the time for a call: a worker that listens has read the largest batch in a fraction of it
PRINT_SECONDS = 1.0  # for what a worker has printed, which is under way
SPARE = 16 << 20  # bytes of results kept whatever was asked, and
GROWTH = 64  # times the bytes of the inputs: an im2col of 7 x 7 windows has 49


class Lost(Exception):  # noqa: N818 - carries what is known about the worker's end
    """The worker hung, died or stopped making sense."""

    def __init__(self, failure: Failure) -> None:
        """Say why."""
        self.failure = failure


@dataclass(slots=True)
class Session:
    """Runs calls in a worker that is started when needed, started again after a loss, and kept until `close` or `hand_over`.

    Attributes:
        launcher: Starts workers.
        limits: What they may use.
        request: What LOAD sends: files, parts, convention, task.
        failures: Parts whose files could not be run; whoever knows of some beforehand puts them here.
        patient: Raise SandboxError where the launcher was lost together with the worker, so that the caller can try again;
            otherwise that is a death like any other.
        first: A worker to be used before any is started, and for what is made again elsewhere
        second: such a one, too: what another task of the same submission has left.
        output: What the calls printed in the last worker; complete after `close` or `hand_over`.
        lost: Whether a worker was lost.
        lost_files: Files that hung or died while they were run, by path.
        past: Statements that failed while files were run, and that nothing graded was missing for: path, line, what was raised.
    """

    launcher: Launcher
    limits: Limits
    request: Mapping[str, Any]
    failures: dict[Part, Failure] = field(default_factory=dict)
    patient: bool = True
    first: Process | None = None
    second: Process | None = None
    output: Cleaned = NOTHING
    lost: bool = False
    lost_files: dict[str, Failure] = field(default_factory=dict)
    past: list[tuple[Cleaned, int, Cleaned]] = field(default_factory=list)
    _process: Process | None = None
    _deadline: float | None = None
    _room: int = SPARE  # bytes of results that will still be kept: the memory of the grader is not for a submission to fill

    def run(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make the calls; every one has an outcome, whatever happens to the worker.

        Raises:
            SandboxError: There is no worker, or the launcher was lost and the session is patient.
        """
        outcomes = [Outcome() for _ in calls]
        given_up = self.failures
        losses: dict[Part, int] = {"forward": 0, "backward": 0}
        if self._deadline is None:
            self._deadline = time.monotonic() + self.limits.task_seconds
        deadline = self._deadline
        done = 0
        while done < len(calls) and "forward" not in given_up:
            try:
                if self._process is None:
                    self._load()
                if "forward" not in given_up:
                    done = self._batch(calls, done, outcomes, "backward" not in given_up, deadline)
            except _LostCall as lost:
                done = lost.number + 1
                outcomes[lost.number] = _with(outcomes[lost.number], lost.part, Stage(failure=lost.failure))
                losses[lost.part] += 1
                if time.monotonic() > deadline:
                    given_up["forward"] = Failure(kind=FailureKind.NOT_RUN, text=clean("the time for this task was up"))
                elif losses[lost.part] >= LOSSES:
                    given_up[lost.part] = Failure(kind=FailureKind.NOT_RUN, text=clean("it had failed twice to come back"))
        for i in range(len(calls)):
            outcomes[i] = _fill(outcomes[i], calls[i], given_up)
        return outcomes

    def anew(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make the calls in a second worker, which has made no others of this task; the first one stays as it is.

        Raises:
            SandboxError: There is no worker, or the launcher was lost and the session is patient.
        """
        first, self.second = self.second, None
        other = Session(self.launcher, self.limits, self.request, dict(self.failures), self.patient, first, _deadline=self._deadline)
        try:
            outcomes = other.run(calls)
            if not other.lost:
                self.second = other._process or other.first
                other._process = other.first = None
        finally:
            other.close()
        self.lost |= other.lost
        return outcomes

    @property
    def time_left(self) -> float:
        """What is left of the time for the task, in seconds."""
        return self.limits.task_seconds if self._deadline is None else self._deadline - time.monotonic()

    def hand_over(self) -> Process | None:
        """Return the worker for another task of the submission, ready for it, and forget it; None where there is none to be had."""
        if self._process and not self.lost:
            with contextlib.suppress(Late, wire.Closed, wire.ProtocolError):
                self._process.send(Kind.TURN, {}, [], SEND_SECONDS)
                done = expect(self._process, Kind.DONE, SEND_SECONDS)
                printed = self._process.turned(PRINT_SECONDS) if done.meta.get("turned") is True else None
                if printed is not None:
                    self.output = clean(printed, 2000)
                    process, self._process = self._process, None
                    return process
        return None

    def hand_over_second(self) -> Process | None:
        """Return the second worker, and forget it."""
        process, self.second = self.second, None
        return process

    def close(self) -> None:
        """End the workers that were not handed over."""
        if self._process:
            self._process.kill()
            self.output = clean(self._process.output, 2000)
        for process in (self.first, self.second):
            if process:
                process.kill()
        self._process = self.first = self.second = None

    def _load(self) -> None:
        """Start a worker and run the files of each part; after a loss again, without the part that was lost."""
        while True:
            self._process = process = self._worker()
            parts = {part: place for part, place in self.request["parts"].items() if part not in self.failures}
            part: Part = next(iter(parts), "forward")
            try:
                process.send(Kind.LOAD, {**self.request, "parts": parts}, [], self.limits.load_seconds)
                for part in parts:
                    match expect(process, Kind.LOADED, self.limits.load_seconds).meta:
                        case {"part": told, "failure": failure, **rest} if told == part:
                            self.past = read_past(rest.get("past", []), self.request["files"])
                            if failure is not None:
                                self.failures[part] = read_load_failure(failure)
                        case _:
                            raise wire.ProtocolError("loaded")
            except (Late, wire.Closed, wire.ProtocolError) as error:
                lost = self._lose(error, FailureKind.LOAD)
                self.failures[part] = lost
                if part in parts:
                    self.lost_files[parts[part]["path"]] = lost
                if part == "forward":
                    return
            else:
                return

    def _worker(self) -> Process:
        if self.first:
            process, self.first = self.first, None
            return process
        process = self.launcher.start(self.limits.memory_mb)
        await_ready(process)
        return process

    def _batch(self, calls: Sequence[Call], start: int, outcomes: list[Outcome], backward: bool, deadline: float) -> int:
        assert self._process
        buffers: list[bytes] = []
        batch = [describe(call, buffers, backward) for call in calls[start:]]
        part: Part = "forward"
        number = start
        self._room += GROWTH * sum(map(len, buffers))
        try:
            left = min(self.limits.call_seconds + SEND_SECONDS, deadline - time.monotonic())
            self._process.send(Kind.CALLS, {"calls": batch}, buffers, max(left, 0.01))
            while True:
                left = min(self.limits.call_seconds, deadline - time.monotonic())
                frame = self._process.receive(max(left, 0.01))
                self._room -= len(frame.payload)
                if self._room < 0:
                    self._room = 0
                    raise _ExcessError
                if frame.kind == Kind.DONE and number == len(calls):
                    return number
                got, part_got, stage = read_stage(frame, start, len(calls))
                if (got, part_got) != (number, part):
                    raise wire.ProtocolError("order")
                outcomes[number] = _with(outcomes[number], part, stage)
                if part == "forward" and not stage.failure and "dout" in batch[number - start]:
                    part = "backward"
                else:
                    part, number = "forward", number + 1
        except (Late, wire.Closed, wire.ProtocolError, _ExcessError) as error:
            failure = self._lose(error, FailureKind.DIED)
            if number >= len(calls):  # everything was answered before it fell over
                return len(calls)
            if failure.kind is FailureKind.TIMEOUT and time.monotonic() > deadline:
                failure = Failure(kind=FailureKind.TIMEOUT, text=clean("task"))
            raise _LostCall(failure, number, part) from error

    def _lose(self, error: Exception, kind: FailureKind) -> Failure:
        """End the worker and say what happened to it, in words for the student."""
        assert self._process
        process, self._process, self.lost = self._process, None, True
        status, peak_mb, orphaned, excess = process.kill()
        self.output = clean(process.output, 2000)
        if orphaned and self.patient:
            raise SandboxError("the process that starts the workers was ended while student code ran") from error
        loading = kind is FailureKind.LOAD
        if isinstance(error, Late) and loading:
            return Failure(kind=kind, text=clean(f"it did not finish within {self.limits.load_seconds:g} s"))
        if isinstance(error, Late):
            # A bomb may meet the deadline before it meets the limit; which one comes first depends on the machine.
            bomb = peak_mb > self.limits.memory_mb / 4
            return Failure(kind=FailureKind.MEMORY if bomb else FailureKind.TIMEOUT, text=clean("call"))
        if isinstance(error, wire.ProtocolError):
            return Failure(kind=kind if loading else FailureKind.DISTURBED, text=clean("it wrote to the connection of the grader"))
        if isinstance(error, _ExcessError):
            return Failure(kind=FailureKind.EXCESS, text=clean("it returned far more than was asked for"))
        if excess:
            return Failure(kind=FailureKind.EXCESS, text=clean(excess))
        text = f"signal {-status}" if status < 0 else f"exit status {status}"
        return Failure(kind=kind, text=clean(f"it ended the Python process ({text})" if loading else text))


class _ExcessError(Exception):
    """The worker sent more than this side will keep."""


class _LostCall(Lost):
    """The worker was lost in one call."""

    def __init__(self, failure: Failure, number: int, part: Part) -> None:
        super().__init__(failure)
        self.number, self.part = number, part


def expect(process: Process, kind: Kind, seconds: float) -> wire.Frame:
    """Wait for a frame of that kind. Raises Late, wire.Closed or wire.ProtocolError."""
    frame = process.receive(seconds)
    if frame.kind != kind:
        raise wire.ProtocolError("kind")
    return frame


def await_ready(process: Process) -> None:
    """Wait until a new worker serves. Raises SandboxError where it does not come up."""
    try:
        expect(process, Kind.READY, START_SECONDS)
    except (Late, wire.Closed, wire.ProtocolError) as error:
        status = process.kill().status
        raise SandboxError(f"The worker process did not start (status {status}): {one_line(process.output)}") from error


def _with(outcome: Outcome, part: Part, stage: Stage) -> Outcome:
    return Outcome(forward=stage, backward=outcome.backward) if part == "forward" else Outcome(forward=outcome.forward, backward=stage)


def _fill(outcome: Outcome, call: Call, given_up: Mapping[Part, Failure]) -> Outcome:
    if outcome.forward is None and "forward" in given_up:
        outcome = Outcome(forward=Stage(failure=given_up["forward"]))
    forward = outcome.forward
    wanted = call.dout is not None and forward is not None and not forward.failure
    if wanted and outcome.backward is None and "backward" in given_up:
        outcome = _with(outcome, "backward", Stage(failure=given_up["backward"]))
    return outcome
