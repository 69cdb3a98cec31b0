"""float32 in, float32 out, close to what float64 gives; and no call writes into what it was given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference.cases import WITH_ARRAYS, Case, cases, cast, run

EVERY_SPEC = pytest.mark.parametrize("spec", WITH_ARRAYS, ids=lambda spec: spec.name)


def frozen(case: Case) -> Case:
    """Make every array of a case read-only."""
    for array in (*case.arrays.values(), case.dout):
        array.setflags(write=False)
    return case


@EVERY_SPEC
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data())
def test_out_and_every_gradient_keep_the_dtype_of_the_input(spec, dtype, data):
    case = cast(data.draw(cases(spec)), dtype)

    out, gradients = run(spec, case)

    assert out.dtype == dtype
    assert {name: g.dtype for name, g in zip(spec.gradients, gradients, strict=True)} == dict.fromkeys(
        spec.gradients, np.dtype(dtype)
    )


@EVERY_SPEC
@given(data=st.data())
def test_float32_is_close_to_float64(spec, data):
    single = cast(data.draw(cases(spec)), np.float32)
    double = cast(single, np.float64)

    got, expected = run(spec, single), run(spec, double)

    for g, e in zip((got.out, *got.gradients), (expected.out, *expected.gradients), strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-4, atol=1e-4 * max(1, np.abs(e).max(initial=0)))


@EVERY_SPEC
@given(data=st.data())
def test_nothing_is_written_into_arguments_or_dout(spec, data):
    case = frozen(data.draw(cases(spec)))

    out, _ = run(spec, case)  # writing would raise: the arrays are read-only

    assert np.isfinite(out).all()


@EVERY_SPEC
@given(data=st.data())
def test_backward_leaves_its_cache_as_it_was(spec, data):
    case = data.draw(cases(spec))
    _, cache = spec.forward(**case.arrays, **case.options)

    first = [g.copy() for g in spec.backward(case.dout, cache)]
    second = spec.backward(case.dout, cache)

    for f, s in zip(first, second, strict=True):
        np.testing.assert_array_equal(f, s, strict=True)
