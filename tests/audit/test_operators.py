"""What an operator puts in the place of a piece of code."""

import ast
from pathlib import Path

import pytest

import reference
from grader.audit.operators import changes, inside

CHANGED = [
    ("a + b", ["a - b"]),
    ("a // b", ["a * b"]),
    ("a < b", ["a <= b", "a >= b"]),
    ("a == b", ["a != b"]),
    ("a and b", ["a or b"]),
    ("not a", ["a"]),
    ("-a", ["a"]),
    ("w.T", ["w"]),
    ("x.sum", ["x.mean"]),
    ("np.zeros", ["np.ones"]),
    ("a if c else b", ["a", "b"]),
    ("2", ["3", "1"]),
    ("True", ["False"]),
    ("0.5", ["1.0"]),
    ("0.0", ["1.0"]),
    ("'words'", []),
    ("None", []),
]


@pytest.mark.parametrize(("before", "after"), CHANGED, ids=[before for before, _ in CHANGED])
def test_an_expression_becomes_each_of_its_mistakes(before: str, after: list[str]):
    assert [ast.unparse(other) for other in changes(ast.parse(before, mode="eval").body)] == after


STATEMENTS = [
    ("dx += g", ["dx = g", "pass", "dx -= g"]),
    ("dx[i] = g", ["pass"]),
    ("dx = g", []),
    ("if a:\n    raise E", ["pass"]),
    ("if a:\n    b = c", ["if True:\n    b = c", "if False:\n    b = c"]),
    ("np.add.at(dx, i, g)", ["pass"]),
    ("'a docstring'", []),
]


@pytest.mark.parametrize(("before", "after"), STATEMENTS, ids=[before for before, _ in STATEMENTS])
def test_a_statement_becomes_each_of_its_mistakes(before: str, after: list[str]):
    (node,) = ast.parse(before).body

    assert [ast.unparse(ast.fix_missing_locations(other)) for other in changes(node)] == after


def test_words_annotations_and_defaults_are_left_alone():
    tree = ast.parse("def f(a: int = 1) -> tuple[int, 2]:\n    if a:\n        raise E(f'{a + 1}')\n    return f'{a + 2}'")

    found = [ast.unparse(node) for *_, node in inside(tree.body[0]) if isinstance(node, ast.expr)]

    assert found == ["a"]


def test_nothing_in_the_reference_loops_until_a_condition_holds_so_that_every_mutant_ends():
    files = Path(reference.__file__).parent.rglob("*.py")

    assert [
        file.name for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.While)
    ] == []
