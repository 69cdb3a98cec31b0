"""What is explained of a task: its formula computes what the reference does, and all of it can be read in both languages."""

import re
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner

from grader import casebank, spelt
from grader.assignment import bundled, load
from grader.cli import main
from grader.explaining import MOST_MISTAKES, explanation
from grader.model import Case
from reference import LayerSpec, catalogue
from tests.support import course

COURSE = load(bundled())
ROOT = Path(__file__).parent.parent
IN_NUMPY = (
    *("affine", "relu", "sigmoid", "tanh", "leaky_relu", "softmax_loss", "svm_loss", "mse_loss", "cross_entropy_error", "dropout"),
    *("batch_norm", "spatial_batch_norm", "layer_norm", "group_norm", "conv_single_step", "softmax_classifier", "svm_classifier"),
    *("two_layer_net", "three_layer_net"),
)


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def worked_out(spec: LayerSpec, case: Case) -> dict[str, Any]:
    """Run the lines of a formula as they are read."""
    env: dict[str, Any] = {**vars(np), **case.arrays, **case.options, "dout": case.dout, "softmax": softmax}
    env |= {"one_hot": lambda y: np.eye(env["K"])[y], "sigmoid": lambda x: 1 / (1 + np.exp(-x))}
    for argument in spec.arguments:
        env |= zip(argument.axes.split(), env[argument.name].shape, strict=True)
    for line in (*spec.formula["forward"], *spec.formula.get("backward", ())):
        if " = " in line:
            exec(re.split(r", or | in training", line)[0], env)  # noqa: S102 - our own line
    return env


@pytest.mark.parametrize("name", IN_NUMPY)
def test_a_formula_that_is_numpy_computes_what_the_reference_does(name: str, banks: Path):
    spec = catalogue()[name]
    bank = casebank.bank(spec, {}, 0, banks)
    usual = [
        (c, a) for c, a in zip(bank.cases, bank.answers[0], strict=True) if spec.usual(c.arrays) and c.arrays and c.dtype == np.float64
    ]
    case, right = next((c, a) for c, a in usual if c.options.get("training", True) and (c.dout is not None or not spec.backward))

    made = worked_out(spec, case)

    for value, expected in right.values.items():
        known = value if value in spec.gradients and value.startswith("d") else f"d{value}" if value in spec.gradients else value
        if known in ("keep_rate", "tied"):  # counted, not computed
            continue
        np.testing.assert_allclose(made[known], expected.value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "given", "right"),
    [
        ("output_size", {"size": 7, "kernel": 3, "stride": 2, "padding": 0}, 3),
        ("output_size", {"size": 32, "kernel": 5, "stride": 1, "padding": 2}, 32),
        ("output_size_dilated", {"size": 7, "kernel": 3, "stride": 1, "padding": 0, "dilation": 2}, 3),
        ("parameter_count", {"in_channels": 3, "out_channels": 10, "kernel_size": 5, "bias": True}, 760),
        ("parameter_count_grouped", {"in_channels": 96, "out_channels": 256, "kernel_size": 5, "groups": 2, "bias": True}, 307456),
        ("receptive_field", {"kernels": (3, 3), "strides": (1, 1), "dilations": (1, 1)}, 5),
    ],
)
def test_the_shape_questions_are_answered_as_in_the_lecture(name: str, given: dict[str, Any], right: int):
    env = {**vars(np), **given, "sum": sum}

    exec(catalogue()[name].formula["forward"][0], env)  # noqa: S102 - our own line

    assert env["out"] == right


@pytest.mark.parametrize("name", ["conv2d", "conv2d_dilated", "conv2d_grouped"])
def test_the_sum_of_a_convolution_is_that_of_the_reference(name: str, banks: Path):
    spec = catalogue()[name]
    bank = casebank.bank(spec, {}, 0, banks)
    case, right = next((c, a) for c, a in zip(bank.cases, bank.answers[0], strict=True) if c.options["padding"] and not a.refusal)
    N, F, OH, OW = right.values["out"].value.shape
    _, channels, KH, KW = case.arrays["w"].shape
    pad, *first, line = spec.formula["forward"]
    before, term = re.fullmatch(r"out\[n, f, i, j\] = (.*) \+ sum over c, k, l of (.*)", line).groups()  # type: ignore[union-attr]
    env: dict[str, Any] = {**vars(np), **case.arrays, **case.options, "C": case.arrays["x"].shape[1], "F": F}
    exec(pad, env)  # noqa: S102 - our own line
    once, each = compile(before, "", "eval"), compile(term, "", "eval")

    for n, f, i, j in [(0, 0, 0, 0), (N - 1, F - 1, OH - 1, OW - 1)]:
        env |= {"n": n, "f": f, "i": i, "j": j}
        for setting in first:
            exec(setting.partition(", the ")[0], env)  # noqa: S102
        out = eval(once, env)  # noqa: S307
        out += sum(eval(each, env | dict(zip("ckl", at, strict=True))) for at in np.ndindex(channels, KH, KW))  # noqa: S307
        np.testing.assert_allclose(out, right.values["out"].value[n, f, i, j], rtol=1e-9)


@pytest.mark.parametrize("task", COURSE.tasks, ids=lambda task: task.id)
def test_every_part_of_the_course_has_a_formula_and_checks(task: Any):
    said = click.unstyle(explanation(COURSE, task.id, "en"))
    korean = click.unstyle(explanation(COURSE, task.id, "ko"))

    assert set(task.weights) == set(task.spec.formula) & set(task.weights)
    assert all(line in korean for part in task.weights for line in task.spec.formula[part])
    assert said.count("\n  – ") == korean.count("\n  – ") >= 3
    assert 1 <= said.count("\n  ✗ ") <= MOST_MISTAKES
    assert not re.search(r"(?m)^[A-Z][a-z ,]+$", korean)  # headings


def test_a_part_is_explained_alone():
    said = CliRunner().invoke(main, ["explain", "conv2d.backward"]).stdout

    assert "db[f] = sum over n, i, j of dout[n, f, i, j]" in said
    assert "dx, dw, db = conv_backward_naive(dout, cache)" in said
    assert "dx is the gradient of the output" in said
    assert "forward gives the right values" not in said
    assert "out[n, f, i, j] =" not in said


@pytest.mark.parametrize("task", COURSE.tasks, ids=lambda task: task.id)
def test_every_convention_that_spells_a_task_says_how_it_is_called(task: Any):
    said = click.unstyle(explanation(COURSE, task.id, "en"))

    calls = said.partition("Called as, for example\n")[2].partition("\n\n")[0]
    spelling = {convention for convention in task.conventions if convention in spelt.spelling(task.spec.name)}
    first = [line.split(maxsplit=1) for line in calls.splitlines() if line[2] != " "]
    assert {convention for convention, _ in first} == spelling
    assert all("(" in call or "=" in call or convention == "torch_functions" for convention, call in first)


def test_a_net_of_ones_own_is_called_with_its_constructor_and_its_loss(tmp_path: Path):
    said = explanation(course(tmp_path, "id: own_net, title: Own, points: 1"), "own_net", "en")

    assert "  cs231n  OwnNet(input_size, num_classes)\n            .loss(X, y)\n" in said


def test_a_layer_of_an_instructors_own_is_called_as_it_is_described():
    said = explanation(load(ROOT / "examples" / "own-layers" / "tasks.yaml"), "softsign", "en")

    assert "  functions  out, cache = softsign_forward(x)\n             dx = softsign_backward(dout, cache)\n" in said
    assert "  classes    layer = Softsign()\n             out = layer.forward(x)\n             dx = layer.backward(dout)\n" in said


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("conv2d.sideways", "conv2d.sideways: conv2d has no such part; it has forward and backward."),
        ("output_size.backward", "output_size.backward: output_size has no such part; it has forward."),
        ("CONV2D", "CONV2D: cnn-from-scratch has no such task; did you mean conv2d or convnet or conv2d_grouped?"),
        ("convolution", "convolution: cnn-from-scratch has no such task; did you mean conv2d or convnet or conv2d_grouped?"),
        ("maxpool2d", "maxpool2d: cnn-from-scratch has no such task; did you mean max_pool2d or avg_pool2d?"),
    ],
)
def test_what_is_not_there_is_not_explained(subject: str, words: str):
    result = CliRunner().invoke(main, ["explain", subject])

    assert (result.exit_code, result.stderr) == (2, f"grader: {words}\n")
