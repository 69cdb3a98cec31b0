"""A backward that is right with the cache that is usual for it earns its points, and a wrong cache is named."""

from pathlib import Path

import pytest

from grader import messages
from grader.model import Standing
from grader.sandbox.process import Launcher
from tests.support import AFFINE, AFFINE_TASK, CONV_TASK, FLOORS, RELU, RELU_TASK, course, grade_one

USUAL_AFFINE = AFFINE.replace("(x, w)", "(x, w, b)").replace("x, w = cache", "x, w, b = cache")
PADS_ITSELF = (
    FLOORS.replace("(xp, w, s, p)", "(x, w, b, conv_param)")
    .replace("xp, w, s, p = cache", "x, w, b, conv_param = cache\n    s, p = conv_param['stride'], conv_param['pad']\n    PAD")
    .replace("PAD", "xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))")
)


def test_backward_is_graded_with_the_usual_cache_where_forward_raises(tmp_path: Path, launcher: Launcher, banks: Path):
    source = USUAL_AFFINE.replace("return x.re", "raise ValueError(x); return x.re")

    task = grade_one(source, course(tmp_path, AFFINE_TASK, RELU_TASK), launcher, banks)

    assert (task.parts["forward"], task.score) == (Standing.FAILED, 6)
    assert messages.usual_cache("layers.py:7 affine_backward") in task.notes


# What forward hands over: in another order, for which backward raises; with another sign; padded, where backward pads itself. And which
# argument does not stand where it should.
WRONG_CACHES = {
    "order": (AFFINE_TASK, USUAL_AFFINE.replace("(x, w, b)\n", "(w, x, b)\n"), ""),
    "sign": (RELU_TASK, RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), -x"), "x"),
    "one of several": (AFFINE_TASK, USUAL_AFFINE.replace("(x, w, b)\n", "(x, 2 * w, b)\n"), "w"),
    "too few": (AFFINE_TASK, USUAL_AFFINE.replace("(x, w, b)\n", "(x, w)\n"), ""),
    "padded": (CONV_TASK, PADS_ITSELF.replace("out, (x, w", "out, (xp, w"), "x"),
}


@pytest.mark.parametrize("kind", WRONG_CACHES)
def test_a_right_forward_with_a_wrong_cache_is_named_with_the_entry_that_is_wrong(
    kind: str, tmp_path: Path, launcher: Launcher, banks: Path
):
    asked, source, argument = WRONG_CACHES[kind]

    task = grade_one(source, course(tmp_path, asked), launcher, banks)

    assert [d.id for d in task.diagnoses] == ["wrong_cache"]
    assert task.parts["forward"] is Standing.PASSED
    assert task.parts["backward"] in (Standing.FAILED, Standing.PARTIAL)
    failed = [c for c in task.checks if c.part == "backward" and c.findings]
    assert failed
    assert {f.cause for c in failed for f in c.findings} == {messages.wrong_entry(argument) if argument else messages.WRONG_CACHE}


@pytest.mark.parametrize(
    "source",
    [
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), -x").replace("dout * (cache > 0)", "2 * dout * (cache > 0)"),
        RELU.replace("cache > 0", "cache > 1"),
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 0), x > 0").replace("cache > 0", "cache == 0"),
        RELU.replace("np.maximum(x, 0), x", "np.maximum(x, 1), -x"),
        RELU,
    ],
    ids=["backward is wrong, too", "the cache is right", "a cache of its own", "forward is wrong", "all is right"],
)
def test_a_wrong_cache_is_not_claimed_where_it_was_not_shown(source: str, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(source, course(tmp_path, RELU_TASK), launcher, banks)

    assert "wrong_cache" not in [d.id for d in task.diagnoses]
    assert not {messages.WRONG_CACHE, messages.wrong_entry("x")} & {f.cause for c in task.checks for f in c.findings}
