"""Sliding windows: how many there are, a view of them, and the way back."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import ShapeError
from reference.padding import pad, unpad
from reference.windows import fits, leaves_a_rest, output_size, rest, scatter, windows

AXIS = {
    "size": st.integers(1, 20),
    "kernel": st.integers(1, 7),
    "stride": st.integers(1, 5),
    "padding": st.integers(0, 3),
}
RULES = pytest.mark.parametrize("rule", ["error", "floor"])


def count(size: int, kernel: int, stride: int, padding: int) -> int:
    """Put the windows down one after the other."""
    return len(range(0, size + 2 * padding - kernel + 1, stride))


@given(**AXIS)
def test_floor_counts_the_windows_that_can_be_put_down(size, kernel, stride, padding):
    expected = count(size, kernel, stride, padding)

    if expected:
        assert output_size(size, kernel, stride, padding, inexact_output_size="floor") == expected
    else:
        with pytest.raises(ShapeError, match="is longer than the padded input"):
            output_size(size, kernel, stride, padding, inexact_output_size="floor")


@given(**AXIS)
def test_error_refuses_exactly_what_does_not_tile_the_axis(size, kernel, stride, padding):
    number = count(size, kernel, stride, padding)
    covered = (number - 1) * stride + kernel

    if number and covered == size + 2 * padding:
        assert output_size(size, kernel, stride, padding) == number
    else:
        with pytest.raises(ShapeError):
            output_size(size, kernel, stride, padding)


def test_a_rest_is_refused_with_the_formula_the_numbers_and_the_axis():
    sentence = (
        "Output height: (size + 2*padding - kernel) / stride + 1 = (7 + 2*1 - 4) / 3 + 1 = 2.667 is not a whole "
        "number; the filter does not fit."
    )

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        output_size(7, 4, 3, 1, what="height")


@given(quotient=st.integers(1, 5000), stride=st.integers(2, 500), data=st.data())
def test_the_number_that_is_called_not_whole_is_not_whole(quotient, stride, data):
    size = quotient * stride + data.draw(st.integers(1, stride - 1)) + 1

    with pytest.raises(ShapeError) as caught:
        output_size(size, 1, stride)

    shown = re.search(r"= (\S+) is not a whole number", str(caught.value))[1]
    assert float(shown) == pytest.approx((size - 1) / stride + 1, abs=5e-3)
    assert not float(shown).is_integer()


@RULES
def test_a_window_longer_than_the_padded_axis_is_refused_with_the_formula_and_the_numbers(rule):
    sentence = (
        "Output width: (size + 2*padding - kernel) / stride + 1 = (2 + 2*1 - 5) / 1 + 1: "
        "the window (5) is longer than the padded input (4)."
    )

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        output_size(2, 5, 1, 1, inexact_output_size=rule, what="width")


@RULES
@pytest.mark.parametrize(("name", "bad"), [("size", 0), ("kernel", 0), ("kernel", -1), ("stride", 0), ("padding", -1)])
def test_sizes_out_of_range_are_refused_with_all_of_them(name, bad, rule):
    sizes = {"size": 7, "kernel": 3, "stride": 2, "padding": 0, name: bad}
    sentence = (
        f"Output size: size={sizes['size']}, kernel={sizes['kernel']} and stride={sizes['stride']} must be at least 1, "
        f"padding={sizes['padding']} at least 0."
    )

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        output_size(**sizes, inexact_output_size=rule)


def test_a_shape_error_is_a_value_error():
    assert issubclass(ShapeError, ValueError)


def test_pad_puts_zeros_around_each_plane_and_keeps_the_dtype():
    x = np.ones((2, 3, 1, 2), np.float32)

    padded = pad(x, (1, 1))

    assert padded.shape == (2, 3, 3, 4)
    assert padded.dtype == np.float32
    assert padded.sum() == x.sum()
    np.testing.assert_array_equal(padded[1, 2], [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]])


def test_pad_by_zero_copies_nothing():
    x = np.ones((1, 1, 2, 2))

    assert pad(x, (0, 0)) is x


def test_windows_are_a_read_only_view_in_the_order_of_the_loops():
    x = np.arange(20.0).reshape(1, 1, 4, 5)

    view = windows(x, (2, 3), 2, 0, "error")

    assert view.shape == (1, 1, 2, 2, 2, 3)
    assert np.shares_memory(view, x)
    assert not view.flags.writeable
    np.testing.assert_array_equal(view[0, 0, 1, 1], [[12, 13, 14], [17, 18, 19]])


MODES = pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("zeros", [0, 0, 1, 2, 3, 0, 0]),
        ("reflect", [3, 2, 1, 2, 3, 2, 1]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1, 2]),
    ],
)
def test_a_row_is_padded_as_torch_names_it(mode, row):
    padded = pad(np.array([[[[1.0, 2, 3]]]]), (0, 2), mode)

    np.testing.assert_array_equal(padded, [[[row]]])


@MODES
@given(height=st.integers(3, 6), width=st.integers(3, 6), p=st.integers(0, 2), q=st.integers(0, 2), seed=st.integers(0, 2**32 - 1))
def test_unpad_is_the_adjoint_of_pad(mode, height, width, p, q, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(-4, 5, (2, 2, height, width)).astype(float)

    padded = pad(x, (p, q), mode)
    dxp = rng.integers(-4, 5, padded.shape).astype(float)
    dx = unpad(dxp, (p, q), mode)

    assert dx.shape == x.shape
    assert np.vdot(padded, dxp) == np.vdot(x, dx)


@pytest.mark.parametrize(("mode", "padding"), [("reflect", (2, 0)), ("reflect", (0, 3)), ("circular", (3, 0)), ("circular", (0, 4))])
def test_a_plane_too_small_to_be_mirrored_or_repeated_is_refused(mode, padding):
    with pytest.raises(ShapeError, match=re.escape(f"A plane of 2x3 is too small for padding={padding} by padding_mode={mode!r}.")):
        pad(np.zeros((1, 1, 2, 3)), padding, mode)


def test_a_dilated_window_that_does_not_fit_is_refused_with_its_own_formula():
    sentence = (
        "Output size: (size + 2*padding - dilation*(kernel - 1) - 1) / stride + 1 = (5 + 2*0 - 3*(3 - 1) - 1) / 1 + 1: "
        "the window (7) is longer than the padded input (5)."
    )

    with pytest.raises(ShapeError, match=f"^{re.escape(sentence)}$"):
        output_size(5, 3, dilation=3)


def test_a_dilation_of_zero_is_refused():
    with pytest.raises(ShapeError, match="kernel=3, stride=1 and dilation=0 must be at least 1"):
        output_size(5, 3, dilation=0)


PAIR = st.tuples(st.integers(1, 7), st.integers(1, 7))
STRIPS = {**AXIS, "other": st.integers(1, 9), "seed": st.integers(0, 2**32 - 1)}


@given(**STRIPS)
def test_scatter_is_the_adjoint_of_windows(size, other, kernel, stride, padding, seed):
    kernel, rng = min(kernel, size, other), np.random.default_rng(seed)
    x = rng.integers(-4, 5, (2, 2, size, other)).astype(float)

    view = windows(x, (kernel, 1), stride, padding, "floor")
    grads = rng.integers(-4, 5, view.shape).astype(float)
    back = scatter(grads, x.shape, stride, padding)

    assert back.shape == x.shape
    assert np.vdot(view, grads) == np.vdot(x, back)


KERNELS = (("KH", "KW"), ("kernel_h", "kernel_w"))


@given(plane=PAIR, kernel=PAIR, names=st.sampled_from(KERNELS), stride=st.integers(1, 4), padding=st.integers(0, 2))
def test_fits_is_what_error_accepts_and_leaves_a_rest_what_only_floor_accepts(plane, kernel, names, stride, padding):
    sizes = {"H": plane[0], "W": plane[1], names[0]: kernel[0], names[1]: kernel[1]}
    sizes |= {"stride": stride, "padding": padding}

    def accepts(rule: str) -> bool:
        try:
            windows(np.zeros((1, 1, *plane)), kernel, stride, padding, rule)
        except ShapeError:
            return False
        return True

    assert fits(sizes) == accepts("error")
    assert leaves_a_rest(sizes) == (accepts("floor") and not accepts("error"))


def test_rest_is_counted_along_each_axis_and_negative_where_the_window_is_too_long():
    sizes = {"H": 7, "W": 2, "KH": 2, "KW": 3, "stride": 3}

    assert rest(sizes) == (2, -1)
    assert rest({**sizes, "padding": 1}) == (1, 1)
