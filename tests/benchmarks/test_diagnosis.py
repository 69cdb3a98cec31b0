"""The files of benchmarks/misconceived say what must be named for them, and some are graded: the benchmark grades all."""

from pathlib import Path

import pytest

from benchmarks import diagnosis
from benchmarks.diagnosis import Expectation, Found, Naming, examined, expectation
from grader import assignment
from grader.sandbox.process import Launcher

LAYERS = {task.id: task.spec for task in assignment.load(Path(__file__).parents[2] / "tasks.yaml", None).tasks}
FILES = sorted(diagnosis.FOLDER.glob("*.py"))
GRADED = (
    "affine-rows-returned",
    "conv2d-square-output",
    "conv2d-unpad-template",
    "relu-where-dout-is-positive",
    "sigmoid-clipped-early",
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_expects_misconceptions_that_there_are(path: Path):
    expected = expectation(path)

    known = {(value, m.id) for m in LAYERS[expected.task].misconceptions for value in m.of}
    assert known.issuperset((value, one) for value, ids in expected.named.items() for one in ids.split("+"))


@pytest.mark.parametrize("name", GRADED)
def test_what_a_file_expects_is_named_and_nothing_else(name: str, launcher: Launcher, banks: Path):
    path = diagnosis.FOLDER / f"{name}.py"

    found = examined(path, launcher, banks)

    assert found.failed
    assert found.named == expectation(path).named


@pytest.mark.parametrize(
    ("named", "naming"),
    [
        ({"dw": "averaged", "db": "averaged"}, Naming.RIGHTLY),
        ({"dw": "averaged"}, Naming.NOT),
        ({}, Naming.NOT),
        ({"dw": "averaged", "db": "bias_gradient_total"}, Naming.WRONGLY),
        ({"dw": "averaged", "db": "averaged", "dx": "averaged"}, Naming.WRONGLY),
        ({"dw": "averaged+overwritten", "db": "averaged"}, Naming.WRONGLY),
    ],
)
def test_a_name_that_is_not_expected_is_wrong_and_one_that_is_missing_is_not(named: dict[str, str], naming: Naming):
    expected = Expectation("affine", {"dw": "averaged", "db": "averaged"})

    assert Found(named, frozenset(), 0.0).held_against(expected) == naming


@pytest.mark.parametrize(
    "header", ["", "# expects nothing\n", "# expects: conv2d.dx: averaged\n", "# expects: nothing\n# expects: affine.dx: averaged\n"]
)
def test_a_file_that_does_not_say_what_it_expects_is_refused(header: str, tmp_path: Path):
    path = tmp_path / "affine-mean.py"
    path.write_text(f"{header}import numpy as np\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"affine-mean\.py"):
        expectation(path)
