"""The worker's loop over a real socket, in a thread: what a parent asks, and what comes back."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from grader.worker import serve, wire
from grader.worker.wire import Blocking, Kind, encode
from tests.worker.parent import RELU, WHERE, Parent

pytestmark = pytest.mark.usefixtures("forgotten")


@pytest.fixture
def parent() -> Iterator[Parent]:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve.serve, args=(Blocking(theirs),), daemon=True)
    thread.start()
    with ours, theirs:
        yield Parent(ours)
        with contextlib.suppress(OSError):
            ours.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
    assert not thread.is_alive(), "the loop ends when the parent hangs up"


def test_a_survey_is_answered_without_running_anything_one_entry_after_the_other(parent):
    empty, broken, task, dropped = parent.survey({"layers.py": RELU + "raise SystemExit\n", "x.py": "("}, {"t": ["relu", ["cs231n"]]})

    assert empty == {"broken": {}, "tasks": {}, "dropped": {}}
    assert dropped == {"dropped": {"x.py": {"1": 1}}}
    assert broken == {"broken": {"x.py": [1, "SyntaxError: '(' was never closed"]}}
    assert task["tasks"]["t"]["parts"]["forward"]["line"] == 2


def test_an_entry_of_a_survey_is_cut_to_less_than_a_frame_whatever_its_names_are(parent):
    folder = "\U0001d4d0" * 1200
    files = {f"{folder}/{n}.py": f"(\n{RELU}" for n in range(40)}
    near = {f"{folder}/near{n}.py": f"def relu_forwar{chr(ord('a') + n)}(x): pass\n" for n in range(20)}

    for given in (files, near):
        told = parent.survey(given, {"t": ["relu", ["cs231n"]]})
        assert max(len(encode(Kind.SURVEYED, meta, [])) for meta in told) < wire.MAX_META


def test_the_lists_and_texts_of_a_survey_are_bounded():
    entry = {"path": "p" * 5000, "also": ["a" * 5000] * 99, "near": [["n" * 5000, 7, None]] * 99, "parts": {"forward": {"line": 3}}}

    cut = serve._cut(entry)

    assert cut["path"] == "p" * serve.MAX_PATH
    assert cut["also"] == ["a" * serve.MAX_NAME] * serve.MAX_LISTED
    assert cut["near"] == [["n" * serve.MAX_NAME, 7, None]] * serve.MAX_LISTED
    assert cut["parts"] == entry["parts"]


def test_the_largest_entry_of_a_survey_fits_a_frame():
    worst = "\x01" * 9999
    part = {"path": worst, "line": 1 << 40, "name": "three_layer_net_backward", "error": worst}
    entry = {
        "convention": "cs231n",
        "parts": dict.fromkeys(WHERE, part),
        "also": [worst] * 99,
        "near": [[worst, worst, 1 << 40, "name"]] * 99,
        "banned": [[worst, 1 << 40, "imports", worst]] * 99,
    }

    assert len(encode(Kind.SURVEYED, {"tasks": {"task": serve._cut(entry)}}, [])) < wire.MAX_META


def test_loaded_functions_are_called(parent):
    failures = parent.load(RELU)

    stages = parent.call([1.0, -1.0], [2.0, 3.0, 4.0])

    assert failures == {}
    assert [(meta["call"], meta["part"]) for meta, _ in stages] == [(0, "forward"), (0, "backward"), (1, "forward"), (1, "backward")]
    np.testing.assert_array_equal(stages[1][1]["dx"], [1.0, 0.0])
    np.testing.assert_array_equal(stages[2][1]["out"], [2.0, 3.0, 4.0])


def test_arrays_in_between_are_read_in_their_place(parent):
    parent.load(
        "seen = []\ndef relu_forward(x):\n    seen.append(x[0]); return x, x\ndef relu_backward(dout, c): return dout * sum(seen)\n"
    )

    stages = parent.call([1.0], [2.0], between=[100.0])

    assert [values["dx"][0] for _, values in stages[1::2]] == [101.0, 203.0]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("raise ValueError('no')\n", "ValueError: no"),
        ("import sys; sys.exit('bye')\n", "sys.exit(bye)"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("relu_forward = relu_backward = 5\n", "TypeError: relu_forward is no function but 5"),
        ("x = = 1\n", "SyntaxError: invalid syntax (layers.py, line 1)"),
        ("import numpy.not_here\n", "ModuleNotFoundError: No module named 'numpy.not_here'"),
        ("def f(): f()\nf()\n", "RecursionError: maximum recursion depth exceeded"),
        ("if False:\n    def relu_forward(x): pass\n", "AttributeError: module '__submission__.layers' has no attribute 'relu_forward'"),
    ],
)
def test_a_file_that_cannot_be_run_fails_each_of_its_parts(parent, source, text):
    failures = parent.load(source)

    assert failures["forward"]["text"].startswith(text)
    assert set(failures) == {"forward", "backward"}


def test_a_package_that_cannot_be_run_is_a_failure_in_words(parent):
    files = {"layers.py": RELU, "__init__.py": "x = = 1\n"}

    failures = parent.loaded({"files": files, "parts": WHERE, "convention": "cs231n", "task": "relu"})

    assert failures["forward"]["text"] == "SyntaxError: invalid syntax (__init__.py, line 1)"


def test_one_part_may_be_there_without_the_other(parent):
    failures = parent.load("def relu_forward(x): return x, x\n")

    assert set(failures) == {"backward"}


def test_a_failure_of_one_call_does_not_touch_the_next(parent):
    parent.load(RELU.replace("return np", "assert x[0] > 0; return np"))

    stages = parent.call([-1.0], [1.0])

    assert [(meta["call"], meta["part"], bool(meta["failure"])) for meta, _ in stages] == [
        (0, "forward", True),
        (1, "forward", False),
        (1, "backward", False),
    ]


def test_texts_that_are_no_unicode_come_through(parent):
    parent.load("def relu_forward(x): raise ValueError('\\ud800\\x00')\n" + RELU.splitlines()[2])

    stages = parent.call([1.0])

    assert stages[0][0]["failure"]["text"] == "ValueError: \ud800\x00"


def test_calls_before_anything_was_loaded_are_not_answered(parent):
    parent.request(Kind.CALLS, {"calls": []})

    assert parent.survey({}, {}) == [{"broken": {}, "tasks": {}}]


def test_the_loop_ends_when_the_parent_hangs_up_in_the_middle_of_a_frame():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"NBG1\x06")
        ours.shutdown(socket.SHUT_WR)

        serve.serve(Blocking(theirs))

        assert Parent(ours)
