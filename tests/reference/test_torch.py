"""Every layer, loss and net against torch in float64: the value and each gradient, for drawn sizes and options."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reference import LayerSpec, catalogue
from tests.reference.cases import DIFFERENTIABLE, FEW, NETS, WINDOWED, WITH_ARRAYS, Case, cases, gradients, run
from tests.reference.oracles import ORACLES, torch_run


def by_name(spec: LayerSpec) -> str:
    return spec.name


def assert_close(got, expected) -> None:
    """Compare to 1e-10 of the entry, or to 1e-12 of the largest entry where a sum cancels."""
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12 * scale, strict=np.ndim(expected) > 0)


def assert_same(spec: LayerSpec, case: Case) -> None:
    """Compare the value, what comes beside it, and every gradient."""
    got, expected = run(spec, case), torch_run(spec, case)
    names = ("out", *spec.beside, *(gradients(spec, case) if spec.backward else ()))
    arrays = ((r.out, *r.beside, *r.gradients) for r in (got, expected))
    for name, g, e in zip(names, *arrays, strict=True):
        try:
            assert_close(g, e)
        except AssertionError as error:
            error.add_note(f"{name} of {spec.name}, options {case.options}")
            raise


def test_every_spec_with_arrays_has_an_oracle():
    assert sorted(ORACLES) == sorted(spec.name for spec in WITH_ARRAYS)


@pytest.mark.parametrize("spec", WITH_ARRAYS, ids=by_name)
@given(data=st.data())
def test_values_and_gradients_match_torch(spec, data):
    case = data.draw(cases(spec))

    assert_same(spec, case)


@pytest.mark.parametrize("spec", [s for s in DIFFERENTIABLE if s.scalar], ids=by_name)
@given(data=st.data(), dout=st.floats(-3, 3))
def test_every_gradient_of_a_scalar_is_scaled_by_dout(spec, data, dout):
    case = data.draw(cases(spec))._replace(dout=np.asarray(dout))

    assert_same(spec, case)


@pytest.mark.parametrize("spec", WINDOWED, ids=by_name)
@given(data=st.data())
def test_a_rest_of_the_stride_is_dropped_as_torch_drops_it(spec, data):
    case = data.draw(cases(spec, where=next(s.where for s in spec.scenarios if s.title == "stride leaves a rest")))

    assert case.options["inexact_output_size"] == "floor"
    assert_same(spec, case)


@pytest.mark.parametrize("spec", WINDOWED, ids=by_name)
@given(data=st.data())
def test_oblong_planes_and_windows_match_torch(spec, data):
    def oblong(sizes):
        kernel = (sizes["KH"], sizes["KW"]) if "KH" in sizes else (sizes["kernel_h"], sizes["kernel_w"])
        return sizes["H"] != sizes["W"] and kernel[0] != kernel[1] and spec.where(sizes)

    case = data.draw(cases(spec, where=oblong))

    assert_same(spec, case)


@pytest.mark.parametrize("padding", [1, 2, 3])
@pytest.mark.parametrize("name", ["conv2d", "im2col"])
@FEW
@given(data=st.data())
def test_padding_matches_torch(name, padding, data):
    spec = catalogue()[name]
    case = data.draw(cases(spec, padding=padding, inexact_output_size="floor"))

    assert_same(spec, case)


@pytest.mark.parametrize("reg_factor", [1.0, 0.5])
@pytest.mark.parametrize("log_epsilon", [0.0, 1e-7, -1e-7])
@pytest.mark.parametrize("spec", NETS, ids=by_name)
@FEW
@given(data=st.data(), reg=st.floats(0.01, 2))
def test_a_regularised_net_matches_torch(spec, log_epsilon, reg_factor, data, reg):
    case = data.draw(cases(spec, reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon))

    assert_same(spec, case)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@given(data=st.data())
def test_the_two_layer_net_matches_torch_with_either_activation(activation, data):
    spec = catalogue()["two_layer_net"]
    case = data.draw(cases(spec, activation=activation))

    assert_same(spec, case)


@given(data=st.data(), log_epsilon=st.floats(1e-3, 0.5))
def test_the_epsilon_of_the_logarithm_changes_the_loss_and_not_the_gradient(data, log_epsilon):
    spec = catalogue()["softmax_loss"]
    plain = data.draw(cases(spec, log_epsilon=0.0))
    shifted = plain._replace(options={"log_epsilon": log_epsilon})
    assume(run(spec, plain).out > 1e-6)

    before, after = run(spec, plain), run(spec, shifted)

    assert after.out < before.out
    np.testing.assert_array_equal(after.gradients, before.gradients)


@given(data=st.data(), log_epsilon=st.floats(-0.5, -1e-3))
def test_a_negative_epsilon_of_the_logarithm_is_added_to_the_loss_and_differentiated(data, log_epsilon):
    spec = catalogue()["softmax_loss"]
    case = data.draw(cases(spec, log_epsilon=log_epsilon))
    added = case._replace(options={"log_epsilon": -log_epsilon})

    out = run(spec, case).out

    assert out == run(spec, added).out
    assert_same(spec, case)
