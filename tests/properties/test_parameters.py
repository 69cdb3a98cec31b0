"""The parameters of a net of the student's own design: they complete its spec, and the grader draws them anew."""

import numpy as np
import pytest

from grader import messages
from grader.model import Answer, Array, Call, Outcome, Stage
from grader.properties import own_loss, parameters
from grader.properties.parameters import MAX_ENTRIES, completed
from grader.text import one_line
from reference import catalogue
from reference.designs.own_net import SPEC
from tests.own_nets import CASE, FAILURE, FORWARD_LOST, INITIAL, RIGHT, B, Net, Values, W, nothing, slopes, value
from tests.support import case_of, evidence


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
