"""What nobody has filled in yet, and what is an answer."""

import ast

import pytest

from grader.worker.unfinished import unfinished


@pytest.mark.parametrize(
    ("last_line", "expected"),
    [
        ("return dict()", True),
        ("return {}", True),
        ("return list()", True),
        ("return np.zeros_like(x)", True),
        ("return dict(W1=dw, b1=db)", False),
        ("return list(pair)", False),
        ("return {'W1': dw}", False),
    ],
)
def test_an_empty_dictionary_is_no_answer_and_a_filled_one_is(last_line: str, expected: bool):
    (function,) = ast.parse(f"def gradient(x, t, W1, b1):\n    dw, db = pair = x.T @ t, t.sum(0)\n    {last_line}\n").body

    assert isinstance(function, ast.FunctionDef)
    assert unfinished(function) is expected
