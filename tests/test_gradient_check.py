"""`gradcheck` takes functions as people write them, says what is wrong with a gradient, and how it wants to be used."""

from typing import Any

import numpy as np
import pytest

from grader import GradcheckReport, gradcheck
from grader.model import Array
from tests.handwritten import RNG, B, W, X, Y, affine, affine_backward, softmax


def net(W1: Array, b1: Array, W2: Array, X: Array, y: Array, reg: float = 0.0) -> tuple[Any, dict[str, Array]]:
    h = np.tanh(X @ W1 + b1)
    loss, dscores = softmax(h @ W2, y)
    dh = dscores @ W2.T * (1 - h * h)
    grads = {"W2": h.T @ dscores + reg * W2, "W1": X.T @ dh + reg * W1, "b1": dh.sum(axis=0)}
    return loss + reg / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2)), grads


NET = {"W1": RNG.standard_normal((4, 5)), "b1": RNG.standard_normal(5), "W2": RNG.standard_normal((5, 4)), "X": X, "y": Y}


class Dense:
    """A layer that keeps what it needs on self."""

    def forward(self, x: Array) -> Array:
        self.x = x
        return np.tanh(x @ W)

    def backward(self, dout: Array) -> Array:
        return dout * (1 - np.tanh(self.x @ W) ** 2) @ W.T


def nhwc_mean(x: Array) -> tuple[Array, Any]:
    return x.mean(axis=(1, 2)), x.shape


def nhwc_mean_backward(dout: Array, shape: Any) -> Array:
    return np.broadcast_to(dout[:, None, None] / (shape[1] * shape[2]), shape)


def in_place(x: Array) -> tuple[Array, None]:
    x *= 2
    return x, None


def in_place_backward(dout: Array, _: None) -> Array:
    dout *= 2
    return dout


BUFFER = np.empty((3, 4))


def same_array(x: Array) -> tuple[Array, Array]:
    return np.multiply(x, x, out=BUFFER), x


DENSE = Dense()
RIGHT: dict[str, tuple[Any, ...]] = {
    "a cache": (affine, affine_backward, (X, W, B)),
    "a list of arguments": (affine, affine_backward, [X, W, B]),
    "arguments by name": (affine, affine_backward, {"x": X, "w": W, "b": B}),
    "float32": (affine, affine_backward, tuple(a.astype(np.float32) for a in (X, W, B))),
    "closures": (lambda x: np.sin(x) + W[0, 0], lambda dout: dout * np.cos(X), X),
    "a function written in C": (np.sin, lambda dout: dout * np.cos(X), X),
    "bound methods with state": (DENSE.forward, DENSE.backward, X),
    "a loss with labels": (softmax, None, (X, Y)),
    "a loss as a Python float": (lambda x, y: (float(softmax(x, y)[0]), softmax(x, y)[1]), None, (X, Y)),
    "channels last": (nhwc_mean, nhwc_mean_backward, RNG.standard_normal((2, 3, 4, 5))),
    "a gradient None for the labels": (lambda x, y: (softmax(x, y)[0], (x, y)), lambda dout, c: (dout * softmax(*c)[1], None), (X, Y)),
    "a gradient None between others": (
        lambda x, y, s: (s * softmax(x, y)[0], (x, y, s)),
        lambda dout, c: (dout * c[2] * softmax(*c[:2])[1], None, dout * softmax(*c[:2])[0]),
        (X, Y, np.array(1.5)),
    ),
    "a generator of gradients": (affine, lambda dout, cache: (g for g in affine_backward(dout, cache)), (X, W, B)),
    "a tuple for a single gradient": (lambda x: 2 * x, lambda dout: (2 * dout,), X),
    "lists for arrays": (lambda x: [list(row) for row in x**2], lambda dout: (2 * X * dout).tolist(), X.tolist()),
    "a float": (lambda a: a**3, lambda dout: dout * 12.0, 2.0),
    "floats": (lambda a, b: a * b, lambda dout: (dout * 3.0, dout * 2.0), (2.0, 3.0)),
    "an array without axes": (lambda a: a**2, lambda dout: dout * 6, np.array(3.0)),
    "a float beside arrays is an option": (lambda x, scale: (scale * x, scale), lambda dout, scale: scale * dout, (X, 0.5)),
    "a dict of options": (lambda x, param: (param["scale"] * x, param), lambda dout, p: p["scale"] * dout, (X, {"scale": 3})),
    "whole numbers out": (lambda x: (np.ones(3, int), x.shape), lambda dout, shape: np.zeros(shape), X),
    "arguments changed in place": (in_place, in_place_backward, X),
    "the same array every time": (same_array, lambda dout, x: 2 * dout * x, X),
    "kinks at some inputs": (lambda x: (np.maximum(x, 0), x), lambda dout, x: dout * (x > 0), np.array([0.0, 1, -1, 2])),
    "a dropout with a seed": (
        lambda x: ((m := np.random.default_rng(1).random(x.shape) < 0.5) * x, m),
        lambda dout, m: dout * m,
        X,
    ),
    "inputs of 1e8": (lambda x: (x**2, x), lambda dout, x: 2 * dout * x, 1e8 * X),
}


@pytest.mark.parametrize("form", RIGHT)
def test_right_gradients_are_right_in_every_form(form: str):
    report = gradcheck(*RIGHT[form])

    assert report, report
    assert str(report).startswith("gradcheck: right\n  ")
    assert report.worst is None


@pytest.mark.parametrize(
    "form", ["a cache", "arguments by name", "bound methods with state", "a loss with labels", "lists for arrays", "floats"]
)
def test_a_thousandth_too_much_is_wrong_in_every_form(form: str):
    forward, backward, inputs = RIGHT[form]

    def more(grads: Any) -> Any:
        return [1.001 * np.asarray(g) for g in grads] if isinstance(grads, tuple) else 1.001 * np.asarray(grads)

    if backward is None:
        report = gradcheck(lambda *given: (forward(*given)[0], more(forward(*given)[1])), None, inputs)
    else:
        report = gradcheck(forward, lambda *given: more(backward(*given)), inputs)

    assert not report
    assert report.worst


@pytest.mark.parametrize("prefix", ["", "d"])
@pytest.mark.parametrize("wrt", [["W1", "b1", "W2"], ["W2"], "b1", 0, [-5, 2]])
def test_a_net_has_its_gradients_by_name(prefix: str, wrt: Any):
    def loss(**given: Any) -> Any:
        value, grads = net(**given)
        return value, {prefix + name: g for name, g in grads.items()}

    report = gradcheck(loss, None, {**NET, "reg": 0.1}, wrt=wrt)

    assert report, report


def test_one_gradient_missing_among_names_is_wrong_and_says_what_there_is():
    report = gradcheck(net, None, NET)

    assert not report
    assert [a.name for a in report.arguments if a.agreement == "right"] == ["W1", "b1", "W2"]
    assert "X: wrong: its gradient is missing; returned were the names W2, W1, b1. If it has none, leave it out of wrt." in str(report)


@pytest.mark.parametrize("wrt", [["w", "b"], [1, 2], [-2, -1], ("b", "w")])
def test_gradients_come_in_the_order_of_wrt_or_all_of_them(wrt: Any):
    order = [{"x": 0, "w": 1, "b": 2}[name] if isinstance(name, str) else name for name in wrt]

    some = gradcheck(affine, lambda dout, cache: [affine_backward(dout, cache)[i] for i in order], (X, W, B), wrt=wrt)
    everything = gradcheck(affine, affine_backward, (X, W, B), wrt=wrt)

    assert some, some
    assert everything, everything


def test_the_wrong_element_is_named():
    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        dx, dw, db = affine_backward(dout, cache)
        dw[1, 1] += 1e-6
        return dx, dw, db

    report = gradcheck(affine, backward, (X, W, B))

    assert [a.agreement.value for a in report.arguments] == ["right", "wrong", "right"]
    assert report.worst is not None
    assert (report.worst.argument, report.worst.index) == ("w", (1, 1))
    assert report.worst.analytic - report.worst.numeric == pytest.approx(1e-6, rel=1e-3)
    dout = report.arguments[1].dout
    assert dout is not None
    assert (X.T @ dout)[1, 1] == pytest.approx(report.worst.numeric)
    assert "worst: gradient of w[1, 1] is " in str(report)
    assert repr(report) == str(report)


@pytest.mark.parametrize(
    ("gradient", "said"),
    [
        (X.T, "its gradient has shape (4, 3); it must have the argument's, (3, 4)."),
        (None, "its gradient is missing; returned were 1. If it has none, leave it out of wrt."),
        ("no", "its gradient is a str; it must be an array of floats of shape (3, 4)."),
        (X * 1j, "its gradient is an array of complex128; it must be an array of floats of shape (3, 4)."),
        (np.where(X[1, 2] == X, np.nan, X), "its gradient is nan at [1, 2]."),
    ],
)
def test_what_is_no_gradient_at_all_is_a_finding(gradient: Any, said: str):
    report = gradcheck(np.sin, lambda dout: gradient, X)

    assert report.agreement == "wrong"
    assert said in str(report)


def test_too_few_gradients_are_a_finding_for_those_that_lack():
    report = gradcheck(affine, lambda dout, cache: affine_backward(dout, cache)[:2], (X, W, B))

    assert [a.agreement.value for a in report.arguments] == ["right", "right", "wrong"]


noise = np.random.default_rng(1)


def dropout(x: Array) -> tuple[Array, Array]:
    mask = noise.random(x.shape) < 0.9
    return x * mask, mask


@pytest.mark.parametrize(
    ("forward", "backward", "x", "said"),
    [
        (dropout, lambda dout, mask: dout * mask, X, "forward returns other numbers for the same inputs, by up to"),
        (lambda x: np.where(x > 1, np.nan, x), lambda dout: dout, X, "forward is not finite in 1 of its 12 outputs; try other inputs."),
        (lambda x: x * np.inf, lambda dout: dout, X, "forward is not finite in 12 of its 12 outputs; try other inputs."),
        (np.abs, lambda dout: dout, np.zeros(4), "forward has a kink or a jump here"),
        (lambda x: np.sqrt(np.abs(x)), lambda dout: dout / np.zeros(3), np.zeros(3), "differences of forward find no slope either"),
    ],
)
def test_where_nothing_can_be_told_the_report_says_why(forward: Any, backward: Any, x: Array, said: str):
    with np.errstate(all="ignore"):
        report = gradcheck(forward, backward, x)

    assert report.agreement == "undecided"
    assert not report
    assert said in str(report)


def test_outputs_left_out_are_counted():
    report = gradcheck(*RIGHT["kinks at some inputs"])

    assert report.arguments[0].left_out == 1
    assert "1 of 4 outputs left out, they have a kink here" in str(report)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_report(seed: int):
    def once(seed: int) -> GradcheckReport:
        return gradcheck(affine, lambda *given: [1.01 * g for g in affine_backward(*given)], (X, W, B), seed=seed)

    assert str(once(seed)) == str(once(seed)) != str(once(seed + 1))


def test_a_smooth_layer_is_called_at_most_18_times_a_direction():
    calls = []

    gradcheck(lambda x: calls.append(0) or np.tanh(x), lambda dout: dout * (1 - np.tanh(X) ** 2), X)

    assert len(calls) <= 3 * 18 + 5
