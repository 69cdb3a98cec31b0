"""A layer without a reference: its output depends on its arguments, and each gradient is that of its own forward."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.audit.calls import call
from grader.model import Answer, Array, Call, Case, Failure, FailureKind, Finding, Outcome, Stage
from grader.numerics.agreement import Along
from grader.properties import own_layer
from grader.properties.property import Blocked, Undecided
from reference import LayerSpec
from reference.spec import Argument, Traits
from tests.support import Student, case_of, evidence

GATE = LayerSpec(
    name="gate",
    arguments=(Argument(name="x", axes="N D", gradient="dx"), Argument(name="w", axes="D", gradient="dw")),
    axes={"N": (2, 2), "D": (3, 3)},
    scenarios=(),
    traits=Traits(out="N D"),
)
X, W = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), np.array([0.5, -0.25, 1.0])
CASE = case_of(np.ones((2, 3)), number=3, x=X, w=W)
FAILURE = Failure(kind=FailureKind.EXCEPTION, text="ValueError: no")
RIGHT = {"forward.value": None, "backward.dx": None, "backward.dw": None}
FORWARD_LOST = {"forward.value": Blocked(messages.blocked("forward"))}
BACKWARD_LOST = Blocked(messages.blocked("backward"))


def gate(x: Array, w: Array) -> tuple[Any, Any]:
    return x * np.tanh(w), (x, w)


def back(dout: Array, cache: Any) -> tuple[Any, ...]:
    x, w = cache
    return dout * np.tanh(w), (dout * x / np.cosh(w) ** 2).sum(axis=0)


def judge(forward: Any = gate, backward: Any = back, *, case: Case = CASE, first: Outcome | None = None, asked: Call | None = None) -> Any:
    """Judge a layer; `first` stands for what its plain call gave, where that is not what the functions give."""
    student, plain = Student(forward, backward), asked or Call(case=case)
    outcome = first or call(GATE, student, plain)
    return own_layer.judge(
        evidence(GATE, case, Answer(), outcome, calls=[plain], ask=lambda calls: [call(GATE, student, each) for each in calls])
    )


def with_gradients(dx: Any = None, dw: Any = None) -> Any:
    """Judge the right forward with other gradients."""

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        right = back(dout, cache)
        return (right[0] if dx is None else dx(dout, *cache)), (right[1] if dw is None else dw(dout, *cache))

    return judge(backward=backward)


def failing_after(count: int, function: Any) -> Any:
    """Return the function, which raises after so many calls."""
    made = iter(range(count))

    def counted(*args: Any, **given: Any) -> Any:
        if next(made, None) is None:
            raise ValueError("no more")
        return function(*args, **given)

    return counted


def test_there_is_a_check_of_the_output_and_one_of_each_gradient_which_waits_for_it():
    found = [(c.name, c.part, c.weight, c.needs, c.title) for c in own_layer.checks(GATE)]

    assert found == [
        ("value", "forward", 1, (), messages.TITLE_OWN_OUTPUT),
        ("dx", "backward", 1, ("forward.value",), messages.title_own_gradient("dx")),
        ("dw", "backward", 1, ("forward.value",), messages.title_own_gradient("dw")),
    ]


def test_the_gradients_of_the_layers_own_forward_are_right():
    assert judge() == RIGHT


def test_a_layer_in_float32_is_judged_by_what_float32_can_tell():
    def single(x: Array, w: Array) -> tuple[Any, Any]:
        return gate(x.astype(np.float32), w.astype(np.float32))

    assert judge(single) == RIGHT
    assert isinstance(judge(single, lambda dout, cache: (1.1 * back(dout, cache)[0], back(dout, cache)[1]))["backward.dx"], Finding)


def test_what_was_given_in_float32_is_moved_in_float64():
    given = case_of(np.ones((2, 3), np.float32), x=X.astype(np.float32), w=W.astype(np.float32))
    dtypes = []

    def seen(x: Array, w: Array) -> tuple[Any, Any]:
        dtypes.append((x.dtype, w.dtype))
        return gate(x, w)

    assert judge(seen, case=given) == RIGHT
    assert {*dtypes[1:]} == {(np.dtype("f8"), np.dtype("f8"))}


def test_a_layer_of_whole_numbers_beside_the_others_gets_whole_numbers():
    taken = case_of(np.ones((2, 3)), x=X, w=W, rows=np.array([1, 0]))

    assert judge(lambda x, w, rows: (gate(x, w)[0][rows], (x, w, rows)), lambda d, c: back(d[c[2]], c[:2]), case=taken) == RIGHT


def test_a_layer_of_a_leading_axis_of_length_one_is_right():
    assert judge(lambda x, w: (gate(x, w)[0][None], (x, w)), lambda d, c: (back(d, c)[0][None], back(d, c)[1][None])) == RIGHT


@pytest.mark.parametrize(("name", "other"), [("dx", "dw"), ("dw", "dx")])
def test_a_wrong_gradient_is_told_under_its_name_with_both_numbers(name: str, other: str):
    judged = with_gradients(**{name: lambda dout, x, w: back(dout, (x, w))[name == "dw"] * 2})

    finding = judged[f"backward.{name}"]
    got, right = (float(finding.what.split(before)[1].split(",")[0].split(" ")[0]) for before in ("it says ", "of the output say "))
    assert finding.what.startswith(f"{name} is not the gradient of your own forward")
    assert got == pytest.approx(2 * right, rel=1e-4)
    assert float(finding.what.split("known to ")[1].rstrip(".")) < 1e-6
    assert finding.next_step == messages.DERIVE_OUTPUT
    assert judged[f"backward.{other}"] is judged["forward.value"] is None


@pytest.mark.parametrize(
    "first",
    [
        Outcome(),
        Outcome(forward=Stage()),
        Outcome(forward=Stage(values={"out": gate(X, W)[0]}, failure=FAILURE)),
    ],
)
def test_nothing_is_judged_without_an_output(first: Outcome):
    assert judge(first=first) == FORWARD_LOST


def test_an_output_of_another_shape_breaks_the_contract_and_is_not_judged():
    judged = judge(lambda x, w: (gate(x, w)[0].T, (x, w)))

    assert judged.pop("forward.contract").what == "out has shape (3, 2); it must have shape (2, 3)."
    assert judged == FORWARD_LOST


def test_an_output_that_is_another_every_time_is_nobodys_failure():
    rng = np.random.default_rng(0)

    assert judge(lambda x, w: (gate(x, w)[0] * rng.random(x.shape), (x, w))) == {"forward.value": Undecided(messages.NOISY_OUTPUT)}


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("dtype", "apart", "same"), [("f8", 2e-15, True), ("f8", 1e-13, False), ("f4", 1e-6, True), ("f4", 1e-4, False)])
def test_outputs_that_are_apart_by_rounding_are_the_same(size: float, dtype: str, apart: float, same: bool):
    factors = iter([size] + [size, size * (1 + apart)] + [size] * 1000)
    judged = judge(lambda x, w: ((gate(x, w)[0] * next(factors)).astype(dtype), (x, w)))

    assert (judged["forward.value"] == Undecided(messages.NOISY_OUTPUT)) == (not same)


def test_a_single_whole_number_is_an_output_like_any_other():
    number = case_of(np.ones(()), x=X, w=W)

    judged = judge(lambda x, w: (int(1000 * gate(x, w)[0].sum()), (x, w)), case=number, asked=Call(case=number, forward_only=True))

    assert judged == {"forward.value": None}


@pytest.mark.parametrize("later", [Outcome(), Outcome(forward=Stage(values={"out": gate(X, W)[0]}, failure=FAILURE))])
def test_a_call_that_came_to_nothing_is_nobodys_failure(later: Outcome):
    seen = evidence(GATE, CASE, Answer(), call(GATE, Student(gate, back), Call(case=CASE)), ask=lambda calls: [later] * len(calls))

    assert own_layer.judge(seen) == {"forward.value": Undecided(messages.NO_OUTPUT)}


@pytest.mark.parametrize("later", [None, Stage(values={"dx": X, "dw": W}, failure=FAILURE)])
def test_a_backward_that_came_to_nothing_is_nobodys_failure(later: Stage | None):
    student = Student(gate, back)
    first = call(GATE, student, Call(case=CASE))

    def ask(calls: Sequence[Call]) -> list[Outcome]:
        return [call(GATE, student, each) if each.forward_only else Outcome(forward=first.forward, backward=later) for each in calls]

    assert own_layer.judge(evidence(GATE, CASE, Answer(), first, ask=ask))["backward.dx"] == Undecided(messages.NO_OUTPUT)


def test_a_layer_is_asked_the_same_every_time_and_for_gradients_as_seldom_as_can_be():
    def asked() -> list[Call]:
        made: list[Call] = []

        def ask(calls: Sequence[Call]) -> list[Outcome]:
            made.extend(calls)
            return [call(GATE, Student(gate, back), each) for each in calls]

        own_layer.judge(evidence(GATE, CASE, Answer(), call(GATE, Student(gate, back), Call(case=CASE)), ask=ask))
        return made

    first, second = asked(), asked()

    assert [c.case.arrays["x"].tobytes() for c in first] == [c.case.arrays["x"].tobytes() for c in second]
    assert 0 < sum(not c.forward_only for c in first) < 10 < sum(c.forward_only for c in first)


def test_an_output_that_is_no_number_for_other_arguments_is_nobodys_failure():
    assert judge(lambda x, w: (gate(x, w)[0] * (1 if (w == W).all() else np.nan), (x, w)))["forward.value"] is None
    assert judge(failing_after(1, gate)) == judge(failing_after(3, gate)) == {"forward.value": Undecided(messages.NO_OUTPUT)}


@pytest.mark.parametrize("out", [np.ones((2, 3)), np.ones((2, 3), np.float32)])
def test_an_output_that_depends_on_nothing_earns_nothing(out: Array):
    assert judge(lambda x, w: (out, (x, w)))["forward.value"] == Finding(what=messages.CONSTANT_OUTPUT)


@pytest.mark.parametrize(
    "forward",
    [
        lambda x, w: (x + 0, (x, w)),
        lambda x, w: (w + 0 * x, (x, w)),
        lambda x, w: (np.maximum(x - 2, 0), (x, w)),
        lambda x, w: (np.maximum(-x - 2, 0), (x, w)),
    ],
    ids=["on x", "on w", "above", "below"],
)
def test_an_output_that_depends_on_one_argument_somewhere_is_no_constant(forward: Any):
    assert judge(forward)["forward.value"] is None


def test_an_output_that_depends_on_the_order_of_the_entries_alone_is_no_constant():
    def middle(x: Array, w: Array) -> tuple[Any, Any]:
        return np.abs(x.argsort(axis=1).argsort(axis=1) - 1.0), (x, w)

    assert judge(middle, case=case_of(np.ones((2, 3)), number=3, x=X / 100, w=W))["forward.value"] is None


def test_a_layer_of_whole_numbers_alone_depends_on_nothing_that_could_be_moved():
    none = LayerSpec(name="none", arguments=(Argument(name="x", axes="N"),), axes={}, scenarios=(), traits=Traits(out="N"))
    case = case_of(np.ones(3), x=np.arange(3))
    outcome = Outcome(forward=Stage(values={"out": np.ones(3)}))
    plain = Call(case=case, forward_only=True)

    judged = own_layer.judge(evidence(none, case, Answer(), outcome, calls=[plain], ask=lambda calls: [outcome] * len(calls)))

    assert judged == {"forward.value": None}


def test_a_forward_alone_is_judged_alone():
    assert judge(asked=Call(case=CASE, forward_only=True)) == {"forward.value": None}


@pytest.mark.parametrize("backward", [None, Stage(failure=FAILURE)])
def test_a_backward_that_gave_nothing_blocks_every_gradient(backward: Stage | None):
    first = Outcome(forward=Stage(values={"out": gate(X, W)[0]}), backward=backward)

    assert judge(first=first) == {"forward.value": None, "backward.dx": BACKWARD_LOST, "backward.dw": BACKWARD_LOST}


def test_a_gradient_of_another_shape_breaks_the_contract_and_the_other_is_judged():
    judged = with_gradients(dw=lambda dout, x, w: dout * x)

    assert judged.pop("backward.contract").what == "dw has shape (2, 3); it must have the shape of w, (3,)."
    assert judged == {**RIGHT, "backward.dw": BACKWARD_LOST}


def test_gradients_of_other_shapes_alone_are_not_compared():
    judged = judge(backward=lambda dout, cache: (dout[:1], dout))

    assert judged.pop("backward.contract").what.startswith("dw")
    assert judged == {"forward.value": None, "backward.dx": BACKWARD_LOST, "backward.dw": BACKWARD_LOST}


def test_zeros_for_an_argument_on_which_nothing_depends_tell_nothing():
    judged = judge(lambda x, w: (x**2, (x, w)), lambda dout, cache: (2 * dout * cache[0], 0 * cache[1]))

    assert judged == {**RIGHT, "backward.dw": Undecided(messages.no_slope_of_output("w"))}


def test_a_gradient_that_is_not_given_again_is_nobodys_failure():
    undecided = Undecided(messages.NO_OUTPUT)

    assert judge(backward=failing_after(1, back)) == {"forward.value": None, "backward.dx": undecided, "backward.dw": undecided}


@pytest.mark.parametrize(
    "again", [lambda d, c: back(d[:1], c)[:1] * 2, lambda d, c: (back(d, c)[0].T, back(d, c)[1])], ids=["fewer", "turned"]
)
def test_a_gradient_that_has_another_shape_when_it_is_asked_for_again_is_nobodys_failure(again: Any):
    made = iter([back])

    def changing(dout: Array, cache: Any) -> Any:
        return next(made, again)(dout, cache)

    judged = judge(backward=changing)

    assert judged["backward.dx"] == judged["backward.dw"] == Undecided(messages.NO_OUTPUT)


def test_a_layer_with_kinks_wherever_one_looks_is_nobodys_failure():
    judged = judge(lambda x, w: (x * w + 1e-3 * np.abs(np.sin(1e15 * x)), (x, w)))

    assert judged["backward.dx"] == Undecided(messages.NO_DIFFERENCES_OF_OUTPUT)


@pytest.mark.parametrize(
    ("apart", "kind"),
    [(0.5, type(None)), (1.0, type(None)), (1.5, Undecided), (-1.5, Undecided), (4.0, Undecided), (4.5, Finding), (-4.5, Finding)],
)
def test_an_error_of_up_to_four_bounds_is_nobodys_failure(apart: float, kind: type, monkeypatch: pytest.MonkeyPatch):
    along = Along(along={}, weights=np.ones(1), analytic=2 + apart / 8, numeric=2.0, bound=1 / 8, telling=True, sure=True, step=1e-3)
    monkeypatch.setattr(own_layer, "agreements", lambda *_: {"x": along, "w": along})

    judged = judge()

    assert type(judged["backward.dx"]) is type(judged["backward.dw"]) is kind


@pytest.mark.parametrize(("analytic", "numeric"), [(1 / 16, 0.0), (0.0, 1 / 16)])
def test_zeros_are_zeros_on_both_sides(analytic: float, numeric: float, monkeypatch: pytest.MonkeyPatch):
    along = Along(along={}, weights=np.ones(1), analytic=analytic, numeric=numeric, bound=1 / 8, telling=True, sure=True, step=1e-3)
    monkeypatch.setattr(own_layer, "agreements", lambda *_: {"x": along, "w": along})

    assert judge() == RIGHT
