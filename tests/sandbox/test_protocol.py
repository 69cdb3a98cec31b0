"""A worker may send whatever it likes: a session believes nothing, and turns every fault into a failure of one call."""

import threading

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import FailureKind, Limits
from grader.sandbox.session import Session
from grader.worker.wire import HEADER, MAGIC, Blocking, Kind, encode
from tests.sandbox.scripted import Script, Scripted, loaded, stage
from tests.sandbox.students import QUICK, Ran, call, request

FORWARD, BACKWARD = stage(0, "forward", out=[1.0]), stage(0, "backward", dx=[2.0])
DONE = encode(Kind.DONE, {}, [])


def run(script: Script, calls: int = 1, limits: Limits = QUICK) -> Ran:
    session = Session(Scripted(script), limits, request(""))
    return Ran(session, session.run([call(n) for n in range(calls)]))


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


@pytest.mark.parametrize("extra", [b"garbage" * 9, FORWARD, encode(99, {}, [])], ids=["garbage", "stage", "kind"])
def test_what_comes_after_the_last_answer_does_not_matter(extra):
    assert run(answering(FORWARD, BACKWARD, extra)).kinds == [("ok", "ok")]


LIES = {
    "garbage": (b"garbage" * 9, "header"),
    "four gigabytes of JSON": (HEADER.pack(MAGIC, Kind.STAGE, 2**32 - 1, 0), "header"),
    "a petabyte of arrays": (HEADER.pack(MAGIC, Kind.STAGE, 2, 1 << 50) + b"{}", "header"),
    "a megabyte of brackets": (HEADER.pack(MAGIC, Kind.STAGE, 1 << 20, 0) + b"[" * (1 << 20), "JSON"),
    "done before it began": (DONE, "stage"),
    "ready once more": (encode(Kind.READY, {}, []), "stage"),
    "an unknown kind": (encode(99, {"call": 0, "part": "forward", "values": {}, "failure": None}, []), "stage"),
    "backward first": (BACKWARD, "order"),
    "the next call first": (stage(1, "forward", out=[1.0]), "order"),
    "a call that was not made": (stage(7, "forward", out=[1.0]), "stage"),
    "a call before the first": (stage(-1, "forward", out=[1.0]), "stage"),
    "a call that is no number": (stage("0", "forward", out=[1.0]), "stage"),
    "an unknown part": (stage(0, "sideways", out=[1.0]), "stage"),
    "a part that is no text": (stage(0, ["forward"], out=[1.0]), "stage"),
    "no values": (encode(Kind.STAGE, {"call": 0, "part": "forward", "failure": None}, []), "stage"),
    "trailing bytes": (encode(Kind.STAGE, {"call": 0, "part": "forward", "values": {}, "failure": None}, [b"x"]), "trailing bytes"),
    "an array of objects": (
        encode(Kind.STAGE, {"call": 0, "part": "forward", "values": {"out": ["|O", [1]]}, "failure": None}, [bytes(8)]),
        "array",
    ),
    "a shape without bounds": (
        encode(Kind.STAGE, {"call": 0, "part": "forward", "values": {"out": ["<f8", [0] + [1 << 26] * 7]}, "failure": None}, []),
        "shape",
    ),
    "a failure that is none": (stage(0, "forward", failure=0), "failure"),
    "a failure of ours": (stage(0, "forward", failure={"kind": "timeout", "text": "x"}), "failure"),
    "a pass": (stage(0, "forward", failure={"kind": "passed", "text": "x"}), "failure"),
    "a failure without words": (stage(0, "forward", failure={"kind": "exit"}), "failure"),
    "a failure in numbers": (stage(0, "forward", failure={"kind": "exit", "text": 3}), "failure"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_a_protocol_fault_that_costs_the_call_and_the_worker(lie):
    frame, reason = LIES[lie]
    script = answering(frame)

    ran = run(script, calls=3)

    assert ran.kinds == [("died",), ("died",), ("not run",)]
    assert ran.failure == ("died", f"protocol: {reason}")
    assert ran.session.launcher.ended == 2


def test_an_answer_given_twice_costs_the_call_after_it():
    ran = run(answering(FORWARD, FORWARD))

    assert ran.kinds == [("ok", "died")]
    assert ran.failure == ("died", "protocol: order")


def test_a_backward_that_was_not_asked_for_is_refused():
    session = Session(Scripted(answering(FORWARD, BACKWARD)), QUICK, request(""))

    first, second = session.run([call(0, forward_only=True), call(1, forward_only=True)])

    assert (first.forward.failure, first.backward) == (None, None)
    assert second.forward.failure.text == "protocol: order"


def test_one_byte_at_a_time_is_not_in_time():
    def script(channel):
        loaded(channel)
        drip = threading.Event()
        for byte in FORWARD:
            channel.sock.sendall(bytes([byte]))
            drip.wait(0.05)

    assert run(script).failure == ("timeout", "timeout")


def test_a_worker_that_hangs_up_has_died():
    assert run(lambda channel: loaded(channel) and None).failure == ("died", "signal 9")


def test_a_worker_that_does_not_listen_is_late(monkeypatch):
    monkeypatch.setattr("grader.sandbox.session.START_SECONDS", 0.1)

    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        channel.send(Kind.LOADED, {"failures": {}})
        threading.Event().wait(2)

    big = call(0)
    big.case.arrays["x"] = np.zeros(1 << 20)
    session = Session(Scripted(script), Limits(call_seconds=0.1), request(""))

    (outcome,) = session.run([big])

    assert outcome.forward.failure.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({}, "protocol: 'failures'"),
        ({"failures": []}, "protocol: 'list' object has no attribute 'items'"),
        ({"failures": {"forward": None}}, "protocol: failure"),
        ({"failures": {"forward": {"kind": "load", "text": ""}}}, "protocol: failure"),
    ],
)
def test_nonsense_about_loading_is_a_failure_to_load(meta, reason):
    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        channel.send(Kind.LOADED, meta)
        channel.receive()

    assert run(script).failure == ("load", reason)


def test_another_answer_to_loading_is_a_failure_to_load():
    def script(channel):
        channel.send(Kind.READY, {})
        channel.receive()
        channel.send(Kind.DONE, {})
        channel.receive()

    assert run(script).failure == ("load", "protocol: kind")


@pytest.mark.parametrize("first", [DONE, b"garbage" * 9, b""], ids=["kind", "garbage", "nothing"])
def test_a_worker_that_does_not_come_up_is_an_error_of_the_grader(first):
    with pytest.raises(SandboxError, match=r"The worker process did not start \(status -9\)"):
        run(lambda channel: channel.sock.sendall(first))


def test_what_a_worker_says_is_cleaned_cut_and_never_taken_for_more_than_text():
    failure = {"kind": "exception", "text": "\x1b]0;\u202e" + "x" * 9000, "trace": 17, "passed": True, "score": 100}
    meta = {"call": 0, "part": "forward", "values": {}, "failure": failure, "mutated": ["x\n\x07", 3], "warnings": ["w" * 999] * 99}

    (outcome,) = run(answering(encode(Kind.STAGE, meta, []))).outcomes

    forward = outcome.forward
    assert forward.failure.text.startswith("\\x1b]0;\\u202exxx")
    assert len(forward.failure.text) < 2100
    assert forward.failure.trace == ""
    assert forward.mutated == ("x \\x07",)
    assert (len(forward.warnings), max(map(len, forward.warnings)) < 400) == (8, True)


@pytest.mark.parametrize("told", ["text", 5, None, {"0": "a"}])
def test_lists_that_are_none_are_empty(told):
    meta = {"call": 0, "part": "forward", "values": {}, "failure": None, "mutated": told, "warnings": told}

    (outcome,) = run(answering(encode(Kind.STAGE, meta, []), BACKWARD, DONE)).outcomes

    assert (outcome.forward.mutated, outcome.forward.warnings) == ((), ())
