"""The commands write whatever text there is to whatever stream there is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.report.streams import spelt

WRONG = """
import numpy as np

class 오류\u3164(Exception):
    pass

def relu_forward(x):
    print("안녕 \\U0001f600 \\udcff")
    raise 오류\u3164("값 \\U0001f600 \\ud800 \\x1b[2J é")
"""


def run(folder: Path, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # The variables of coverage and of the tests' workers must not decide how a stream is encoded.
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run([sys.executable, "-m", "grader", *arguments], cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "latin-1"])
def test_check_says_what_failed_on_a_stream_of_any_encoding(tmp_path: Path, encoding: str):
    (tmp_path / "김하늘 \U0001f600.py").write_text(WRONG, encoding="utf-8")

    done = run(tmp_path, encoding, "check", "김하늘 \U0001f600.py")

    assert done.returncode == 1
    assert done.stderr.startswith(b"note: your code ran as you")
    assert b"forward raised " in done.stdout
    assert b"\x1b" not in done.stdout
    if encoding == "cp949":
        shown = done.stdout.decode("cp949")
        assert shown.splitlines()[0] == "김하늘 \\U0001f600.py"
        assert "x forward raised 오류\\u1160: 값 \\U0001f600 \\ud800 \\x1b[2J \\xe9." in shown


def test_a_path_that_cannot_be_written_is_named_all_the_same(tmp_path: Path):
    done = run(tmp_path, "cp949", "check", "no\udcff\x1b[2J\n::error::x")

    assert done.returncode == 2
    assert done.stderr.decode("cp949").splitlines() == ["grader: no\\udcff\\x1b[2J", "\\::error::x: no such file or folder."]


def test_our_marks_have_a_spelling_and_everything_else_is_escaped():
    assert spelt(UnicodeEncodeError("ascii", "a✗é→😀b", 1, 5, "why")) == ("x\\xe9->\\U0001f600", 5)


def test_what_cannot_be_read_is_not_spelt():
    with pytest.raises(UnicodeDecodeError):
        spelt(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"))
