"""A worker may send whatever it likes: a session believes nothing, and turns every fault into a failure of one call."""

import ast
import inspect
import threading
from typing import Any

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import PARTS, FailureKind, Limits
from grader.sandbox import session
from grader.sandbox.session import Lost, Session
from grader.sandbox.survey import MAX_SURVEYED, survey
from grader.sandbox.surveyed import Binding, Surveyed
from grader.worker import calls, serve, wire
from grader.worker.wire import HEADER, MAGIC, Blocking, Kind
from tests.sandbox.scripted import CALLS, LOAD, Script, Scripted, answer, loaded, stage
from tests.sandbox.students import QUICK, Ran, call, finished, request

FORWARD, BACKWARD = stage(0, "forward", out=[1.0]), stage(0, "backward", dx=[2.0])
DONE = answer(Kind.DONE, {})


def run(script: Script, number: int = 1, limits: Limits = QUICK) -> Ran:
    session = Session(Scripted(script), limits, request(""))
    return Ran(session, finished(session, [call(n) for n in range(number)]))


def answering(*frames: bytes) -> Script:
    """Return the script that answers the calls with these bytes."""

    def script(channel: Blocking) -> None:
        loaded(channel)
        for frame in frames:
            channel.sock.sendall(frame)
        channel.receive()  # does not hang up before the session does

    return script


def test_a_worker_that_plays_by_the_rules_is_believed():
    ran = run(answering(FORWARD, BACKWARD, DONE))

    assert ran.kinds == [("ok", "ok")]
    np.testing.assert_array_equal(ran.outcomes[0].backward.values["dx"], [2.0])


def test_a_worker_that_falls_over_after_its_last_answer_has_answered():
    def script(channel):
        loaded(channel)
        channel.sock.sendall(FORWARD + BACKWARD)

    ran = run(script)

    assert ran.kinds == [("ok", "ok")]


@pytest.mark.parametrize("extra", [b"garbage" * 9, FORWARD, answer(99, {})], ids=["garbage", "stage", "kind"])
def test_what_comes_after_the_last_answer_does_not_matter(extra):
    assert run(answering(FORWARD, BACKWARD, extra)).kinds == [("ok", "ok")]


DISTURBED = ("disturbed", "it wrote to the connection of the grader")
LIES = {
    "garbage": b"garbage" * 9,
    "four gigabytes of JSON": HEADER.pack(MAGIC, Kind.STAGE, CALLS, 2**32 - 1, 0),
    "a petabyte of arrays": HEADER.pack(MAGIC, Kind.STAGE, CALLS, 2, 1 << 50) + b"{}",
    "a megabyte of brackets": HEADER.pack(MAGIC, Kind.STAGE, CALLS, 1 << 20, 0) + b"[" * (1 << 20),
    "done before it began": DONE,
    "ready once more": answer(Kind.READY, {}),
    "an unknown kind": answer(99, {"call": 0, "part": "forward", "values": {}, "failure": None}, []),
    "an answer to what was asked before": stage(0, "forward", sequence=LOAD, out=[1.0]),
    "an answer to what is not asked yet": stage(0, "forward", sequence=CALLS + 1, out=[1.0]),
    "an answer to nothing": stage(0, "forward", sequence=0, out=[1.0]),
    "backward first": BACKWARD,
    "the next call first": stage(1, "forward", out=[1.0]),
    "a call that was not made": stage(7, "forward", out=[1.0]),
    "a call before the first": stage(-1, "forward", out=[1.0]),
    "a call that is no number": stage("0", "forward", out=[1.0]),
    "an unknown part": stage(0, "sideways", out=[1.0]),
    "a part that is no text": stage(0, ["forward"], out=[1.0]),
    "no values": answer(Kind.STAGE, {"call": 0, "part": "forward", "failure": None}, []),
    "trailing bytes": answer(Kind.STAGE, {"call": 0, "part": "forward", "values": {}, "failure": None}, [b"x"]),
    "an array of objects": (
        answer(Kind.STAGE, {"call": 0, "part": "forward", "values": {"out": ["|O", [1]]}, "failure": None}, [bytes(8)])
    ),
    "a shape without bounds": (
        answer(Kind.STAGE, {"call": 0, "part": "forward", "values": {"out": ["<f8", [0] + [1 << 26] * 7]}, "failure": None}, [])
    ),
    "a failure that is none": stage(0, "forward", failure=0),
    "a failure of ours": stage(0, "forward", failure={"kind": "timeout", "text": "x"}),
    "a pass": stage(0, "forward", failure={"kind": "passed", "text": "x"}),
    "a failure without words": stage(0, "forward", failure={"kind": "exit"}),
    "a failure in numbers": stage(0, "forward", failure={"kind": "exit", "text": 3}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_a_protocol_fault_that_costs_the_call_and_the_worker(lie):
    script = answering(LIES[lie])

    ran = run(script, number=3)

    assert ran.kinds == [("disturbed",), ("disturbed",), ("not run",)]
    assert ran.failure == DISTURBED
    assert ran.session.launcher.ended == 2


def test_an_answer_given_twice_costs_the_call_after_it():
    ran = run(answering(FORWARD, FORWARD))

    assert ran.kinds == [("ok", "disturbed")]


def test_an_answer_before_the_calls_costs_the_first_of_them():
    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        told = [answer(Kind.LOADED, {"part": part, "failure": None}, sequence=LOAD) for part in PARTS]
        channel.sock.sendall(b"".join([*told, FORWARD, BACKWARD, DONE]))
        channel.receive()

    assert run(script).failure == DISTURBED


@pytest.mark.parametrize("extra", [DONE, b"x", answer(Kind.DONE, {}, sequence=CALLS + 1)], ids=["again", "garbage", "forged"])
def test_what_comes_after_an_answer_costs_the_first_of_the_next_calls(extra):
    session = Session(Scripted(answering(FORWARD, BACKWARD, DONE + extra)), QUICK, request(""))
    first = session.run([call(0)])

    second = finished(session, [call(0)])

    assert Ran(session, first + second).kinds == [("ok", "ok"), ("disturbed",)]
    assert session.launcher.ended == 1


def test_a_worker_that_is_ready_twice_has_not_loaded():
    def script(channel):
        channel.sock.sendall(answer(Kind.READY, {}, sequence=0) * 2)
        channel.receive()

    assert run(script).failure == ("load", DISTURBED[1])


def test_a_backward_that_was_not_asked_for_is_refused():
    session = Session(Scripted(answering(FORWARD, BACKWARD)), QUICK, request(""))

    first, second = finished(session, [call(0, forward_only=True), call(1, forward_only=True)])

    assert (first.forward.failure, first.backward) == (None, None)
    assert second.forward.failure.kind is FailureKind.DISTURBED


def test_one_byte_at_a_time_is_not_in_time():
    def script(channel):
        loaded(channel)
        drip = threading.Event()
        for byte in FORWARD:
            channel.sock.sendall(bytes([byte]))
            drip.wait(0.05)

    assert run(script).failure == ("timeout", "call")


def test_a_worker_that_hangs_up_has_died():
    assert run(lambda channel: loaded(channel) and None).failure == ("died", "signal 9")


def test_a_worker_that_does_not_listen_is_late(monkeypatch):
    monkeypatch.setattr("grader.sandbox.session.SEND_SECONDS", 0.1)

    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        for part in PARTS:
            channel.send(Kind.LOADED, {"part": part, "failure": None})
        threading.Event().wait(2)

    big = call(0)
    big.case.arrays["x"] = np.zeros(1 << 20)
    session = Session(Scripted(script), Limits(call_seconds=0.1), request(""))

    (outcome,) = finished(session, [big])

    assert outcome.forward.failure.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize(
    "frame",
    [
        answer(Kind.LOADED, {"part": "forward", "failure": []}, sequence=LOAD),
        answer(Kind.LOADED, {"part": "forward", "failure": {"kind": "load", "text": ""}}, sequence=LOAD),
        answer(Kind.LOADED, {"part": "forward", "failure": {"kind": "exit"}}, sequence=LOAD),
        answer(Kind.LOADED, {"part": "backward", "failure": None}, sequence=LOAD),
        answer(Kind.LOADED, {"part": "forward"}, sequence=LOAD),
        answer(Kind.LOADED, {"part": "forward", "failure": None}, sequence=LOAD + 1),
        answer(Kind.DONE, {}),
        b"garbage" * 9,
    ],
)
def test_nonsense_about_loading_is_a_failure_to_load(frame):
    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        channel.sock.sendall(frame)
        channel.receive()

    assert run(script).failure == ("load", "it wrote to the connection of the grader")


@pytest.mark.parametrize("first", [DONE, b"garbage" * 9, b""], ids=["kind", "garbage", "nothing"])
def test_a_worker_that_does_not_come_up_is_an_error_of_the_grader(first):
    with pytest.raises(SandboxError, match=r"The worker process did not start \(status -9\)"):
        run(lambda channel: channel.sock.sendall(first))


def test_what_a_worker_says_is_cleaned_cut_and_never_taken_for_more_than_text():
    failure = {"kind": "exception", "text": "\x1b]0;\u202e" + "x" * 9000, "trace": 17, "passed": True, "score": 100}
    meta = {"call": 0, "part": "forward", "values": {}, "failure": failure, "mutated": ["x\n\x07", 3], "warnings": ["w" * 999] * 50}

    (outcome,) = run(answering(answer(Kind.STAGE, meta, []))).outcomes

    forward = outcome.forward
    assert forward.failure.text.startswith("\\x1b]0;\\u202exxx")
    assert len(forward.failure.text) < 2100
    assert forward.failure.trace == ""
    assert forward.mutated == ("x \\x07",)
    assert (len(forward.warnings), max(map(len, forward.warnings)) < 400) == (8, True)


@pytest.mark.parametrize("told", ["text", 5, None, {"0": "a"}])
def test_lists_that_are_none_are_empty(told):
    meta = {"call": 0, "part": "forward", "values": {}, "failure": None, "mutated": told, "warnings": told}

    (outcome,) = run(answering(answer(Kind.STAGE, meta, []), BACKWARD, DONE)).outcomes

    assert (outcome.forward.mutated, outcome.forward.warnings) == ((), ())


def surveyed(*frames: bytes) -> Surveyed:
    """Survey with a worker that answers with these bytes."""

    def script(channel: Blocking) -> None:
        channel.send(Kind.READY, {})
        channel.receive()
        for frame in frames:
            channel.sock.sendall(frame)
        channel.receive()

    return survey(Scripted(script), Limits(load_seconds=0.2), {}, {"a": ("relu", ["cs231n"]), "b": ("relu", ["cs231n"])})


def part(kind: int = Kind.SURVEYED, sequence: int = LOAD, **sections: Any) -> bytes:
    return answer(kind, sections, sequence=sequence)


def test_the_parts_of_a_survey_are_put_together():
    found = surveyed(part(broken={}, tasks={}), part(tasks={"a": {"near": []}}), part(tasks={"b": {"near": []}}), part(Kind.DONE))

    assert found == Surveyed(tasks={"a": Binding(), "b": Binding()})


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ([part(tasks=[])], "ProtocolError"),
        ([part(tasks={}), part(Kind.STAGE)], "ProtocolError"),
        ([part(sequence=LOAD + 1, tasks={})], "ProtocolError"),
        ([part(tasks={str(n): n}) for n in range(MAX_SURVEYED)], "ProtocolError"),
        ([part(tasks={})], "Late"),
        ([b"garbage" * 9], "ProtocolError"),
    ],
    ids=["list", "kind", "sequence", "endless", "never done", "garbage"],
)
def test_a_survey_that_makes_no_sense_is_lost(frames, text):
    with pytest.raises(Lost) as lost:
        surveyed(*frames)

    assert (lost.value.failure.kind, lost.value.failure.text) == (FailureKind.LOAD, text)


def test_one_deadline_holds_for_all_parts_of_a_survey():
    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        while True:
            channel.send(Kind.SURVEYED, {"tasks": {}})
            threading.Event().wait(0.05)

    with pytest.raises(Lost) as lost:
        survey(Scripted(script), Limits(load_seconds=0.2), {}, {})

    assert lost.value.failure.text == "Late"


def test_there_is_no_word_on_the_wire_that_could_be_taken_for_a_verdict():
    for module in (wire, calls, serve, session):
        strings = {n.value for n in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(n, ast.Constant)}
        assert not strings & {"passed", "verdict", "score", "points", "standing", "correct", "ok"}, module.__name__
