"""A mistake in the description of a layer is told of the description."""

from pathlib import Path

import pytest

from grader import assignment, casebank
from grader.errors import AssignmentError
from tests.own_layers import SMALL, own


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (', "D": (1, 3)', "", 'x has the axis D, whose length nothing tells; add "D": \\(smallest, largest\\) to axes'),
        ('"D": (1, 3)', '"D": (5, 1)', 'axes: "D" goes from 5 to 1; write the smaller first, \\(1, 5\\)'),
        ('"D": (1, 3)', '"D": 3', 'axes: "D" is 3; write the smallest and the largest length'),
        ("(2, 3)}", "2}", 'options: "k" is 2; write the values that cases take'),
        ('"x", axes', '"1x", axes', "'1x' is no name for an argument, option or gradient"),
        ('"x", axes', '"lambda", axes', "'lambda' is no name for an argument"),
        ('"x", axes', '"dout", axes', "dout is what every layer has; give the argument, option or gradient another name"),
        ('gradient="dx"', 'gradient="x"', "x names 2 of its arguments, options and gradients; give each a name of its own"),
        (
            "(2, 3)}",
            "(2, 3)}, where=lambda **k: True",
            "where must take one argument, the sizes and options by name, as in where=lambda sizes",
        ),
        ("(2, 3)}", "(2, 3)}, where=True", "where must take one argument"),
        ("(2, 3)}", "(2, 3)}, claims=[lambda i, o: True]", "claims: <lambda> is none; write a function below @claim"),
        ("(2, 3)}", "(2, 3)}, misconceptions=['twice']", "misconceptions: 'twice' is none; write Misconception"),
        (', gradient="dx"', "", "there is a backward, and nothing has a gradient; say what it returns, as in Argument"),
    ],
)
def test_a_mistake_in_a_description_is_told_of_it_and_not_of_the_reference(right: str, wrong: str, said: str, tmp_path: Path):
    assert SMALL.count(right) == 1

    with pytest.raises(AssignmentError, match=rf"^my_checks\.py: the description of scale is not right: {said}"):
        assignment.load(own(tmp_path, SMALL.replace(right, wrong)))


def test_a_description_that_does_not_fit_its_reference_is_told_so(tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace("def forward(x, k)", "def forward(x, scale, k)"))).tasks

    with pytest.raises(AssignmentError, match=r"^the description of scale is not right: TypeError: forward\(\) missing 1 required"):
        casebank.bank(task.spec, task.readings, 0, None)
