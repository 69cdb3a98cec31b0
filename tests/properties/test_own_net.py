"""A net of the student's own design: its loss depends on what it should, and its gradients are those of this loss."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.model import Answer, Array, Call, Failure, FailureKind, Finding, Outcome, Stage
from grader.numerics.agreement import Along
from grader.properties import own_gradient, own_loss, parameters
from grader.properties.parameters import MAX_ENTRIES, completed
from grader.properties.property import Blocked, Evidence, Undecided
from grader.text import one_line
from reference import catalogue
from reference.designs.own_net import SPEC
from tests.support import case_of, evidence

Values = Mapping[str, Array]
W, B = "params['W']", "params['b']"
INITIAL = {W: np.array([[0.01, -0.02], [0.03, 0.0], [0.0, 0.01]]), B: np.zeros(2)}
CASE = case_of(np.ones(()), number=2, x=np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), y=np.array([0, 1]))
FORWARD_LOST, BACKWARD_LOST = Blocked(messages.blocked("forward")), Blocked(messages.blocked("backward"))
FAILURE = Failure(kind=FailureKind.EXCEPTION, text="ValueError: no", trace="line 3")
RIGHT = {"forward.value": None, "forward.repeat": None}


def scores(p: Values, x: Array) -> Array:
    return np.tanh(x @ p[W] + p[B])


def loss(p: Values, x: Array) -> Any:
    """Return the loss of a net of one layer; how well it classifies is no matter here."""
    return (scores(p, x) ** 2).sum()


def grads(p: Values, x: Array) -> dict[str, Array]:
    s = scores(p, x)
    d = 2 * s * (1 - s * s)
    return {"grads['W']": x.T @ d, "grads['b']": d.sum(axis=0)}


def nothing(p: Values, x: Array) -> dict[str, Array]:
    """Return no gradients, where nobody looks at them."""
    del p, x
    return {}


class Net:
    """Makes calls as a worker would, of a loss and gradients, and keeps them."""

    def __init__(self, loss: Callable[..., Any] = loss, grads: Callable[..., Any] = grads, initial: Values = INITIAL) -> None:
        self.loss, self.grads, self.initial = loss, grads, initial
        self.calls: list[Call] = []

    def ask(self, calls: Sequence[Call]) -> list[Outcome]:
        self.calls += calls
        return [self.outcome(call) for call in calls]

    def outcome(self, call: Call) -> Outcome:
        given = call.case.arrays
        p = {name: given.get(name, held) for name, held in self.initial.items()}
        try:
            forward = Stage(values={"out": np.asarray(self.loss(p, given["x"])), **self.initial})
        except ValueError:
            return Outcome(forward=Stage(failure=FAILURE))
        return Outcome(forward=forward, backward=None if call.dout is None else Stage(values=self.grads(p, given["x"])))

    def seen(self, *, first: Outcome | None = None, plain: Call | None = None) -> Evidence:
        """Return what a judge sees; `first` stands for what the plain call gave, where that is not what the net gives."""
        plain = plain or Call(case=CASE)
        return evidence(SPEC, CASE, Answer(), first or self.outcome(plain), calls=[plain], ask=self.ask)


def value(net: Net, **other: Any) -> Any:
    return own_loss.judge(net.seen(**other))


def slopes(net: Net, **other: Any) -> Any:
    """Return what was found of the gradients of W and b, and of the contract."""
    judged = dict(own_gradient.judge(net.seen(**other)))
    contract = judged.pop("backward.contract", None)
    return judged.pop("backward.grads['W']", "missing"), judged.pop("backward.grads['b']", "missing"), contract or judged or None


def with_gradients(**changed: Any) -> Net:
    """Return a net in which some gradients are others."""
    return Net(grads=lambda p, x: {**grads(p, x), **{f"grads['{n}']": change(p, x) for n, change in changed.items()}})


def failing_after(count: int) -> Callable[..., Any]:
    """Return the loss, which raises after so many calls."""
    made = iter(range(count))

    def counted(p: Values, x: Array) -> Any:
        if next(made, None) is None:
            raise ValueError("no more")
        return loss(p, x)

    return counted


def test_a_right_net_is_right():
    assert value(Net()) == RIGHT
    assert slopes(Net()) == (None, None, None)


def test_the_loss_has_two_checks_and_every_parameter_one():
    spec = completed(SPEC, [(CASE, Net().outcome(Call(case=CASE)))])

    assert [(c.name, c.part, c.weight, c.needs) for c in own_loss.checks(spec)] == [
        ("value", "forward", 4, ()),
        ("repeat", "forward", 1, ("forward.value",)),
    ]
    assert [c.title for c in own_loss.checks(spec)] == [messages.TITLE_OWN_LOSS, messages.TITLE_REPEAT]
    assert [(c.name, c.title, c.part, c.weight, c.needs) for c in own_gradient.checks(spec)] == [
        (name, messages.title_gradient(name, scalar=True), "backward", 1, ("forward.value",)) for name in ("grads['W']", "grads['b']")
    ]


def test_a_net_that_did_not_say_its_parameters_has_one_check_that_waits():
    (waiting,) = own_gradient.checks(SPEC)

    assert (waiting.name, waiting.title) == ("grads", messages.TITLE_OWN_GRADIENTS)


def test_the_parameters_of_the_first_call_that_shows_any_complete_the_spec():
    failed, shown = Outcome(forward=Stage(failure=FAILURE)), Net().outcome(Call(case=CASE))

    for outcomes in ([shown], [failed, shown], [Outcome(), Outcome(forward=Stage()), shown, failed]):
        spec = completed(SPEC, [(CASE, outcome) for outcome in outcomes])
        assert [(a.name, a.axes, a.gradient) for a in spec.arguments[-2:]] == [(W, "", "grads['W']"), (B, "", "grads['b']")]
        assert spec.arguments[:-2] == SPEC.arguments
    assert completed(SPEC, [(CASE, failed)]).arguments == SPEC.arguments
    assert completed(catalogue()["relu"], [(CASE, shown)]) is catalogue()["relu"]


def test_a_parameter_whose_name_no_report_can_show_is_no_argument():
    long = Net(initial={**INITIAL, "params['" + "x" * 80 + "']": np.ones(1)})

    assert len(completed(SPEC, [(CASE, long.outcome(Call(case=CASE)))]).arguments) == len(SPEC.arguments) + 2


def test_the_net_runs_with_numbers_of_the_graders_the_same_every_time():
    first, second = Net(), Net()
    value(first)
    value(second)

    drawn = [{name: call.case.arrays[name] for name in (W, B)} for call in first.calls]
    again = [{name: call.case.arrays[name] for name in (W, B)} for call in second.calls]
    assert all(np.array_equal(one[name], other[name]) for one, other in zip(drawn, again, strict=True) for name in (W, B))
    assert all((4096 * a == np.round(4096 * a)).all() and np.abs(a).max() <= 1 for each in drawn for a in each.values())
    assert not np.isin(drawn[0][W], INITIAL[W]).any()
    assert (np.abs(drawn[0][W]) <= 1 / np.sqrt(3)).all()
    assert (np.abs(drawn[0][B]) <= 0.5).all()
    assert len({a.tobytes() for each in drawn for a in each.values()}) == 2 * (1 + own_loss.OTHERS)  # none is drawn twice


def test_another_input_is_run_with_other_numbers():
    drawn = []
    for number in (0, 1):
        net, call = Net(), Call(case=case_of(np.ones(()), number=number, **CASE.arrays))
        parameters.opened(evidence(SPEC, call.case, Answer(), net.outcome(call), calls=[call], ask=net.ask))
        drawn.append(net.calls[0].case.arrays[W])

    assert (drawn[0] != drawn[1]).all()


@pytest.mark.parametrize(("held", "level"), [(np.ones(50), 1.0), (np.full(50, 1 / 3), 1365 / 4096), (np.linspace(5, 6, 50), 0.0)])
def test_what_begins_with_one_number_is_drawn_about_it(held: Array, level: float):
    drawn = []
    for initial in (held, np.zeros(50)):
        net = Net(loss=lambda p, x: (p[W] ** 2).sum() + x.sum(), grads=nothing, initial={W: initial})
        parameters.opened(net.seen())
        drawn.append(net.calls[0].case.arrays[W])

    assert (drawn[0] == level + drawn[1]).all()
    assert 0.8 < np.ptp(drawn[1]) <= 1


def test_parameters_of_several_axes_are_drawn_smaller_the_longer_they_are():
    net = Net(loss=lambda p, x: (p[W] ** 2).sum() + x.sum(), grads=nothing, initial={W: np.zeros((256, 4)), B: np.zeros((0, 3))})

    parameters.opened(net.seen())

    assert 0.05 < np.abs(net.calls[0].case.arrays[W]).max() <= 1 / 16
    assert net.calls[0].case.arrays[B].shape == (0, 3)


def test_only_the_first_of_the_further_calls_asks_for_gradients():
    net = Net()
    slopes(net)

    assert [call.dout is not None for call in net.calls] == [True] + [False] * (len(net.calls) - 1)
    assert all(call.case.dout is None and call.forward_only for call in net.calls[1:])
    assert all(np.array_equal(call.case.arrays["y"], CASE.arrays["y"]) for call in net.calls)


@pytest.mark.parametrize(
    "first", [Outcome(), Outcome(forward=Stage()), Outcome(forward=Stage(values={"out": np.ones(())}, failure=FAILURE))]
)
def test_nothing_is_judged_without_a_loss(first: Outcome):
    assert value(Net(), first=first) == {"forward.value": FORWARD_LOST, "forward.repeat": FORWARD_LOST}
    assert own_gradient.judge(Net().seen(first=first)) == {}


@pytest.mark.parametrize(
    ("held", "what"),
    [
        ({W: np.zeros((MAX_ENTRIES, 1)), B: np.zeros(1)}, messages.too_many_parameters(MAX_ENTRIES + 1, MAX_ENTRIES)),
        ({"params['" + "x" * 80 + "']": np.zeros(1)}, messages.unreadable_name(one_line("params['" + "x" * 80 + "']", 60))),
        ({W: np.zeros(2, int)}, messages.wrong_dtype(W, "int64")),
        ({W: np.array([1.0, np.nan])}, messages.not_finite(W, 1, "nan")),
        ({}, messages.NO_PARAMETERS),
    ],
    ids=["many", "name", "whole", "nan", "none"],
)
def test_parameters_that_cannot_be_graded_break_the_contract(held: Values, what: str):
    judged = value(Net(loss=lambda p, x: 1.0, grads=nothing, initial=held))

    assert judged.pop("forward.contract").what == what
    assert judged == {"forward.value": FORWARD_LOST, "forward.repeat": FORWARD_LOST}


def test_so_many_parameters_are_graded_and_no_more():
    net = Net(loss=lambda p, x: p[W][0] + x.sum(), grads=nothing, initial={W: np.zeros(MAX_ENTRIES)})

    assert value(net) == RIGHT


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


def test_a_loss_that_is_another_every_time_says_nothing_of_the_gradients():
    rng = np.random.default_rng(0)

    found = slopes(Net(loss=lambda p, x: loss(p, x) + rng.random()))

    assert [type(each) for each in found[:2]] == [Undecided, Undecided]
    assert found[0].reason.startswith("Not decided: your loss is ")
    assert found[0] == found[1]


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
