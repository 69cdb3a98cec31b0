"""Of several copies the original is graded; of several versions, one that somebody has written; methods may be written below a class."""

import pytest

from grader.worker.loading import install
from grader.worker.serve import load
from grader.worker.survey import survey

RELU = "def relu_forward(x): return x, x\ndef relu_backward(dout, x): return dout\n"
KNN = "class KNearestNeighbor:\n    def train(self, X, y): self.X, self.y = X, y\n"
STUB = "    def compute_distances_{0}(self, X):\n        dists = np.zeros(3)\n        for i in range(3):\n            pass\n        return dists\n"
DONE = "    def compute_distances_{0}(self, X):\n        return abs(X - self.X.T)\n"
LABELS = "    def predict_labels(self, dists, k=1):\n        return self.y[dists.argmin(1)]\n"


def asked(files, layer="relu", convention="cs231n"):
    """Return what the files answer one task with."""
    return survey(files, {"t": (layer, [convention])})["tasks"]["t"]


@pytest.mark.parametrize(
    "copy", ["layers (1).py", "layers_old.py", "Copy of layers.py", "copy/layers.py", "layers - Copy.py", "backup_layers.py"]
)
def test_a_copy_does_not_win_over_the_file_that_was_handed_in(copy):
    found = asked({copy: RELU, ("src/layers.py" if "/" in copy else "layers.py"): RELU})

    assert found["parts"]["forward"]["path"].endswith("layers.py")
    assert found["also"] == [f"{copy}:1 relu_forward", f"{copy}:2 relu_backward"]


@pytest.mark.parametrize("name", ["threshold.py", "folder.py", "holdout.py"])
def test_a_name_that_holds_the_letters_of_old_is_no_copy(name):
    assert asked({name: RELU, "z.py": RELU})["parts"]["forward"]["path"] == name


@pytest.mark.parametrize(
    "added",
    [
        "@add_to_class(Relu)\ndef forward(self, x): return x\n@add_to_class(Relu)\ndef backward(self, dout): return dout\n",
        "def f(self, x): return x\nRelu.forward = f\nRelu.backward = f\n",
        "def f(self, x): return x\nsetattr(Relu, 'forward', f)\nsetattr(Relu, 'backward', f)\n",
        "Relu = type('Relu', (), {'forward': lambda s, x: x, 'backward': lambda s, d: d})\n",
        "Relu = type('Relu', (), dict(forward=lambda s, x: x, backward=lambda s, d: d))\n",
    ],
)
def test_methods_that_are_written_below_a_class_are_its_methods(added):
    found = asked({"d2l.py": f"class Relu: pass\n{added}"}, convention="deep_learning_from_scratch")

    assert (set(found["parts"]), found.get("unfinished")) == ({"forward", "backward"}, None)


def test_a_method_added_below_is_unfinished_where_it_computes_nothing():
    source = "class Relu:\n    def forward(self, x): return x\n@add_to_class(Relu)\ndef backward(self, dout): pass\n"

    assert asked({"d2l.py": source}, convention="deep_learning_from_scratch")["unfinished"] == ["backward"]


def test_untouched_starter_of_nearest_neighbours_is_unfinished_and_one_version_finishes_it():
    starter = KNN + STUB.format("no_loops") + STUB.format("two_loops")

    assert "forward" in asked({"knn.py": starter}, "knn")["unfinished"]
    assert "unfinished" not in asked({"knn.py": starter + DONE.format("one_loop")}, "knn")
    assert "unfinished" not in asked({"knn.py": starter + LABELS}, "knn")


@pytest.mark.usefixtures("forgotten")
def test_a_version_that_nobody_wrote_does_not_decide():
    source = "import numpy as np\n" + KNN + STUB.format("no_loops") + DONE.format("two_loops") + LABELS
    place = {"path": "knn.py", "name": "KNearestNeighbor"}

    request = {"files": {"knn.py": source}, "parts": {"forward": place}, "convention": "cs231n", "task": "knn"}
    runner = load(request, install(request["files"]), lambda *_: None)

    assert not hasattr(runner.found["forward"], "compute_distances_no_loops")
    assert hasattr(runner.found["forward"], "compute_distances_two_loops")


def test_a_function_that_a_factory_names_as_it_is_wanted_is_found_where_it_is_made():
    made = "def mk(t):\n    relu_forward = lambda x: (x * (x > t), x)\n    return relu_forward\nrelu_forward = mk(0.0)\n"

    assert asked({"layers.py": made})["parts"]["forward"]["line"] == 4
