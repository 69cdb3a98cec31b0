"""What a layer gives does not hang on where its numbers lie in memory, and code that looks there is told so."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from grader.casebank import Bank
from grader.model import Answer, Call, Outcome, Stage, Standing, Verdict
from grader.properties import memory_order
from grader.properties.property import describe
from grader.report.snippet import snippet
from grader.sandbox.process import Launcher
from reference import LayerSpec, catalogue
from tests.support import Student, case_of, course, evidence, expected, failing, grade_one, judged

BankOf = Callable[[LayerSpec], Bank]
SPEC = catalogue()
CONV = """
import numpy as np

def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))) if p else x
    N, C, H, W = xp.shape
    KH, KW = w.shape[2:]
    oh, ow = (H - KH) // s + 1, (W - KW) // s + 1
    n, c, i, j = STRIDES
    view = np.lib.stride_tricks.as_strided(xp, (N, C, oh, ow, KH, KW), (n, c, s * i, s * j, i, j))
    return np.einsum("ncijkl,fckl->nfij", view, w) + b[:, None, None], None
"""
OF_THE_SHAPE = "xp.itemsize * np.array([C * H * W, H * W, W, 1])"
OF_THE_ARRAY = "xp.strides"


def flagged(results: dict[str, Any]) -> list[str]:
    """Return the ids of the checks that did not pass."""
    return [name for name, result in results.items() if result.verdict is not Verdict.PASSED]


def by_strides(x: Any, kernel_h: int, kernel_w: int, stride: int, padding: int) -> tuple[Any, Any]:
    """im2col with the strides that a new array of this shape has."""
    sizes = {"kernel_h": kernel_h, "kernel_w": kernel_w, "stride": stride, "padding": padding, "inexact_output_size": "floor"}
    right, cache = SPEC["im2col"].forward(x=x, **sizes)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, W = xp.shape
    oh, ow = (H - kernel_h) // stride + 1, (W - kernel_w) // stride + 1
    cut = as_strided(xp, (N, oh, ow, C, kernel_h, kernel_w), xp.itemsize * np.array([C * H * W, stride * W, stride, H * W, W, 1]))
    return cut.reshape(right.shape), cache


def in_memory(x: Any) -> tuple[Any, Any]:
    """ReLU of the entries as they come in memory."""
    return np.array([max(float(v), 0.0) for v in np.nditer(x)]).reshape(x.shape), x


def of_relu(dout: Any, x: Any) -> tuple[Any]:
    """The gradient of ReLU."""
    return (dout * (x > 0),)


@pytest.mark.parametrize(
    ("layer", "forward", "backward"),
    [("im2col", by_strides, SPEC["im2col"].backward), ("relu", in_memory, of_relu)],
    ids=["windows by the strides of a shape", "entries as they come in memory"],
)
def test_code_that_looks_where_numbers_lie_fails_nothing_else(layer: str, forward: Any, backward: Any, bank_of: BankOf):
    results = judged(SPEC[layer], Student(forward, backward), bank_of(SPEC[layer]))

    (found,) = results["forward.order"].findings
    assert flagged(results) == ["forward.order"]
    assert found.got != found.expected
    assert found.what.startswith("out is another where its arrays lie in memory as a transpose does")
    assert found.next_step == memory_order.MEND
    assert found.where.startswith("out[")


def test_its_line_says_what_must_hold():
    (check,) = memory_order.checks(SPEC["relu"])

    assert check.title == "forward gives the same in whatever order its arrays lie in memory"


@pytest.mark.parametrize("forward", [None, Stage()])
def test_where_forward_shows_nothing_there_is_nothing_to_compare(forward: Stage | None):
    case, right = case_of(x=np.ones((2, 3))), Answer(values={"out": expected(np.ones((2, 3)))})

    assert memory_order.judge(evidence(SPEC["relu"], case, right, Outcome(forward=forward), Outcome(forward=forward))) == {}


def test_code_that_does_not_has_no_line_about_it(bank_of: BankOf):
    results = judged(SPEC["relu"], Student(lambda x: (np.maximum(x, 0), x), of_relu), bank_of(SPEC["relu"]))

    assert flagged(results) == []
    assert "forward.order" not in results


def test_what_is_wrong_anyhow_or_raises_is_no_matter_of_memory(bank_of: BankOf):
    def doubled(x: Any) -> tuple[Any, Any]:
        return 2 * in_memory(x)[0], x

    def refusing(x: Any) -> tuple[Any, Any]:
        assert x.flags.c_contiguous, "not laid out as I want it"
        return np.maximum(x, 0), x

    wrong, careful = (judged(SPEC["relu"], Student(forward, of_relu), bank_of(SPEC["relu"])) for forward in (doubled, refusing))

    assert "forward.order" not in wrong
    assert wrong["forward.value"].verdict is Verdict.FAILED
    assert flagged(careful) == []


def test_an_output_of_another_shape_is_a_finding_too(bank_of: BankOf):
    def cut(x: Any) -> tuple[Any, Any]:
        return np.maximum(x, 0) if x.flags.c_contiguous else np.maximum(x, 0)[0], x

    assert flagged(judged(SPEC["relu"], Student(cut, of_relu), bank_of(SPEC["relu"]))) == ["forward.order"]


@pytest.mark.parametrize("shown", [{"running_mean", "running_var"}, set()])
def test_what_forward_gives_beside_its_output_is_compared_where_it_is_shown(shown: set[str], bank_of: BankOf):
    spec = SPEC["batch_norm"]
    case = bank_of(spec).cases[1]
    answered = bank_of(spec).answers[0][1]
    values = {name: e.value for name, e in answered.values.items() if name in {"out", *shown}}
    turned = {name: a + (name == "running_var") for name, a in values.items()}

    found = memory_order.judge(evidence(spec, case, answered, *(Outcome(forward=Stage(values=v)) for v in (values, turned))))

    assert list(found) == (["forward.order"] if shown else [])


@pytest.mark.parametrize(("again", "judged_of"), [(1.0, ["forward.order"]), (2.0, [])])
def test_a_forward_that_is_spoilt_by_earlier_calls_is_no_matter_of_memory(again: float, judged_of: list[str]):
    asked: list[Call] = []
    first, turned, third = (Outcome(forward=Stage(values={"out": np.full((2, 3), value)})) for value in (1.0, 2.0, again))
    case = case_of(x=np.ones((2, 3)))
    calls = [Call(case=case), Call(case=case, forward_only=True, order="F")]

    def ask(made: Sequence[Call]) -> list[Outcome]:
        asked.extend(made)
        return [third]

    found = memory_order.judge(
        evidence(SPEC["relu"], case, Answer(values={"out": expected(np.ones((2, 3)))}), first, turned, calls=calls, ask=ask)
    )

    assert list(found) == judged_of
    assert [(call.case, call.order, call.forward_only) for call in asked] == [(case, "C", True)]


def test_what_must_be_refused_is_no_matter_of_memory():
    right, wrong = (Outcome(forward=Stage(values={"out": np.full(2, value)})) for value in (1.0, 2.0))
    answered = Answer(values={"out": expected(np.ones(2))}, refusal="no")

    assert memory_order.judge(evidence(SPEC["relu"], case_of(x=np.ones(2)), answered, right, wrong)) == {}


@pytest.mark.parametrize("spec", [spec for spec in catalogue().values() if spec.arguments], ids=lambda spec: spec.name)
def test_every_layer_has_two_inputs_whose_numbers_can_lie_otherwise(spec: LayerSpec, bank_of: BankOf):
    planned = memory_order.plan(spec, bank_of(spec).cases, lambda case: Call(case=case))

    assert [[(call.order, call.forward_only) for call in calls] for _, calls in planned] == [[("C", False), ("F", True)]] * 2
    assert all(0 not in (case.number, next(iter(case.arrays.values())).ndim - 1) for case, _ in planned)


def test_what_has_nothing_to_lay_out_otherwise_is_not_asked():
    sizes = [case_of(number=n) for n in range(3)]
    line = [case_of(number=n, x=np.ones((1, 4)), w=np.ones((4, 4))) for n in range(3)]

    assert [memory_order.plan(SPEC["relu"], cases, lambda case: Call(case=case)) for cases in (sizes, line)] == [[], []]


def test_it_costs_a_sixth_of_a_forward_and_nothing_where_it_holds(tmp_path: Path, launcher: Launcher, banks: Path):
    asked = course(tmp_path, "id: conv2d, title: C, points: 6, parts: {forward: 1, backward: 0}, inexact_output_size: floor")

    bad, good = (grade_one(CONV.replace("STRIDES", by), asked, launcher, banks) for by in (OF_THE_SHAPE, OF_THE_ARRAY))

    assert (failing(bad), bad.score, bad.max_score, bad.standing) == (["conv2d.forward.order"], 5, 6, Standing.PARTIAL)
    assert (failing(good), good.score, good.max_score, good.standing) == ([], 6, 6, Standing.PASSED)


def test_the_input_that_is_shown_lies_as_the_one_that_shows_it(bank_of: BankOf):
    result = judged(SPEC["relu"], Student(in_memory, of_relu), bank_of(SPEC["relu"]))["forward.order"]
    (finding,) = result.findings
    shown: dict[str, Any] = {}
    exec(snippet({**finding.case, "call": [f"y = np.float64({finding.expected})"]}), shown)  # noqa: S102 - of our own making

    assert shown["x"].flags.fnc
    assert not np.allclose(in_memory(shown["x"])[0], np.maximum(shown["x"], 0))
    assert np.allclose(in_memory(np.ascontiguousarray(shown["x"]))[0], np.maximum(shown["x"], 0))


def test_an_input_that_lies_so_by_chance_is_shown_without_its_order():
    case = case_of(x=np.asfortranarray(np.ones((2, 3))))

    assert "order" not in describe(case, 1, 1)
