"""Laws: right submissions keep them, wrong ones break them, and what a law finds is A's to confirm."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Student, Wrong
from benchmarks.variants.wrong import WRONG
from grader import judging, messages
from grader.audit.right import ARRAYS, variants
from grader.language import say
from grader.model import Call, CheckResult, Outcome, Stage, Verdict
from grader.numerics.ball import Ball
from grader.properties import PROPERTIES, contract, gradient, laws, value
from grader.properties.laws import LAWS, Law, linear_in_dout
from grader.properties.laws.law import CASES, Disagreement, Equation, LawText, Run
from reference import LayerSpec, catalogue
from tests.support import bank_of, case_of, evidence, judged

SPEC = catalogue()
AFFINE = SPEC["affine"]
IDS = {f"{part}.{law.name}": law for law in LAWS for part in law.parts}
A = (contract, value, gradient)

BROKEN_BY = {
    "forward.superposition": [("affine", "x truncated to whole numbers")],
    "forward.translation": [("conv2d", "stride along the height only"), ("max_pool2d", "columns of the output counted by its rows")],
    "forward.shift_invariance": [("softmax_loss", "out: over_the_samples")],
    "forward.sample_independence": [("affine", "bias added to the first sample only"), ("im2col", "samples last among the rows")],
    "forward.batch_permutation": [("softmax_loss", "label of the first sample for all"), ("im2col", "samples last among the rows")],
    "forward.channel_permutation": [("conv2d", "only the first channel"), ("conv2d", "no bias after the first filter")],
    "forward.stride_identity": [("conv2d", "stride along the height only")],
    "forward.padding_identity": [("conv2d", "padding all at the end"), ("im2col", "padding with the edge instead of zeros")],
    "forward.stability": [("relu", "out: leaky"), ("sigmoid", "out: overflows")],
    "backward.adjoint": [("affine", "dx: averaged"), ("conv2d", "dw: averaged")],
    "backward.euler": [("relu", "dx: leaky"), ("avg_pool2d", "dx: not_divided")],
    "backward.linear_in_dout": [("relu", "dx: masked_by_dout"), ("sigmoid", "dx: without_dout")],
    "backward.batch_additivity": [("affine", "dw: averaged"), ("conv2d", "db: first_sample_only")],
    "backward.gradient_mass": [("max_pool2d", "dx: windows_overwrite"), ("avg_pool2d", "dx: divided_by_height")],
    "backward.copied_entries": [("im2col", "dx averaged where windows overlap"), ("flatten", "dx in Fortran order")],
    "backward.zero_sums": [("softmax_loss", "dx: label_not_subtracted"), ("svm_loss", "dx: right_class_forgotten")],
    "backward.normalised_nulls": [("batch_norm", "dx: variance_without_its_two"), ("batch_norm", "dx with N - 1 in the variance")],
    "backward.sample_independence": [("affine", "dx: averaged"), ("max_pool2d", "dx at the places of the first sample")],
    "backward.batch_permutation": [("conv2d", "dw: overwritten"), ("softmax_loss", "dx with the -1 in the last sample only")],
    "backward.channel_permutation": [("affine", "dw 0 off the diagonal"), ("max_pool2d", "dx at the places of the first channel")],
    "backward.stride_identity": [("conv2d", "dx: put_back_unstrided"), ("avg_pool2d", "dx: divided_by_stride_squared")],
    "backward.padding_identity": [("conv2d", "dx: cut_from_the_corner"), ("conv2d", "dx 0 in the last row")],
    "backward.stability": [("sigmoid", "dx from exp(-x), which overflows")],
}
PAIRS = [(name, layer, mistake) for name, mistakes in BROKEN_BY.items() for layer, mistake in mistakes if layer in SPEC]


def law_of(name: str) -> Law:
    return IDS[name]


def planned(law: Law, spec: LayerSpec, *, forward_only: bool = False) -> list[Any]:
    """Plan a law for a layer."""
    plain = {c.number: Call(case=c, forward_only=forward_only) for c in bank_of(spec.name).cases}
    return law.plan(spec, bank_of(spec.name).cases, lambda case: plain[case.number])


def judge(student: Student, *laws: Any, spec: LayerSpec = AFFINE) -> dict[str, CheckResult]:
    """Let A and some laws judge a student."""
    return judged(spec, student, bank_of(spec.name), properties=(*A, *laws))


def verdicts(results: dict[str, CheckResult]) -> dict[str, Verdict]:
    """Return what did not pass."""
    return {name: result.verdict for name, result in results.items() if result.verdict is not Verdict.PASSED}


@pytest.mark.parametrize("spec", ARRAYS, ids=lambda spec: spec.name)
def test_every_right_variant_keeps_every_law(spec: LayerSpec):
    reading = bank_of(spec.name).readings[0]

    lost = {name: lost for name, student in variants(spec, **reading) if (lost := verdicts(judge(student, *LAWS, spec=spec)))}

    assert lost == {}


@pytest.mark.parametrize(("name", "layer", "mistake"), PAIRS)
def test_a_wrong_variant_breaks_the_law(name: str, layer: str, mistake: str):
    (wrong,) = (w for w in WRONG if (w.layer, w.name) == (layer, mistake))

    results = judge(wrong.student, law_of(name), spec=SPEC[layer])

    (found,) = results[name].findings
    named = ("out", *SPEC[layer].gradients, *(a.name for a in SPEC[layer].arguments))
    unfit = [f.what for part in ("forward", "backward") for f in results[f"{part}.contract"].findings]
    assert results[name].verdict is Verdict.FAILED
    assert results[name].law
    assert not results[name].max_score
    assert any(each in found.where for each in named)
    assert "[]" not in found.where
    assert found.what in (say(law_of(name).says.broken, name=found.where.partition("[")[0]), *unfit)


def test_every_law_is_broken_by_a_wrong_variant():
    """Those of the table by these; of a further law any variant will do."""

    def broken(name: str) -> bool:
        of_it = (wrong for wrong in WRONG if law_of(name).holds(SPEC[wrong.layer]))
        return any(judge(wrong.student, law_of(name), spec=SPEC[wrong.layer])[name].verdict is Verdict.FAILED for wrong in of_it)

    assert set(BROKEN_BY) <= set(IDS)
    assert [name for name in set(IDS) - set(BROKEN_BY) if not broken(name)] == []


def test_no_wrong_variant_breaks_a_law_where_a_finds_nothing():
    def errored(wrong: Wrong) -> list[str]:
        results = judge(wrong.student, *LAWS, spec=SPEC[wrong.layer])
        return [name for name, result in results.items() if result.verdict is Verdict.ERRORED]

    assert {w.name: found for w in WRONG if w.layer in ("relu", "sigmoid", "avg_pool2d", "svm_loss") and (found := errored(w))} == {}


@pytest.mark.parametrize("spec", catalogue().values(), ids=lambda spec: spec.name)
def test_wherever_a_law_holds_the_bank_has_an_input_that_suits_it(spec: LayerSpec):
    asked = {law.name: len(planned(law, spec)) for law in LAWS if law.checks(spec)}

    assert all(1 <= count <= CASES for count in asked.values()), asked


@pytest.mark.parametrize("spec", ARRAYS, ids=lambda spec: spec.name)
def test_a_law_that_is_asked_of_a_layer_compares_something(spec: LayerSpec):
    compared = set()

    def watched(law: Law) -> Law:
        def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
            for equation in law.equations(spec, runs):
                compared.add(f"{'backward' if runs[0].gradients else 'forward'}.{law.name}")
                yield equation

        return replace(law, equations=equations)

    reference = dict(variants(spec, **bank_of(spec.name).readings[0]))["reference"]
    judged(spec, reference, bank_of(spec.name), properties=[watched(law) for law in LAWS])

    asked = {f"{check.part}.{law.name}" for law in LAWS for check in law.checks(spec)}
    assert compared == asked - {"backward.stability"}  # which asks for numbers, whatever they are


def test_a_law_makes_few_calls():
    extra = {spec.name: sum(len(asked.calls) - 1 for law in LAWS for asked in planned(law, spec)) for spec in catalogue().values()}

    assert max(extra.values()) <= 40, extra


def test_laws_of_forward_alone_never_ask_for_backward():
    calls = [
        call for law in LAWS if law.parts == ("forward",) for spec in ARRAYS for asked in planned(law, spec) for call in asked.calls[1:]
    ]

    assert calls
    assert all(call.dout is None and call.case.dout is None for call in calls)


@pytest.mark.parametrize("spec", [AFFINE, SPEC["conv2d"]], ids=lambda spec: spec.name)
def test_of_a_forward_alone_laws_of_forward_alone_are_asked(spec: LayerSpec):
    assert all(bool(planned(law, spec, forward_only=True)) == ("forward" in law.parts and law.holds(spec)) for law in LAWS)


def test_every_file_of_a_law_is_a_law_of_its_name_and_judges():
    files = {path.stem for path in Path(laws.__file__).parent.glob("*.py") if "\nLAW = " in path.read_text(encoding="utf-8")}

    assert sorted(files) == [law.name for law in LAWS]
    assert all(law in PROPERTIES for law in LAWS)


def test_gradients_of_samples_that_make_up_for_each_other_break_the_zero_sums():
    spec = SPEC["softmax_loss"]

    def backward(dout: Any, cache: Any) -> tuple[Any, ...]:
        (dx,) = spec.backward(dout, cache)
        return (dx + np.where(np.arange(len(dx)) == 0, 1, np.where(np.arange(len(dx)) == 1, -1, 0))[:, None],)

    assert judge(Student(spec.forward, backward), law_of("backward.zero_sums"), spec=spec)["backward.zero_sums"].verdict is Verdict.FAILED


def test_lines_are_moved_to_both_sides_where_differences_alone_count():
    spec = SPEC["softmax_loss"]
    (asked,) = planned(law_of("backward.stability"), spec)
    plain, moved = (call.case.arrays["x"] for call in asked.calls)

    assert {*np.sign(moved - plain).ravel()} == {-1, 1}
    assert np.abs(moved - plain).min() > 3000


def test_every_window_that_holds_no_padding_is_compared_with_the_one_before():
    conv, law, rng = SPEC["conv2d"], law_of("forward.translation"), np.random.default_rng(0)
    arrays = {"x": rng.standard_normal((1, 1, 9, 9)), "w": rng.standard_normal((1, 1, 3, 3)), "b": np.ones(1)}
    case = case_of(np.ones((1, 1, 5, 5)), options={"stride": 2, "padding": 1}, **arrays)
    moved = law.vary(conv, case)
    assert moved
    runs = [Run(each, Ball.exact(conv.forward(**each.arrays, **each.options)[0]), {}) for each in (case, *moved)]

    sides = list(law.equations(conv, runs))

    assert [equation.left.shape for equation in sides] == [(1, 1, 2, 5), (1, 1, 5, 2)]  # of windows 0 to 4, numbers 2 and 3
    assert all(np.allclose(equation.left.mid, equation.right.mid) for equation in sides)


def test_the_other_dout_of_linearity_is_no_multiple_of_the_first_and_is_0_where_that_is():
    dout = np.array([[0.0, 1.0, -2.0], [0.5, 0.0, 3.0]])
    case = case_of(dout, x=np.ones((2, 3)))

    other, both = (varied.dout for varied in linear_in_dout.vary(SPEC["relu"], case))

    assert (other[dout == 0] == 0).all()
    assert np.ptp(other[dout != 0] / dout[dout != 0]) > 0.1
    np.testing.assert_array_equal(both, dout + 2 * other)


def test_mass_is_lost_where_there_is_padding():
    pool = SPEC["avg_pool2d"]
    (asked,) = planned(law_of("backward.gradient_mass"), pool)
    padded = replace(asked.case, options={**asked.case.options, "padding": 1})

    assert law_of("backward.gradient_mass").vary(pool, asked.case) == []
    assert law_of("backward.gradient_mass").vary(pool, padded) is None


# --- a law and comparison A


def apart(_: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """What never holds."""
    yield Equation("out", runs[0].out, runs[0].out + Ball.exact(np.ones(runs[0].out.shape)))


MISTAKEN = Law(
    name="superposition", says=LawText("", "{name}"), parts=("forward",), holds=lambda _: True, vary=lambda *_: [], equations=apart
)
SUPERPOSITION = law_of("forward.superposition")


def affine(spoil: Callable[[Any], Any]) -> Student:
    """An affine layer whose output of an x that is not in the bank, which only a law asks for, goes through `spoil`."""
    banked = {case.arrays["x"].tobytes() for case in bank_of("affine").cases}

    def forward(x: Any, w: Any, b: Any) -> tuple[Any, Any]:
        out, cache = AFFINE.forward(x, w, b)
        return (out if x.tobytes() in banked else spoil(out)), cache

    return Student(forward, AFFINE.backward)


def test_a_law_of_backward_does_not_blame_a_right_gradient_for_a_wrong_forward():
    def without_bias(x: Any, w: Any, b: Any) -> tuple[Any, Any]:
        return AFFINE.forward(x, w, 0 * b)

    results = judge(Student(without_bias, AFFINE.backward), law_of("backward.adjoint"))

    assert {name for name, verdict in verdicts(results).items() if verdict is Verdict.FAILED} == {"forward.value"}


def test_a_law_of_backward_does_not_wait_for_a_forward_that_overflows():
    def overflowing(x: Any) -> tuple[Any, Any]:
        with np.errstate(all="ignore"):
            out = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
        return out, np.tanh(x)

    results = judge(Student(overflowing, SPEC["tanh"].backward), law_of("backward.stability"), spec=SPEC["tanh"])

    assert {name.partition(".")[0] for name in verdicts(results)} == {"forward"}


@pytest.mark.parametrize("factor", [-1, 0, 2])
def test_a_forward_that_shows_what_is_no_entry_is_no_mistake_of_a_law(factor: int):
    spec = SPEC["im2col"]

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**given)
        return factor * out, cache

    results = judge(Student(forward, spec.backward), law_of("backward.copied_entries"), spec=spec)

    assert {result.verdict for result in results.values()} <= {Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED}
    assert results["forward.value"].verdict is Verdict.FAILED


def test_a_law_of_forward_judges_a_forward_alone():
    assert judge(Student(AFFINE.forward), SUPERPOSITION)["forward.superposition"].verdict is Verdict.PASSED


def test_a_law_that_a_does_not_confirm_is_our_mistake(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(judging, "suited", lambda _: (*A, MISTAKEN))

    results = judge(Student(AFFINE.forward, AFFINE.backward), MISTAKEN)

    assert verdicts(results) == {"forward.superposition": Verdict.ERRORED}
    assert results["forward.superposition"].reason.startswith(f"{messages.OURS} {Disagreement.__name__}: out out[")


def test_a_law_names_the_entry_that_breaks_it_and_both_numbers(monkeypatch: pytest.MonkeyPatch):
    def larger(**given: Any) -> tuple[Any, Any]:
        out, cache = AFFINE.forward(**given)
        return out + 1, cache

    monkeypatch.setattr(judging, "suited", lambda _: (*A, MISTAKEN))
    (found,) = judge(Student(larger, AFFINE.backward), MISTAKEN)["forward.superposition"].findings

    assert re.fullmatch(r"out\[\d, \d\]", found.where)
    assert found.expected == found.got + 1


def test_what_is_wrong_only_on_an_input_of_a_law_is_told_by_a_as_well():
    results = judge(affine(lambda out: out + 1), SUPERPOSITION)

    assert verdicts(results) == {"forward.superposition": Verdict.FAILED, "forward.value": Verdict.FAILED}
    shown = results["forward.value"].findings[0].case
    assert shown["failing"] == CASES


@pytest.mark.parametrize(
    "spoil", [lambda out: out / 0.0 * 0.0, lambda out: out[None, :, :1], lambda out: 1 // 0], ids=["not a number", "shape", "error"]
)
def test_what_breaks_its_contract_only_on_an_input_of_a_law_is_told_there_too(spoil: Callable[[Any], Any]):
    with np.errstate(all="ignore"):
        results = judge(affine(spoil), SUPERPOSITION)

    assert verdicts(results) == dict.fromkeys(("forward.contract", "forward.value", "forward.superposition"), Verdict.FAILED)
    assert results["forward.superposition"].findings[0].what == results["forward.contract"].findings[0].what


def test_a_submission_that_never_answers_leaves_its_laws_unchecked():
    results = judge(Student(lambda **_: 1 // 0, AFFINE.backward), *LAWS)

    laws_alone = {name: result for name, result in results.items() if result.law}
    assert {result.verdict for result in laws_alone.values()} == {Verdict.SKIPPED}
    assert {result.reason for result in laws_alone.values()} == {messages.blocked("forward")}


def test_a_convention_without_a_forward_function_is_not_asked_for_laws():
    case = bank_of("softmax_loss").cases[1]
    law = law_of("backward.zero_sums")
    answered = bank_of("softmax_loss").answers[0][1]

    assert law.judge(evidence(SPEC["softmax_loss"], case, answered, Outcome(forward=Stage(values={}), backward=None))) == {}
