"""Nets of [(conv - relu)*N - pool]*M - (affine - relu)*K - affine - softmax agree with torch for drawn N, M and K."""

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.nn import functional

from reference import convolutional

SMALL = st.integers(1, 2)


def drawn(rng: np.random.Generator, N: int, M: int, K: int) -> tuple[Any, ...]:
    """Return x, y, the blocks and the affine layers, with planes that M poolings tile."""
    H, W = 2**M, 2 ** (M + 1)
    channels, blocks = 2, []
    for _ in range(M):
        block = []
        for _ in range(N):
            made, side = rng.integers(1, 4), rng.choice([1, 3])
            block.append((rng.uniform(-1, 1, (made, channels, side, side)), rng.uniform(-1, 1, made)))
            channels = made
        blocks.append(block)
    sizes = [channels * 2, *rng.integers(2, 5, K), 3]
    affine = [(rng.uniform(-1, 1, (a, b)), rng.uniform(-1, 1, b)) for a, b in pairwise(sizes)]
    return rng.uniform(-1, 1, (2, 2, H, W)), rng.integers(0, 3, 2), blocks, affine


def in_torch(x: Any, y: Any, blocks: Any, affine: Any, reg: float) -> torch.Tensor:
    penalty = sum((w**2).sum() for block in (*blocks, affine) for w, _ in block)
    for block in blocks:
        for w, b in block:
            x = torch.relu(functional.conv2d(x, w, b, padding=w.shape[2] // 2))
        x = functional.max_pool2d(x, 2)
    x = x.flatten(1)
    for w, b in affine[:-1]:
        x = torch.relu(x @ w + b)
    return functional.cross_entropy(x @ affine[-1][0] + affine[-1][1], y) + reg * penalty


@given(N=SMALL, M=SMALL, K=st.integers(0, 2), seed=st.integers(0, 2**32 - 1), reg=st.sampled_from([0.0, 0.3]))
def test_loss_and_gradients_match_torch(N, M, K, seed, reg):
    x, y, blocks, affine = drawn(np.random.default_rng(seed), N, M, K)
    assume(not convolutional.kinks(x, blocks, affine))
    tensors = [[(torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)) for w, b in part] for part in (*blocks, affine)]

    loss, cache = convolutional.forward(x, y, blocks, affine, reg=reg)
    grads = convolutional.backward(np.ones(()), cache)
    sizes = convolutional.magnitude(x, y, blocks, affine, {"reg": reg}, np.ones(()))
    expected = in_torch(torch.tensor(x), torch.tensor(y), tensors[:-1], tensors[-1], reg)
    wanted = torch.autograd.grad(expected, [p for part in tensors for pair in part for p in pair])

    np.testing.assert_allclose(loss, expected.item(), rtol=1e-11)
    assert len(grads) == len(wanted) == len(sizes.gradients) == 2 * (N * M + K + 1)
    for got, right, size in zip(grads, wanted, sizes.gradients, strict=True):
        np.testing.assert_allclose(got, right.numpy(), rtol=1e-9, atol=1e-11)
        assert (size >= np.abs(got) - 1e-12).all()


def test_the_net_that_is_asked_for_is_one_of_them():
    rng = np.random.default_rng(1)
    x, y, blocks, affine = drawn(rng, 1, 1, 1)

    assert not convolutional.magnitude(x, y, blocks, affine, {}, None).gradients
    assert np.ndim(convolutional.forward(x, y, blocks, affine)[0]) == 0
