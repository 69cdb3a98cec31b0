"""`magnitude` bounds rounding: away from kinks, float32 differs from float64 by no more than it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import Array, LayerSpec
from reference.layers import affine, conv2d
from reference.spec import multilinear
from tests.reference.cases import FEW, WITH_ARRAYS, Case, cases, cast, gradients, run

EVERY_SPEC = pytest.mark.parametrize("spec", WITH_ARRAYS, ids=lambda spec: spec.name)
SINGLE = np.finfo(np.float32)
MULTILINEAR = [spec for spec in WITH_ARRAYS if spec.name in ("affine", "avg_pool2d", "conv2d", "im2col")]


def sizes(spec: LayerSpec, case: Case) -> dict[str, Array]:
    """Return the magnitude of the output and of each gradient, by name."""
    assert spec.magnitude is not None
    sizes = spec.magnitude(case.arrays, case.options, case.dout)
    return dict(zip(("out", *spec.beside, *gradients(spec, case)), (sizes.out, *sizes.beside, *sizes.gradients), strict=True))


def values(spec: LayerSpec, case: Case) -> dict[str, Array]:
    """Return the output and each gradient, by name."""
    out, found, beside = run(spec, case)
    return dict(zip(("out", *spec.beside, *gradients(spec, case)), (out, *beside, *found), strict=True))


def bound(case: Case, A: Array) -> Array:
    """Return the largest right deviation, u (4 sqrt(K) A + 4 log2(n) max A); what underflows may become 0."""
    K = max(a.size for a in case.arrays.values())
    return SINGLE.eps * (4 * np.sqrt(K) * A + 4 * np.log2(np.size(A) + 2) * np.max(A)) + SINGLE.tiny


@EVERY_SPEC
@FEW
@given(data=st.data())
def test_float32_stays_float32_and_is_close_to_float64(spec, data):
    single = cast(data.draw(cases(spec)), np.float32)
    double = cast(single, np.float64)

    got, expected = values(spec, single), values(spec, double)

    for (name, g), e in zip(got.items(), expected.values(), strict=True):
        assert (g.dtype, e.dtype) == (np.float32, np.float64), name
        np.testing.assert_allclose(g, e, rtol=1e-4, atol=1e-4 * max(1, np.abs(e).max()), err_msg=name)


@EVERY_SPEC
@given(data=st.data())
def test_float32_differs_from_float64_by_at_most_the_bound(spec, data):
    single = cast(data.draw(cases(spec)), np.float32)
    double = cast(single, np.float64)

    got, expected, A = values(spec, single), values(spec, double), sizes(spec, double)

    for name in expected:
        excess = np.abs(got[name].astype(np.float64) - expected[name]) - bound(double, A[name])
        assert (excess <= 0).all(), f"{name} of {spec.name}: {excess.max():.3g} above the bound; {single}"


@EVERY_SPEC
@given(data=st.data())
def test_magnitude_has_the_shape_of_the_value_and_is_at_least_as_large(spec, data):
    case = data.draw(cases(spec))

    A, expected = sizes(spec, case), values(spec, case)

    for name, value in expected.items():
        assert np.shape(A[name]) == np.shape(value), name
        assert (A[name] >= 0).all(), name
        slack = 1e-12 * (1 + np.abs(value).max())
        exact = not np.any(A[name])  # a class, say
        assert exact or (A[name] >= np.abs(value) - slack).all(), f"{name} of {spec.name}: {case}"


@EVERY_SPEC
@FEW
@given(data=st.data())
def test_without_dout_there_are_no_magnitudes_of_gradients(spec, data):
    case = data.draw(cases(spec))

    forward, both = (spec.magnitude(case.arrays, case.options, dout) for dout in (None, case.dout))

    assert forward.gradients == ()
    np.testing.assert_array_equal(forward.out, both.out)


@pytest.mark.parametrize("spec", MULTILINEAR, ids=lambda spec: spec.name)
@FEW
@given(data=st.data())
def test_the_magnitude_of_a_multilinear_layer_does_not_see_signs(spec, data):
    case = data.draw(cases(spec))
    positive = Case({name: np.abs(a) for name, a in case.arrays.items()}, case.options, np.abs(case.dout))

    A = sizes(spec, case)

    for name, value in values(spec, positive).items():
        np.testing.assert_array_equal(A[name], value, err_msg=name, strict=True)


def test_multilinear_sums_absolute_values():
    magnitude = multilinear(affine.forward, affine.backward)
    arrays = {"x": np.array([[1.0, -2.0]]), "w": np.array([[3.0], [4.0]]), "b": np.array([-5.0])}

    out, (dx, dw, db), *_ = magnitude(arrays, {}, np.array([[-10.0]]))

    np.testing.assert_array_equal(out, [[3 + 8 + 5]])
    np.testing.assert_array_equal(dx, [[30, 40]])
    np.testing.assert_array_equal(dw, [[10], [20]])
    np.testing.assert_array_equal(db, [10])


def test_the_bound_is_small_beside_the_values():
    rng = np.random.default_rng(1)
    arrays = {"x": rng.normal(size=(2, 3, 7, 7)), "w": rng.normal(size=(3, 3, 3, 3)), "b": rng.normal(size=3)}
    case = Case(arrays, {"stride": 1, "padding": 1}, rng.normal(size=(2, 3, 7, 7)))

    A, expected = sizes(conv2d.SPEC, case), values(conv2d.SPEC, case)

    for name, value in expected.items():
        assert np.max(bound(case, A[name])) < 5e-3 * np.abs(value).max(), name
