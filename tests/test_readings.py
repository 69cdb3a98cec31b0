"""Where several answers are right: which of them a submission gives, and which the assignment accepts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import casebank, messages, readings
from grader.casebank import Bank
from grader.model import Answer, Call, Outcome, Stage, Standing, Verdict
from grader.sandbox.process import Launcher
from reference import catalogue
from tests.support import FLOORS, REFUSES, Student, bank_of, call, case_of, course, expected, failing, grade_one, judged, net

CONV_TASK = "id: conv2d, title: Convolution, points: 20, parts: {forward: 8, backward: 12}"
NET_TASK = "id: two_layer_net, title: Net, points: 10"
LECTURE = """
import numpy as np

def gradient(x, t, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    a1 = ACTIVATION
    scores = a1 @ W2 + b2
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dy = (p / p.sum(axis=1, keepdims=True) - t) / len(x)
    dz1 = dy @ W2.T * SLOPE
    return {"W1": x.T @ dz1, "b1": dz1.sum(0), "W2": a1.T @ dy, "b2": dy.sum(0)}
"""
CLASSIFIERS = """
import numpy as np

def softmax_loss_vectorized(W, X, y, reg):
    n, s = len(X), X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean() + 0.5 * reg * np.sum(W * W)
    p[np.arange(n), y] -= 1
    return loss, X.T @ p / n + reg * W

def softmax_loss_naive(W, X, y, reg):
    loss, dW = softmax_loss_vectorized(W, X, y, 0)
    return loss + reg * np.sum(W * W), dW + SLOPE * reg * W
"""
UNSCALED = """
import numpy as np

class Dropout:
    def __init__(self, p=0.5):
        self.p, self.training = p, True

    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > self.p if self.training else np.ones(x.shape)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
"""
ADAM = """
import numpy as np

def adam(w, dw, config=None):
    config = config or {}
    rate, beta1, beta2, eps = (config.setdefault(k, v) for k, v in dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8).items())
    m = beta1 * config.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * config.get("v", np.zeros_like(w)) + (1 - beta2) * dw * dw
    config["t"] = t = config.get("t", 0) + 1
    config["m"], config["v"] = m, v
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    return w - rate * m / c1 / (STEP), config
"""
LECTURE_SIGMOID = LECTURE.replace("ACTIVATION", "1 / (1 + np.exp(-z1))").replace("SLOPE", "a1 * (1 - a1)")
LECTURE_RELU = LECTURE.replace("ACTIVATION", "np.maximum(z1, 0)").replace("SLOPE", "(z1 > 0)")


def follows(bank: Bank, student: Student, **narrowed: Any) -> dict[str, Any]:
    spec = catalogue()["two_layer_net"]
    outcomes = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
    return dict(bank.readings[readings.choose(bank, narrowed, outcomes)])


@pytest.fixture(scope="module")
def nets() -> Bank:
    return bank_of("two_layer_net", 5)


def reading_of(slope: float = 1, **given: Any) -> Student:
    """Return a net that follows a reading, its gradients multiplied by `slope`."""
    spec = catalogue()["two_layer_net"]
    return Student(
        lambda **arrays: spec.forward(**arrays, **given),
        lambda dout, cache: tuple(slope * g for g in spec.backward(dout, cache)),
    )


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("reg_factor", [1.0, 0.5])
@pytest.mark.parametrize("log_epsilon", [0.0, 1e-7, 1e-8, -1e-7, -1e-10])
def test_the_reading_that_a_right_net_follows_is_found(activation: str, reg_factor: float, log_epsilon: float, nets: Bank):
    wanted = {"activation": activation, "reg_factor": reg_factor, "log_epsilon": log_epsilon}

    assert follows(nets, reading_of(**wanted)) == wanted


@pytest.mark.parametrize(("loss", "gradient"), [(0.5, 1.0), (1.0, 0.5)])
def test_where_loss_and_gradient_are_regularised_by_different_factors_the_gradient_is_wrong(loss: float, gradient: float, nets: Bank):
    spec = catalogue()["two_layer_net"]
    student = Student(
        lambda **arrays: (spec.forward(**arrays, reg_factor=loss)[0], spec.forward(**arrays, reg_factor=gradient)[1]), spec.backward
    )

    assert follows(nets, student)["reg_factor"] == loss


def test_the_reading_is_found_by_the_loss_alone_where_every_gradient_is_wrong(nets: Bank):
    wanted = {"activation": "relu", "reg_factor": 0.5, "log_epsilon": 1e-7}

    assert follows(nets, reading_of(-1, **wanted)) == wanted


def differentiated(epsilon: float) -> Student:
    """Return a loss with an epsilon, differentiated step by step: -log(p_y + epsilon), then the softmax."""

    def forward(x: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(y)), y] + x.dtype.type(epsilon)).sum() / len(y), (p, y)

    def backward(dout: np.ndarray, cache: Any) -> tuple[np.ndarray]:
        p, y = cache
        dp, rows = np.zeros_like(p), np.arange(len(y))
        dp[rows, y] = -dout / (p[rows, y] + p.dtype.type(epsilon)) / len(y)
        return (p * (dp - (dp * p).sum(axis=1, keepdims=True)),)

    return Student(forward, backward)


@pytest.mark.parametrize("epsilon", [1e-7, 1e-8, 1e-10, 1e-12, 1e-15])
def test_a_loss_whose_gradient_allows_for_its_epsilon_is_right(epsilon: float):
    spec = catalogue()["softmax_loss"]
    for seed in range(5):
        bank = bank_of("softmax_loss", seed)
        outcomes = [(case, call(spec, differentiated(epsilon), Call(case=case))) for case in bank.cases]

        chosen = readings.choose(bank, {}, outcomes)

        assert abs(bank.readings[chosen]["log_epsilon"]) == epsilon
        assert readings.agreement(bank.answers[chosen], outcomes) == len(outcomes)
        if epsilon > 1e-12:  # the smallest are lost in rounding
            assert bank.readings[chosen]["log_epsilon"] == -epsilon


def test_a_gradient_that_allows_for_an_epsilon_which_the_loss_has_not_is_wrong():
    spec, bank = catalogue()["softmax_loss"], bank_of("softmax_loss")
    plain, other = differentiated(0.0), differentiated(1e-7)
    mismatch = Student(plain.forward, other.backward)

    outcomes = [(case, call(spec, mismatch, Call(case=case))) for case in bank.cases]

    assert all(readings.agreement(answers, outcomes) < len(outcomes) for answers in bank.answers)


def test_a_case_of_which_a_part_agrees_counts_in_part_and_its_forward_for_more_than_its_gradients():
    case = case_of(np.ones(2), x=np.ones(2))
    right, wrong = np.ones(2), np.zeros(2)
    answers = [Answer(values={"out": expected(right), "dx": expected(right)})]

    def agreement(out: Any, dx: Any) -> float:
        stages = {part: Stage(values={n: v}) for part, n, v in (("forward", "out", out), ("backward", "dx", dx)) if v is not None}
        return readings.agreement(answers, [(case, Outcome(**stages))])

    assert [agreement(right, right), agreement(right, wrong), agreement(wrong, None), agreement(None, None)] == [1, 2 / 3, 0, 0]
    assert agreement(wrong, right) == 1 / 3
    assert agreement(right, np.ones((3, 3))) == 2 / 3
    assert readings.agreement([Answer(refusal="no")], [(case, Outcome(forward=Stage(values={"out": right})))]) == 0


def test_a_convention_narrows_the_readings_and_the_assignment_has_the_last_word(nets: Bank):
    spec = catalogue()["two_layer_net"]
    only_relu = casebank.draw(spec, casebank.readings(spec, {"activation": ("relu",)}), 5)

    assert follows(nets, reading_of(activation="relu"), activation="sigmoid")["activation"] == "sigmoid"
    assert follows(only_relu, reading_of(activation="relu"), activation="sigmoid")["activation"] == "relu"


@pytest.mark.parametrize("slope", [2, 1])
def test_a_further_version_is_judged_by_its_own_reading(slope: int, tmp_path: Path, launcher: Launcher, banks: Path):
    source = CLASSIFIERS.replace("SLOPE", str(slope))

    task = grade_one(source, course(tmp_path, "id: softmax_classifier, title: Softmax, points: 5"), launcher, banks)

    assert failing(task) == ([] if slope == 2 else ["softmax_classifier.backward.naive"])
    assert messages.other_reading("naive") in task.notes


def test_what_a_wrong_dropout_does_is_not_called_accepted(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(UNSCALED, course(tmp_path, "id: dropout, title: Dropout, points: 4"), launcher, banks)

    assert "dropout.forward.value" in failing(task)
    assert not any("accepted" in note for note in task.notes)


@pytest.mark.parametrize(("step", "score"), [("np.sqrt(v / c2) + eps", 4), ("np.sqrt(v / c2 + eps)", 0)])
def test_the_eps_of_adam_stands_beside_the_root(step: str, score: int, tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(ADAM.replace("STEP", step), course(tmp_path, "id: adam, title: Adam, points: 4"), launcher, banks)

    assert (failing(task) == []) == bool(score)
    assert score or "eps is added under the root" in task.checks[1].findings[0].cause


def test_refusing_and_flooring_are_told_apart():
    spec = catalogue()["conv2d"]
    bank = bank_of("conv2d", 5)

    chosen = {}
    for way in ("error", "floor"):
        student = Student(lambda way=way, **given: spec.forward(**given, inexact_output_size=way), spec.backward)
        outcomes = [(case, call(spec, student, Call(case=case))) for case in bank.cases]
        chosen[way] = bank.readings[readings.choose(bank, {}, outcomes)]["inexact_output_size"]

    assert chosen == {"error": "error", "floor": "floor"}


def test_a_mismatch_of_loss_and_gradient_passes_by_no_reading(nets: Bank):
    spec = catalogue()["two_layer_net"]
    mismatch = Student(lambda **arrays: (spec.forward(**arrays, reg_factor=0.5)[0], spec.forward(**arrays)[1]), spec.backward)

    failed = [
        {n for n, r in judged(spec, mismatch, nets, reading=i).items() if r.verdict is Verdict.FAILED} for i in range(len(nets.readings))
    ]

    assert all(failed)


@pytest.mark.parametrize(
    ("head", "source", "score", "failed"),
    [
        ("inexact_output_size: either", FLOORS, 20, []),
        ("inexact_output_size: either", REFUSES, 20, []),
        ("inexact_output_size: floor", FLOORS, 20, []),
        ("inexact_output_size: error", REFUSES, 20, []),
        ("inexact_output_size: error", FLOORS, 12, ["conv2d.forward.value"]),
        ("inexact_output_size: floor", REFUSES, 12, ["conv2d.forward.contract", "conv2d.forward.value"]),
    ],
)
def test_an_inexact_size_is_refused_or_floored_as_the_assignment_says(
    head: str, source: str, score: int, failed: list[str], tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(source, course(tmp_path, CONV_TASK, head=head), launcher, banks)

    assert failing(task) == failed
    assert task.score == score


@pytest.mark.parametrize(
    ("asked", "factor", "slope", "passes"),
    [
        ("either", 1, 2, True),
        ("either", 0.5, 1, True),
        ("either", 0.5, 2, False),
        ("either", 1, 1, False),
        ("1", 1, 2, True),
        ("1", 0.5, 1, False),
        ("0.5", 0.5, 1, True),
        ("0.5", 1, 2, False),
    ],
)
def test_loss_and_gradient_must_agree_on_a_regularisation_that_is_accepted(
    asked: str, factor: float, slope: float, passes: bool, tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(net(factor, slope), course(tmp_path, NET_TASK, head=f"regularisation: {asked}"), launcher, banks)

    assert (task.standing is Standing.PASSED) == passes
    if passes:
        assert task.notes[0] == "Graded as a net with ReLU."
        words = "reg" if factor == 1 else "0.5 * reg"
        assert (f"Your regularisation is {words} * sum(W*W), in loss and gradient alike." in task.notes) == (asked == "either")


def test_a_regularisation_mismatch_fails_where_loss_and_gradient_part(tmp_path: Path, launcher: Launcher, banks: Path):
    task = grade_one(net(0.5, 2), course(tmp_path, NET_TASK), launcher, banks)

    assert set(failing(task)) in ({"two_layer_net.forward.value"}, {"two_layer_net.backward.W1", "two_layer_net.backward.W2"})
    assert task.notes == ("Graded as a net with ReLU.",)  # and nothing about loss and gradient being alike


@pytest.mark.parametrize(
    ("asked", "source", "passes"),
    [
        ("either", LECTURE_SIGMOID, True),
        ("sigmoid", LECTURE_SIGMOID, True),
        ("relu", LECTURE_SIGMOID, False),
        ("relu", LECTURE_RELU, True),
        ("sigmoid", LECTURE_RELU, False),
    ],
)
def test_a_net_of_the_lecture_has_the_activation_that_was_asked_for(
    asked: str, source: str, passes: bool, tmp_path: Path, launcher: Launcher, banks: Path
):
    task = grade_one(source, course(tmp_path, f"{NET_TASK}, activation: {asked}"), launcher, banks)

    assert task.standing is not Standing.ERRORED
    assert (task.standing is Standing.PASSED) == passes
