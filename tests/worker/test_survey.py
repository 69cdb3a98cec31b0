"""Which names of a submission answer which tasks, found without running anything."""

import pytest

from grader.worker.conventions import CONVENTIONS
from grader.worker.survey import survey

ALL = list(CONVENTIONS)
RELU = "def relu_forward(x): pass\ndef relu_backward(dout, cache): pass\n"
CLASS = "class Relu:\n    def forward(self, x): pass\n    def backward(self, dout): pass\n"


def bound(files, layer="relu", conventions=ALL):
    """Return what was found for one task."""
    files = {"layers.py": files} if isinstance(files, str) else files
    return survey(files, {"task": (layer, list(conventions))})["tasks"]["task"]


def places(found):
    """Return path and name by part."""
    return {part: f"{place['path']} {place['name']}" for part, place in found["parts"].items()}


def test_functions_are_found_with_their_lines_in_nested_folders():
    found = bound({"hw/assignment1/layers.py": "import numpy as np\n\n" + RELU, "hw/notes.py": ""})

    assert found["convention"] == "cs231n"
    assert found["parts"]["forward"] == {"path": "hw/assignment1/layers.py", "line": 3, "name": "relu_forward", "error": ""}
    assert found["parts"]["backward"]["line"] == 4
    assert (found["also"], found["near"]) == ([], [])


def test_nothing_is_found_in_nothing():
    assert survey({}, {"a": ("relu", ALL), "b": ("conv2d", [])}) == {"broken": {}, "tasks": {"a": {"near": []}, "b": {"near": []}}}


@pytest.mark.parametrize("layer", sorted({layer for tasks in CONVENTIONS.values() for layer in tasks}))
def test_every_task_is_found_by_each_of_its_names(layer):
    for convention, tasks in CONVENTIONS.items():
        if layer not in tasks:
            continue
        for part, wanted in tasks[layer].wants.items():
            for name in wanted.names:
                named = sorted(wanted.parameters)[:1]
                methods = sorted({*wanted.methods, *(names[0] for names in wanted.calls.values())})
                members = "".join(f"    def {m}(self): pass\n" for m in methods)
                members += f"    def __init__(self, {named[0]}): pass\n" if members and named else ""
                parameters = ", ".join([*named, *(f"a{i}" for i in range((wanted.arity or 2) - len(named)))])
                base = next(iter(sorted(wanted.bases)), "object")
                source = f"import torch\nclass {name}({base}):\n{members}" if members else f"def {name}({parameters}): pass\n"

                found = bound(source, layer, [convention])

                assert found["parts"][part]["name"] == name


@pytest.mark.parametrize(
    ("signature", "layer"),
    [
        ("x, t, W1, b1, W2, b2", "two_layer_net"),
        ("x, t, W1, b1, W2, b2, W3, b3", "three_layer_net"),
        ("x, t, W1, b1, W2, b2, /", "two_layer_net"),
        ("x, t, W1, b1, W2, b2, eps=1e-7", "two_layer_net"),
        ("x, t, W1, b1, W2, b2, *, eps=1e-7", "two_layer_net"),
        ("x, t, W1, b1, W2, b2, W3=None, b3=None", "three_layer_net"),
    ],
)
def test_the_number_of_arguments_tells_two_layers_from_three(signature, layer):
    other = {"two_layer_net": "three_layer_net", "three_layer_net": "two_layer_net"}[layer]
    source = f"def gradient({signature}): pass\n"

    found = [bound(source, wanted, ["lecture"]) for wanted in (layer, other)]

    assert places(found[0]) == {"backward": "layers.py gradient"}
    assert "parts" not in found[1] or "=None" in signature


def test_a_gradient_of_any_number_of_arguments_answers_both_nets():
    found = [bound("def gradient(*args): pass\n", layer, ["lecture"]) for layer in ("two_layer_net", "three_layer_net")]

    assert [places(f) for f in found] == [{"backward": "layers.py gradient"}] * 2


def test_both_nets_in_two_files_do_not_get_in_each_others_way():
    files = {
        "two.py": "def gradient(x, t, W1, b1, W2, b2): pass\n",
        "three.py": "def gradient(x, t, W1, b1, W2, b2, W3, b3): pass\n",
    }

    found = [bound(files, layer, ["lecture"]) for layer in ("two_layer_net", "three_layer_net")]

    assert [(places(f)["backward"], f["also"]) for f in found] == [("two.py gradient", []), ("three.py gradient", [])]


def test_the_methods_of_a_net_tell_its_convention():
    book = "class TwoLayerNet:\n    def loss(self, x, t): pass\n    def gradient(self, x, t): pass\n"
    cs231n = "class TwoLayerNet:\n    def loss(self, X, y): pass\n"

    found = [bound(source, "two_layer_net") for source in (book, cs231n, "class TwoLayerNet: pass\n")]

    assert [f.get("convention") for f in found] == ["deep_learning_from_scratch", "cs231n", None]


def test_a_class_needs_the_methods_of_a_layer():
    assert "parts" not in bound("class Relu:\n    def forward(self, x): pass\n")
    assert bound(CLASS)["convention"] == "deep_learning_from_scratch"


@pytest.mark.parametrize(
    "source",
    [
        f"class Activation:{CLASS.partition(':')[2]}\nRelu = Activation\n",
        f"class Activation:{CLASS.partition(':')[2]}\nx = Relu = Activation\n",
        "class Layer:\n    def backward(self, dout): pass\nclass Relu(Layer):\n    def forward(self, x): pass\n",
        f"class Base:{CLASS.partition(':')[2]}\nclass Relu(Base): pass\n",
    ],
    ids=["alias", "chain", "half inherited", "inherited"],
)
def test_a_class_may_get_its_name_or_its_methods_from_another_of_its_file(source):
    assert bound(source)["parts"]["backward"]["name"] == "Relu"


@pytest.mark.parametrize(
    "frame",
    [
        "if True:\n{}",
        "if 0:\n    pass\nelif 1:\n{}",
        "if 0:\n    pass\nelse:\n{}",
        "try:\n{}finally:\n    pass\n",
        "try:\n    from fast import relu_forward\nexcept ImportError:\n{}",
        "try:\n    pass\nfinally:\n{}",
        "with open('x'):\n{}",
    ],
)
def test_definitions_may_stand_inside_a_top_level_block(frame):
    indented = "".join(f"    {line}\n" for line in RELU.splitlines())

    assert set(bound(frame.format(indented))["parts"]) == {"forward", "backward"}


def test_definitions_inside_a_function_or_a_class_are_its_own():
    indented = "".join(f"    {line}\n" for line in RELU.splitlines())

    assert "parts" not in bound(f"def main():\n{indented}class A:\n{indented}async def relu_forward(x): pass\n")


def test_the_shallowest_file_is_graded_and_the_others_are_told():
    found = bound({"old/layers.py": RELU, "layers.py": RELU, "old/older/layers.py": RELU})

    assert places(found) == {"forward": "layers.py relu_forward", "backward": "layers.py relu_backward"}
    assert found["also"] == [
        "old/layers.py:1 relu_forward",
        "old/layers.py:2 relu_backward",
        "old/older/layers.py:1 relu_forward",
        "old/older/layers.py:2 relu_backward",
    ]


@pytest.mark.parametrize("half", ["forward(x)", "backward(dout, cache)"])
def test_a_file_with_both_parts_wins_over_a_shallower_one_with_half(half):
    found = bound({"layers.py": f"def relu_{half}: pass\n", "done/layers.py": RELU, "done/zzz.py": RELU})

    assert places(found) == {"forward": "done/layers.py relu_forward", "backward": "done/layers.py relu_backward"}


def test_parts_in_two_files_are_taken_where_no_file_has_both():
    found = bound({"a.py": "def relu_forward(x): pass\n", "b.py": "def relu_backward(dout, cache): pass\n"})

    assert places(found) == {"forward": "a.py relu_forward", "backward": "b.py relu_backward"}


def test_the_naive_convolution_is_preferred_in_the_file_that_has_both_parts():
    kinds = "".join(f"def conv_{part}_{kind}(x, w, b, p): pass\n" for part in ("forward", "backward") for kind in ("fast", "naive"))

    found = bound({"a.py": "def conv_forward_naive(x, w, b, p): pass\n", "b/layers.py": kinds}, "conv2d")

    assert places(found) == {"forward": "b/layers.py conv_forward_naive", "backward": "b/layers.py conv_backward_naive"}


def test_the_convention_that_answers_more_wins_and_a_tie_goes_to_the_first():
    half = "def relu_forward(x): pass\n" + CLASS

    assert bound(half)["convention"] == "deep_learning_from_scratch"
    assert bound(RELU + CLASS)["convention"] == "cs231n"
    assert bound(RELU + CLASS, conventions=reversed(ALL))["convention"] == "classes"


def test_a_convention_that_the_assignment_does_not_accept_is_not_found():
    assert "parts" not in bound(RELU, conventions=["lecture"])


@pytest.mark.parametrize(
    ("methods", "unfinished"),
    [
        ("def __call__(self, x): pass\n    def grad(self, d): return d * 2", ["forward"]),
        ("def forward(self, x): return x * 2\n    def backward(self, d):\n        dx = None\n        return dx", ["backward"]),
        ("def forward(self, x):\n        self.output = x * 2\n    def backward(self, d): return d * 2", []),
        ("def forward(self, x):\n        if x is None: return\n        self.output = x * 2\n    def backward(self, d): return d * 2", []),
    ],
)
def test_of_a_class_those_methods_are_unfinished_that_would_be_called(methods, unfinished):
    assert bound(f"class Tanh:\n    {methods}\n", "tanh", ["classes"]).get("unfinished", []) == unfinished
