"""Submissions in torch, beside NumPy and without it: what is graded, what is said, and who has torch in the first place."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from grader import engine
from grader.model import Verdict
from grader.worker.conventions import CONVENTIONS
from tests.support import AFFINE, course, grade

LAYERS = ("affine", "relu", "sigmoid", "tanh", "layer_norm", "conv2d", "two_layer_net")
MODULES = """
import torch, numpy as np
import torch.nn as nn
from torch.nn import functional as F, Module as Base


class Linear(Base):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_in, n_out, dtype=torch.float32))
        self.b = nn.Parameter(torch.zeros(1, n_out))

    def forward(self, x):
        return x.float() @ self.W.float() + self.b.float()


class ReLU(nn.Module):
    def forward(self, x):
        return (x > -0.02) * x


class Sigmoid(nn.Module):
    def forward(self, x):
        return torch.from_numpy(1 / (1 + np.exp(-np.clip(x.detach().numpy(), -700, None))))


class MyTanh(Base):
    def forward(self, x):
        return F.tanh(x)


class LayerNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.gamma, self.beta, self.eps = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d)), eps

    def forward(self, x):
        return (x - x.mean(1, keepdim=True)) / torch.sqrt(x.var(1, keepdim=True) + self.eps) * self.gamma + self.beta


class UnfoldedConv(Base):
    # Filters as columns, of which there may be as many as each has entries.
    def __init__(self, in_channels, out_channels, kernel_size, stride, padding):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.weight = nn.Parameter(torch.zeros(in_channels * kernel_size**2, out_channels))
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        sides = [(s + 2 * self.padding - self.kernel_size) // self.stride + 1 for s in x.shape[2:]]
        columns = F.unfold(x, self.kernel_size, padding=self.padding, stride=self.stride)
        return (columns.transpose(1, 2) @ self.weight + self.bias).transpose(1, 2).reshape(len(x), -1, *sides)


class Conv2d(UnfoldedConv):
    pass


class TwoLayerNet(nn.Module):
    def __init__(self, D, H, C):
        super().__init__()
        self.first, self.second = nn.Linear(D, H), nn.Linear(H, C)

    def forward(self, x):
        return self.second(torch.sigmoid(self.first(x)))
"""
FUNCTIONS = """
import torch
from torch.autograd import Function


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        return dout @ w.T, x.T @ dout, dout.mean(0)


class MyReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * (dout > 0)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.out = torch.sigmoid(x)
        return ctx.out

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.out * (1 - ctx.out)


class TanhFunction(Function):
    @staticmethod
    def forward(ctx, x):
        return x.tanh()

    @staticmethod
    def backward(ctx, dout):
        pass
"""
NUMPY = """
import torch
from torch import nn
from torch.utils.data import DataLoader


class Linear(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(b, a)), nn.Parameter(torch.zeros(b))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class ReLU(nn.Module):
    def forward(self, x):
        assert "torch/" not in str(vars(torch).get("__file__"))
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def sigmoid_forward(x):
    out = torch.sigmoid(torch.from_numpy(x))
    return out, out


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)
""" + AFFINE.split("def affine_backward")[0]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    entries = [f"id: {layer}, title: {layer}, points: 10, parts: {{forward: 4, backward: 6}}" for layer in LAYERS]
    conventions = "conventions: [cs231n, classes, torch_functions, torch_modules]"
    return course(tmp_path_factory.mktemp("course"), *entries, head=f"{conventions}\nbanned: {{imports: []}}")


@pytest.fixture(scope="module")
def results(asked, launcher, banks):
    """All of them graded at once: the worker that knows torch takes its seconds to come up."""
    report = grade([MODULES, FUNCTIONS, NUMPY], asked, launcher, banks)
    return [{t.id: t for t in s.tasks} | {"notes": s.notes} for s in report.submissions]


@pytest.fixture
def modules(results):
    return results[0]


@pytest.fixture
def functions(results):
    return results[1]


@pytest.fixture
def beside_numpy(results):
    return results[2]


def failed(task):
    return [c.id.partition(".")[2] for c in task.checks if c.verdict is Verdict.FAILED and not c.law]


@pytest.mark.parametrize("layer", ["affine", "tanh", "conv2d", "two_layer_net"])
def test_a_right_module_of_any_design_has_full_marks(layer, modules):
    assert (modules[layer].standing, modules[layer].score) == ("passed", 10)


def test_a_module_with_float32_written_into_it_is_judged_by_that(modules):
    assert "dw is float32 though the input is float64; it was judged with the precision of float32." in modules["affine"].notes


@pytest.mark.parametrize("layer", ["relu", "layer_norm"])
def test_right_gradients_of_a_wrong_module_earn_nothing(layer, modules):
    wrong = [c for c in modules[layer].checks if c.verdict is Verdict.FAILED]

    assert "forward.value" in failed(modules[layer])
    assert "backward.dx" in failed(modules[layer])
    assert not any(c.score for c in wrong)
    assert "own_gradient" not in [d.id for d in modules[layer].diagnoses]


def test_torch_is_not_called_unwanted_where_a_task_may_be_written_with_it(asked, launcher, banks):
    noted = replace(asked, banned=replace(asked.banned, imports=("torch", "scipy")))
    plain = replace(noted, tasks=tuple(replace(t, conventions=("cs231n",)) for t in noted.tasks))

    said = [grade(["import torch, scipy\n" + AFFINE], each, launcher, banks).submissions[0].notes for each in (noted, plain)]

    assert [[f"imports {name}, which" in " ".join(notes) for name in ("torch", "scipy")] for notes in said] == [[False, True], [True, True]]


def test_a_module_that_autograd_cannot_follow_has_no_gradients(modules):
    (check,) = [c for c in modules["sigmoid"].checks if c.verdict is Verdict.FAILED]

    assert modules["sigmoid"].score == 4
    assert check.findings[0].what == (
        "backward: the output does not depend on the inputs, as far as autograd can tell; "
        "was something detached, taken from .data or computed in NumPy?"
    )


def test_that_autograd_derived_the_gradients_is_said_of_modules_alone(modules, functions):
    said = "Its gradients were derived by torch's autograd from your forward; no backward was written for it."

    assert all(said in modules[layer].notes for layer in LAYERS)
    assert not any(said in functions[layer].notes for layer in LAYERS)


def test_what_torch_has_itself_is_named_where_the_graded_class_uses_it(modules):
    made = {layer: [n for n in modules[layer].notes if "torch's own version" in n] for layer in LAYERS}

    assert made["two_layer_net"] == ["layers.py, line 62: uses torch.nn.Linear, which is torch's own version of this layer."]
    assert made["tanh"] == ["layers.py, line 29: uses torch.nn.functional.tanh, which is torch's own version of this layer."]
    assert [layer for layer in LAYERS if made[layer]] == ["tanh", "two_layer_net"]


@pytest.mark.parametrize(("layer", "wrong"), [("affine", ["backward.db"]), ("relu", ["backward.dx"]), ("sigmoid", [])])
def test_of_a_function_its_own_backward_is_graded(layer, wrong, functions):
    assert failed(functions[layer]) == wrong
    assert functions[layer].parts["forward"] == "passed"


def test_a_gradient_that_autograd_would_sum_unseen_has_the_wrong_shape():
    pytest.importorskip("torch")
    made: dict[str, object] = {}
    exec(FUNCTIONS.replace("dout.mean(0)", "dout"), made)  # noqa: S102
    call = CONVENTIONS["torch_functions"]["affine"]
    arrays = {"x": np.ones((4, 3)), "w": np.ones((3, 2)), "b": np.ones(2)}

    _, kept = call.forward({"forward": made["LinearFunction"]}, arrays, {})
    got = call.backward({}, np.ones((4, 2)), kept)

    assert {name: g.shape for name, g in got.items()} == {"dx": (4, 3), "dw": (3, 2), "db": (4, 2)}


def test_a_function_without_a_backward_yet_is_unfinished(functions):
    assert functions["tanh"].parts == {"forward": "passed", "backward": "missing"}


def test_what_was_written_in_numpy_comes_before_what_torch_would_derive(beside_numpy):
    assert beside_numpy["affine"].graded == {"forward": "layers.py:36 affine_forward"}
    assert beside_numpy["affine"].parts == {"forward": "passed", "backward": "missing"}


def test_a_module_with_a_backward_of_its_own_is_a_plain_class_and_runs_without_torch(beside_numpy):
    assert beside_numpy["relu"].standing == "passed"
    assert (
        "layers.py, line 2: not here: torch, torch.utils.data. Something inert was imported instead, and no result can be built on it."
        in (beside_numpy["notes"])
    )


def test_a_tensor_from_a_numpy_function_is_told_for_what_it_is(beside_numpy):
    (finding,) = [f for c in beside_numpy["sigmoid"].checks for f in c.findings]

    assert finding.what == (
        "forward: out comes from <torch.sigmoid(), which is not installed here>; "
        "this function is graded with NumPy alone, so return what NumPy computes."
    )


def test_where_torch_is_missing_that_is_no_mistake_of_the_students(asked, launcher, banks, monkeypatch):
    monkeypatch.setattr(engine, "folder_of", lambda _: "")

    tasks = {t.id: t for t in grade([FUNCTIONS], asked, launcher, banks).submissions[0].tasks}

    assert (tasks["relu"].standing, tasks["relu"].max_score) == ("errored", 0)
    assert tasks["relu"].checks[0].reason.startswith("This was written with torch, which is not installed where it was graded.")


def test_the_grader_itself_never_imports_torch():
    code = "import grader.cli, grader.engine, grader.worker.serve, sys; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
