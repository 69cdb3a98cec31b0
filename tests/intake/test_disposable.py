"""The process that converts notebooks may be lost; the next notebook has another one."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.hostile.notebooks import notebook
from grader.errors import IntakeError
from grader.intake import disposable, read
from grader.intake.disposable import Converter, LostError
from grader.worker.cells import MARK

READY = "import sys\nsys.stdout.write('\"ready\"\\n'); sys.stdout.flush()\nsize = int(sys.stdin.buffer.readline()); sys.stdin.buffer.read(size)\n"
ANSWERS = {
    "dies": "import os; os._exit(3)",
    "hangs": "import time; time.sleep(60)",
    "says too much": "sys.stdout.write('x' * 20_000_000)",
    "says what is no JSON": "print('{')",
    "says what is no answer": "print('{\"module\": 5}')",
    "names what is no text": 'print(\'{"module": "", "files": {"a.py": 5}, "notes": []}\')',
    "breaks off": "sys.stdout.write('{')",
}


@pytest.mark.parametrize("what", ANSWERS)
def test_a_process_that_does_not_answer_properly_is_given_up(what: str, tmp_path: Path):
    (tmp_path / "main.py").write_text(READY + ANSWERS[what], encoding="utf-8")
    converter = Converter(tmp_path / "main.py", seconds=0.2 if what == "hangs" else 20)

    with pytest.raises(LostError, match="takes too long or too much memory, or ends the reader"):
        converter(notebook("x = 1"))

    converter.close()


def test_after_two_lost_processes_the_other_notebooks_of_a_submission_are_left_out(tmp_path: Path):
    (tmp_path / "main.py").write_text(READY, encoding="utf-8")
    (tmp_path / "kim").mkdir()
    for name in ("a.ipynb", "b.ipynb", "c.ipynb"):
        (tmp_path / "kim" / name).write_bytes(notebook("x = 1"))
    (tmp_path / "kim" / "d.py").write_text("x = 1\n", encoding="utf-8")
    converter = Converter(tmp_path / "main.py")

    bundle = read(tmp_path / "kim", converter)

    converter.close()
    assert list(bundle.files) == ["d.py"]
    assert bundle.notes == (
        "a.ipynb: left out, reading it takes too long or too much memory, or ends the reader.",
        "b.ipynb: left out, reading it takes too long or too much memory, or ends the reader.",
        "c.ipynb: left out, the notebooks before it cannot be read.",
    )


def test_the_process_stays_warm_and_is_replaced_when_it_was_lost():
    converter = Converter()
    converter(notebook("x = 1"))
    first = converter._process
    converter(notebook("x = 2"))
    assert first
    assert converter._process is first
    first.kill()
    first.wait()

    converted = converter(notebook("x = 3"))

    assert converted.module == f"{MARK}\n# cell 1\nx = 3\n"
    assert converter._process is not first
    converter.close()
    assert converter._process is None


def test_nothing_is_started_before_a_notebook_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disposable.subprocess, "Popen", None)
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")

    assert read(tmp_path / "a.py", Converter()).files == {"a.py": "x = 1\n"}


def test_a_process_that_cannot_be_started_is_no_fault_of_the_notebook(tmp_path: Path):
    (tmp_path / "main.py").write_text("raise SystemExit(1)", encoding="utf-8")

    with pytest.raises(IntakeError, match=r"^The process that converts notebooks cannot be started"):
        Converter(tmp_path / "main.py")(notebook("x = 1"))


def test_the_process_takes_no_modules_from_the_current_folder_and_ends_with_the_grader(tmp_path: Path):
    (tmp_path / "nbformat.py").write_text("raise SystemExit('taken')", encoding="utf-8")
    (tmp_path / "kim.ipynb").write_bytes(notebook("x = 1"))
    root = Path(disposable.__file__).parents[2]
    code = f"import sys; sys.path.insert(1, {str(root)!r}); from grader.intake import read; from pathlib import Path; print(read(Path('kim.ipynb')).files)"

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == (f"{{'kim.py': '{MARK}\\n# cell 1\\nx = 1\\n'}}\n", "")
