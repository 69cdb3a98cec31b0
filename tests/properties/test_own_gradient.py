"""The gradients of a net of the student's own design: they are held against its own loss."""

from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.model import Answer, Array, Call, Finding, Outcome, Stage
from grader.numerics.agreement import Along
from grader.properties import own_gradient
from grader.properties.parameters import completed
from grader.properties.property import Blocked, Undecided
from reference.designs.own_net import SPEC
from tests.own_nets import CASE, FAILURE, INITIAL, B, Net, Values, W, grads, loss, slopes
from tests.support import evidence

BACKWARD_LOST = Blocked(messages.blocked("backward"))


def with_gradients(**changed: Any) -> Net:
    """Return a net in which some gradients are others."""
    return Net(grads=lambda p, x: {**grads(p, x), **{f"grads['{n}']": change(p, x) for n, change in changed.items()}})


def test_the_gradients_of_a_right_net_are_right():
    assert slopes(Net()) == (None, None, None)


def test_every_parameter_has_a_check_of_its_gradient():
    spec = completed(SPEC, [(CASE, Net().outcome(Call(case=CASE)))])

    assert [(c.name, c.title, c.part, c.weight, c.needs) for c in own_gradient.checks(spec)] == [
        (name, messages.title_gradient(name, scalar=True), "backward", 1, ("forward.value",)) for name in ("grads['W']", "grads['b']")
    ]


def test_a_net_that_did_not_say_its_parameters_has_one_check_that_waits():
    (waiting,) = own_gradient.checks(SPEC)

    assert (waiting.name, waiting.title) == ("grads", messages.TITLE_OWN_GRADIENTS)


def test_a_loss_that_is_another_every_time_says_nothing_of_the_gradients():
    rng = np.random.default_rng(0)

    found = slopes(Net(loss=lambda p, x: loss(p, x) + rng.random()))

    assert [type(each) for each in found[:2]] == [Undecided, Undecided]
    assert found[0].reason.startswith("Not decided: your loss is ")
    assert found[0] == found[1]


@pytest.mark.parametrize("backward", [None, Stage(failure=FAILURE)])
def test_a_backward_that_gave_nothing_blocks_every_gradient(backward: Stage | None):
    net = Net()
    lost = [Outcome(forward=net.outcome(Call(case=CASE)).forward, backward=backward)]
    seen = evidence(SPEC, CASE, Answer(), net.outcome(Call(case=CASE)), calls=[Call(case=CASE)], ask=lambda _: lost)

    assert own_gradient.judge(seen) == {"backward.grads['W']": BACKWARD_LOST, "backward.grads['b']": BACKWARD_LOST}


def test_where_no_backward_was_asked_for_nothing_is_said_of_gradients():
    assert own_gradient.judge(Net().seen(plain=Call(case=CASE, forward_only=True))) == {}


def test_gradients_in_float32_are_held_to_what_float32_can_tell():
    single = with_gradients(W=lambda p, x: grads(p, x)["grads['W']"].astype(np.float32))

    assert slopes(single) == (None, None, None)


def test_the_gradients_of_a_net_are_asked_for_along_the_same_directions_every_time():
    first, second = Net(), Net()
    slopes(first)
    slopes(second)

    assert [c.case.arrays[W].tobytes() for c in first.calls] == [c.case.arrays[W].tobytes() for c in second.calls]


def test_a_missing_gradient_breaks_the_contract_and_the_others_are_judged():
    found = slopes(Net(grads=lambda p, x: {"grads['b']": grads(p, x)["grads['b']"]}))

    assert found == (BACKWARD_LOST, None, Finding(what=messages.lacks_gradient("grads['W']", W), of_one_case=False))


def test_gradients_that_all_break_the_contract_are_told_by_the_first():
    assert slopes(Net(grads=lambda p, x: {})) == (
        BACKWARD_LOST,
        BACKWARD_LOST,
        Finding(what=messages.lacks_gradient("grads['W']", W), of_one_case=False),
    )


def test_a_gradient_of_another_shape_is_told_the_shape_of_its_parameter():
    found = slopes(with_gradients(W=lambda p, x: np.ones((2, 3))))

    assert found[:2] == (BACKWARD_LOST, None)
    assert found[2].what == "grads['W'] has shape (2, 3); it must have the shape of params['W'], (3, 2)."


def test_a_gradient_of_whole_numbers_is_welcome_for_a_single_number_alone():
    def slope(shape: tuple[int, ...], dtype: str) -> Any:
        net = Net(
            loss=lambda p, x: 3 * p[W].sum() + x.sum(),
            grads=lambda p, x: {"grads['W']": np.full(shape, 3, dtype)},
            initial={W: np.ones(shape)},
        )
        return own_gradient.judge(net.seen())

    assert slope((), "i8") == slope((), "u1") == {"backward.grads['W']": None}
    assert slope((2,), "i8")["backward.contract"].what == messages.wrong_dtype("grads['W']", "int64")


def test_a_gradient_of_a_leading_axis_of_length_one_is_right():
    assert slopes(with_gradients(b=lambda p, x: grads(p, x)["grads['b']"][None])) == (None, None, None)


def test_a_wrong_gradient_is_told_with_its_element_and_both_numbers():
    net = with_gradients(W=lambda p, x: grads(p, x)["grads['W']"] + 0.25 * (np.arange(6) == 3).reshape(3, 2))

    found = slopes(net)

    finding, right = found[0], net.calls[0].case.arrays
    slope = grads({W: right[W], B: right[B]}, right["x"])["grads['W']"][1, 1]
    assert found[1:] == (None, None)
    assert finding.where == "grads['W'][1, 1]"
    assert (finding.got, finding.expected) == (pytest.approx(slope + 0.25, rel=1e-6), pytest.approx(slope, rel=1e-6))
    assert finding.what.startswith("grads['W'] is not the gradient of your own loss: differences")
    assert float(finding.what.split("known to ")[1].rstrip(".")) < 1e-6
    assert finding.next_step == messages.DERIVE
    assert finding.shown_on.arrays.keys() == {"x", "y", W, B}


def test_the_wrong_gradient_of_a_single_number_has_no_index():
    initial, x = {W: np.ones(())}, CASE.arrays["x"]
    net = Net(loss=lambda p, x: (p[W] * x**2).sum(), grads=lambda p, x: {"grads['W']": np.array(1.0)}, initial=initial)

    finding = own_gradient.judge(net.seen())["backward.grads['W']"]

    assert (finding.where, finding.got, finding.expected) == ("grads['W']", 1.0, pytest.approx((x**2).sum()))


def test_zeros_for_a_parameter_that_the_loss_does_not_use_tell_nothing():
    initial = {**INITIAL, "params['u']": np.ones(3)}

    def found(u: Array) -> Any:
        return own_gradient.judge(Net(grads=lambda p, x: {**grads(p, x), "grads['u']": u}, initial=initial).seen())["backward.grads['u']"]

    assert found(np.zeros(3)) == Undecided(messages.no_slope("params['u']"))
    assert isinstance(found(np.ones(3)), Finding)


@pytest.mark.parametrize(
    "function",
    [lambda p, x: np.round(loss(p, x), 2), lambda p, x: loss(p, x) + 1e-3 * np.abs(np.sin(1e15 * p[W])).sum()],
    ids=["a staircase", "noise"],
)
def test_a_loss_whose_differences_tell_nothing_is_nobodys_failure(function: Any):
    found = slopes(Net(loss=function))

    assert found[0] == Undecided(messages.NO_DIFFERENCES)


def told(monkeypatch: pytest.MonkeyPatch, element: Any, *, analytic: float, numeric: float = 2.0, bound: float = 1 / 8) -> Any:
    """Judge the gradient of W where differences along a direction, and those of an element, say these numbers."""
    along = Along(
        along={W: np.ones((3, 2))}, weights=np.ones(()), analytic=analytic, numeric=numeric, bound=bound, telling=True, sure=True, step=1e-3
    )
    monkeypatch.setattr(own_gradient, "agreements", lambda *_: {W: along})
    monkeypatch.setattr(own_gradient, "localise", lambda *_: element)
    return slopes(Net())[0]


@pytest.mark.parametrize(
    ("apart", "kind"), [(0.5, type(None)), (1.0, type(None)), (1.5, Undecided), (4.0, Undecided), (4.5, Finding), (-4.5, Finding)]
)
def test_an_error_of_up_to_four_bounds_is_nobodys_failure(apart: float, kind: type, monkeypatch: pytest.MonkeyPatch):
    said = told(monkeypatch, None, analytic=2 + apart / 8)

    assert type(said) is kind
    assert kind is not Undecided or said == Undecided(messages.NO_DIFFERENCES)


def test_an_error_that_no_element_alone_shows_is_told_by_the_direction(monkeypatch: pytest.MonkeyPatch):
    finding = told(monkeypatch, None, analytic=3.0)

    assert finding.what == messages.spread_thin("grads['W']", 3.0, 2.0, 1 / 8)
    assert finding.shown_on.arrays.keys() == {"x", "y", W, B}


def test_a_flat_loss_that_jumps_farther_away_is_a_staircase_and_nobodys_failure():
    def steps(p: Values, x: Array) -> Any:
        return np.floor(3 * p[W].sum()) + x.sum()

    net = Net(loss=steps, grads=lambda p, x: {"grads['W']": np.ones((3, 2))}, initial={W: INITIAL[W]})

    assert own_gradient.judge(net.seen()) == {"backward.grads['W']": Undecided(messages.NO_DIFFERENCES)}
