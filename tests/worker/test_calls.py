"""One call runs on copies, tells what it did besides, and survives whatever the student's functions raise."""

import sys
import warnings

import numpy as np
import pytest

from grader.worker import wire
from grader.worker.calls import MAX_TRACE, MAX_WARNINGS, Runner
from grader.worker.conventions import CONVENTIONS


def runner(forward, backward=lambda dout, cache: dout, task="relu"):
    return Runner(CONVENTIONS["cs231n"][task], {"forward": forward, "backward": backward}, {})


def run(made, x=(1.0, -2.0), *, dout=(1.0, 1.0), between=None, **call):
    """Make one call; return what was sent, by part, and the arrays that the caller gave."""
    arrays = (
        {"arrays": {"x": np.array(x)}} | ({"dout": {"dout": np.array(dout)}} if dout else {}) | ({"between": between} if between else {})
    )
    sent = {}
    made.run({"options": {}, **call}, arrays, lambda part, stage: sent.update({part: stage}))
    return sent, arrays


def raising(error):
    def function(*_):
        raise error

    return function


def keep(x):
    """Return the input, with a cache of it."""
    return x.copy(), x.copy()


def test_forward_and_backward_are_sent_as_they_end():
    sent, _ = run(runner(keep, lambda dout, cache: dout * (cache > 0)))

    assert list(sent) == ["forward", "backward"]
    np.testing.assert_array_equal(sent["forward"][1]["out"], [1.0, -2.0])
    np.testing.assert_array_equal(sent["backward"][1]["dx"], [1.0, 0.0])
    assert sent["forward"][0] == sent["backward"][0] == {"failure": None, "mutated": [], "warnings": []}


def test_arrays_lie_in_memory_as_a_call_says_and_hold_the_same_numbers():
    laid = []

    def forward(x):
        laid.append(x.strides)
        return x.copy(), x.T.copy()

    def backward(dout, cache):
        laid.append(dout.strides)
        return dout * cache.T

    x = np.arange(6.0).reshape(2, 3)
    sent = [run(runner(forward, backward), x, dout=(x + 1).tolist(), **call)[0] for call in ({}, {"order": "F"})]

    assert laid == [(24, 8), (24, 8), (8, 16), (8, 16)]
    for part, name, right in (("forward", "out", x), ("backward", "dx", x * (x + 1))):
        assert all(np.array_equal(each[part][1][name], right) for each in sent)
        assert [each[part][0]["mutated"] for each in sent] == [[], []]


def test_backward_is_not_made_where_none_is_asked_for():
    sent, _ = run(runner(keep, raising(AssertionError())), dout=None)

    assert list(sent) == ["forward"]


def test_backward_is_not_made_after_a_forward_that_failed():
    sent, _ = run(runner(raising(ValueError("no"))))

    assert list(sent) == ["forward"]
    assert sent["forward"][0]["failure"]["text"] == "ValueError: no"
    assert sent["forward"][1] == {}


def test_backward_gets_the_cache_of_its_own_forward_whatever_ran_in_between():
    seen = []

    def forward(x):
        seen.append(x.tolist())
        return x, x * 10

    sent, _ = run(runner(forward, lambda dout, cache: cache), between={"x": np.array([7.0, 8.0])})

    assert seen == [[1.0, -2.0], [7.0, 8.0]]
    np.testing.assert_array_equal(sent["backward"][1]["dx"], [10.0, -20.0])


def test_a_failure_in_between_is_nobodys():
    calls = []

    def forward(x):
        calls.append(1)
        return keep(x) if len(calls) == 1 else raising(SystemExit())()

    sent, _ = run(runner(forward), between={"x": np.array([7.0])})

    assert (len(calls), sent["backward"][0]["failure"]) == (2, None)


def zeroing(x):
    x[...] = 0
    return keep(x)


def reshaping(x):
    x.shape = (2, 1)
    return keep(x)


def negating_zero(x):
    x[x == 0] = -0.0
    return keep(x)


@pytest.mark.parametrize(("forward", "x"), [(zeroing, (1.0, 2.0)), (reshaping, (1.0, 2.0)), (negating_zero, (0.0, 1.0))])
@pytest.mark.filterwarnings("ignore:Setting the shape")
def test_writing_into_an_argument_is_told_and_does_not_reach_the_caller(forward, x):
    sent, given = run(runner(forward), x)

    assert sent["forward"][0]["mutated"] == ["x"]
    np.testing.assert_array_equal(given["arrays"]["x"], x, strict=True)


def test_writing_into_the_upstream_gradient_is_told():
    def backward(dout, cache):
        dout *= 0
        return dout

    sent, given = run(runner(keep, backward))

    assert (sent["forward"][0]["mutated"], sent["backward"][0]["mutated"]) == ([], ["dout"])
    np.testing.assert_array_equal(given["dout"]["dout"], [1.0, 1.0])


def test_writing_before_failing_is_told_too():
    def forward(x):
        x += 1
        raise ValueError("no")

    sent, _ = run(runner(forward))

    assert sent["forward"][0]["mutated"] == ["x"]


def test_warnings_are_told_with_their_category():
    sent, _ = run(runner(lambda x: keep(np.exp(x))), (1000.0, 0.0))

    assert sent["forward"][0]["warnings"] == ["RuntimeWarning: overflow encountered in exp"]


def test_warnings_are_bounded_in_number_and_length():
    def forward(x):
        for n in range(100):
            warnings.warn(f"{n} " + "x" * 5000, type("W" * 900, (UserWarning,), {}), stacklevel=1)
        return keep(x)

    sent, _ = run(runner(forward))

    told = sent["forward"][0]["warnings"]
    assert len(told) == MAX_WARNINGS
    assert max(map(len, told)) <= 60 + 2 + 200


@pytest.mark.parametrize("letter", ["\x01", "\ud800", "\U0001f600", '"', "x"])
def test_the_longest_texts_fit_a_frame_whatever_letters_they_are_made_of(letter):
    def forward(x):
        for n in range(99):
            warnings.warn(f"{n}" + letter * 9999, type("W" * 900, (UserWarning,), {}), stacklevel=1)
        raise type("E" * 900, (Exception,), {})(letter * 9999)

    sent, _ = run(Runner(CONVENTIONS["cs231n"]["relu"], {"forward": forward}, {__file__: ""}))

    meta = sent["forward"][0]
    assert len(meta["failure"]["trace"]) <= MAX_TRACE
    meta["failure"]["trace"] = letter * MAX_TRACE
    assert len(wire.encode(wire.Kind.STAGE, meta, [])) < wire.MAX_META


def test_a_student_who_makes_errors_of_warnings_gets_warnings_and_keeps_nobody_elses():
    warnings.simplefilter("error")
    shown = warnings.showwarning

    sent, _ = run(runner(lambda x: keep(np.log(x))), (-1.0, 1.0))

    assert sent["forward"][0]["failure"] is None
    assert warnings.showwarning is shown


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("no"), "exception"),
        (SystemExit(0), "exit"),
        (KeyboardInterrupt(), "exception"),
        (GeneratorExit(), "exception"),
        (StopIteration(), "exception"),
        (RecursionError("deep"), "exception"),
        (MemoryError(), "memory"),
        (BaseException("base"), "exception"),
    ],
)
@pytest.mark.parametrize("part", ["forward", "backward"])
def test_whatever_is_raised_is_a_failure_of_that_part(error, kind, part):
    functions = {"forward": keep, "backward": lambda dout, cache: dout} | {part: raising(error)}

    sent, _ = run(runner(**functions))

    assert {name: stage[0]["failure"]["kind"] for name, stage in sent.items() if stage[0]["failure"]} == {part: kind}


def test_a_recursion_without_end_is_a_failure():
    def forward(x):
        return forward(x)

    sent, _ = run(runner(forward))

    assert sent["forward"][0]["failure"]["text"].startswith("RecursionError")


def test_one_value_that_is_unusable_spoils_its_part():
    made = runner(lambda x, w, b: (x, x), lambda dout, cache: (cache, None, cache), "affine")
    arrays = {"arrays": {name: np.ones(2) for name in "xwb"}, "dout": {"dout": np.ones(2)}}
    sent = {}

    made.run({"options": {}}, arrays, lambda part, stage: sent.update({part: stage}))

    assert sent["backward"] == ({"failure": {"kind": "returned", "text": "dw is None"}, "mutated": [], "warnings": []}, {})


@pytest.mark.parametrize("broken", [None, "text", pytest.param("closed", id="closed file")])
def test_a_student_who_breaks_the_standard_output_breaks_nothing_else(broken, monkeypatch, tmp_path):
    file = (tmp_path / "out").open("w")
    file.close()
    monkeypatch.setattr(sys, "stdout", file if broken == "closed" else broken)

    sent, _ = run(runner(keep))

    assert sent["backward"][0]["failure"] is None
