"""Checking what a session has: which functions answer a task, and what their card says."""

import linecache
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import NotebookError
from grader.notebook.card import Card
from grader.notebook.checked import _workers, checked
from grader.notebook.magics import load_ipython_extension
from grader.report.visibility import for_students
from tests.support import AFFINE, FLOORS, RELU, tasks

Check = Callable[..., Card]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _workers()[0].close()
    _workers.cache_clear()


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run a session's text, and check in it functions that it names."""
    monkeypatch.chdir(tmp_path)
    course("id: relu, title: relu, points: 5", "id: affine, title: affine, points: 10")

    def checking(text: str, task: str | None, *functions: str, lang: str | None = None) -> Card:
        file = str(tmp_path / "session.py")
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        namespace: dict[str, Any] = {"__name__": "session", "__file__": file}
        exec(compile(text, file, "exec"), namespace)  # noqa: S102 - the session of a student
        return checked(task, [eval(f, namespace) for f in functions], namespace, lang)  # noqa: S307

    return checking


def course(*entries: str, head: str = "") -> None:
    Path("tasks.yaml").write_text(tasks(*entries, head=head), encoding="utf-8")


def statuses(card: Card) -> dict[str, str]:
    return {task["id"]: task["status"] for task in card.results["submissions"][0]["tasks"]}


def test_functions_are_found_by_their_usual_names(check: Check):
    card = check(RELU, "relu")

    assert card.passed
    assert repr(card).endswith("5 of 5 points")


def test_functions_of_any_names_answer_the_task_they_are_handed_over_for(check: Check):
    text = AFFINE.replace("affine_forward", "f").replace("affine_backward", "g") + RELU

    assert statuses(check(text, "affine", "f", "g")) == {"affine": "passed"}
    assert statuses(check(text, "affine", "f")) == {"affine": "partial"}


def test_what_is_handed_over_is_graded_and_not_what_has_the_usual_name(check: Check):
    text = RELU + "\ndef mine(x):\n    return relu_forward(x)[0] + 1, x\n"

    card = check(text, "relu", "mine", "relu_backward")

    assert not card.passed
    assert card.results["submissions"][0]["tasks"][0]["graded"]["forward"].endswith(" mine")


@pytest.mark.parametrize("given", [(), ("affine_forward", "affine_backward")])
def test_what_the_session_defines_is_graded_and_not_a_file_that_it_imports(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
):
    (tmp_path / "layers_of_a_file.py").write_text(AFFINE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    imports = "import layers_of_a_file as own\nfrom layers_of_a_file import affine_forward, affine_backward\n"
    doubled = "def affine_backward(dout, cache):\n    return own.affine_backward(2 * dout, cache)\n"

    assert check(imports, "affine", *given).passed
    assert not check(imports + doubled, "affine", *given).passed


@pytest.mark.parametrize("given", [("layer.f", "layer.b"), ("lambdas[0]", "lambdas[1]")])
def test_what_has_no_name_is_graded_all_the_same(check: Check, given: tuple[str, ...]):
    text = """
class Layer:
    slope = 1
    def f(self, x): return self.slope * x * (x > 0), x
    def b(self, dout, x): return self.slope * dout * (x > 0)
layer = Layer()
lambdas = [lambda x: (x * (x > 0), x), lambda dout, x: dout * (x > 0)]
"""

    assert check(text, "relu", *given).passed
    assert not check(text + "layer.slope = 2\n", "relu", "layer.f", "layer.b").passed


def test_what_cannot_be_made_again_in_the_other_process_is_refused(check: Check):
    text = """
done = False
class Slope:
    assert not done
    at = 0
done = True
def relu_forward(x):
    try:
        at = Slope.at
    except NameError:
        at = 0
    return x * (x > at), x
def relu_backward(dout, x): return dout * (x > 0)
"""

    with pytest.raises(NotebookError, match="stopped with AssertionError"):
        check(text, "relu")


def test_a_function_that_counts_its_calls_gets_full_marks(check: Check):
    text = """
calls = 0
def relu_forward(x):
    global calls, mask
    calls += 1
    mask = x > 0
    return x * mask, x
def relu_backward(dout, x): return dout * (x > 0)
relu_forward(2)
"""

    assert check(text, "relu").passed


def test_a_name_that_two_courses_know_keeps_the_convention_of_its_own(check: Check):
    course("id: conv2d, title: conv2d, points: 20")
    text = FLOORS.replace("conv_forward_naive", "conv_forward").replace("conv_backward_naive", "conv_backward")

    assert statuses(check(FLOORS, "conv2d", "conv_forward_naive", "conv_backward_naive")) == {"conv2d": "passed"}
    assert statuses(check(text, "conv2d", "conv_forward", "conv_backward")) == statuses(check(text, "conv2d"))


def test_one_function_that_gives_loss_and_gradient_is_both_parts(check: Check):
    course("id: mse_loss, title: mse_loss, points: 5")
    text = "def loss(x, y):\n    return ((x - y) ** 2).mean(), 2 * (x - y) / x.size\n"

    assert set(check(text, "mse_loss", "loss").results["submissions"][0]["tasks"][0]["parts"]) == {"forward", "backward"}


def test_without_a_task_all_are_checked_for_which_something_is_defined(check: Check):
    assert statuses(check(RELU, None)) == {"relu": "passed"}
    assert statuses(check(RELU + AFFINE, None)) == {"relu": "passed", "affine": "passed"}


def test_a_misspelt_function_is_named(check: Check):
    card = check(RELU.replace("relu_backward", "relu_bakward"), "relu")

    assert statuses(card) == {"relu": "partial"}
    assert "relu_bakward looks like relu_backward" in repr(card)


def test_hidden_checks_are_never_said_to_have_passed(check: Check):
    course("id: relu, title: relu, points: 5", "id: affine, title: affine, points: 10, visibility: hidden")
    card = check(RELU + AFFINE, None)

    assert not card.passed
    assert "hidden checks decide 10 more" in repr(card)
    assert "hidden checks decide 10 more" in card._repr_html_()
    assert "Every check passed" not in card._repr_html_()
    assert for_students(card.results)["submissions"][0]["tasks"][1]["checks"] == []


def test_a_card_speaks_one_language_and_runs_nothing(check: Check):
    text = RELU.replace("return dout *", "'<script>'; return 2 * dout *")
    english, korean = (check(text, "relu", lang=language)._repr_html_() for language in ("en", "ko"))

    assert "The smallest input that shows it" in english
    assert "The smallest input that shows it" not in korean
    assert "가장 작은 입력" in korean
    assert "가장 작은 입력" not in english
    assert "<script" not in english
    assert "&lt;script&gt;" in english
    assert english.split('<p class="sum">')[1].startswith("2.5 of 5 points; 0.5 more are not decided yet.</p>")


@pytest.mark.parametrize(
    ("text", "task", "functions", "said"),
    [
        (RELU, "rellu", (), "There is no task rellu. Did you mean relu?"),
        (RELU, "affine", (), "Nothing is defined here yet for affine. It is found by its usual name, such as affine_forward"),
        ("", None, (), "Nothing is defined here yet that a task asks for."),
        (RELU, "relu", ("relu_forward", "relu_backward", "relu_forward"), "A task has two functions at most"),
        (RELU, "relu", ("relu_forward(np.ones(2))",), "this is of type tuple"),
        ("exec('def relu_forward(x): pass')", "relu", (), "The source of relu_forward is not known here"),
    ],
)
def test_what_cannot_be_checked_is_said(check: Check, text: str, task: str | None, functions: tuple[str, ...], said: str):
    with pytest.raises(NotebookError) as raised:
        check(text, task, *functions)

    assert said in str(raised.value)
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_a_language_that_is_not_there_is_said(check: Check):
    with pytest.raises(NotebookError, match=r"There is no language fr here; there are en, ko\."):
        check(RELU, "relu", lang="fr")


class Shell:
    """What a magic needs of IPython."""

    def __init__(self) -> None:
        self.magics: dict[str, Any] = {}
        self.user_ns: dict[str, Any] = {"__name__": "session"}

    def register_magic_function(self, function: Any, kind: str) -> None:
        assert kind == "line_cell"
        self.magics[function.__name__] = function


@pytest.mark.parametrize("line", ["relu sigmoid", "relu --lang"])
def test_a_magic_that_is_not_understood_says_how_it_is_used(line: str):
    shell = Shell()
    load_ipython_extension(shell)

    with pytest.raises(NotebookError, match="It is used as: %check"):
        shell.magics["check"](line)


def test_a_layer_that_no_convention_lists_is_found_by_the_names_that_any_layer_has(check: Check):
    course("id: softplus, title: Softplus, points: 5")
    text = (
        "import numpy as np\n"
        "def softplus_forward(x, beta=1.0): return np.logaddexp(0, beta * x) / beta, (x, beta)\n"
        "def softplus_backward(dout, cache): return dout * 0.5 * (1 + np.tanh(cache[1] * cache[0] / 2))\n"
    )

    assert statuses(check(text, "softplus")) == {"softplus": "passed"}
    with pytest.raises(NotebookError, match="such as softplus_forward"):
        check("", "softplus")
