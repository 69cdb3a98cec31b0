"""The nets of the lectures, written out line by line as their slides do, against the reference's."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from reference import Array
from reference.nets import three_layer_net, two_layer_net
from tests.reference.cases import LECTURES

SLIDES = {example["id"]: example for example in LECTURES["backprop"]}
SEEDS = range(5)


def sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


def relu(a: Array) -> Array:
    return np.maximum(a, 0)


def softmax(a: Array) -> Array:
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


def cross_entropy(y: Array, labels: Array) -> float:
    return -np.log(y[np.arange(len(labels)), labels]).mean()


class Batch(NamedTuple):
    """A batch with its classes, and parameters W1, b1, ... for layers of these widths."""

    x: Array
    labels: Array
    t: Array
    parameters: list[Array]


def batch(seed: int, *widths: int) -> Batch:
    rng = np.random.default_rng(seed)
    shapes = [shape for d, m in pairwise(widths) for shape in ((d, m), (m,))]
    labels = rng.integers(0, widths[-1], 6)
    parameters = [rng.normal(size=shape) for shape in shapes]
    return Batch(rng.normal(size=(6, widths[0])), labels, np.eye(widths[-1])[labels], parameters)


def assert_all_close(got: tuple[Array, ...], expected: list[Array]) -> None:
    for g, e in zip(got, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-10, atol=1e-14, strict=True)


def test_the_formulas_here_are_those_of_the_slides():
    two, three = SLIDES["two-layer-sigmoid-softmax"], SLIDES["three-layer-sigmoid-relu-softmax"]

    assert two["forward"] == ["a1 = x @ W1 + b1", "z1 = sigmoid(a1)", "a2 = z1 @ W2 + b2", "y = softmax(a2)"]
    assert two["backward"] == [
        "dy = (y - t) / N", "dW2 = z1.T @ dy", "db2 = dy.sum(0)", "dz1 = dy @ W2.T",
        "da1 = dz1 * z1 * (1 - z1)", "dW1 = x.T @ da1", "db1 = da1.sum(0)",
    ]  # fmt: skip
    assert three["forward"] == [
        "a1 = x @ W1 + b1", "z1 = sigmoid(a1)", "a2 = z1 @ W2 + b2", "z2 = relu(a2)",
        "a3 = z2 @ W3 + b3", "y = softmax(a3)",
    ]  # fmt: skip
    assert "da2 = dz2, then da2[a2 <= 0] = 0" in three["note"]
    assert "np.sum(dz1, axis=0)" in two["note"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_two_layer_net_of_the_lecture_has_the_loss_and_gradients_of_the_reference(seed):
    x, labels, t, (W1, b1, W2, b2) = batch(seed, 4, 5, 3)
    N = len(x)

    a1 = x @ W1 + b1
    z1 = sigmoid(a1)
    a2 = z1 @ W2 + b2
    y = softmax(a2)
    dy = (y - t) / N
    dW2 = z1.T @ dy
    db2 = dy.sum(0)
    dz1 = dy @ W2.T
    da1 = dz1 * z1 * (1 - z1)
    dW1 = x.T @ da1
    db1 = da1.sum(0)
    loss, cache = two_layer_net.forward(x, labels, W1, b1, W2, b2)
    gradients = two_layer_net.backward(np.ones(()), cache)

    np.testing.assert_allclose(loss, cross_entropy(y, labels), rtol=1e-12)
    assert_all_close(gradients, [dW1, db1, dW2, db2])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_three_layer_net_of_the_lecture_has_the_loss_and_gradients_of_the_reference(seed):
    x, labels, t, (W1, b1, W2, b2, W3, b3) = batch(seed, 4, 5, 6, 3)
    N = len(x)

    a1 = x @ W1 + b1
    z1 = sigmoid(a1)
    a2 = z1 @ W2 + b2
    z2 = relu(a2)
    a3 = z2 @ W3 + b3
    y = softmax(a3)
    dy = (y - t) / N
    dW3 = z2.T @ dy
    db3 = dy.sum(0)
    dz2 = dy @ W3.T
    da2 = dz2
    da2[a2 <= 0] = 0
    dW2 = z1.T @ da2
    db2 = da2.sum(0)
    dz1 = da2 @ W2.T
    da1 = dz1 * z1 * (1 - z1)
    dW1 = x.T @ da1
    db1 = da1.sum(0)
    loss, cache = three_layer_net.forward(x, labels, W1, b1, W2, b2, W3, b3)
    gradients = three_layer_net.backward(np.ones(()), cache)

    np.testing.assert_allclose(loss, cross_entropy(y, labels), rtol=1e-12)
    assert_all_close(gradients, [dW1, db1, dW2, db2, dW3, db3])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_misprint_of_the_slide_gives_another_b1(seed):
    x, labels, t, (W1, b1, W2, b2) = batch(seed, 4, 5, 3)

    z1 = sigmoid(x @ W1 + b1)
    dz1 = (softmax(z1 @ W2 + b2) - t) / len(x) @ W2.T
    _, cache = two_layer_net.forward(x, labels, W1, b1, W2, b2)
    _, db1, _, _ = two_layer_net.backward(np.ones(()), cache)

    assert np.abs(np.sum(dz1, axis=0) - db1).max() > 1e-2
