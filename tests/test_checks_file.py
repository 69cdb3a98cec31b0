"""A checks file is read or refused with its place; a reference that cannot be relied on is refused before anybody is graded."""

from pathlib import Path

import pytest

from grader import assignment, casebank
from grader.checks_file import layers
from grader.errors import AssignmentError
from tests.own_layers import EXAMPLE, SMALL, own

CHECKS = (EXAMPLE / "my_checks.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (", "my_checks.py, line 1: SyntaxError"),
        ("x = 1\n1 / 0", "my_checks.py, line 2: ZeroDivisionError"),
        ("x = 1", "describes no layer; see grader.authoring.layer"),
        (SMALL.replace('"scale"', '"relu"'), "the grader has a layer relu of its own"),
        (SMALL.replace('"scale"', '"Scale it"'), "no name for a layer"),
        (SMALL.replace('"scale"', '"scales"'), "describes no layer scale; did you mean scales?"),
    ],
)
def test_a_checks_file_that_cannot_be_used_is_refused_with_its_place(text: str, said: str, tmp_path: Path):
    with pytest.raises(AssignmentError, match=said.replace("?", r"\?")):
        assignment.load(own(tmp_path, text))


def test_a_checks_file_is_a_module_like_any_other(tmp_path: Path):
    (tmp_path / "slope.txt").write_text("7", encoding="utf-8")
    more = """
from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path
@dataclass
class Slope:
    value: int | None = None
SLOPE = Slope(int(Path(__file__).with_name("slope.txt").read_text()))
"""

    (task,) = assignment.load(own(tmp_path, more + SMALL.replace("(2, 3)", "(2, SLOPE.value)"))).tasks

    assert task.spec.options == {"k": (2, 7)}


def test_a_checks_file_that_is_not_there_is_named(tmp_path: Path):
    file = own(tmp_path, SMALL)
    (tmp_path / "my_checks.py").unlink()

    with pytest.raises(AssignmentError, match=r"my_checks\.py: cannot be read"):
        assignment.load(file)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("dout * cache[0],", "dout,", "backward's gradient of x is not that of forward"),
        ("dout * cache[0],", "dout[0],", "not of its shape"),
        ("(dout * cache[0],)", "dout", "must return a tuple of 1: dx"),
        ("k * x, (k", "x / 0, (k", "not finite"),
        ("k * x, (k", "x * np.nan, (k", "not finite"),
        ("k * x, (k", "k @ x, (k", "ValueError"),
    ],
)
def test_a_reference_that_is_wrong_itself_is_told_before_anybody_is_graded(right: str, wrong: str, said: str, tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace(right, wrong))).tasks

    with pytest.raises(AssignmentError, match=said):
        casebank.bank(task.spec, task.readings, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong", "argument"),
    [
        ("return k * x", "x *= 2; return k * x", "x"),
        ("return k * x", "x[x < 0] = 0; return k * x", "x"),  # which shows the first time alone
        ("return (dout", "dout *= 2; return (dout", "dout"),
        ("return (dout", "cache[1][:] = 0; return (dout", "x"),
    ],
)
def test_a_reference_that_changes_what_it_is_given_is_told_before_anybody_is_graded(right: str, wrong: str, argument: str, tmp_path: Path):
    (task,) = assignment.load(own(tmp_path, SMALL.replace(right, wrong))).tasks

    with pytest.raises(AssignmentError, match=rf"^the reference of scale is not right: it changes its argument {argument};"):
        casebank.bank(task.spec, task.readings, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong", "part"),
    [
        ("return k * x", "x = x + np.random.default_rng().standard_normal(); return k * x", "forward"),
        ("return (dout", "dout = dout * np.random.default_rng().random(dout.shape); return (dout", "backward"),
    ],
)
@pytest.mark.parametrize("scalar", [False, True])
def test_a_reference_with_chance_in_it_is_told_before_anybody_is_graded(right: str, wrong: str, part: str, scalar: bool, tmp_path: Path):
    checks = SMALL.replace(right, wrong)
    if scalar:
        checks = checks.replace("k * x, (k", "(k * x).sum(), (k").replace("dout * cache[0]", "dout * cache[0] * np.ones_like(cache[1])")
        checks = checks.replace("(2, 3)}", "(2, 3)}, scalar=True").replace("dout.shape", "()")
    (task,) = assignment.load(own(tmp_path, checks)).tasks

    with pytest.raises(
        AssignmentError, match=rf"^the reference of scale is not right: {part} returns something else when it is called again"
    ):
        casebank.bank(task.spec, task.readings, 0, None)


def test_every_layer_of_a_checks_file_knows_where_it_comes_from():
    found = layers("my_checks.py", CHECKS, str(EXAMPLE))

    assert list(found) == ["softsign", "gate"]
    assert len({spec.source for spec in found.values()}) == 1
    assert found["gate"].source
    assert found["gate"].unreferenced
