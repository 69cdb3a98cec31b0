"""The published architectures learn as many numbers as published, and what they are made of has the right gradients."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from grader import gradcheck
from reference import ShapeError
from reference.architectures import published
from reference.architectures.blocks import Affine, BatchNorm, Block, Conv, GlobalAverage, Pool, Relu, count
from reference.architectures.joints import Chain, Concatenation, Residual
from reference.architectures.published import Published
from reference.layers import avg_pool2d

NETS = (published.lenet5, published.alexnet, published.vgg16, published.resnet18, published.densenet121)


@pytest.mark.parametrize("made", NETS, ids=lambda made: made.__name__)
def test_it_learns_as_many_numbers_as_published_and_counting_them_allocates_none(made: Callable[[], Published]):
    net = made()

    tracemalloc.start()
    learned = count(net.net, net.given)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert learned == net.learns
    assert net.net.shape(net.given) == ((10,) if made is published.lenet5 else (1000,))
    assert peak < 1e6


@pytest.mark.parametrize(
    ("made", "blocks", "shape"),
    [
        (published.lenet5, 6, (16, 5, 5)),
        (published.alexnet, 3, (64, 27, 27)),
        (published.alexnet, 13, (256, 6, 6)),
        (published.vgg16, 31, (512, 7, 7)),
        (published.resnet18, 4, (64, 56, 56)),
        (published.resnet18, 12, (512, 7, 7)),
        (published.densenet121, 10, (256, 56, 56)),
        (published.densenet121, 11, (128, 28, 28)),
        (published.densenet121, 65, (1024, 7, 7)),
    ],
)
def test_the_planes_in_between_are_as_published(made: Callable[[], Published], blocks: int, shape: tuple[int, ...]):
    net = made()

    assert Chain(*net.net.blocks[:blocks]).shape(net.given) == shape


def arrays(block: Block, given: tuple[int, ...], samples: int = 2) -> list[Any]:
    rng = np.random.default_rng(3)
    return [rng.normal(size=(samples, *given)), *(rng.normal(size=shape) for shape in block.parameters(given))]


SMALL = {
    "residual, identity": (Residual(Conv(2, 3, 1, 1), Chain()), (2, 4, 5)),
    "residual, 1x1 shortcut": (Residual(Conv(3, 3, 2, 1), Conv(3, 1, 2, bias=False)), (2, 5, 4)),
    "concatenation": (Concatenation(Conv(3, 3, 1, 1)), (2, 3, 4)),
    "block of a ResNet": (published.basic_block(2), (2, 3, 4)),
    "widening block of a ResNet": (published.basic_block(4, 2, widens=True), (2, 4, 5)),
    "two layers of a DenseNet": (Chain(published.dense_layer(2), published.dense_layer(2)), (2, 3, 4)),
    "transition of a DenseNet": (published.transition(2), (3, 4, 5)),
    "padded max pooling": (Pool(3, 2, 1), (2, 5, 6)),
    "average pooling that leaves a rest": (Pool(2, 2, layer=avg_pool2d), (2, 5, 4)),
    "pooling over whole planes": (Chain(GlobalAverage(), Affine(3)), (2, 3, 4)),
    "LeNet in small": (Chain(Conv(2, 3), Relu(), Pool(2, 2), Affine(4), Relu(), Affine(3)), (1, 6, 8)),
}


@pytest.mark.parametrize("name", SMALL)
def test_gradients_pass_the_gradient_check(name: str):
    block, given = SMALL[name]

    def forward(x: Any, *params: Any) -> Any:
        return block.forward(x, params)

    def backward(dout: Any, cache: Any) -> Any:
        dx, grads = block.backward(dout, cache)
        return dx, *grads

    out, _ = forward(*arrays(block, given))
    assert out.shape[1:] == block.shape(given)
    report = gradcheck(forward, backward, tuple(arrays(block, given)))
    assert report, report


def test_a_forgotten_shortcut_is_found():
    block, given = SMALL["residual, identity"]

    report = gradcheck(
        lambda x, *params: block.forward(x, params),
        lambda dout, cache: (block.body.backward(dout, cache[0])[0], *block.backward(dout, cache)[1]),
        tuple(arrays(block, given)),
    )

    assert not report


def test_a_block_of_a_resnet_matches_torch():
    block, given = SMALL["widening block of a ResNet"]
    values = arrays(block, given)
    x, w1, g1, b1, w2, g2, b2, w3, g3, b3 = (torch.tensor(a, requires_grad=True) for a in values)

    def normed(a: Any, gamma: Any, beta: Any) -> Any:
        return functional.batch_norm(a, None, None, gamma, beta, training=True)

    h = torch.relu(normed(functional.conv2d(x, w1, stride=2, padding=1), g1, b1))
    out = torch.relu(normed(functional.conv2d(h, w2, padding=1), g2, b2) + normed(functional.conv2d(x, w3, stride=2), g3, b3))
    got, cache = block.forward(values[0], values[1:])
    dout = np.random.default_rng(4).normal(size=got.shape)
    expected = torch.autograd.grad(out, [x, w1, g1, b1, w2, g2, b2, w3, g3, b3], torch.tensor(dout))

    np.testing.assert_allclose(got, out.detach().numpy(), rtol=1e-10, atol=1e-12)
    dx, grads = block.backward(dout, cache)
    for own, theirs in zip([dx, *grads], expected, strict=True):
        np.testing.assert_allclose(own, theirs.numpy(), rtol=1e-9, atol=1e-11)


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ShapeError, match=r"a residual of shape \(3, 4, 4\) cannot be added to a shortcut of shape \(2, 4, 4\)"):
        Residual(Conv(3, 1), Chain()).shape((2, 4, 4))
    with pytest.raises(ShapeError, match=r"planes of \(2, 2\) cannot stand beside planes of \(4, 4\)"):
        Concatenation(Pool(2, 2)).shape((1, 4, 4))


def test_batch_norm_learns_two_numbers_a_channel():
    assert count(BatchNorm(), (7, 3, 3)) == 14
