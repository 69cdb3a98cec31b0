"""Pooling is asked to pad where its code takes a padding; with what it pads, and what it then counts, is its own choice."""

from pathlib import Path

import pytest

from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import course, failing, grade_one

MAX, AVERAGE = (f"id: {name}_pool2d, title: Pooling, points: 10, parts: {{forward: 4, backward: 6}}" for name in ("max", "avg"))
LOOPS = """
import numpy as np

def NAME_pool2d_forward(x, kernel, stride=1PARAMETER):
    p = PADDING
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=AROUND)
    inside = np.pad(np.ones(x.shape), ((0, 0), (0, 0), (p, p), (p, p)))
    OH, OW = (xp.shape[2] - kernel) // stride + 1, (xp.shape[3] - kernel) // stride + 1
    out, shares = np.zeros((*x.shape[:2], OH, OW)), {}
    for n, c, i, j in np.ndindex(out.shape):
        place = (n, c, slice(i * stride, i * stride + kernel), slice(j * stride, j * stride + kernel))
        SHARE
        shares[n, c, i, j] = place, share
        out[n, c, i, j] = xp[place][share > 0] @ share[share > 0]
    return out, (xp.shape, shares, p)

def NAME_pool2d_backward(dout, cache):
    shape, shares, p = cache
    dxp = np.zeros(shape)
    for at, (place, share) in shares.items():
        dxp[place] += share * dout[at]
    return dxp[:, :, p : shape[2] - p, p : shape[3] - p]
"""
BOOK = """
import numpy as np

class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        self.x, p = x, self.pad
        N, C, H, W = x.shape
        out_h, out_w = int(1 + (H - self.pool_h) / self.stride), int(1 + (W - self.pool_w) / self.stride)
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))), (self.pool_h, self.pool_w), (2, 3))
        col = windows[:, :, :: self.stride, :: self.stride].transpose(0, 2, 3, 1, 4, 5).reshape(-1, self.pool_h * self.pool_w)
        self.arg_max = col.argmax(axis=1)
        return col.max(axis=1).reshape(N, out_h, out_w, C).transpose(0, 3, 1, 2)

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        where = self.arg_max.reshape(dout.transpose(0, 2, 3, 1).shape)
        for n, c, i, j in np.ndindex(dout.shape):
            k, m = divmod(where[n, i, j, c], self.pool_w)
            dx[n, c, i * self.stride + k, j * self.stride + m] += dout[n, c, i, j]
        return dx
"""
LARGEST = "share = np.zeros((kernel, kernel)); share.flat[xp[place].argmax()] = 1"
OF_ALL, OF_THOSE_INSIDE = "share = np.full((kernel, kernel), 1 / kernel**2)", "share = inside[place] / inside[place].sum()"


def pooling(name: str, share: str, around: str = "0", parameter: str = ", padding=0", padding: str = "padding") -> str:
    words = {"NAME": name, "SHARE": share, "AROUND": around, "PARAMETER": parameter, "PADDING": padding}
    source = LOOPS
    for word, text in words.items():
        source = source.replace(word, text)
    return source


@pytest.mark.parametrize(
    ("asked", "source", "note"),
    [
        (MAX, pooling("max", LARGEST, "-np.inf"), ""),
        (MAX, pooling("max", LARGEST), "Your max pooling pads with 0; accepted."),
        (AVERAGE, pooling("avg", OF_ALL), ""),
        (AVERAGE, pooling("avg", OF_THOSE_INSIDE), "Your average leaves the padding out of its count; accepted."),
        (AVERAGE, pooling("avg", OF_ALL, parameter="", padding="0"), ""),  # it is asked for none
        (MAX, BOOK, "Your pooling takes no padding, or fails with any as the book's own code does; accepted."),
    ],
    ids=["-inf", "zeros", "of all", "of those inside", "no parameter", "the book's own"],
)
def test_right_pooling_passes_however_it_pads(asked: str, source: str, note: str, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(source, course(tmp_path, asked), launcher, banks)

    assert task.standing is Standing.PASSED
    assert any(said.startswith(note) for said in task.notes) if note else task.notes == ()


@pytest.mark.parametrize(
    ("asked", "source", "failed"),
    [
        (MAX, pooling("max", LARGEST, padding="0"), {"max_pool2d.forward.contract", "max_pool2d.forward.value"}),
        (MAX, pooling("max", LARGEST, "1"), {"max_pool2d.forward.value"}),
        (AVERAGE, pooling("avg", OF_ALL, "1"), {"avg_pool2d.forward.value"}),
    ],
    ids=["padding ignored", "max of ones around", "average of ones around"],
)
def test_a_padding_that_is_taken_and_not_done_is_wrong(
    asked: str, source: str, failed: set[str], tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(source, course(tmp_path, asked), launcher, banks)

    assert failed <= set(failing(task))
