"""Which functions a file has when it is graded: by definition, by assignment, by inheritance."""

import pytest

from grader.worker.definitions import definitions
from grader.worker.survey import survey
from tests.worker.test_survey import bound, places


@pytest.mark.parametrize(
    "statement",
    [
        "relu_forward = relu",
        "relu_forward: object = relu",
        "relu_forward, n = relu, 5",
        "relu_forward = np.tanh",
        "relu_forward = late",
        "relu_forward = partial(relu, 1)",
        "relu_forward = lambda x: x",
        "from late import other as relu_forward",
        "relu_forward = 0\nrelu_forward = relu",
    ],
)
def test_a_function_may_get_its_name_by_an_assignment(statement):
    found = bound(f"import numpy as np\nfrom late import late\ndef relu(x): pass\n{statement}\n")

    assert places(found) == {"forward": "layers.py relu_forward"}
    assert found["parts"]["forward"]["line"] == 4 + statement.count("\n")


@pytest.mark.parametrize(
    "statement",
    [
        "relu_forward = 5",
        "relu_forward = 'relu'",
        "relu_forward = None",
        "relu_forward = nowhere",
        "relu_forward = relu(1)",
        "relu_forward: object",
        "relu_forward, n = pair",
        "relu_forward = nowhere.at_all",
        "def relu_forward(x): pass\nrelu_forward = 5",
        "here.relu_forward = relu",
        "import relu_forward.sub as other",
        "if __name__ == '__main__':\n    def relu_forward(x): pass",
    ],
)
def test_what_is_no_function_when_it_is_graded_is_not_found(statement):
    assert "parts" not in bound(f"def relu(x): pass\n{statement}\n")


def test_the_last_definition_of_a_name_is_the_one_that_is_graded():
    found = bound("def relu_forward(x): pass\ndef other(x): pass\ndef relu_forward(x): pass\n")

    assert (found["parts"]["forward"]["line"], found["also"]) == (3, [])


@pytest.mark.parametrize(("arguments", "found"), [("x, t, W1, b1, W2, b2", True), ("x, t, W1", False), ("*a", True)])
def test_the_arguments_of_a_lambda_count_like_those_of_a_function(arguments, found):
    assert ("parts" in bound(f"gradient = lambda {arguments}: 0\n", "two_layer_net", ["lecture"])) == found


@pytest.mark.parametrize("member", ["forward = other", "forward: object = other", "def forward(self): pass"])
def test_a_method_may_be_assigned(member):
    assert "parts" in bound(f"class Relu:\n    pass\n    {member}\n    backward = x.y = other\n")


def test_the_methods_of_a_base_count_wherever_it_is_defined():
    files = {
        "layers.py": "import base\nclass Relu(base.Layer, Mixin, f()): pass\nclass Mixin(Relu): pass\n",
        "deep/base.py": "class Layer(Root):\n    def forward(self, x): pass\n",
        "deep/root.py": "class Root:\n    def backward(self, dout): pass\n",
    }

    assert places(bound(files)) == {"forward": "layers.py Relu", "backward": "layers.py Relu"}


@pytest.mark.parametrize(
    "source",
    [
        "from impl import MyAffine as Affine\n",
        "from impl import MyAffine\nAffine = MyAffine\n",
        "import impl\nAffine = impl.MyAffine\n",
        "from impl import MyAffine as Base\nclass Affine(Base):\n    pass\n",
    ],
)
def test_a_class_under_another_name_has_the_methods_of_the_original(source: str):
    files = {"layers.py": source, "impl.py": "class MyAffine:\n    def forward(self, x): pass\n    def backward(self, dout): pass\n"}

    found = survey(files, {"affine": ("affine", ["deep_learning_from_scratch"])})

    assert {place["path"] for place in found["tasks"]["affine"]["parts"].values()} == {"layers.py"}


@pytest.mark.parametrize("guard", ["__name__ == '__main__'", "'__main__' == __name__"])
def test_what_runs_only_as_a_script_defines_nothing_and_its_else_does(guard: str):
    source = f"if {guard}:\n    relu_forward = len\n    loss = 3.0\nelse:\n    def relu_backward(dout, cache): pass\n"

    assert [d.name for d in definitions("layers.py", source)] == ["relu_backward"]


MODULES = {"torch.nn.Module"}


@pytest.mark.parametrize(
    ("imported", "base"),
    [
        ("import torch", "torch.nn.Module"),
        ("import torch.nn as nn", "nn.Module"),
        ("import torch.nn", "torch.nn.Module"),
        ("from torch import nn", "nn.Module"),
        ("from torch.nn import Module", "Module"),
        ("from torch.nn import Module as Base", "Base"),
    ],
)
def test_a_base_of_torch_is_known_by_its_full_name_however_it_was_imported(imported, base):
    (made,) = [d for d in definitions("layers.py", f"{imported}\nclass Linear({base}):\n    pass\n") if d.name == "Linear"]

    assert made.bases == ("torch.nn.Module",)


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("from torch import nn\nclass Layer(nn.Module): pass\nclass Linear(Layer):\n    def forward(self, x): pass\n", "torch_modules"),
        ("class Module: pass\nclass Linear(Module):\n    def forward(self, x): pass\n", None),
        ("from torch import nn\nclass Linear(nn.Linear):\n    def forward(self, x): pass\n", None),
        ("from .torch import nn\nclass Linear(nn.Module):\n    def forward(self, x): pass\n", None),
        (
            "from torch import nn\nclass Linear(nn.Module):\n    def forward(self, x): pass\n    def backward(self, dout): pass\n",
            "classes",
        ),
        (
            "import torch\nclass Linear(torch.autograd.Function):\n    def forward(ctx, x): pass\n    def backward(ctx, dout): pass\n",
            "torch_functions",
        ),
    ],
    ids=[
        "a Module through another class",
        "a Module of their own",
        "torch's own layer",
        "a file torch.py",
        "with a backward",
        "a Function",
    ],
)
def test_which_convention_a_class_answers_follows_from_what_it_inherits(source, answers):
    found = bound(source, "affine", ["classes", "torch_functions", "torch_modules"])

    assert found.get("convention") == answers
