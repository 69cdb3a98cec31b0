"""Every worked number of the lectures that the assignment follows: the reference gives the same."""

import numpy as np
import pytest

from reference import Array, ShapeError, catalogue
from reference.layers import affine, avg_pool2d, conv2d, max_pool2d
from reference.shapes import output_size, parameter_count
from tests.reference.cases import LECTURES

POOLS = {"max": max_pool2d, "avg": avg_pool2d}


def by_id(example: dict) -> str:
    return example["id"]


def by_numbers(example: dict) -> str:
    return ", ".join(f"{name}={value}" for name, value in example.items() if name != "source")


def plane(rows: list[list[float]]) -> Array:
    """Return one sample of one channel."""
    return np.array(rows, float)[None, None]


def test_the_file_holds_only_what_is_tested_here():
    tested = {"conv2d", "pooling", "output_size", "parameter_count", "affine", "backprop"}

    assert set(LECTURES) == tested
    assert set(POOLS) == {example["mode"] for example in LECTURES["pooling"]}


@pytest.mark.parametrize("example", LECTURES["conv2d"], ids=by_id)
def test_convolution_gives_the_plane_of_the_lecture(example):
    x, w, b = plane(example["x"]), plane(example["w"]), np.zeros(1)

    out, _ = conv2d.forward(x, w, b, stride=example["stride"], padding=example["padding"])

    np.testing.assert_array_equal(out, plane(example["out"]), strict=True)


@pytest.mark.parametrize("example", LECTURES["pooling"], ids=by_id)
def test_pooling_gives_the_plane_of_the_lecture(example):
    x, side = plane(example["x"]), example["kernel_size"]

    out, _ = POOLS[example["mode"]].forward(x, kernel_h=side, kernel_w=side, stride=example["stride"])

    np.testing.assert_array_equal(out, plane(example["out"]), strict=True)


@pytest.mark.parametrize("example", [e for e in LECTURES["output_size"] if e["out"] is not None], ids=by_numbers)
@pytest.mark.parametrize("inexact_output_size", ["error", "floor"])
def test_output_size_is_that_of_the_lecture(example, inexact_output_size):
    sizes = {name: example[name] for name in ("size", "kernel", "stride", "padding")}

    out, _ = output_size.forward(**sizes, inexact_output_size=inexact_output_size)

    assert out == example["out"]


@pytest.mark.parametrize("example", [e for e in LECTURES["output_size"] if e["out"] is None], ids=by_numbers)
def test_a_filter_that_the_lecture_says_does_not_fit_is_refused_or_floored(example):
    sizes = {name: example[name] for name in ("size", "kernel", "stride", "padding")}

    floored, _ = output_size.forward(**sizes, inexact_output_size="floor")
    with pytest.raises(ShapeError, match="the filter does not fit"):
        output_size.forward(**sizes)

    assert floored == (sizes["size"] + 2 * sizes["padding"] - sizes["kernel"]) // sizes["stride"] + 1 == 2


@pytest.mark.parametrize("example", [e for e in LECTURES["parameter_count"] if "kernel" in e], ids=by_numbers)
def test_parameter_count_is_that_of_the_lecture(example):
    count, _ = parameter_count.forward(
        in_channels=example["in_channels"],
        out_channels=example["out_channels"],
        kernel_size=example["kernel"],
        bias=example["bias"],
    )

    assert count == example["params"]


@pytest.mark.parametrize("example", [e for e in LECTURES["parameter_count"] if "kernels" in e], ids=by_numbers)
def test_stacked_small_kernels_need_as_few_parameters_as_the_lecture_says(example):
    def count(side: int) -> int:
        return parameter_count.forward(in_channels=1, out_channels=1, kernel_size=side, bias=False)[0]

    counts = [sum(count(side) for side in stack) for stack in example["kernels"]]

    assert counts == example["params"]


def test_every_parameter_count_of_the_lectures_is_of_one_of_the_two_kinds():
    kinds = [("kernel" in e, "kernels" in e) for e in LECTURES["parameter_count"]]

    assert set(kinds) == {(True, False), (False, True)}


def test_affine_gradients_are_the_formulas_of_the_lecture():
    (example,) = LECTURES["affine"]
    assert example["formulas"] == ["dX = dY @ W.T", "dW = X.T @ dY", "db = dY.sum(axis=0)"]
    rng = np.random.default_rng(1)
    X, W, b, dY = (rng.normal(size=shape) for shape in ((3, 4), (4, 2), (2,), (3, 2)))

    _, cache = affine.forward(X, W, b)
    gradients = affine.backward(dY, cache)

    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.sum(axis=0)
    for got, expected in zip(gradients, (dX, dW, db), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-14, strict=True)


def test_the_gradient_of_the_sum_of_a_convolution_is_a_sum_of_inputs():
    example = next(e for e in LECTURES["backprop"] if e["id"] == "sum-of-convolution")
    assert example["note"] == "d(sum of outputs)/dw11 = x11 + x12 + x21 + x22"
    x, w = plane([[1, 2, 4], [8, 16, 32], [64, 128, 256]]), plane([[5, 7], [11, 13]])

    out, cache = conv2d.forward(x, w, np.zeros(1))
    dx, dw, db = conv2d.backward(np.ones_like(out), cache)

    sums = [[1 + 2 + 8 + 16, 2 + 4 + 16 + 32], [8 + 16 + 64 + 128, 16 + 32 + 128 + 256]]
    np.testing.assert_array_equal(dw, plane(sums))
    np.testing.assert_array_equal(dx, plane([[5, 12, 7], [16, 36, 20], [11, 24, 13]]))
    np.testing.assert_array_equal(db, [4])


def test_the_lectures_ask_for_nothing_that_the_catalogue_lacks():
    names = {
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "output_size",
        "parameter_count",
        "affine",
        "two_layer_net",
        "three_layer_net",
    }

    assert names <= set(catalogue())
