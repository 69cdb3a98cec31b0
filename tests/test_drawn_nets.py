"""Nets are asked for at several depths and patterns: code for one of them is not enough."""

from pathlib import Path

import pytest

from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import course, failing, grade_one

SAMPLE = Path(__file__).parent.parent / "submissions" / "cs231n-loops-right"
FILES = {f"cs231n/{name}": (SAMPLE / name).read_text(encoding="utf-8") for name in ("layers.py", "convolutions.py")}
DEEP = "id: fully_connected_net, title: Net, points: 6, parts: {forward: 2, backward: 4}"
CONV = "id: deep_conv_net, title: Net, points: 6, parts: {forward: 2, backward: 4}"
HIDDEN = (SAMPLE / "classifiers" / "deep.py").read_text(encoding="utf-8").replace("from layers", "from .layers")
BLOCKS = """
import numpy as np

from .layers import *
from .convolutions import *

POOL = {'pool_height': 2, 'pool_width': 2, 'stride': 2}


class ConvNet:
    def __init__(self, input_dim, num_filters, filter_size=3, hidden_dims=(), num_classes=10, reg=0.0, dtype=np.float32):
        self.blocks, self.reg, self.params = [len(block) for block in num_filters], reg, {}

    def loss(self, X, y=None):
        h, n, loss, grads, back = X, 0, 0, {}, []
        for block in self.blocks:
            for _ in range(block):
                n += 1
                W = self.params['W%d' % n]
                h, conv = conv_forward_naive(h, W, self.params['b%d' % n], {'stride': 1, 'pad': W.shape[2] // 2})
                h, relu = relu_forward(h)
                back.append((conv_backward_naive, conv, n))
                back.append((relu_backward, relu, 0))
            h, pool = max_pool_forward_naive(h, POOL)
            back.append((max_pool_backward_naive, pool, 0))
        for n in range(n + 1, len(self.params) // 2 + 1):
            h, fc = affine_forward(h, self.params['W%d' % n], self.params['b%d' % n])
            back.append((affine_backward, fc, n))
            if 'W%d' % (n + 1) in self.params:
                h, relu = relu_forward(h)
                back.append((relu_backward, relu, 0))
        loss, d = softmax_loss(h, y)
        for function, cache, n in reversed(back):
            d = function(d, cache)
            if n:
                d, grads['W%d' % n], grads['b%d' % n] = d
                W = self.params['W%d' % n]
                loss, grads['W%d' % n] = loss + self.reg * (W * W).sum(), grads['W%d' % n] + 2 * self.reg * W
        return loss, grads
"""


@pytest.mark.parametrize(("asked", "source"), [(DEEP, HIDDEN), (CONV, BLOCKS)], ids=["fully connected", "of blocks"])
def test_a_net_of_any_depth_passes(asked: str, source: str, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one({**FILES, "cs231n/net.py": source}, course(tmp_path, asked), launcher, banks)

    assert task.standing is Standing.PASSED


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        (DEEP, HIDDEN.replace("self.num_layers = 1 + len(hidden_dims)", "self.num_layers = 4")),
        (CONV, BLOCKS.replace("for block in num_filters]", "for block in num_filters[:1]]")),
        (
            CONV,
            BLOCKS.replace("            h, pool = ", "            pass\n        for _ in range(len(self.blocks)):\n            h, pool = "),
        ),
    ],
    ids=["four layers", "one block", "pooling after all blocks"],
)
def test_a_net_of_one_depth_fails_at_the_others(asked: str, source: str, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one({**FILES, "cs231n/net.py": source}, course(tmp_path, asked), launcher, banks)

    assert any(check.endswith(("forward.contract", "forward.value")) for check in failing(task))
