"""Names that are almost right, files that do not parse, and texts made to break a parser."""

import ast

import pytest

from grader.worker.conventions import CONVENTIONS
from grader.worker.definitions import definitions
from grader.worker.holes import without
from grader.worker.survey import survey
from tests.worker.test_survey import CLASS, RELU, bound, places

BROKEN = f"x = = 1\n# {'x' * 100_000}\n"  # longer than what a parser that recovers is asked to read
pytestmark = pytest.mark.usefixtures("lenient")


def test_a_misspelt_function_is_told_with_its_place_and_the_right_name():
    found = bound("\n" + RELU.replace("relu_forward", "relu_foward").replace("relu_backward", "relu_backwards"))

    assert found == {
        "near": [["relu_foward", "layers.py", 2, "relu_forward"], ["relu_backwards", "layers.py", 3, "relu_backward"]],
    }


def test_a_misspelt_part_is_told_beside_the_part_that_was_found():
    found = bound("def relu_forward(x): pass\ndef relu_bckward(dout, cache): pass\n")

    assert places(found) == {"forward": "layers.py relu_forward"}
    assert found["near"] == [["relu_bckward", "layers.py", 2, "relu_backward"]]


@pytest.mark.parametrize("name", ["Relus", "reLU"])
def test_a_misspelt_class_is_told(name: str):
    ((found, *place, wanted),) = bound(CLASS.replace("Relu", name))["near"]

    assert (found, *place) == (name, "layers.py", 1)
    assert wanted.casefold() == "relu"


def test_a_helper_function_is_no_class_misspelt():
    assert bound("def sigmoid(x): pass\n", "sigmoid") == {"near": []}


def test_a_name_that_another_task_asks_for_is_no_misspelling():
    found = bound("def max_pool_forward(x, p): pass\ndef avg_pool_forward(x, p): pass\n", "max_pool2d", ["cs231n"])

    assert found["near"] == []


def test_one_name_is_taken_for_one_misspelling_only():
    assert [miss[0] for miss in bound("def conv_forward_naiv(x, w, b, p): pass\n", "conv2d")["near"]] == ["conv_forward_naiv"]


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        (RELU + "def affine_forward(x, w, b):\n    return x @\n", 4, "SyntaxError: invalid syntax"),
        (RELU + "  x = 1\n", 3, "IndentationError: unexpected indent"),
        (RELU + 'x = "open\n', 3, "SyntaxError: unterminated string literal (detected at line 3)"),
        (RELU + "def f(x):\n    return 1\nreturn = 3\n", 5, "SyntaxError: invalid syntax"),
    ],
)
def test_a_mistake_is_told_with_line_and_reason_and_the_rest_of_its_file_is_found(source, line, text):
    result = survey({"layers.py": source}, {"task": ("relu", ["cs231n"])})

    assert result["broken"] == {"layers.py": [line, text]}
    forward = result["tasks"]["task"]["parts"]["forward"]
    assert forward == {"path": "layers.py", "line": 1, "name": "relu_forward", "error": ""}
    ast.parse(without(source, result["dropped"]["layers.py"]))


def test_a_mistake_in_a_file_too_long_to_recover_takes_the_file_down():
    result = survey({"layers.py": RELU + BROKEN}, {"task": ("relu", ["cs231n"])})

    assert result["broken"] == {"layers.py": [3, "SyntaxError: invalid syntax"]}
    forward = result["tasks"]["task"]["parts"]["forward"]
    assert forward == {"path": "layers.py", "line": 3, "name": "relu_forward", "error": "SyntaxError: invalid syntax"}


@pytest.mark.parametrize("remnant", ["print x\n", "try: pass\nexcept ValueError, e: pass\n", "if 1:\n\tx = 1\n        y = 2\n"])
def test_python_2_is_an_obstacle_and_no_mistake(remnant):
    result = survey({"layers.py": RELU + remnant}, {"task": ("relu", ["cs231n"])})

    assert (result["broken"], list(result)) == ({}, ["broken", "tasks", "obstacles"])
    assert [kind for _, kind, _ in result["obstacles"]["layers.py"]] == ["python2"]


def test_a_function_with_a_mistake_is_unfinished_and_the_other_part_is_not():
    source = "def relu_forward(x):\n    return x, x\ndef relu_backward(dout, cache):\n    return dout *\n"

    found = bound(source)

    assert (set(found["parts"]), found["unfinished"]) == ({"forward", "backward"}, ["backward"])


def test_a_method_with_a_mistake_leaves_its_class_and_the_other_methods():
    source = "class Relu:\n    def forward(self, x):\n        return x\n    def backward(self, dout):\n        return (dout\n"

    found = bound(source)

    assert (found["convention"], found["unfinished"]) == ("deep_learning_from_scratch", ["backward"])


def test_the_names_of_a_file_that_does_not_parse_are_still_found():
    found = list(definitions("a.py", "class Relu(object):\ndef f (x): pass\n  def inner(): pass\nasync def g(): pass\ndef 한글(): pass\n"))

    assert [d.name for d in found] == ["", "Relu", "f", "g", "한글"]
    assert all(d.error for d in found)


def test_a_file_that_parses_wins_over_a_shallower_one_that_does_not():
    found = bound({"layers.py": RELU + BROKEN, "new/layers.py": RELU})

    assert places(found) == {"forward": "new/layers.py relu_forward", "backward": "new/layers.py relu_backward"}
    assert found["also"] == []


def test_a_later_name_that_parses_wins_over_an_earlier_one_that_does_not():
    files = {
        "a.py": f"def conv_forward_naive(x, w, b, p): pass\ndef conv_backward_naive(dout, cache): pass\n{BROKEN}",
        "b.py": "def conv_forward_fast(x, w, b, p): pass\ndef conv_backward_fast(dout, cache): pass\n",
    }

    assert places(bound(files, "conv2d")) == {"forward": "b.py conv_forward_fast", "backward": "b.py conv_backward_fast"}


def test_two_halves_that_parse_win_over_a_whole_file_that_does_not():
    files = {"a.py": "def relu_forward(x): pass\n", "b.py": "def relu_backward(d, c): pass\n", "c.py": RELU + BROKEN}

    assert places(bound(files)) == {"forward": "a.py relu_forward", "backward": "b.py relu_backward"}


def test_a_convention_that_parses_wins_over_one_that_does_not():
    found = bound({"a.py": RELU + BROKEN, "b.py": CLASS})

    assert found["convention"] == "deep_learning_from_scratch"


BOMBS = {
    "parentheses": "(" * 100_000,
    "brackets": "[" * 150 + "]" * 150,
    "minus": "-" * 100_000 + "1",
    "not": "not " * 50_000 + "1",
    "attributes": "a" + ".b" * 100_000,
    "calls": "a" + "()" * 50_000,
    "powers": "1" + "**1" * 50_000,
    "sums": "1+" * 20_000 + "1",
    "lambdas": "lambda:" * 5_000 + "1",
    "indents": "".join(" " * n + "if 1:\n" for n in range(200)),
    "elifs": "if a:\n  pass\n" + "elif a:\n  pass\n" * 1_500,
    "many elifs": "if a:\n  pass\n" + "elif a:\n  pass\n" * 9_000,
    "digits": "9" * 100_000,
    "nul": "\x00",
    "surrogate": "\ud800 = 1",
    "form feeds": "\x0c" * 1_000,
    "f-strings": "f'{" * 80,
    "targets": "x=" * 3_000 + "1",
    "escape": "'\\d \\777'",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_text_made_to_break_a_parser_breaks_its_own_file_at_most(bomb):
    result = survey({"bomb.py": RELU + BOMBS[bomb], "layers.py": RELU}, {"task": ("relu", ["cs231n"])})

    assert set(result["broken"]) <= {"bomb.py"}
    assert set(result["tasks"]["task"]["parts"]) == {"forward", "backward"}
    assert result["tasks"]["task"]["parts"]["forward"]["error"] == ""


def test_thousands_of_names_are_surveyed_at_once():
    files = {f"f{n}.py": "".join(f"def g{n}_{i}(x): pass\n" for i in range(50)) for n in range(40)}

    result = survey(files, {task: (task, list(CONVENTIONS)) for task in ("relu", "conv2d")})

    assert result["tasks"] == {"relu": {"near": []}, "conv2d": {"near": []}}
