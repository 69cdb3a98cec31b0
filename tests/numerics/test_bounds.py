"""Right answers stay far inside their bounds however they round, and the smallest mistake worth finding is outside."""

from collections.abc import Iterator

import numpy as np
import pytest

from grader import casebank
from grader.audit.right import ARRAYS, variants
from grader.model import PARTS, Array, Call, Expected
from grader.numerics.bounds import tolerance, unit, units
from grader.numerics.comparison import compare
from reference import LayerSpec, Magnitude
from tests.support import bank_of, call, case_of, expected, first_bank

SATURATED = {("sigmoid", "large inputs", "dx"), ("tanh", "large inputs", "dx")}  # 1 - y*y of a y near 1 is rounding, all of it
HEADROOM = 0.25  # of the bound, which is all that rounding may use up
EVERY_SPEC = pytest.mark.parametrize("spec", ARRAYS, ids=lambda spec: spec.name)


def used(spec: LayerSpec, seeds: range) -> Iterator[tuple[float, str]]:
    """Yield how much of the headroom every array of every right answer uses up at its worst element, and where that is."""
    reading = casebank.readings(spec, {})[0]
    for seed in seeds:
        bank = first_bank(spec.name, seed)
        for (name, student), case in ((v, c) for v in variants(spec, **reading) for c in bank.cases):
            outcome = call(spec, student, Call(case=case))
            for stage in (outcome.stage(part) for part in (PARTS if case.dout is not None and spec.backward else PARTS[:1])):
                assert stage, f"{name}, seed {seed}, {case.title}: not run"
                assert not stage.failure, f"{name}, seed {seed}, {case.title}: {stage.failure}"
                for array, got in stage.values.items():
                    share = _share(got, bank.answers[0][case.number].values[array], case)
                    yield share / HEADROOM, f"{array} of {name}, seed {seed}, {case.title}: {share:.3g} of its bound"


def _share(got: Array, wanted: Expected, case: object) -> float:
    bound = tolerance(case, wanted, got)
    error = np.abs(got.astype(np.float64) - wanted.value)
    return float(np.where(error > 0, error / np.maximum(bound, np.finfo(float).tiny), 0).max(initial=0))


@EVERY_SPEC
def test_right_answers_use_up_at_most_a_quarter_of_their_bounds(spec: LayerSpec):
    worst, where = max(used(spec, range(8)))  # benchmarks/gradcheck.py looks at twenty

    assert worst <= 1, where


@EVERY_SPEC
def test_one_element_off_by_a_millionth_is_outside_and_found(spec: LayerSpec):
    bank = bank_of(spec.name)
    rng = np.random.default_rng(0)

    tried = 0
    for case, answer in zip(bank.cases, bank.answers[0], strict=True):
        for name, wanted in answer.values.items():
            if (spec.name, case.title, name) in SATURATED:
                continue
            if case.dtype == np.float32:  # its bound is wider, as it must be
                continue
            large = np.argwhere(np.abs(wanted.value) > 1e-3 * np.abs(wanted.value).max(initial=0))
            for index in map(tuple, rng.permutation(large)[:5]):
                got = np.array(wanted.value)
                got[index] *= 1 + 1e-6
                mismatch = compare(case, got, wanted)
                assert mismatch is not None, f"{name}{index} of {case.title}"
                assert (mismatch.index, mismatch.count) == (index, 1)
                tried += 1

    assert tried > (20 if spec.backward else 5)


def test_the_unit_is_that_of_the_coarser_of_input_and_output():
    double, single = case_of(x=np.zeros(1)), case_of(x=np.zeros(1, np.float32))

    found = {(i, o): unit(case, np.zeros(1, o)) for i, case in (("in64", double), ("in32", single)) for o in ("f8", "f4", "i8")}

    fine, coarse = 2.0**-52, 2.0**-23
    assert found == {
        ("in64", "f8"): fine,
        ("in64", "f4"): coarse,
        ("in64", "i8"): fine,
        ("in32", "f8"): coarse,
        ("in32", "f4"): coarse,
        ("in32", "i8"): coarse,
    }


def test_the_bound_is_in_units_of_the_dtype_above_the_smallest_number():
    wanted = expected([0.0, 8.0], units=[0.0, 8.0])

    fine, coarse = (tolerance(case_of(x=np.zeros(1, d)), wanted, np.zeros(2, d)) for d in (np.float64, np.float32))

    np.testing.assert_array_equal(fine, [np.finfo(np.float64).tiny, 8 * 2.0**-52])
    np.testing.assert_array_equal(coarse, [np.finfo(np.float32).tiny, 8 * 2.0**-23])


def test_units_grow_with_the_root_of_the_counted_terms_and_the_norm_of_the_array():
    out, gradient = units(Magnitude(np.array([1.0, 2.0]), (np.array(3.0),), (np.array([4, 9]), np.array(16)), (5.0, 6.0)), largest=14)

    np.testing.assert_allclose(out, [4 * 2 * 1 + 4 * 4 * 5, 4 * 3 * 2 + 4 * 4 * 5])
    np.testing.assert_allclose(gradient, 4 * 4 * 3 + 4 * 4 * 6)


def test_what_was_not_counted_has_as_many_terms_as_the_largest_argument_has_elements():
    out, gradient = units(Magnitude(np.array([1.0, 2.0]), (np.array(3.0),)), largest=14)

    np.testing.assert_allclose(out, [4 * 14**0.5 * 1 + 4 * 4 * 2, 4 * 14**0.5 * 2 + 4 * 4 * 2])
    np.testing.assert_allclose(gradient, 4 * 14**0.5 * 3 + 4 * 4 * 3)


def test_a_whole_number_has_no_tolerance():
    count = expected(np.array(1330.0), units=np.array(0.0))

    bound = tolerance(case_of(), count, np.array(1330))

    assert bound < 1e-300


def test_an_empty_array_has_an_empty_bound():
    nothing = expected(np.zeros((0, 3)))

    bound = tolerance(case_of(x=np.zeros((0, 3))), nothing, np.zeros((0, 3)))

    assert bound.shape == (0, 3)
