"""Bad use of `gradcheck` is a ValueError that says what to do; the errors of others are theirs."""

from typing import Any

import numpy as np
import pytest

from grader import gradcheck
from grader.model import Array
from tests.handwritten import B, W, X, Y, affine, affine_backward, softmax


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ((affine, affine_backward, (X, W)), {}, r"forward\(x: .* does not take what it is given, 2 inputs: missing .* 'b'"),
        ((affine, affine_backward, (X, W, B, B)), {}, "forward.* 4 inputs: too many positional arguments"),
        ((affine, affine_backward, {"x": X, "w": W, "B": B}), {}, "forward.* 3 inputs: missing a required argument: 'b'"),
        ((np.tanh, affine_backward, X), {}, "backward.* dout alone: missing a required argument: 'cache'"),
        ((affine, lambda dout: dout, (X, W, B)), {}, "backward.* dout, cache: too many positional arguments"),
        ((X, affine_backward, X), {}, "forward is an array of float64; it must be a function"),
        ((affine, X, X), {}, "backward is an array of float64; it must be a function"),
        ((np.tanh, None, X), {}, "there is no backward, and forward did not return"),
        ((lambda x: (x, x), None, X), {}, r"forward must return \(loss, gradients\); its loss has the shape \(3, 4\)"),
        ((np.tanh, np.tanh, Y), {}, "nothing to differentiate: .* is an array of int64. Give an array of floats"),
        ((np.tanh, np.tanh, ()), {}, "nothing to differentiate: the inputs are empty"),
        ((np.tanh, np.tanh, np.array([1, np.nan])), {}, "holds nan or infinite numbers"),
        ((affine, affine_backward, (X, W, B)), {"wrt": [3]}, "wrt holds 3; the arguments are x, w, b"),
        ((affine, affine_backward, (X, W, B)), {"wrt": "W"}, "wrt holds 'W'; the arguments are x, w, b"),
        ((affine, affine_backward, (X, W, B)), {"wrt": []}, "at least one argument, and each once"),
        ((affine, affine_backward, (X, W, B)), {"wrt": ["x", 0]}, "at least one argument, and each once"),
        ((softmax, None, (X, Y)), {"wrt": ["x", "y"]}, "wrt holds y, which is an array of int64; only floats have a gradient"),
        ((affine, affine_backward, (X, W, B)), {"directions": 0}, "directions is 0; it must be at least 1"),
        ((lambda x: (x, x, x), np.tanh, X), {}, r"a tuple of 3; it must return out or \(out, cache\)"),
        ((lambda x: None, np.tanh, X), {}, "forward returned None; it must return an array of real numbers"),
        ((lambda x: x * 1j, np.tanh, X), {}, "forward returned an array of complex128"),
        ((lambda x: [[1.0], [1.0, 2.0]], np.tanh, X), {}, "forward returned a list; it must return an array"),
        ((lambda x: x, np.tanh, np.zeros((0, 3))), {}, r"an empty array, of shape \(0, 3\): there is nothing"),
        (
            (lambda x: x[x > 0], lambda dout: np.ones(18), np.array([1e-3, 1.0] * 9)),
            {},
            "arrays of shapes .* for inputs that hardly differ",
        ),
    ],
)
def test_bad_use_is_a_value_error_that_says_what_to_do(given: Any, options: Any, said: str):
    with pytest.raises(ValueError, match=said):
        gradcheck(*given, **options)


@pytest.mark.parametrize("place", ["forward", "backward"])
def test_what_the_functions_raise_passes_unchanged(place: str):
    def broken(*_: Any) -> Any:
        raise KeyError("mine")

    functions = {"forward": np.sin, "backward": np.cos, place: broken}

    with pytest.raises(KeyError, match=r"^'mine'$"):
        gradcheck(functions["forward"], functions["backward"], X)


def test_inputs_stay_as_they_are():
    x, options = X.copy(), {"seen": np.zeros(2)}

    def forward(x: Array, options: dict[str, Any]) -> Array:
        options["seen"] += 1
        x += 1
        return x

    report = gradcheck(forward, lambda dout: dout, (x, options))

    assert report, report
    assert (x == X).all()
    assert (options["seen"] == 0).all()
