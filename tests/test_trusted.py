"""The code of a checks file cannot end the grader, and who waits long for it is told for what."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from grader import assignment, trusted
from grader.cli import main
from tests.own_layers import SMALL, own


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (")\n", ")\n__import__('sys').exit(0)\n", 15),
        ("return k * x", "raise SystemExit(0)\n    return k * x", 6),
        ("return (dout", "class Leave(BaseException): pass\n    raise Leave(dout", 10),
    ],
)
def test_a_checks_file_that_wants_to_end_the_grader_ends_it_with_2_and_its_place(right: str, wrong: str, line: int, tmp_path: Path):
    at = SMALL.rindex(right)
    file = own(tmp_path, SMALL[:at] + wrong + SMALL[at + len(right) :])
    (tmp_path / "s.py").write_text("def scale_forward(x, k): return k * x, k\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["check", str(tmp_path / "s.py"), "--tasks", str(file)])

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"grader: my_checks.py, line {line}: " in result.stderr
    assert "a checks file must not end the grader" in result.stderr


def test_who_presses_ctrl_c_in_a_checks_file_is_not_told_that_it_is_wrong(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        assignment.load(own(tmp_path, "raise KeyboardInterrupt"))


def test_what_a_checks_file_prints_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assignment.load(own(tmp_path, SMALL + "print('loaded', 1)\n"))

    assert capsys.readouterr() == ("", "loaded 1\n")


def test_who_waits_for_a_checks_file_is_told_for_what(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trusted, "PATIENCE", 0.05)
    trusted._watched.cache_clear()  # the one that may run already looks once in a while
    slow = SMALL.replace("return k * x", "time.sleep(0.2 * (k == 2)); return k * x").replace("import numpy", "import time; import numpy", 1)
    spec = assignment.load(own(tmp_path, slow)).tasks[0].spec

    spec.forward(x=np.ones(2), k=3)
    assert not capsys.readouterr().err
    spec.forward(x=np.ones(2), k=2)

    assert "grader: still waiting for my_checks.py, line 6, forward; Ctrl-C ends it.\n" in capsys.readouterr().err
