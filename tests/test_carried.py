"""A net that is wrong only since its layers are is graded again with right ones in their place."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from grader import attempt, messages
from grader.carried import INSTEAD, SPELT
from grader.diagnosis import Diagnosed
from grader.diagnosis.diagnose import Cause
from grader.engine import _Submission  # to count how often a net is graded
from grader.model import Standing, TaskResult, Verdict
from grader.sandbox.process import Launcher
from tests.support import course, failing, grade, net

SAMPLES = Path(__file__).parent.parent / "submissions"
LAYERS = ("affine", "relu", "sigmoid", "softmax_loss", "conv2d", "max_pool2d")
AFFINE = "id: affine, title: Affine, points: 10"
CONV = "id: conv2d, title: Convolution, points: 10"
DEEP = "id: fully_connected_net, title: Net, points: 6, parts: {forward: 2, backward: 4}"
CONVNET = "id: three_layer_conv_net, title: Net, points: 8, parts: {forward: 3, backward: 5}"
TWO = "id: two_layer_net, title: Net, points: 10"
NETS = (SAMPLES / "cs231n-loops-right" / "classifiers" / "deep.py").read_text(encoding="utf-8")
CS231N = {"layers.py": (INSTEAD / "cs231n.py").read_text(encoding="utf-8"), "net.py": NETS}  # as right as any
BOOK_NET = (SAMPLES / "scratch-layers-right" / "two_layer_net.py").read_text(encoding="utf-8")
BOOK = {"common/layers.py": (INSTEAD / "deep_learning_from_scratch.py").read_text(encoding="utf-8"), "two_layer_net.py": BOOK_NET}
BIAS = ("dout.sum(axis=0)", "dout.mean(axis=0)")


@pytest.fixture(autouse=True)
def soon_diagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Points are asked for here, and who is told what; why W1 is wrong would take longer to find out than all else."""
    monkeypatch.setattr(attempt, "diagnose", lambda *_: Diagnosed(named={"W1": Cause("why", None)}))


def changed(files: Mapping[str, str], path: str, *mistakes: tuple[str, str]) -> dict[str, str]:
    source = files[path]
    for right, wrong in mistakes:
        assert right in source
        source = source.replace(right, wrong)
    return {**files, path: source}


def graded(files: Mapping[str, str], folder: Path, launcher: Launcher, banks: Path, *asked: str, head: str = "") -> tuple[TaskResult, ...]:
    return grade([files], course(folder, *asked, head=head), launcher, banks).submissions[0].tasks


def lost(task: TaskResult) -> Fraction:
    return task.max_score - task.score


@pytest.mark.parametrize("convention", SPELT)
def test_what_stands_in_the_place_of_a_layer_is_right(convention: str, tmp_path: Path, launcher: Launcher, banks: Path):
    files = {"layers.py": (INSTEAD / f"{convention}.py").read_text(encoding="utf-8")}

    tasks = graded(files, tmp_path, launcher, banks, *(f"id: {name}, title: Layer, points: 2" for name in LAYERS))

    assert {task.id: task.standing for task in tasks} == dict.fromkeys(LAYERS, Standing.PASSED)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that are graded, in that order."""
    seen: list[str] = []
    plain = _Submission._guarded

    def counted(self, task, *more):
        seen.append(task.id)
        return plain(self, task, *more)

    monkeypatch.setattr(_Submission, "_guarded", counted)
    return seen


def test_a_net_of_a_wrong_layer_is_graded_again_for_its_share_of_what_it_lost(
    tmp_path: Path, launcher: Launcher, banks: Path, asked: list[str]
):
    grading = partial(graded, changed(CS231N, "layers.py", BIAS), tmp_path, launcher, banks, AFFINE, DEEP)
    _, before = grading(head="carried_forward_credit: 0")

    affine, after = grading(head="carried_forward_credit: 0.25")

    assert asked == ["affine", "fully_connected_net", "affine", "fully_connected_net", "fully_connected_net"]
    assert lost(before) > 0
    assert lost(after) == Fraction(3, 4) * lost(before)
    assert failing(after) == failing(before)
    assert (after.parts, after.standing) == ({"forward": Standing.PASSED, "backward": Standing.PARTIAL}, Standing.PARTIAL)
    assert "carried_forward" not in [d.id for d in (*affine.diagnoses, *before.diagnoses)]
    assert [d.id for d in after.diagnoses] == ["carried_forward"]
    said = messages.carried_forward(["affine_backward"])
    assert {f.cause for c in after.checks if c.verdict is Verdict.FAILED for f in c.findings} == {said} == {after.diagnoses[0].message}


def test_a_net_whose_layers_are_right_is_graded_once(tmp_path: Path, launcher: Launcher, banks: Path, asked: list[str]):
    graded({**CS231N, "net.py": net(1, 1.9)}, tmp_path, launcher, banks, AFFINE, TWO)

    assert asked == ["affine", "two_layer_net"]


def test_a_layer_is_replaced_wherever_the_net_has_it_from(tmp_path: Path, launcher: Launcher, banks: Path):
    """Under a name of its own, in a dictionary, and as what an argument is by default."""
    source = NETS
    for plain, other in (
        ("from layers import *", "from layers import *\nfrom layers import affine_forward as linear\nBACK = {'fc': affine_backward}"),
        ("scores, last = affine_forward(", "scores, last = linear("),
        ("dh, grads['W%d' % L], grads['b%d' % L] = affine_backward(", "dh, grads['W%d' % L], grads['b%d' % L] = BACK['fc']("),
        ("def loss(self, X, y=None):", "def loss(self, X, y=None, back=affine_backward):"),
        ("grads['b%d' % i] = affine_backward(", "grads['b%d' % i] = back("),
    ):
        source = changed({"net.py": source}, "net.py", (plain, other))["net.py"]
    bias = ("@ w + b", "@ w - b")

    _, task = graded({**changed(CS231N, "layers.py", BIAS, bias), "net.py": source}, tmp_path, launcher, banks, AFFINE, DEEP)

    assert failing(task)
    assert [d.message for d in task.diagnoses] == [messages.carried_forward(["affine_forward", "affine_backward"])]


def test_the_part_that_is_right_with_right_layers_earns_its_share_and_the_other_keeps_its_cause(
    tmp_path: Path, launcher: Launcher, banks: Path
):
    wrong = changed(CS231N, "layers.py", ("@ w + b", "@ w - b"))
    files = changed(wrong, "net.py", ("affine_backward(dscores, last)", "affine_backward(2 * dscores, last)"))

    _, task = graded(files, tmp_path, launcher, banks, AFFINE, DEEP)

    assert task.diagnoses[0].message == messages.carried_forward_in("forward", ["affine_forward"])
    caused = {(c.part, f.cause) for c in task.checks if c.verdict is Verdict.FAILED and c.max_score for f in c.findings}
    assert caused == {("forward", task.diagnoses[0].message), ("backward", "why"), ("backward", None)}
    assert {c.part for c in task.checks if c.verdict is not Verdict.PASSED and c.score} == {"forward"}


def test_a_convolution_is_replaced_under_any_name_that_a_course_has_for_it(tmp_path: Path, launcher: Launcher, banks: Path):
    files = changed(CS231N, "layers.py", ("return out + b[:, None, None]", "return out - b[:, None, None]"))
    files = {path: source.replace("_naive", "_fast") for path, source in files.items()}

    _, convnet = graded(files, tmp_path, launcher, banks, CONV, CONVNET)

    assert failing(convnet)
    assert convnet.diagnoses[0].message == messages.carried_forward(["conv_forward_fast"])
    assert {c.score / c.max_score for c in convnet.checks if c.max_score and c.verdict is not Verdict.PASSED} == {Fraction(1, 2)}


@pytest.mark.parametrize(
    ("source", "net_task"),
    [(NETS.replace("affine_backward(dscores, last)", "affine_backward(2 * dscores, last)"), DEEP), (net(1, 1.9), TWO)],
    ids=["of layers", "without layers"],
)
def test_nothing_is_carried_forward_to_a_net_that_is_wrong_itself(
    source: str, net_task: str, tmp_path: Path, launcher: Launcher, banks: Path
):
    files = {**changed(CS231N, "layers.py", BIAS), "net.py": source}

    affine, task = graded(files, tmp_path, launcher, banks, AFFINE, net_task)

    assert affine.standing is task.standing is Standing.PARTIAL
    assert "carried_forward" not in [d.id for d in task.diagnoses]
    assert not any(c.score for c in task.checks if c.verdict is not Verdict.PASSED)


def test_of_a_net_that_is_wrong_itself_numbers_come_with_the_layers_that_they_were_made_with(
    tmp_path: Path, launcher: Launcher, banks: Path
):
    doubled = changed(BOOK, "two_layer_net.py", ("'b1': self.layers", "'b1': 2 * self.layers"))
    wrong = changed(doubled, "common/layers.py", BIAS)

    (right_layers,) = graded(doubled, tmp_path, launcher, banks, TWO)
    _, task = graded(wrong, tmp_path, launcher, banks, AFFINE, TWO)

    findings = {c.id.rpartition(".")[2]: c.findings[0] for c in task.checks if c.verdict is Verdict.FAILED and c.max_score}
    (b1,) = (c.findings[0] for c in right_layers.checks if c.id == "two_layer_net.backward.b1")
    case = {name: value for name, value in b1.case.items() if name != "call"}  # below the student's own layers it gives other numbers
    assert findings["b1"] == replace(b1, what=messages.seen_with_right(["Affine"], b1.what), case=case)
    assert (findings["b2"].cause, findings["b2"].next_step) == (messages.right_with(["Affine"]), None)


def test_a_net_of_the_book_that_holds_its_layers_in_dictionaries_earns_its_share(tmp_path: Path, launcher: Launcher, banks: Path):
    kinds = "from common.layers import *\nKINDS = {'hidden': type('Hidden', (Affine,), {}), 'last': Affine}"
    files = changed(
        BOOK, "two_layer_net.py", ("from common.layers import *", kinds),
        ("['Affine1'] = Affine(", "['Affine1'] = KINDS['hidden']("), ("['Affine2'] = Affine(", "['Affine2'] = KINDS['last']("),
    )  # fmt: skip

    _, task = graded(changed(files, "common/layers.py", BIAS), tmp_path, launcher, banks, AFFINE, TWO)

    assert failing(task)
    assert [d.message for d in task.diagnoses] == [messages.carried_forward(["Affine"])]
    assert {c.score / c.max_score for c in task.checks if c.max_score and c.verdict is not Verdict.PASSED} == {Fraction(1, 2)}
