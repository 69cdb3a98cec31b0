"""torch in a jail: loaded before it is closed, so that it needs no file, no thread and no more than its own memory besides."""

import sys

import numpy as np
import pytest

from grader.model import Call, Case
from grader.sandbox.isolation import self_test
from grader.sandbox.launch import Outfitted
from grader.sandbox.session import Session
from grader.worker.jail import Tier
from tests.sandbox.students import PATIENT, finished, jailed_launcher

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="there is a jail on Linux only")
CONV = """
import torch
import torch.nn.functional as F


class Conv2dFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding):
        BEFORE
        ctx.save_for_backward(x, w)
        ctx.settings = stride, padding
        return F.conv2d(x, w, b, stride, padding)

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        dx = torch.nn.grad.conv2d_input(x.shape, w, dout, *ctx.settings)
        dw = torch.nn.grad.conv2d_weight(x, w.shape, dout, *ctx.settings)
        return dx, dw, dout.sum((0, 2, 3)), None, None
"""


@pytest.fixture(scope="module", params=[Tier.LANDLOCK, Tier.SECCOMP])
def jailed(request):
    made = jailed_launcher(request.param, "torch")
    yield made
    made.close()


def convolved(launcher, before="pass", dtype=np.float32):
    """Convolve ones, in a precision for which torch compiles a kernel of its own."""
    arrays = {"x": np.ones((1, 1, 2, 2), dtype), "w": np.ones((1, 1, 2, 2), dtype), "b": np.zeros(1, dtype)}
    call = Call(case=Case(number=0, title="", arrays=arrays, options={"stride": 1, "padding": 0}, dout=np.ones((1, 1, 1, 1), dtype)))
    places = {part: {"path": "layers.py", "name": "Conv2dFunction"} for part in ("forward", "backward")}
    files = {"layers.py": CONV.replace("BEFORE", before)}
    request = {"files": files, "parts": places, "convention": "torch_functions", "task": "conv2d"}
    (outcome,) = finished(Session(launcher, PATIENT, request), [call])
    return outcome


def values(outcome):
    assert outcome.forward.failure is None, outcome.forward.failure
    assert outcome.backward.failure is None, outcome.backward.failure
    return {n: a.ravel().tolist() for stage in (outcome.forward, outcome.backward) for n, a in stage.values.items()}


RIGHT = {"out": [4.0], "dx": [1.0] * 4, "dw": [1.0] * 4, "db": [1.0]}


@on_linux
def test_torch_works_in_a_jail(jailed):
    assert values(convolved(jailed)) == RIGHT


STEP = "torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1).step()"


@on_linux
def test_a_script_that_trains_something_where_it_is_imported_runs_to_its_end(jailed):
    """The first step of an optimiser imports what nothing has asked for until then."""
    assert values(convolved(jailed, before=STEP)) == RIGHT


@on_linux
def test_a_jail_with_torch_in_it_holds(jailed):
    self_test(jailed)


@on_linux
def test_memory_that_torch_asks_for_is_bounded(jailed):
    failure = convolved(jailed, "torch.zeros(1 << 29)").forward.failure

    assert failure is not None
    assert "alloc" in failure.text


@on_linux
def test_torch_uses_one_thread(jailed):
    outcome = convolved(jailed, "import warnings; warnings.warn(str(torch.get_num_threads()))")

    assert outcome.forward.warnings[0] == "UserWarning: 1"


def test_a_worker_that_nobody_asked_to_have_torch_has_none(launcher):
    failure = convolved(launcher).forward.failure

    assert failure is not None


def test_a_launcher_with_a_library_is_started_once_and_ended_with_the_run(launcher, monkeypatch):
    started, ended = [], []

    class Fake:
        def __init__(self, tier, library):
            started.append(library)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            ended.append(self)

    monkeypatch.setattr("grader.sandbox.launch.open_launcher", Fake)
    launchers = Outfitted(launcher)

    assert launchers.having("") is launcher
    assert launchers.having("torch") is launchers.having("torch")
    launchers.close()
    assert (started, len(ended)) == (["torch"], 1)
