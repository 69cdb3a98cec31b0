"""tasks.yaml becomes an assignment, the same one every time."""

from pathlib import Path
from typing import Any

import pytest

from grader import assignment
from grader.errors import AssignmentError
from tests.support import course, tasks

RELU = "id: relu, title: ReLU, points: 5"


def test_the_bundled_assignment_asks_for_its_tasks_with_their_points():
    bundled = assignment.load(assignment.bundled())

    assert [t.id for t in bundled.tasks] == [
        "affine",
        "relu",
        "sigmoid",
        "softmax_loss",
        "svm_loss",
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "conv2d_dilated",
        "conv2d_grouped",
        "conv2d_general",
        "global_pool",
        "zero_pad",
        "conv_single_step",
        "im2col",
        "two_layer_net",
        "three_layer_net",
        "output_size",
        "parameter_count",
        "output_size_dilated",
        "parameter_count_grouped",
        "receptive_field",
        "tanh",
        "leaky_relu",
        "mse_loss",
        "batch_norm",
        "spatial_batch_norm",
        "layer_norm",
        "group_norm",
        "dropout",
        "cross_entropy_error",
        "fully_connected_net",
        "convnet",
        "svm_classifier",
        "softmax_classifier",
        "knn",
        "sgd",
        "momentum",
        "adam",
        "training",
    ]
    assert sum(t.points for t in bundled.tasks) == 199
    assert all(t.description for t in bundled.tasks)
    assert {t.id: t.spec.name for t in bundled.tasks if t.spec.name != t.id} == {"convnet": "three_layer_conv_net"}


def test_defaults_stand_for_what_is_left_out(tmp_path: Path):
    loaded = course(tmp_path, RELU, "id: shape, layer: output_size, title: Size, points: 3")

    assert (loaded.seed, loaded.purity, loaded.limits.memory_mb, loaded.banned.verdict) == (None, "note", 1024, "note")
    assert {"torch", "scipy", "subprocess"} < set(loaded.banned.imports)
    assert {"eval", "os.system"} < set(loaded.banned.calls)
    assert [t.weights for t in loaded.tasks] == [{"forward": 1, "backward": 1}, {"forward": 1}]
    assert loaded.tasks[0].conventions[:3] == ("cs231n", "deep_learning_from_scratch", "lecture")
    assert not any(name.startswith("torch") for name in loaded.tasks[0].conventions), "NumPy is enough, unless it is said otherwise"
    assert (loaded.tasks[1].id, loaded.tasks[1].spec.name) == ("shape", "output_size")
    assert all(t.readings == {} for t in loaded.tasks)


@pytest.mark.parametrize(
    ("head", "entry", "narrowed"),
    [
        ("", "id: conv2d, title: C, points: 1", {}),
        ("inexact_output_size: either", "id: conv2d, title: C, points: 1", {}),
        ("inexact_output_size: floor", "id: conv2d, title: C, points: 1", {"inexact_output_size": ("floor",)}),
        ("inexact_output_size: floor", "id: conv2d, title: C, points: 1, inexact_output_size: error", {"inexact_output_size": ("error",)}),
        ("inexact_output_size: floor", "id: conv2d, title: C, points: 1, inexact_output_size: either", {}),
        ("inexact_output_size: floor", RELU, {}),
        ("regularisation: 1", "id: two_layer_net, title: N, points: 1", {"reg_factor": (1,)}),
        (
            "regularisation: 0.5",
            "id: two_layer_net, title: N, points: 1, activation: relu",
            {"reg_factor": (0.5,), "activation": ("relu",)},
        ),
        ("regularisation: 0.5", "id: three_layer_net, title: N, points: 1", {"reg_factor": (0.5,)}),
    ],
)
def test_the_assignment_narrows_the_readings(head: str, entry: str, narrowed: dict[str, Any], tmp_path: Path):
    loaded = course(tmp_path, entry, head=head)

    assert loaded.tasks[0].readings == narrowed


def test_a_layer_without_backward_may_have_a_weight_of_forward(tmp_path: Path):
    loaded = course(tmp_path, "id: output_size, title: Size, points: 3, parts: {forward: 2}")

    assert loaded.tasks[0].weights == {"forward": 2}


def test_a_task_may_have_its_own_weights_and_conventions(tmp_path: Path):
    own = f"{RELU}, parts: {{forward: 0, backward: 2.5}}, conventions: [deep_learning_from_scratch]"

    loaded = course(tmp_path, own, head="conventions: [cs231n]")

    assert loaded.tasks[0].weights == {"forward": 0, "backward": 2.5}
    assert loaded.tasks[0].conventions == ("deep_learning_from_scratch",)


def test_a_backward_without_weight_is_not_asked_for(tmp_path: Path):
    loaded = course(tmp_path, f"{RELU}, parts: {{forward: 1, backward: 0}}")

    assert loaded.tasks[0].weights == {"forward": 1}


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path):
    latin, large = tmp_path / "latin.yaml", tmp_path / "large.yaml"
    latin.write_bytes("id: größe".encode("latin-1"))
    large.write_bytes(b"#" * (assignment.MAX_BYTES + 1))

    said = {}
    for file in (latin, large, tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(AssignmentError) as caught:
            assignment.load(file)
        said[file] = str(caught.value)

    assert list(said.values()) == [
        f"{latin}: not UTF-8 text (byte 6).",
        f"{large}: larger than 1048576 bytes; this is no assignment.",
        f"{tmp_path}: cannot be read: Is a directory.",
        f"{tmp_path / 'none.yaml'}: cannot be read: No such file or directory.",
    ]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    file.write_text(tasks(RELU), encoding="utf-8-sig")

    assert [t.id for t in assignment.load(file).tasks] == ["relu"]


def test_the_file_given_comes_before_the_one_here_and_that_before_the_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    nowhere = assignment.find(None)
    (tmp_path / "tasks.yaml").touch()

    assert nowhere == assignment.bundled()
    assert assignment.find(None) == Path("tasks.yaml")
    assert assignment.find(Path("other.yaml")) == Path("other.yaml")


def test_a_checked_assignment_is_kept_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file, cache = tmp_path / "tasks.yaml", tmp_path / "cache"
    file.write_text(tasks("id: two_layer_net, title: N, points: 0.1", head="regularisation: 0.5"), encoding="utf-8")
    checked = assignment.load(file, cache)
    monkeypatch.setattr("grader.tasks_file.validate", None)  # must not be needed

    kept = assignment.load(file, cache)

    assert kept == checked


@pytest.mark.parametrize("spoilt", [b"", b"{", b"\xff\xfe", b'{"id": "a"'])
def test_a_kept_assignment_that_is_spoilt_is_checked_again(spoilt: bytes, tmp_path: Path):
    file, cache = tmp_path / "tasks.yaml", tmp_path / "cache"
    file.write_text(tasks(RELU), encoding="utf-8")
    checked = assignment.load(file, cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(spoilt)

    assert assignment.load(file, cache) == checked


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path):
    file = tmp_path / "tasks.yaml"
    file.write_text(tasks(RELU), encoding="utf-8")

    assert assignment.load(file, file / "no folder").tasks[0].id == "relu"
