"""The loss of a net of the student's own design: one number, the same every time, that depends on what it should."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.model import Array, Failure, FailureKind, Outcome, Stage
from grader.properties import own_gradient, own_loss
from grader.properties.property import Undecided
from reference.designs.own_net import SPEC
from tests.own_nets import CASE, FAILURE, FORWARD_LOST, INITIAL, RIGHT, B, Net, Values, W, loss, scores, slopes, value


def failing_after(count: int) -> Callable[..., Any]:
    """Return the loss, which raises after so many calls."""
    made = iter(range(count))

    def counted(p: Values, x: Array) -> Any:
        if next(made, None) is None:
            raise ValueError("no more")
        return loss(p, x)

    return counted


def test_the_loss_of_a_right_net_is_right():
    assert value(Net()) == RIGHT


def test_the_loss_has_two_checks():
    assert [(c.name, c.title, c.part, c.weight, c.needs) for c in own_loss.checks(SPEC)] == [
        ("value", messages.TITLE_OWN_LOSS, "forward", 4, ()),
        ("repeat", messages.TITLE_REPEAT, "forward", 1, ("forward.value",)),
    ]


@pytest.mark.parametrize(
    "first", [Outcome(), Outcome(forward=Stage()), Outcome(forward=Stage(values={"out": np.ones(())}, failure=FAILURE))]
)
def test_nothing_is_judged_without_a_loss(first: Outcome):
    assert value(Net(), first=first) == {"forward.value": FORWARD_LOST, "forward.repeat": FORWARD_LOST}
    assert own_gradient.judge(Net().seen(first=first)) == {}


def test_a_loss_of_several_numbers_breaks_the_contract():
    judged = value(Net(loss=scores))

    assert judged["forward.contract"].what == "loss has shape (2, 2); it must have shape ()."


@pytest.mark.parametrize(
    "form", [np.float32, lambda v: np.array([v]), lambda v: np.array([[v]]), float], ids=["single", "one axis", "two axes", "plain"]
)
def test_a_loss_is_one_number_of_any_kind(form: Any):
    assert value(Net(loss=lambda p, x: form(loss(p, x)))) == RIGHT


def test_a_loss_of_whole_numbers_is_a_number_like_any_other():
    assert value(Net(loss=lambda p, x: int(1000 * loss(p, x)))) == RIGHT


def test_a_failure_with_the_graders_parameters_is_told_with_them():
    net = Net(loss=failing_after(1))

    judged = value(net)

    finding = judged.pop("forward.contract")
    assert finding.what == messages.failed_call("forward", FAILURE, {"call_seconds": 2.0})
    assert (finding.trace, finding.shown_on.arrays.keys()) == ("line 3", {"x", "y", W, B})
    assert finding.shown_on.arrays[W] is net.calls[0].case.arrays[W]
    assert judged == {"forward.value": FORWARD_LOST, "forward.repeat": FORWARD_LOST}


def test_a_call_with_the_graders_parameters_that_did_not_end_is_told_with_its_limit():
    late = Failure(kind=FailureKind.TIMEOUT, text="call")

    judged = own_loss.judge(replace(Net().seen(), ask=lambda _: [Outcome(forward=Stage(failure=late))]))

    assert judged["forward.contract"].what == messages.failed_call("forward", late, {"call_seconds": 2.0})


NOT_RUN = Failure(kind=FailureKind.NOT_RUN, text="time")


@pytest.mark.parametrize(
    "later",
    [
        Outcome(),
        Outcome(forward=Stage(failure=NOT_RUN)),
        Outcome(forward=Stage(values={"out": np.ones(())}, failure=NOT_RUN)),
        Outcome(forward=Stage(values={"out": np.ones((), np.float16)})),
        Outcome(forward=Stage(values={"out": np.ones(2)})),
    ],
    ids=["not asked", "not made", "not made any more", "in half precision", "two numbers"],
)
def test_a_call_with_the_graders_parameters_that_gave_no_loss_is_nobodys_failure(later: Outcome):
    assert own_loss.judge(replace(Net().seen(), ask=lambda _: [later])) == dict.fromkeys(RIGHT, Undecided(messages.no_loss("none")))


@pytest.mark.parametrize(("strange", "word"), [(np.nan, "nan"), (np.inf, "inf")])
def test_a_net_that_cannot_bear_the_graders_parameters_is_not_at_fault(strange: float, word: str):
    net = Net(loss=lambda p, x: loss(p, x) if (p[W] == INITIAL[W]).all() else strange)

    assert value(net) == dict.fromkeys(RIGHT, Undecided(messages.no_loss(word)))
    assert own_gradient.judge(net.seen()) == {}


@pytest.mark.parametrize("made", [2, 4, 8])
def test_a_net_that_fails_later_is_not_at_fault(made: int):
    undecided = Undecided(messages.no_loss("none"))

    assert value(Net(loss=failing_after(made))) == {"forward.value": undecided, "forward.repeat": undecided}
    assert slopes(Net(loss=failing_after(made))) == (undecided, undecided, None)


@pytest.mark.parametrize(("late", "told"), [(1, True), (2, True), (3, True), (4, False)])
def test_a_loss_that_differs_in_one_of_three_further_calls_is_told_with_both_numbers(late: int, told: bool):
    made = iter(range(99))  # the plain call, the first with the grader's parameters, and the further ones
    judged = value(Net(loss=lambda p, x: 3.0 + x.sum() * 0 + (next(made) == 1 + late)))

    assert (judged["forward.repeat"] == Undecided(messages.noisy(3.0, 4.0))) == told


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(
    ("dtype", "apart", "same"),
    [("f8", 1e-15, True), ("f8", 1e-13, False), ("f8", -1e-13, False), ("f8", np.nan, False), ("f4", 1e-6, True), ("f4", 1e-4, False)],
)
def test_losses_that_are_apart_by_rounding_are_the_same(size: float, dtype: str, apart: float, same: bool):
    made = iter(range(99))
    net = Net(loss=lambda p, x: (size * loss(p, x) * (1 + apart * (next(made) == 2))).astype(dtype))

    assert (value(net)["forward.repeat"] is None) == same


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (lambda p, x: 0.7, "the parameters are"),
        (lambda p, x: 0.0, "the parameters are"),
        (lambda p, x: (x**2).sum(), "the parameters are"),
        (lambda p, x: (p[W] ** 2).sum(), "X is"),
    ],
    ids=["nothing", "zero", "X alone", "the parameters alone"],
)
def test_a_loss_that_depends_on_too_little_is_told_with_its_number(function: Any, what: str):
    net = Net(loss=function)

    judged = value(net)

    finding, ran = judged["forward.value"], net.calls[0].case
    assert finding.what == messages.constant_loss(float(function(ran.arrays, CASE.arrays["x"])), what)
    assert finding.shown_on.arrays.keys() == {"x", "y", W, B}
    assert judged["forward.repeat"] is None


@pytest.mark.parametrize(
    "function",
    [
        lambda p, x: np.maximum(p[W] - 0.5, 0).sum() + x.sum(),
        lambda p, x: p[B].sum() + np.abs(x).sum(),
        lambda p, x: p[B].sum() + np.abs(x - 0.5).sum(),
    ],
    ids=["of large parameters", "of the size of X", "of X from the middle"],
)
def test_a_loss_that_depends_on_both_somewhere_is_no_constant(function: Any):
    assert value(Net(loss=function))["forward.value"] is None
